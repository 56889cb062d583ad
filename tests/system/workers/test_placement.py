from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from whichext.model.kernel import Kernel
from whichext.model.outcome import Unsupported
from whichext.verify.in_worker import REPLY, Try
from written import PATIENCE_S, Hired, case_of, hired, write_contestant

pytestmark = [pytest.mark.slow, pytest.mark.processes]

SERVER = "whichext.verify.in_worker"
SPAWNS = 12
MOST_MORE_BYTES = 4 * 2**20

LIBRARY = """
    import ctypes
    from pathlib import Path

    library = str(Path(__file__).with_name("library.so"))
    ctypes.CDLL(library)
    maps = Path("/proc/self/maps").read_text().splitlines()
    def run(values): raise ValueError(next(line for line in maps if library in line))
"""
SHORT_ARRAY = """
    import numpy
    def run(values): raise ValueError(numpy.empty(31).__array_interface__["data"][0])
"""
LONG_ARRAY = """
    import numpy
    def run(values): raise ValueError(numpy.empty(500_000).__array_interface__["data"][0])
"""
INPUT = """
    def run(values): raise ValueError(values.__array_interface__["data"][0])
"""


@pytest.fixture(scope="module")
def staffed(row_sum: Kernel) -> Iterator[Hired]:
    """A crew with the case "small" prepared."""
    with hired(row_sum) as hired_:
        hired_.crew.prepare(case_of(row_sum, "small"))
        yield hired_


def places(staffed: Hired, folder: Path, code: str) -> set[str]:
    """Addresses that several workers of one contestant tell."""
    written, told = write_contestant(folder, code), set()
    for _ in range(SPAWNS):
        worker = staffed.crew.spawn(written, folder, SERVER, PATIENCE_S)
        reply = worker.ask(Try("small"), REPLY, "small", PATIENCE_S)
        worker.kill()
        assert isinstance(reply, Unsupported)
        told.add(reply.reason)
    return told


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells")
def test_a_contestants_library_lies_elsewhere_in_a_new_process(
    staffed: Hired, tmp_path: Path
) -> None:
    shutil.copy(msgspec._core.__file__, tmp_path / "library.so")  # any that is not loaded yet
    assert len(places(staffed, tmp_path, LIBRARY)) > 1


@pytest.mark.parametrize("code", [SHORT_ARRAY, LONG_ARRAY], ids=["short", "long"])
def test_a_contestants_arrays_lie_elsewhere_in_a_new_process(
    staffed: Hired, tmp_path: Path, code: str
) -> None:
    assert len(places(staffed, tmp_path, code)) > 1


def test_the_inputs_lie_where_they_were(staffed: Hired, tmp_path: Path) -> None:
    assert len(places(staffed, tmp_path, INPUT)) == 1


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux tells what a process has for itself")
def test_places_that_are_taken_cost_next_to_no_memory(staffed: Hired, tmp_path: Path) -> None:
    code = """
        import psutil
        from whichext.system.workers.placement import draw_placement
        before = psutil.Process().memory_full_info().uss
        draw_placement()
        more = psutil.Process().memory_full_info().uss - before
        def run(values): raise ValueError(more)
    """
    told = places(staffed, tmp_path, code)
    assert max(int(reason.removeprefix("ValueError: ")) for reason in told) < MOST_MORE_BYTES
