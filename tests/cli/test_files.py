"""Result files on the command line: written epoch by epoch, gone on from, and shown again."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from builders import SKIPPED, WRONG, make_build, make_race, steady
from command_line import Command, FakeCompare
from whichext.model.errors import HostLostError, UsageError
from whichext.model.outcome import Outcome
from whichext.model.scorecard import Scorecard
from whichext.report import as_json, as_text


def with_outcome(outcome: Outcome) -> Scorecard:
    """A run in which one project was built and one contestant was not measured."""
    scorecard = make_race({"numpy": steady(1_000)}, {"cy.total": outcome})
    return replace(scorecard, builds=(make_build("cy"), make_build("rust", SKIPPED)))


def epochs(count: int) -> list[Scorecard]:
    """A race as it is known after each epoch."""
    return [make_race({"numpy": steady(1_000, done)}) for done in range(1, count + 1)]


def test_an_output_that_cannot_be_written_ends_with_2_before_anything_is_built(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    ended = command("run", "total", "-o", str(tmp_path / "nowhere" / "result.json"))
    assert (ended.code, fake.kernel) == (2, "")


def test_a_folder_as_output_ends_with_2_before_anything_is_built(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    ended = command("run", "total", "--output", str(tmp_path))
    assert (ended.code, fake.kernel) == (2, "")


def test_a_result_is_written_where_the_option_says(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    command("run", "total", "-o", str(tmp_path / "result.json"))
    assert fake.result == as_json.read(tmp_path / "result.json")


def test_a_result_with_faults_is_written_too(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    fake.result = with_outcome(WRONG)
    command("run", "total", "-o", str(tmp_path / "result.json"))
    assert fake.result == as_json.read(tmp_path / "result.json")


def test_show_prints_what_the_run_printed(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    fake.result = with_outcome(WRONG)
    ran = command("run", "total", "-o", str(tmp_path / "result.json"))
    assert ran.out == command("show", str(tmp_path / "result.json")).out


def test_show_with_another_baseline_has_its_ratios(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    race = make_race({"numpy": [2_000] * 5, "cy.total": [1_000] * 5})
    fake.result = replace(race, builds=(make_build("cy"),))
    command("run", "total", "-o", str(tmp_path / "result.json"))
    shown = command("show", str(tmp_path / "result.json"), "--baseline", "cy.total").out
    assert "time / cy.total" in shown


def test_show_with_an_unknown_baseline_ends_with_2(command: Command, tmp_path: Path) -> None:
    as_json.write(make_race({"numpy": [1] * 5}), tmp_path / "result.json")
    assert command("show", str(tmp_path / "result.json"), "--baseline", "cy.total").code == 2


def test_show_of_a_file_with_faults_ends_with_0_since_showing_went_well(
    command: Command, tmp_path: Path
) -> None:
    as_json.write(with_outcome(WRONG), tmp_path / "result.json")
    assert command("show", str(tmp_path / "result.json")).code == 0


def test_show_of_a_file_that_is_no_result_ends_with_2(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("faster!")
    ended = command("show", str(path))
    assert ended.code == 2
    assert ended.err.startswith(f"whichext: {path}: expected a result file (JSON), got an error")


def test_show_of_a_file_that_is_not_there_ends_with_2(command: Command, tmp_path: Path) -> None:
    assert command("show", str(tmp_path / "missing.json")).code == 2


def test_a_result_is_written_after_every_epoch(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    path, written = tmp_path / "result.json", []
    fake.epochs = epochs(3)
    fake.after_epoch = lambda: written.append(as_json.read(path))
    command("run", "total", "-o", str(path))
    assert written == epochs(3)
    assert as_json.read(path) == fake.result


def test_without_an_output_nothing_is_kept(command: Command, fake: FakeCompare) -> None:
    command("run", "total")
    assert fake.keep is None


@pytest.mark.parametrize("error", [HostLostError("lost", "try again"), KeyboardInterrupt()])
def test_what_was_measured_stays_readable_when_the_run_dies(
    command: Command, fake: FakeCompare, tmp_path: Path, error: BaseException
) -> None:
    fake.epochs, fake.error = epochs(2), error
    command("run", "total", "-o", str(tmp_path / "result.json"))
    assert as_json.read(tmp_path / "result.json") == epochs(2)[-1]


def test_a_disk_that_is_full_ends_with_1_and_leaves_the_last_epoch_that_fitted(
    command: Command, fake: FakeCompare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "result.json"

    def fill_disk() -> None:
        def fail(*_: Any, **__: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Path, "write_text", fail)

    fake.epochs, fake.after_epoch = epochs(1), fill_disk
    ended = command("run", "total", "-o", str(path))
    expected = (
        f"whichext: {path}: could not be written: No space left on device\n"
        "Next: free some space or name another file with -o; "
        "what was written before is still there\n"
    )
    assert (1, expected) == (ended.code, ended.err)
    assert as_text.render(fake.result) == ended.out
    assert as_json.read(path) == epochs(1)[0]


def test_a_report_that_cannot_be_printed_does_not_keep_the_result_from_its_file(
    command: Command, fake: FakeCompare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> str:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(as_text, "render", fail)
    with pytest.raises(OSError, match="Input/output error"):
        command("run", "total", "-o", str(tmp_path / "result.json"))
    assert fake.result == as_json.read(tmp_path / "result.json")


def test_a_result_that_was_stopped_is_written_with_why(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    fake.result = replace(fake.result, stopped="it was interrupted")
    ended = command("run", "total", "-o", str(tmp_path / "result.json"))
    assert ended.code == 1
    assert as_json.read(tmp_path / "result.json").stopped == "it was interrupted"


def test_an_earlier_result_is_given_to_the_run(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    as_json.write(epochs(2)[-1], tmp_path / "earlier.json")
    command("run", "total", "--resume", str(tmp_path / "earlier.json"))
    assert fake.earlier == epochs(2)[-1]


def test_a_run_goes_on_in_the_file_that_it_goes_on_from(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    path = str(tmp_path / "result.json")
    as_json.write(epochs(2)[-1], Path(path))
    command("run", "total", "--resume", path, "-o", path)
    assert (fake.earlier, as_json.read(Path(path))) == (epochs(2)[-1], fake.result)


def test_without_an_earlier_result_the_run_starts_afresh(
    command: Command, fake: FakeCompare
) -> None:
    command("run", "total")
    assert fake.earlier is None


@pytest.mark.parametrize("text", [None, "faster!", "{}"])
def test_an_earlier_result_that_is_none_ends_with_2_before_anything_is_built(
    command: Command, fake: FakeCompare, tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "earlier.json"
    if text is not None:
        path.write_text(text)
    ended = command("run", "total", "--resume", str(path))
    assert (ended.code, fake.kernel) == (2, "")
    assert ended.err.startswith(f"whichext: {path}: ")
    assert ": expected " in ended.err


def test_an_earlier_result_of_something_else_ends_with_2_and_stays_as_it_was(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    path = tmp_path / "result.json"
    as_json.write(epochs(2)[-1], path)
    fake.error = UsageError("--resume: the earlier run had another cpu", "run without --resume")
    ended = command("run", "total", "--resume", str(path), "-o", str(path))
    assert ended.code == 2
    assert as_json.read(path) == epochs(2)[-1]
