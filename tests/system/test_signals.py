"""Signals that end a run as Ctrl-C does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest

from support.cli import squeezed
from whichext.model.raw import INTERRUPTED
from whichext.report import result_file
from whichext.system.signals import interruptible, interruptible_once

pytestmark = [
    pytest.mark.slow,
    pytest.mark.processes,
    pytest.mark.usefixtures("default_signals"),
]

LIKE_CTRL_C = [signal.SIGTERM, signal.SIGHUP]

each_signal = pytest.mark.parametrize("number", LIKE_CTRL_C)


@each_signal
def test_a_signal_interrupts(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), interruptible():
        os.kill(os.getpid(), number)


@each_signal
def test_a_second_signal_leaves_the_report_alone(number: signal.Signals) -> None:
    reported = False
    with interruptible():
        try:
            os.kill(os.getpid(), number)
        except KeyboardInterrupt:
            for again in LIKE_CTRL_C:
                os.kill(os.getpid(), again)
            reported = True
    assert reported


@each_signal
def test_afterwards_signals_do_what_they_did(number: signal.Signals) -> None:
    with interruptible():
        pass
    assert signal.getsignal(number) == signal.SIG_DFL


def test_a_signal_that_is_ignored_stays_ignored(request: pytest.FixtureRequest) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    request.addfinalizer(lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))
    with interruptible():
        os.kill(os.getpid(), signal.SIGHUP)


def ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_an_impatient_second_ctrl_c_leaves_the_result_alone() -> None:
    kept = False
    with interruptible_once():
        try:
            ctrl_c()
        except KeyboardInterrupt:
            ctrl_c()
            kept = True
    assert kept
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_ctrl_c_much_later_counts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("whichext.system.signals.time.monotonic", lambda: now[0])
    with interruptible_once():
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                ctrl_c()
            now[0] += 6


def test_a_program_keeps_its_own_way_to_take_ctrl_c(request: pytest.FixtureRequest) -> None:
    taken: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: taken.append(number))
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    with interruptible_once():
        ctrl_c()
    assert taken == [signal.SIGINT]


def test_in_another_thread_ctrl_c_is_left_alone() -> None:
    found: list[object] = []

    @interruptible_once()
    def work() -> None:
        found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [signal.default_int_handler]


# With real processes


RUN = """
    import os, signal, sys
    from whichext import pipeline
    from whichext.cli.app import main
    from support.results import changed, make_race, steady

    def execute(*_, progress, **__):
        try:
            with progress.stage("race", 10) as stage:
                stage.begin("epoch 1")
                os.write(begins, b"racing")
                signal.pause()
        except KeyboardInterrupt:
            return changed(make_race({"numpy": steady(1_000)}), stopped="it was interrupted")

    pipeline.execute = execute
    begins = int(sys.argv.pop())
    main()
"""


def under_way(*words: str, **how: Any) -> subprocess.Popen[str]:
    """A run whose race has begun and never ends."""
    began, begins = os.pipe()
    run = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(RUN), "run", "total", *words, str(begins)],
        pass_fds=[begins],
        cwd=Path(__file__).parents[1],
        text=True,
        **how,
    )
    os.close(begins)
    assert os.read(began, 100) == b"racing"
    os.close(began)
    return run


@each_signal
def test_a_run_that_is_told_to_end_reports_what_there_is(number: signal.Signals) -> None:
    with under_way(stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.send_signal(number)
        out, err = run.communicate()
    assert (run.returncode, err) == (1, "")
    assert INTERRUPTED in squeezed(out)


def test_a_run_whose_terminal_is_closed_still_writes_its_result(tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    ours, terminal = os.openpty()
    run = under_way("-o", str(result), preexec_fn=lambda: os.login_tty(terminal))
    os.close(terminal)
    os.close(ours)
    assert run.wait() == 1
    assert result_file.read(result).raw.stopped == INTERRUPTED


def ignoring_signals() -> None:
    """Be what nohup and a background job of a shell are to the process that they start."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)


def test_these_tests_pass_where_signals_are_ignored() -> None:
    affected = f"{Path(__file__)}::{test_a_signal_interrupts.__name__}"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", affected]
    done = subprocess.run(
        command,
        preexec_fn=ignoring_signals,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.OK, done.stdout
