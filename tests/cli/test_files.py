"""Result files on the command line: written epoch by epoch, gone on from, and shown again."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.absent import race_without
from support.cli import Command, FakeRun, printed_race, squeezed, without_paths
from support.results import SKIPPED, WRONG, changed, make_build, make_race, steady
from whichext.judge import view_of
from whichext.model.errors import HostLostError, UsageError
from whichext.model.outcome import Outcome
from whichext.model.view import View
from whichext.report import result_file

ROW_SUM = str(Path(__file__).parents[1] / "kernels" / "row_sum")


def with_outcome(outcome: Outcome) -> View:
    """A run in which one project was built and one contestant was not measured."""
    builds = (make_build("cy"), make_build("rust", SKIPPED))
    return race_without({"numpy": steady(1_000)}, {"cy.total": outcome}, builds=builds)


def raced(epochs: int) -> View:
    """A race of so many epochs."""
    return make_race({"numpy": steady(1_000, epochs)})


@pytest.mark.parametrize("verb", ["run", "verify"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "nowhere/result.json",
            snapshot(
                "whichext: -o PATH/nowhere/result.json: expected a file that can be written, got "
                "no writable folder PATH/nowhere\n"
                "Next: name a file in a folder that exists and is yours\n"
            ),
        ),
        (
            ".",
            snapshot(
                "whichext: -o PATH: expected a file that can be written, got a folder\n"
                "Next: name a file in a folder that exists and is yours\n"
            ),
        ),
    ],
)
def test_an_output_that_cannot_be_written_ends_with_2_before_anything_is_built(
    command: Command, tmp_path: Path, verb: str, name: str, said: str
) -> None:
    ended = command(verb, ROW_SUM, "-o", str(tmp_path / name))
    assert (ended.code, without_paths(ended.err, tmp_path)) == (2, said)
    assert not (tmp_path / "cache").exists()


def test_a_result_is_written_where_the_option_says(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    command("run", "total", "-o", str(tmp_path / "result.json"))
    assert fake.result == result_file.read(tmp_path / "result.json")


def test_a_result_with_faults_is_written_too(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    fake.result = with_outcome(WRONG)
    command("run", "total", "-o", str(tmp_path / "result.json"))
    assert fake.result == result_file.read(tmp_path / "result.json")


def test_show_prints_what_the_run_printed(command: Command, fake: FakeRun, tmp_path: Path) -> None:
    fake.result = with_outcome(WRONG)
    ran = command("run", "total", "-o", str(tmp_path / "result.json"))
    assert ran.out == command("show", str(tmp_path / "result.json")).out


def test_show_with_another_baseline_has_its_ratios(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    race = make_race({"numpy": [2_000] * 5, "cy.total": [1_000] * 5})
    fake.result = changed(race, builds=(make_build("cy"),))
    command("run", "total", "-o", str(tmp_path / "result.json"))
    shown = command("show", str(tmp_path / "result.json"), "--baseline", "cy.total").out
    assert "time / cy.total" in shown


def test_show_with_an_unknown_baseline_ends_with_2(command: Command, tmp_path: Path) -> None:
    result_file.write(make_race({"numpy": [1] * 5}), tmp_path / "result.json")
    assert command("show", str(tmp_path / "result.json"), "--baseline", "cy.total").code == 2


def test_show_of_a_file_with_faults_ends_with_0_since_showing_went_well(
    command: Command, tmp_path: Path
) -> None:
    result_file.write(with_outcome(WRONG), tmp_path / "result.json")
    assert command("show", str(tmp_path / "result.json")).code == 0


def test_show_of_a_file_that_is_no_result_ends_with_2(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("faster!")
    ended = command("show", str(path))
    said, _, _ = without_paths(ended.err, path).partition(" error: ")
    assert (ended.code, said) == (
        2,
        snapshot("whichext: PATH: expected a result file (JSON), got an"),
    )


def test_show_of_a_file_that_is_not_there_ends_with_2(command: Command, tmp_path: Path) -> None:
    assert command("show", str(tmp_path / "missing.json")).code == 2


# Another form


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A result in a file."""
    path = tmp_path / "result.json"
    result_file.write(make_race({"numpy": [2_000] * 5, "cy.total": [1_000] * 5}), path)
    return path


def test_show_prints_markdown(command: Command, kept: Path) -> None:
    ended = command("show", str(kept), "--to", "markdown")
    assert (ended.code, "| `cy.total` | 1.00 us |" in ended.out) == (0, True)


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_show_writes_what_it_would_print(command: Command, kept: Path, form: str) -> None:
    report = kept.with_name("report")
    printed = command("show", str(kept), "--to", form).out
    ended = command("show", str(kept), str(report), "--to", form)
    assert (ended.code, ended.out, report.read_text()) == (0, "", printed)


def test_show_never_writes_a_report_over_a_result(command: Command, kept: Path) -> None:
    before = kept.read_bytes()
    assert command("show", str(kept), str(kept)).code == 2
    ended = command("show", str(kept), str(kept), "--to", "text")
    assert (ended.code, kept.read_bytes()) == (2, before)
    assert without_paths(ended.err, kept) == snapshot(
        "whichext: PATH: expected a file that holds no result, got a result file\n"
        "Next: name another file for the report\n"
    )


def test_a_form_that_there_is_not_ends_with_2_and_those_that_there_are(
    command: Command, kept: Path
) -> None:
    ended = command("show", str(kept), "--to", "pdf")
    assert (ended.code, ended.err) == (
        2,
        snapshot(
            "whichext: --to pdf is no form: expected one of text, markdown, summary, html, "
            "pytest-benchmark, pyperf, bencher, github:smaller, github:bigger, hyperfine:2, "
            "hyperfine:1, pytest, csv:rows, csv:samples, parquet:rows, parquet:samples, "
            "svg:speedup\nNext: give one of these, such as --to text\n"
        ),
    )


# What is kept while a race runs


def test_every_epoch_is_kept_beside_the_result_until_that_is_written(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    path, kept = tmp_path / "result.json", []
    fake.result, fake.epochs = raced(3), 3
    fake.after_epoch = lambda: kept.append(result_file.read(path).raw.timings)
    command("run", "total", "-o", str(path))
    assert kept == [raced(epochs).raw.timings for epochs in (1, 2, 3)]
    assert (result_file.read(path), list(tmp_path.glob("*.part"))) == (fake.result, [])


def test_without_an_output_nothing_is_kept(command: Command, fake: FakeRun) -> None:
    command("run", "total")
    assert fake.output is None


def a_run_that_dies(command: Command, fake: FakeRun, path: Path, error: BaseException) -> View:
    """A run that ends in its third epoch without a result; what is left of it."""
    fake.result, fake.epochs, fake.error = raced(2), 2, error
    command("run", "total", "-o", str(path))
    assert not path.exists()
    return view_of(replace(fake.result.raw, stopped="the run did not come to its end"))


@pytest.mark.parametrize("error", [HostLostError("lost", "try again"), KeyboardInterrupt()])
@pytest.mark.parametrize("name", ["result.json", "result.json.part"])
def test_what_was_measured_can_be_shown_when_the_run_dies(
    command: Command, fake: FakeRun, tmp_path: Path, name: str, error: BaseException
) -> None:
    left = a_run_that_dies(command, fake, tmp_path / "result.json", error)
    ended = command("show", str(tmp_path / name))
    assert (ended.code, ended.out) == (0, printed_race(left))
    assert left.raw.stopped is not None
    assert left.raw.stopped in squeezed(ended.out)


@pytest.mark.parametrize("name", ["result.json", "result.json.part"])
def test_a_run_goes_on_from_what_a_run_that_died_had_measured(
    command: Command, fake: FakeRun, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "result.json"
    left = a_run_that_dies(command, fake, path, KeyboardInterrupt())
    fake.epochs, fake.error = 0, None
    command("run", "total", "--resume", str(tmp_path / name), "-o", str(path))
    assert fake.earlier == left.raw
    assert (result_file.read(path), list(tmp_path.glob("*.part"))) == (fake.result, [])


def test_a_disk_that_is_full_ends_with_1_and_leaves_the_last_epoch_that_fitted(
    command: Command, fake: FakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "result.json"

    def fill_disk() -> None:
        def fail(*_: Any, **__: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Path, "write_bytes", fail)

    fake.result, fake.epochs, fake.after_epoch = raced(1), 1, fill_disk
    ended = command("run", "total", "-o", str(path))
    assert (ended.code, without_paths(ended.err, path)) == (
        1,
        snapshot(
            "whichext: PATH: could not be written: No space left on device\n"
            "Next: free some space or name another file with -o; what was written before is "
            "still there\n"
        ),
    )
    assert printed_race(fake.result) == ended.out
    assert result_file.read(path).raw.timings == fake.result.raw.timings


def test_a_report_that_cannot_be_printed_does_not_keep_the_result_from_its_file(
    command: Command, fake: FakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> str:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("whichext.cli.screen.shown", fail)
    ended = command("run", "total", "-o", str(tmp_path / "result.json"))
    assert (ended.code, ended.err) == (
        1,
        snapshot(
            "whichext: Input/output error\n"
            "Next: see that it is there, is yours and has space left\n"
        ),
    )
    assert fake.result == result_file.read(tmp_path / "result.json")


def test_a_result_that_was_stopped_is_written_with_why(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    fake.result = changed(fake.result, stopped="it was interrupted")
    ended = command("run", "total", "-o", str(tmp_path / "result.json"))
    assert ended.code == 1
    assert result_file.read(tmp_path / "result.json").raw.stopped == "it was interrupted"


def test_an_earlier_result_is_given_to_the_run(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    result_file.write(raced(2), tmp_path / "earlier.json")
    command("run", "total", "--resume", str(tmp_path / "earlier.json"))
    assert fake.earlier == raced(2).raw


def test_a_run_goes_on_in_the_file_that_it_goes_on_from(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    path = str(tmp_path / "result.json")
    result_file.write(raced(2), Path(path))
    command("run", "total", "--resume", path, "-o", path)
    assert (fake.earlier, result_file.read(Path(path))) == (raced(2).raw, fake.result)


def test_without_an_earlier_result_the_run_starts_afresh(command: Command, fake: FakeRun) -> None:
    command("run", "total")
    assert fake.earlier is None


@pytest.mark.parametrize("text", [None, "faster!", "{}"])
def test_an_earlier_result_that_is_none_ends_with_2_before_anything_is_built(
    command: Command, fake: FakeRun, tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "earlier.json"
    if text is not None:
        path.write_text(text)
    ended = command("run", "total", "--resume", str(path))
    assert (ended.code, fake.kernel) == (2, "")
    assert ended.err.startswith(f"whichext: {path}: ")
    assert ": expected " in ended.err


def test_an_earlier_result_of_something_else_ends_with_2_and_stays_as_it_was(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    path = tmp_path / "result.json"
    result_file.write(raced(2), path)
    fake.error = UsageError("--resume: the earlier run had another cpu", "run without --resume")
    ended = command("run", "total", "--resume", str(path), "-o", str(path))
    assert ended.code == 2
    assert result_file.read(path) == raced(2)
