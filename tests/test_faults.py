"""Faults on purpose, in whole runs: nothing that was measured is lost, and no process is left.

Each test runs the program as a user does, with a mark in the environment that all its processes
inherit. After the fault it looks for three things: a process with the mark, what the result file or
its journal kept, and whether the next run with the same cache and file ends as if nothing had been.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from support.processes import until
from support.trials import KERNELS, LONG, SHORT, STAGES, Trial, ended, reached, slowed
from whichext.model.outcome import Crashed
from whichext.report import result_file

pytestmark = [pytest.mark.slow, pytest.mark.processes]


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the builds of the kernel, and of the limit."""
    folder = tmp_path_factory.mktemp("builds")
    (folder / "tmp").mkdir()
    shutil.copytree(KERNELS / "row_sum", folder / "row_sum")
    assert ended(Trial(folder).start(*SHORT, keeps=False))[0] == 0
    return folder / "cache"


@pytest.fixture
def trial(tmp_path: Path, builds: Path) -> Iterator[Trial]:
    """A kernel, with a cache of its own in which its builds are."""
    shutil.copytree(KERNELS / "row_sum", tmp_path / "row_sum")
    shutil.copytree(builds, tmp_path / "cache", symlinks=True)
    (tmp_path / "tmp").mkdir()
    made = Trial(tmp_path)
    yield made
    for process in made.processes():  # of a test that failed
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("stage", STAGES)
def test_a_run_that_is_ended_in_a_stage_leaves_no_process_and_what_it_measured(
    trial: Trial, stage: str, number: signal.Signals
) -> None:
    if stage == "build":
        trial.builds_anew()
    run = trial.start(*LONG)
    reached(run, stage)
    run.send_signal(number)
    code, _, _ = ended(run)
    assert code == (-number if number is signal.SIGKILL else 1)
    trial.leaves_nothing()
    if stage == "race":
        assert trial.measured()
    trial.ends_well()


@pytest.mark.parametrize("stage", ["verify", "race"])
@pytest.mark.parametrize("also", ["the program", "nothing else"])
def test_a_host_that_is_killed_leaves_no_process_and_what_was_measured(
    trial: Trial, stage: str, also: str
) -> None:
    run = trial.start(*LONG)
    reached(run, stage)
    hosts = [one for one in psutil.Process(run.pid).children() if is_host(one)]
    if also == "the program":
        run.kill()
    for host in hosts:
        host.kill()
    code, _, err = ended(run)
    assert hosts
    assert code == -signal.SIGKILL if also == "the program" else code in (1, 2), err
    trial.leaves_nothing()
    trial.ends_well()


def is_host(process: psutil.Process) -> bool:
    """Whether a process makes inputs and forks workers."""
    return "whichext.system.workers.host" in process.cmdline()


def test_a_contestant_that_is_killed_is_a_row_and_ends_no_other(trial: Trial) -> None:
    source = trial.kernel / "plain" / "plain_sum.py"
    source.write_text(
        source.read_text().replace("def row_sum(", "def kept(")
        + "\nimport os\n\ndef row_sum(values):\n    os.kill(os.getpid(), 9)\n"
    )
    code, _, _ = ended(trial.start(*SHORT))
    raw = result_file.read(trial.output).raw
    assert code == 1
    fates = [one.ended for one in raw.timings] + [one.result for one in raw.checks]
    assert any(isinstance(fate, Crashed) and "SIGKILL" in fate.how for fate in fates)
    trial.leaves_nothing()


@pytest.mark.parametrize("amount", ["inputs", "answer"])
def test_memory_that_is_exhausted_is_told_and_leaves_nothing(trial: Trial, amount: str) -> None:
    if amount == "inputs":
        with (trial.kernel / "kernel.py").open("a") as file:
            file.write("\n\ndef inputs(case):\n    return (np.ones((1 << 20, 1 << 26)),)\n")
            file.write(
                "\nimport dataclasses\nKERNEL = dataclasses.replace(KERNEL, inputs=inputs)\n"
            )
    else:
        source = trial.kernel / "plain" / "plain_sum.py"
        text = source.read_text()
        source.write_text(text.replace("def row_sum(", "def unused(") + GREEDY)
    code, _, err = ended(trial.start(*SHORT))
    assert code in (1, 2), err
    trial.leaves_nothing()


GREEDY = """

def row_sum(values):
    return bytearray(1 << 62)
"""


@pytest.fixture
def small_disk(trial: Trial) -> Iterator[Callable[[str], Path]]:
    """Makes a folder on a file system of its own that has so little room."""
    mounted = []

    def mount(size: str) -> Path:
        folder = trial.folder / f"disk{len(mounted)}"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
            pytest.skip("this process may mount nothing")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def filled(folder: Path) -> Path:
    """Use up all room of a disk; the file that holds it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


def test_a_disk_that_is_full_before_the_race_keeps_the_report(
    trial: Trial, small_disk: Callable[[str], Path]
) -> None:
    disk = small_disk("1m")
    trial.results = disk
    filled(disk)
    code, out, err = ended(trial.start(*SHORT))
    assert code == 1
    assert os.strerror(errno.ENOSPC) in out + err
    trial.leaves_nothing()
    (disk / "ballast").unlink()
    trial.ends_well()


def test_a_disk_that_fills_up_in_the_race_keeps_the_epochs_before(
    trial: Trial, small_disk: Callable[[str], Path]
) -> None:
    disk = small_disk("1m")
    trial.results = disk
    run = trial.start(*LONG)
    reached(run, "race")
    ballast = filled(disk)
    code, out, err = ended(run)
    assert code == 1
    assert os.strerror(errno.ENOSPC) in out + err
    ballast.unlink()
    trial.leaves_nothing()
    assert trial.measured()
    trial.ends_well()


@pytest.mark.parametrize("place", ["XDG_CACHE_HOME", "TMPDIR"])
def test_a_disk_that_is_full_in_the_build_is_told_and_the_next_run_builds(
    trial: Trial, small_disk: Callable[[str], Path], place: str
) -> None:
    disk = small_disk("64k")
    trial.builds_anew()
    trial.variables[place] = str(disk)
    code, out, err = ended(trial.start(*SHORT, keeps=False))
    assert code in (1, 2, 3), out
    assert "Traceback" not in err
    trial.leaves_nothing()
    del trial.variables[place]
    trial.ends_well()


def test_two_runs_at_once_with_one_cache_both_end_well(trial: Trial) -> None:
    slowed(trial)
    (trial.kernel / "plain" / "slow").touch()
    runs = [trial.start(*SHORT, keeps=False) for _ in range(2)]
    assert [ended(run)[0] for run in runs] == [0, 0]
    trial.ends_well()


def test_a_run_that_waits_for_the_build_of_a_killed_one_builds_itself(trial: Trial) -> None:
    slowed(trial)
    (trial.kernel / "plain" / "slow").touch()
    first = trial.start(*SHORT, keeps=False)
    assert until(lambda: len(trial.processes()) > 2)  # the build's own
    second = trial.start(*SHORT, keeps=False)
    first.kill()
    ended(first)
    assert ended(second)[0] == 0
    trial.leaves_nothing()


def test_two_runs_that_write_one_result_are_refused_or_one_after_the_other(trial: Trial) -> None:
    run = trial.start(*LONG)
    reached(run, "race")
    code, _, err = ended(trial.start(*SHORT))
    assert (code, str(trial.output.name) in err) == (2, True), err
    run.send_signal(signal.SIGINT)
    ended(run)
    assert trial.measured()
    trial.ends_well()
