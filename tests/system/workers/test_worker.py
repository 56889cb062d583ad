"""A worker's own side: its function, its thread counts, and where its memory lies."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest
from inline_snapshot import snapshot

from support.contestants import REFERENCE, case_of, imaginary, write_contestant
from support.processes import PATIENCE_S, Hired, hired, outcome_of
from whichext.model.forms import Replayed, Stateful
from whichext.model.kernel import Kernel
from whichext.model.outcome import Unsupported
from whichext.race import limit
from whichext.system.workers.worker import VARIABLES, bind, limit_threads

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


@pytest.fixture(autouse=True)
def _own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", sys.path.copy())


def test_the_reference_is_the_kernels_own_function(row_sum: Kernel) -> None:
    assert bind(REFERENCE, "", row_sum) is row_sum.reference


def test_binding_the_reference_leaves_the_path_alone(row_sum: Kernel) -> None:
    before = sys.path.copy()
    bind(REFERENCE, "", row_sum)
    assert before == sys.path


def test_a_contestant_is_imported_from_its_site(tmp_path: Path, row_sum: Kernel) -> None:
    written = write_contestant(tmp_path, "run = 'found'.upper")
    assert bind(written, str(tmp_path), row_sum)() == "FOUND"


def test_the_site_comes_before_everything_else_on_the_path(tmp_path: Path, row_sum: Kernel) -> None:
    bind(write_contestant(tmp_path, "run = print"), str(tmp_path), row_sum)
    assert sys.path[0] == str(tmp_path)


def test_the_thread_count_goes_into_the_declared_argument(tmp_path: Path, row_sum: Kernel) -> None:
    written = write_contestant(
        tmp_path, "def run(values, *, n_jobs): return values, n_jobs", threads=3
    )
    takes_threads = msgspec.structs.replace(written, threads_by="n_jobs")
    assert bind(takes_threads, str(tmp_path), row_sum)("v") == ("v", 3)


def test_without_a_declared_argument_the_function_is_called_as_it_is(
    tmp_path: Path, row_sum: Kernel
) -> None:
    written = write_contestant(tmp_path, "def run(*args, **named): return args, named", threads=3)
    assert bind(written, str(tmp_path), row_sum)("v") == (("v",), {})


def test_a_missing_module_is_named(tmp_path: Path, row_sum: Kernel) -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        bind(imaginary("absent", "run"), str(tmp_path), row_sum)
    assert caught.value.name == "absent"
    assert str(caught.value) == snapshot("the wheel has no module 'absent'; it has none")


def test_a_module_that_a_wheel_has_is_written_in_place_of_one_that_it_has_not(
    tmp_path: Path, row_sum: Kernel
) -> None:
    for name in ("fast_sums.cpython-311-x86_64-linux-gnu.so", "__pycache__", "sums-1.0.dist-info"):
        (tmp_path / name).touch()
    with pytest.raises(ModuleNotFoundError) as caught:
        bind(imaginary("fast_sum", "run"), str(tmp_path), row_sum)
    assert str(caught.value) == snapshot(
        "the wheel has no module 'fast_sum'; write module = \"fast_sums\" in pyproject.toml"
    )


def test_a_module_that_the_entrys_own_module_lacks_is_named_as_python_does(
    tmp_path: Path, row_sum: Kernel
) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'not_there'$"):
        bind(write_contestant(tmp_path, "import not_there.part"), str(tmp_path), row_sum)


def test_a_missing_function_is_named(tmp_path: Path, row_sum: Kernel) -> None:
    contestant = write_contestant(tmp_path, "walk = print")
    with pytest.raises(AttributeError) as caught:
        bind(contestant, str(tmp_path), row_sum)
    assert str(caught.value).replace(str(contestant.module), "MODULE") == snapshot(
        "the module MODULE has no function 'run'; it has walk"
    )


@pytest.fixture
def detectors(row_sum: Kernel) -> Kernel:
    return dataclasses.replace(row_sum, stateful=Stateful(method="update"))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "class runs: pass",
            snapshot(
                "the module MODULE has no class 'run'; write function = \"runs\" in pyproject.toml"
            ),
        ),
        (
            "class Other: pass\ndef runs(): pass",
            snapshot("the module MODULE has no class 'run'; it has Other"),
        ),
        (
            "class run:\n    def updates(self): pass",
            snapshot(
                "the class MODULE.run has no method 'update', which Stateful(method=...) "
                "names in kernel.py; rename its method updates"
            ),
        ),
        (
            "class run:\n    update = 1\n    def add(self): pass",
            snapshot(
                "the class MODULE.run has no method 'update', which Stateful(method=...) "
                "names in kernel.py; it has add"
            ),
        ),
    ],
    ids=["a class like it", "another class", "a method like it", "another method"],
)
def test_a_missing_class_or_method_is_named_at_its_import(
    tmp_path: Path, detectors: Kernel, source: str, text: str
) -> None:
    contestant = write_contestant(tmp_path, source)
    with pytest.raises(AttributeError) as caught:
        bind(contestant, str(tmp_path), detectors)
    assert str(caught.value).replace(str(contestant.module), "MODULE") == text


@pytest.mark.parametrize(
    "source",
    ["class run:\n    def update(self): pass", "def run(): pass"],
    ids=["a class", "a function that makes objects"],
)
def test_what_makes_objects_is_taken_for_a_class(
    tmp_path: Path, detectors: Kernel, source: str
) -> None:
    assert bind(write_contestant(tmp_path, source), str(tmp_path), detectors)


def test_what_needs_no_build_is_imported_from_what_is_installed(row_sum: Kernel) -> None:
    before = sys.path.copy()
    assert bind(imaginary("whichext.race.limit", "read"), "", row_sum) is limit.read
    assert before == sys.path


# Thread counts


@pytest.fixture
def _own_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.setenv(variable, "to be replaced")


@pytest.mark.usefixtures("_own_variables")
@pytest.mark.parametrize("variable", VARIABLES)
def test_each_variable_gets_the_thread_count(variable: str) -> None:
    limit_threads(3)
    assert os.environ[variable] == "3"


@pytest.mark.usefixtures("_own_variables")
def test_a_variable_that_the_user_had_not_set_is_set_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS")
    limit_threads(1)
    assert os.environ["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize("library", ["OMP", "RAYON", "NUMBA", "OPENBLAS", "MKL"])
def test_the_pools_that_extensions_use_are_all_covered(library: str) -> None:
    assert f"{library}_NUM_THREADS" in VARIABLES


@pytest.mark.usefixtures("_own_variables")
def test_no_other_variable_is_touched() -> None:
    before = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    limit_threads(5)
    after = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    assert before == after


# Where memory lies


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
        reply = outcome_of(worker, "small")
        worker.kill()
        assert isinstance(reply, Unsupported)
        told.add(reply.reason)
    return told


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells")
def test_a_contestants_library_lies_elsewhere_in_a_new_process(
    staffed: Hired, tmp_path: Path
) -> None:
    shutil.copy(msgspec._core.__file__, tmp_path / "library.so")  # any that is not loaded yet
    assert len(places(staffed, tmp_path, LIBRARY)) > 1


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize("code", [SHORT_ARRAY, LONG_ARRAY], ids=["short", "long"])
def test_a_contestants_arrays_lie_elsewhere_in_a_new_process(
    staffed: Hired, tmp_path: Path, code: str
) -> None:
    assert len(places(staffed, tmp_path, code)) > 1


@pytest.mark.slow
@pytest.mark.processes
def test_the_inputs_lie_where_they_were(staffed: Hired, tmp_path: Path) -> None:
    assert len(places(staffed, tmp_path, INPUT)) == 1


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.skipif(not psutil.LINUX, reason="only Linux tells what a process has for itself")
def test_places_that_are_taken_cost_next_to_no_memory(staffed: Hired, tmp_path: Path) -> None:
    code = """
        import psutil
        from whichext.system.workers.worker import draw_placement
        before = psutil.Process().memory_full_info().uss
        draw_placement()
        more = psutil.Process().memory_full_info().uss - before
        def run(values): raise ValueError(more)
    """
    told = places(staffed, tmp_path, code)
    assert max(int(reason.removeprefix("ValueError: ")) for reason in told) < MOST_MORE_BYTES


THREADED = """
    class Total:
        def __init__(self, start, *, n_jobs):
            self.total, self.n_jobs = start, n_jobs
        def add(self, value):
            self.total += value
            return self.total, self.n_jobs
"""


def of_classes(kernel: Kernel) -> Kernel:
    class Total:
        def add(self, value: int) -> int:
            return value

    return dataclasses.replace(kernel, reference=Total, stateful=Stateful(method="add"))


def test_the_thread_count_of_a_class_goes_to_its_constructor(
    tmp_path: Path, row_sum: Kernel
) -> None:
    written = write_contestant(tmp_path, THREADED, threads=3)
    entry = msgspec.structs.replace(written, function="Total", threads_by="n_jobs")
    call = bind(entry, str(tmp_path), of_classes(row_sum))
    assert call([1, 2], 10) == Replayed([(11, 3), (13, 3)], None)


def test_a_class_that_is_not_there_is_called_a_class(tmp_path: Path, row_sum: Kernel) -> None:
    written = write_contestant(tmp_path, "class Totals: pass")
    entry = msgspec.structs.replace(written, function="Total")
    with pytest.raises(AttributeError) as caught:
        bind(entry, str(tmp_path), of_classes(row_sum))
    assert "no class 'Total'" in str(caught.value)
