"""What ends a race before it is done, and what is left of it then."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.contestants import write_contestant, write_kernel
from support.processes import FakeCrew, is_gone, until
from support.races import ALIKE, CASES, Raceway, bytes_of, epochs_of
from whichext.judge.ratios import CONFIDENCE, direct_ratio
from whichext.model.errors import HostLostError, KernelError, ResultNotWrittenError
from whichext.model.options import Options
from whichext.model.ratio import Verdict
from whichext.model.raw import CaseSize, Timing
from whichext.report.journal import FileJournal, read_journal

ROUNDS = 2
OPTIONS = Options(max_epochs=5, rounds=ROUNDS)
THIRD_EPOCH = (5 + ROUNDS) + (1 + ROUNDS)
"""Turns before it: the first epoch's first call and calibration, and a first call in the second."""

LOST = HostLostError("the process that holds the inputs ended", "choose a smaller case")
STOPS = {
    "Ctrl-C": (KeyboardInterrupt(), "it was interrupted"),
    "host lost": (
        LOST,
        "the process that holds the inputs ended\nNext: choose a smaller case",
    ),
    "inputs that cannot be made": (
        KernelError("tiny: case large does not fit in memory", "free some memory"),
        "tiny: case large does not fit in memory\nNext: free some memory",
    ),
}

each_stop = pytest.mark.parametrize(("stop", "reason"), STOPS.values(), ids=list(STOPS))


def epochs_by_contestant(timings: tuple[Timing, ...]) -> dict[str, list[int]]:
    """Epochs of each contestant's samples, in order."""
    return {t.contestant: [sample.epoch for sample in t.samples] for t in timings}


@pytest.mark.parametrize("turn", range(THIRD_EPOCH, THIRD_EPOCH + 1 + ROUNDS))
@each_stop
def test_a_stop_in_the_third_epoch_leaves_two_whole_epochs(
    raceway: Raceway, turn: int, stop: BaseException, reason: str
) -> None:
    raceway.crew = FakeCrew(ALIKE, stops={("b", turn): stop})
    race = raceway.race(OPTIONS)
    whole = [epoch for epoch in (0, 1) for _ in range(ROUNDS)]
    twice = [epoch for epoch in whole for _ in range(2)]  # as the baseline
    assert epochs_by_contestant(race.timings) == {"a": twice, "b": whole}
    assert [len(timing.first_call_ns) for timing in race.timings] == [2, 2]
    assert race.stopped == reason


@each_stop
def test_a_stop_leaves_what_was_kept_last(
    raceway: Raceway, tmp_path: Path, stop: BaseException, reason: str
) -> None:
    raceway.crew = FakeCrew(ALIKE, stops={("b", THIRD_EPOCH): stop})
    raceway.journal = journal = FileJournal(tmp_path / "result.json")
    race = raceway.race(OPTIONS)
    kept = read_journal(journal.path.read_bytes())
    assert replace(kept, stopped=reason) == race
    assert epochs_of(kept.timings) == 2


@each_stop
def test_a_stop_in_the_first_epoch_leaves_nothing(
    raceway: Raceway, stop: BaseException, reason: str
) -> None:
    raceway.crew = FakeCrew(ALIKE, stops={("b", 0): stop})
    race = raceway.race(OPTIONS)
    assert (race.timings, bytes_of(race), race.stopped) == ((), {"small": 32}, reason)


@each_stop
def test_a_stop_while_the_inputs_of_the_next_case_are_made_leaves_the_cases_before(
    raceway: Raceway, stop: BaseException, reason: str
) -> None:
    raceway.crew = FakeCrew(ALIKE, stops={("large", -1): stop})
    race = raceway.race(OPTIONS, cases=CASES)
    assert (epochs_of(race.timings, "small"), epochs_of(race.timings, "large")) == (5, 0)
    assert (bytes_of(race), race.stopped) == ({"small": 32}, reason)


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (KeyboardInterrupt(), "it was interrupted"),
        (ResultNotWrittenError("disk full", "free some"), "disk full\nNext: free some"),
    ],
    ids=["Ctrl-C", "disk full"],
)
def test_a_stop_while_an_epoch_is_kept_leaves_that_epoch_as_well(
    raceway: Raceway, tmp_path: Path, stop: BaseException, reason: str
) -> None:
    class Stopped(FileJournal):
        """A journal that ends the race when it has kept two epochs."""

        def add(self, epoch: int, size: CaseSize, timings: tuple[Timing, ...]) -> None:
            super().add(epoch, size, timings)
            if epoch == 1:
                raise stop

    raceway.journal = journal = Stopped(tmp_path / "result.json")
    race = raceway.race(OPTIONS)
    assert epochs_of(read_journal(journal.path.read_bytes()).timings) == 2
    assert (epochs_of(race.timings), race.stopped) == (2, reason)


@pytest.mark.parametrize("call_ns", [0, -1_000_000])
def test_a_clock_that_goes_back_or_stands_still_ends_the_race_with_the_epochs_before(
    raceway: Raceway, tmp_path: Path, call_ns: int
) -> None:
    raceway.crew = FakeCrew(ALIKE, hiccups_ns={("b", THIRD_EPOCH): call_ns})
    raceway.journal = journal = FileJournal(tmp_path / "result.json")
    race = raceway.race(OPTIONS)
    assert f"got {call_ns} ns" in str(race.stopped)
    assert epochs_of(read_journal(journal.path.read_bytes()).timings) == 2


def test_a_clock_that_jumps_an_hour_ahead_in_a_turn_moves_no_verdict(raceway: Raceway) -> None:
    rounds, hour_ns = 5, 3_600_000_000_000
    third_epoch = (5 + rounds) + (1 + rounds)
    verdicts = []
    for hiccups_ns in ({}, {("b", third_epoch + 1): hour_ns}):
        raceway.crew = FakeCrew({"a": 100_000, "b": 200_000}, hiccups_ns=hiccups_ns)
        timings = raceway.race(Options(max_epochs=8, rounds=rounds)).timings
        baseline, other = sorted(timings, key=lambda timing: timing.contestant)
        ratio = direct_ratio(other, baseline, CONFIDENCE, None)
        assert ratio is not None
        verdicts.append(ratio.verdict)
        slowest = max(sample.wall_ns for sample in other.samples)
        assert (slowest > hour_ns) is bool(hiccups_ns)
    assert verdicts == [Verdict.SLOWER] * 2


# With real processes


HANGS_IN_THE_THIRD_PROCESS = """
    import signal
    from pathlib import Path

    here = Path(__file__).with_suffix(".imports")
    with here.open("a") as file:
        file.write("once\\n")
    imports = here.read_text().count("once")

    def run(values):
        if imports == 3:
            signal.pause()
        return 4.0
"""

CONDUCTOR = """
    import sys
    from pathlib import Path
    from msgspec.structs import replace
    from support.contestants import imaginary
    from support.races import FixedSchedule
    from support.results import make_build, make_built, make_raw
    from whichext.build.session import NoJournal, Session
    from whichext.build.store import Store
    from whichext.load.kernel import load_kernel
    from whichext.model.options import Options
    from whichext.pipeline import INPUTS
    from whichext.race import race
    from whichext.system.workers.crew import Crew

    class Loud(NoJournal):
        def add(self, epoch, size, timings):
            print("kept", flush=True)

    folder, module = Path(sys.argv[1]), sys.argv[2]
    kernel, store = load_kernel(folder / "tiny"), Store(folder / "builds")
    store.site(make_built().key).parent.mkdir(parents=True)
    store.site(make_built().key).symlink_to(folder)
    raw = replace(
        make_raw(cases=kernel.cases[:1], builds=[make_build("imaginary")]),
        contestants=(imaginary(module, "run"),),
    )
    with Crew(kernel, INPUTS) as crew:
        session = Session(
            kernel=kernel, options=Options(rounds=2), store=store, crew=crew,
            schedule=FixedSchedule(), journal=Loud(),
        )
        raced = race(session, raw)
    epochs = sorted({sample.epoch for sample in raced.timings[0].samples})
    print(f"{raced.stopped}: epochs {epochs}", flush=True)
"""


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.usefixtures("default_signals")
def test_a_real_ctrl_c_in_the_third_epoch_reports_two_and_leaves_no_process(
    tmp_path: Path,
) -> None:
    write_kernel(tmp_path)
    hangs = write_contestant(tmp_path, HANGS_IN_THE_THIRD_PROCESS)
    command = [sys.executable, "-c", textwrap.dedent(CONDUCTOR), str(tmp_path), hangs.module]
    tests = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=tests, stdout=subprocess.PIPE, text=True) as conductor:
        assert conductor.stdout is not None
        assert [conductor.stdout.readline() for _ in range(2)] == ["kept\n"] * 2
        others = psutil.Process(conductor.pid).children(recursive=True)
        conductor.send_signal(signal.SIGINT)
        assert conductor.stdout.read() == snapshot("it was interrupted: epochs [0, 1]\n")
    assert conductor.returncode == 0
    assert others
    assert until(lambda: all(is_gone(process) for process in others))
