from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from support.contestants import REFERENCE, case_of, imaginary, write_contestant
from support.processes import PATIENCE_S, Hired, hired, is_gone, outcome_of, until
from whichext.model.contestant import Contestant
from whichext.model.kernel import Kernel
from whichext.model.outcome import Crashed, Outcome, Right, TimedOut, Unsupported
from whichext.system.workers.crew import WorkerLostError
from whichext.system.workers.ends import describe_exit
from whichext.system.workers.worker import VARIABLES

pytestmark = [pytest.mark.slow, pytest.mark.processes]

SERVER = "whichext.verify.in_worker"
LONG_ENOUGH_S = 0.2


@pytest.fixture(scope="module")
def staffed(row_sum: Kernel) -> Iterator[Hired]:
    """A crew with the case "small" prepared."""
    with hired(row_sum) as hired_:
        hired_.crew.prepare(case_of(row_sum, "small"))
        yield hired_


def answer_of(staffed: Hired, contestant: Contestant, site: Path | None) -> Outcome:
    """What a fresh worker answers on the case "small"."""
    worker = staffed.crew.spawn(contestant, site, SERVER, PATIENCE_S)
    try:
        return outcome_of(worker, "small")
    finally:
        worker.kill()


def told_by(staffed: Hired, site: Path, code: str, *, threads: int = 1) -> str:
    """What a contestant tells by way of the ValueError that its `run` raises."""
    reply = answer_of(staffed, write_contestant(site, code, threads=threads), site)
    assert isinstance(reply, Unsupported)
    return reply.reason.removeprefix("ValueError: ")


def loss_of(staffed: Hired, site: Path, code: str) -> Crashed | TimedOut:
    """How the worker of a contestant is lost."""
    with pytest.raises(WorkerLostError) as lost:
        answer_of(staffed, write_contestant(site, code), site)
    return lost.value.outcome


def test_the_reference_runs_in_a_worker_without_a_site(staffed: Hired) -> None:
    assert answer_of(staffed, REFERENCE, None) == Right()


def test_a_contestant_runs_in_a_process_of_its_own(staffed: Hired, tmp_path: Path) -> None:
    code = "import os\ndef run(values): raise ValueError(os.getppid())"
    assert told_by(staffed, tmp_path, code) == str(staffed.host.pid)


@pytest.mark.parametrize(("off_by", "is_right"), [(1e-13, True), (1e-11, False)])
def test_answers_may_be_off_by_the_kernels_tolerance_and_no_more(
    staffed: Hired, tmp_path: Path, off_by: float, is_right: bool
) -> None:
    code = f"def run(values): return values.sum(axis=1) * (1 + {off_by})"
    reply = answer_of(staffed, write_contestant(tmp_path, code), tmp_path)
    assert is_right == isinstance(reply, Right)


def test_the_time_of_the_import_is_kept(staffed: Hired, tmp_path: Path) -> None:
    written = write_contestant(tmp_path, "run = print")
    worker = staffed.crew.spawn(written, tmp_path, SERVER, PATIENCE_S)
    worker.kill()
    assert worker.import_ns > 0


def test_a_contestant_that_writes_to_its_input_changes_it_for_itself_alone(
    staffed: Hired, tmp_path: Path
) -> None:
    look = "def run(values): raise ValueError(values.sum())"
    write = "def run(values):\n  values[:] = 12345.0\n  raise ValueError('written')"
    before = told_by(staffed, tmp_path, look)
    told_by(staffed, tmp_path, write)
    assert before == told_by(staffed, tmp_path, look)


def test_all_workers_see_the_same_memory(staffed: Hired, tmp_path: Path) -> None:
    where = "def run(values): raise ValueError(values.__array_interface__['data'][0])"
    assert told_by(staffed, tmp_path, where) == told_by(staffed, tmp_path, where)


def test_what_one_contestant_imports_the_next_one_does_not_have(
    staffed: Hired, tmp_path: Path
) -> None:
    (tmp_path / "heavy.py").touch()
    told_by(staffed, tmp_path, "import heavy\ndef run(values): raise ValueError")
    code = "import sys\ndef run(values): raise ValueError('heavy' in sys.modules)"
    assert told_by(staffed, tmp_path, code) == "False"


@pytest.mark.parametrize("variable", VARIABLES)
def test_thread_counts_are_set_before_the_module_is_imported(
    staffed: Hired, tmp_path: Path, variable: str
) -> None:
    code = f"""
        import os
        at_import = os.environ["{variable}"]
        def run(values): raise ValueError(at_import)
    """
    assert told_by(staffed, tmp_path, code, threads=3) == "3"


def test_what_a_contestant_prints_does_not_reach_our_output(
    row_sum: Kernel, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = """
        import os, sys
        print("from the import")
        def run(values):
            print("from the call", file=sys.stderr)
            os.write(1, b"from below Python")
            raise ValueError
    """
    with hired(row_sum) as staffed:  # one that got its output while ours was captured
        staffed.crew.prepare(case_of(row_sum, "small"))
        told_by(staffed, tmp_path, code)
    assert capfd.readouterr() == ("", "")


def test_a_segmentation_fault_is_named(staffed: Hired, tmp_path: Path) -> None:
    loss = loss_of(staffed, tmp_path, "import ctypes\ndef run(values): ctypes.string_at(0)")
    assert isinstance(loss, Crashed)
    assert (loss.where, loss.how) == ("small", "killed by SIGSEGV")


def test_a_contestant_killed_from_outside_is_named(staffed: Hired, tmp_path: Path) -> None:
    code = "import os\ndef run(values): os.kill(os.getpid(), 9)"
    assert loss_of(staffed, tmp_path, code) == Crashed("small", "killed by SIGKILL")


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's way")
@pytest.mark.parametrize("frozen", [False, True])
def test_a_worker_ends_with_its_host_also_while_it_is_frozen(
    row_sum: Kernel, tmp_path: Path, *, frozen: bool
) -> None:
    with hired(row_sum) as staffed:
        staffed.crew.prepare(case_of(row_sum, "small"))
        staff = staffed.spawn(write_contestant(tmp_path, "def run(values): ..."), tmp_path, SERVER)
        if frozen:
            staff.worker.freeze()
        staffed.host.kill()
        assert until(lambda: is_gone(staff.process))


def test_a_contestant_that_ends_its_process_is_lost_with_its_exit_status(
    staffed: Hired, tmp_path: Path
) -> None:
    code = "import os\ndef run(values): os._exit(3)"
    assert loss_of(staffed, tmp_path, code) == Crashed("small", "exit status 3")


def test_a_contestant_that_ends_its_process_well_is_lost_all_the_same(
    staffed: Hired, tmp_path: Path
) -> None:
    code = "import os\ndef run(values): os._exit(0)"
    assert loss_of(staffed, tmp_path, code) == Crashed("small", "exit status 0")


SEGFAULT_WITH_WORDS = """
    import ctypes, sys
    def run(values):
        print("about to fall", file=sys.stderr)
        ctypes.string_at(0)
"""


def test_the_last_words_of_a_crash_hold_what_the_contestant_printed(
    staffed: Hired, tmp_path: Path
) -> None:
    loss = loss_of(staffed, tmp_path, SEGFAULT_WITH_WORDS)
    assert isinstance(loss, Crashed)
    assert loss.stderr.splitlines()[0] == "about to fall"


def test_the_last_words_of_a_crash_name_the_contestants_line_and_none_of_ours(
    staffed: Hired, tmp_path: Path
) -> None:
    loss = loss_of(staffed, tmp_path, SEGFAULT_WITH_WORDS)
    assert isinstance(loss, Crashed)
    assert "line 5 in run" in loss.stderr
    assert "/whichext/" not in loss.stderr


def test_only_the_last_twelve_lines_are_kept(staffed: Hired, tmp_path: Path) -> None:
    code = """
        import os, sys
        def run(values):
            print(*range(100), sep="\\n\\n", file=sys.stderr)
            os._exit(1)
    """
    loss = loss_of(staffed, tmp_path, code)
    assert isinstance(loss, Crashed)
    assert loss.stderr == "\n".join(str(number) for number in range(88, 100))


def test_what_is_no_text_is_shown_as_far_as_it_is(staffed: Hired, tmp_path: Path) -> None:
    code = "import os\ndef run(values):\n  os.write(2, b'caf\\xe9')\n  os._exit(1)"
    assert loss_of(staffed, tmp_path, code) == Crashed("small", "exit status 1", "caf\ufffd")


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("import absent", "ModuleNotFoundError: No module named 'absent'"),
        ("raise SystemExit('not today')", "SystemExit: not today"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt: "),
        ("import os; os._exit(4)", "exit status 4"),
        ("import os; os.abort()", "killed by SIGABRT"),
    ],
)
def test_a_module_that_does_not_import_is_a_crash_on_import(
    staffed: Hired, tmp_path: Path, code: str, how: str
) -> None:
    loss = loss_of(staffed, tmp_path, code)
    assert isinstance(loss, Crashed)
    assert (loss.where, loss.how) == ("import", how)


def test_a_missing_module_is_named(staffed: Hired, tmp_path: Path) -> None:
    with pytest.raises(WorkerLostError) as lost:
        answer_of(staffed, imaginary("absent", "run"), tmp_path)
    how = "ModuleNotFoundError: the wheel has no module 'absent'; it has none"
    assert lost.value.outcome == Crashed("import", how)


def test_a_missing_function_is_named(staffed: Hired, tmp_path: Path) -> None:
    loss = loss_of(staffed, tmp_path, "walk = print")
    assert isinstance(loss, Crashed)
    assert "no function 'run'" in loss.how


def test_what_a_module_printed_before_its_import_failed_is_kept(
    staffed: Hired, tmp_path: Path
) -> None:
    code = "import sys\nprint('needs AVX9', file=sys.stderr)\nraise ImportError('no AVX9')"
    loss = loss_of(staffed, tmp_path, code)
    assert loss == Crashed("import", "ImportError: no AVX9", "needs AVX9")


def test_a_stage_whose_server_is_missing_loses_the_worker(staffed: Hired) -> None:
    with pytest.raises(WorkerLostError) as lost:
        staffed.crew.spawn(REFERENCE, None, "no.such.server", PATIENCE_S)
    assert isinstance(lost.value.outcome, Crashed)
    assert lost.value.outcome.how == "exit status 1"


HANGS = "import signal\ndef run(values): signal.pause()"


def test_a_worker_that_hangs_in_a_call_is_killed_and_the_input_named(
    staffed: Hired, tmp_path: Path
) -> None:
    staff = staffed.spawn(write_contestant(tmp_path, HANGS), tmp_path, SERVER)
    with pytest.raises(WorkerLostError) as lost:
        outcome_of(staff.worker, "small", LONG_ENOUGH_S)
    assert lost.value.outcome == TimedOut("small", 200_000_000)
    assert is_gone(staff.process)


def test_a_worker_that_hangs_in_its_import_is_killed_and_named(
    staffed: Hired, tmp_path: Path
) -> None:
    written = write_contestant(tmp_path, "import signal\nsignal.pause()")
    with pytest.raises(WorkerLostError) as lost:
        staffed.crew.spawn(written, tmp_path, SERVER, LONG_ENOUGH_S)
    assert lost.value.outcome == TimedOut("import", 200_000_000)


def test_the_other_workers_survive_a_crash(staffed: Hired, tmp_path: Path) -> None:
    survivor = staffed.crew.spawn(REFERENCE, None, SERVER, PATIENCE_S)
    loss_of(staffed, tmp_path, "import os\ndef run(values): os._exit(3)")
    assert outcome_of(survivor, "small") == Right()
    survivor.kill()


def test_a_frozen_worker_is_stopped(staffed: Hired) -> None:
    staff = staffed.spawn(REFERENCE, None, SERVER)
    staff.worker.freeze()
    assert until(lambda: staff.process.status() == psutil.STATUS_STOPPED)
    staff.worker.kill()


def test_all_threads_of_a_frozen_worker_are_stopped(staffed: Hired, tmp_path: Path) -> None:
    code = """
        import threading
        spin = threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True)
        spin.start()
        run = print
    """
    staff = staffed.spawn(write_contestant(tmp_path, code), tmp_path, SERVER)
    staff.worker.freeze()
    tasks = [psutil.Process(thread.id) for thread in staff.process.threads()]
    assert len(tasks) >= 2
    assert until(lambda: {task.status() for task in tasks} == {psutil.STATUS_STOPPED})
    staff.worker.kill()


def test_a_thawed_worker_answers_again(staffed: Hired) -> None:
    worker = staffed.crew.spawn(REFERENCE, None, SERVER, PATIENCE_S)
    worker.freeze()
    worker.thaw()
    assert outcome_of(worker, "small") == Right()
    worker.kill()


def test_a_frozen_worker_can_be_killed(staffed: Hired) -> None:
    staff = staffed.spawn(REFERENCE, None, SERVER)
    staff.worker.freeze()
    staff.worker.kill()
    assert is_gone(staff.process)


def test_killing_twice_is_killing_once(staffed: Hired) -> None:
    staff = staffed.spawn(REFERENCE, None, SERVER)
    staff.worker.kill()
    staff.worker.kill()
    assert is_gone(staff.process)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0, "exit status 0"),
        (3, "exit status 3"),
        (-11, "killed by SIGSEGV"),
        (-9, "killed by SIGKILL"),
        (-40, "signal 40"),
    ],
)
def test_an_exit_status_is_told_in_words(status: int, words: str) -> None:
    assert describe_exit(status) == words
