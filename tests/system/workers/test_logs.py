"""What contestants print is kept for as long as it may be asked for, and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.contestants import case_of, write_contestant
from support.processes import PATIENCE_S, Hired, hired, outcome_of
from whichext.model.kernel import Kernel
from whichext.model.outcome import Crashed
from whichext.system.workers.crew import WorkerLostError
from whichext.system.workers.ends import last_words

pytestmark = [pytest.mark.slow, pytest.mark.processes]

SERVER = "whichext.verify.in_worker"
TALKS = "print('x' * 1000)\ndef run(values): raise SystemExit"
KEPT_BYTES = 64 * 1024


@pytest.fixture
def staffed(row_sum: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hired]:
    """A crew whose files are in the folder "logs"."""
    (tmp_path / "logs").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "logs"))
    with hired(row_sum) as hired_:
        hired_.crew.prepare(case_of(row_sum, "small"))
        yield hired_


def logs(tmp_path: Path) -> list[str]:
    """Names of what a crew keeps of its workers' output."""
    return sorted(path.name for path in tmp_path.glob("logs/*/*") if path.name != "host.log")


def test_what_a_worker_printed_is_there_while_it_runs_and_gone_with_it(
    staffed: Hired, tmp_path: Path
) -> None:
    worker = staffed.crew.spawn(write_contestant(tmp_path, TALKS), tmp_path, SERVER, PATIENCE_S)
    assert len(logs(tmp_path)) == 1
    worker.kill()
    assert logs(tmp_path) == []


@pytest.mark.parametrize(
    "code",
    ["import os\ndef run(values): os._exit(3)", "raise ImportError", "import os; os._exit(3)"],
    ids=["in a call", "not imported", "in the import"],
)
def test_what_a_crashed_worker_printed_is_gone_once_it_has_been_told(
    staffed: Hired, tmp_path: Path, code: str
) -> None:
    written = write_contestant(tmp_path, f"print('my last words', flush=True)\n{code}")
    with pytest.raises(WorkerLostError) as lost:
        outcome_of(staffed.crew.spawn(written, tmp_path, SERVER, PATIENCE_S), "small")
    assert isinstance(lost.value.outcome, Crashed)
    assert (lost.value.outcome.stderr, logs(tmp_path)) == ("my last words", [])


def test_of_a_long_log_only_the_end_is_read(tmp_path: Path) -> None:
    log = tmp_path / "long.log"
    log.write_text("first line" + "x" * 10 * KEPT_BYTES + "\nthe last\n", encoding="utf-8")
    words = last_words(log)
    assert words.endswith("x\nthe last")
    assert len(words) <= KEPT_BYTES


def test_a_log_that_is_not_there_holds_no_words(tmp_path: Path) -> None:
    assert last_words(tmp_path / "none.log") == ""
