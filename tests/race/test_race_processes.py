"""A race with real processes, over a kernel small enough not to be noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from support.contestants import REFERENCE, case_of, write_contestant
from support.processes import PATIENCE_S
from support.races import FixedSchedule
from support.results import make_build, make_built, make_raw
from whichext.build.session import Session
from whichext.build.store import Store
from whichext.model.contestant import Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import Crashed
from whichext.model.raw import Timing
from whichext.pipeline import INPUTS
from whichext.race import race
from whichext.system.workers.crew import Crew

pytestmark = [pytest.mark.slow, pytest.mark.processes]


def race_for_real(row_sum: Kernel, folder: Path, *written: Contestant) -> list[Timing]:
    """One short epoch of the reference and of others on the case "small"."""
    store = Store(folder / "builds")
    store.site(make_built().key).parent.mkdir(parents=True)
    store.site(make_built().key).symlink_to(folder)
    raw = replace(
        make_raw(cases=(case_of(row_sum, "small"),), builds=(make_build("imaginary"),)),
        contestants=(REFERENCE, *written),
    )
    with Crew(row_sum, INPUTS) as crew:
        session = Session(
            kernel=row_sum,
            options=Options(max_epochs=1, rounds=2, time_limit_s=PATIENCE_S),
            store=store,
            crew=crew,
            schedule=FixedSchedule(),
        )
        return list(race(session, raw).timings)


def test_real_processes_give_samples_of_real_time(row_sum: Kernel, tmp_path: Path) -> None:
    written = write_contestant(tmp_path, "def run(values): return values.sum(axis=1)")
    timings = race_for_real(row_sum, tmp_path, written)
    assert [timing.contestant for timing in timings] == ["numpy", written.name]
    assert [len(timing.samples) for timing in timings] == [4, 2]
    assert all(sample.wall_ns > 0 for timing in timings for sample in timing.samples)


def test_a_real_error_in_the_race_ends_that_contestants_race_alone(
    row_sum: Kernel, tmp_path: Path
) -> None:
    code = """
        calls = 0
        def run(values):
            global calls
            calls += 1
            if calls > 3:
                raise MemoryError("leaked it all")
    """
    written = write_contestant(tmp_path, code)
    fine, lost = race_for_real(row_sum, tmp_path, written)
    assert lost.ended == Crashed("small", "raised MemoryError: leaked it all in the race")
    assert (fine.ended, len(fine.samples)) == (None, 4)


def test_a_real_crash_in_the_race_ends_that_contestants_race_alone(
    row_sum: Kernel, tmp_path: Path
) -> None:
    written = write_contestant(tmp_path, "import os\ndef run(values): os.abort()")
    fine, lost = race_for_real(row_sum, tmp_path, written)
    assert isinstance(lost.ended, Crashed)
    assert lost.ended.how == "killed by SIGABRT"
    assert (fine.ended, len(fine.samples)) == (None, 4)
