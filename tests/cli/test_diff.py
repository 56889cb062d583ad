"""The commands `diff` and `history`, and the same from Python."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

import whichext
from support.cli import Command, without_paths
from support.results import changed
from support.runs import CY, NUMPY, RUST, elsewhere, run_with, written
from whichext.model.errors import ResultFileError, UsageError
from whichext.model.raw import Kind
from whichext.report import in_form
from whichext.report.diff import diff_document
from whichext.report.result import Result

BEFORE = run_with({NUMPY: 2, CY: 1, RUST: 1})
AFTER = run_with({NUMPY: 2, CY: 3, RUST: 1}, day=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of results with a change, one of another machine, and a file that is none."""
    written(tmp_path, before=BEFORE, after=AFTER, other=elsewhere(AFTER))
    (tmp_path / "notes.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("no result, and none that is asked for")
    return tmp_path


@pytest.mark.parametrize("to", ["text", "markdown", "html"])
def test_diff_prints_what_python_finds_in_each_form(
    command: Command, folder: Path, to: str
) -> None:
    paths = [str(folder / name) for name in ("before.json", "after.json", "other.json")]
    ended = command("diff", *paths, "--to", to)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == in_form(diff_document(whichext.tools.diff(*paths)), to)


@pytest.mark.parametrize("to", ["text", "markdown", "html"])
def test_history_prints_what_python_finds_in_each_form(
    command: Command, folder: Path, to: str
) -> None:
    ended = command("history", str(folder), "--of", CY, "--to", to)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == whichext.tools.history(folder, CY).pictured().content(to)


@pytest.mark.parametrize(
    ("name", "begins"),
    [("x.svg", b"<svg"), ("x.png", b"\x89PNG"), ("x.html", b"<!DOCTYPE"), ("x.md", b"# `total`")],
)
def test_history_writes_a_file_in_the_form_of_its_ending(
    command: Command, folder: Path, tmp_path: Path, name: str, begins: bytes
) -> None:
    ended = command("history", str(folder), str(tmp_path / name), "--of", CY)
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_history_prints_its_picture_where_it_is_text(command: Command, folder: Path) -> None:
    assert command("history", str(folder), "--of", CY, "--to", "svg").out.startswith("<svg")


def test_history_names_what_it_cannot_read_and_shows_the_rest(
    command: Command, folder: Path
) -> None:
    out = command("history", str(folder), "--of", CY).out
    assert "notes.json: expected" in out
    assert "notes.txt" not in out
    assert [name for name in ("before.json", "after.json", "other.json") if name not in out] == []


def test_options_choose_the_ratio(command: Command, folder: Path) -> None:
    paths = (str(folder / "before.json"), str(folder / "after.json"))
    assert "over rust.total" in command("diff", *paths, "--baseline", RUST).out
    out = command("history", str(folder), "--of", CY, "--over", RUST, "--case", "small").out
    assert out.startswith("total: cy.total over rust.total")


def test_results_are_compared_as_paths_or_as_what_a_verb_returned(folder: Path) -> None:
    one, other = Result(BEFORE.raw, BEFORE.judged), folder / "after.json"
    found = whichext.tools.diff(one, other, one)
    assert [run.name for run in found.runs] == ["result 1", str(other), "result 3"]
    twice = whichext.tools.diff(other, other)
    assert [run.name for run in twice.runs] == [str(other), f"{other} (2)"]


def refusal(command: Command, folder: Path, *words: str) -> str:
    """What a command says as it ends with 2, with PATH for the folder."""
    ended = command(*(word.replace("PATH", str(folder)) for word in words))
    assert (ended.code, ended.out) == (2, "")
    return without_paths(ended.err, folder)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("diff", "PATH/before.json"),
            snapshot(
                "whichext: there is nothing to compare: expected at least two results, got "
                "one\n"
                "Next: whichext diff BEFORE.json AFTER.json\n"
            ),
        ),
        (
            ("diff", "PATH/before.json", "PATH/notes.json"),
            snapshot(
                """\
whichext: PATH/notes.json: expected a result file, got JSON without schema_version
Next: make one with whichext run KERNEL -o FILE.json
"""
            ),
        ),
        (
            ("diff", "PATH/before.json", "PATH/after.json", "--baseline", "x"),
            snapshot(
                "whichext: --baseline x: ratios need a baseline that all results raced: "
                "expected one of numpy, cy.total, rust.total, got x\n"
                "Next: --baseline numpy\n"
            ),
        ),
        (
            ("diff", "PATH/before.json", "PATH/after.json", "--to", "pdf"),
            snapshot("whichext: --to pdf: expected text, markdown or html\nNext: --to text\n"),
        ),
        (
            ("history", "PATH", "--of", "cy.totl"),
            snapshot(
                "whichext: --of cy.totl was measured in none of the results: expected one "
                "of numpy, cy.total, rust.total\n"
                "Next: --of cy.total\n"
            ),
        ),
        (
            ("history", "PATH", "--of", CY, "--case", "tall"),
            snapshot(
                "whichext: --case tall is no case of the results: expected one of small\n"
                "Next: --case small\n"
            ),
        ),
        (
            ("history", "PATH", "--of", CY, "--over", CY),
            snapshot(
                "whichext: --over cy.total is the contestant itself: expected one of numpy,"
                " rust.total\n"
                "Next: --over rust.total\n"
            ),
        ),
        (
            ("history", "PATH", "--of", CY, "--to", "png"),
            snapshot("""\
whichext: --to png: expected a form that goes with the file to write
Next: whichext history FOLDER PATH.png --of NAME --to png
"""),
        ),
        (
            ("history", "PATH", "PATH/x.svg", "--of", CY, "--to", "html"),
            snapshot("""\
whichext: --to html: expected a form that goes with the file to write
Next: whichext history FOLDER PATH.svg --of NAME --to svg
"""),
        ),
        (
            ("history", "PATH", "PATH/x.html", "--of", CY, "--to", "svg"),
            snapshot("""\
whichext: --to svg: expected a form that goes with the file to write
Next: whichext history FOLDER PATH.svg --of NAME --to svg
"""),
        ),
        (
            ("history", "PATH", "PATH/before.json", "--of", CY, "--to", "text"),
            snapshot("""\
whichext: PATH/before.json: expected a file that holds no result, got a result file
Next: name another file for the report
"""),
        ),
        (
            ("history", "PATH", "PATH/x.pdf", "--of", CY),
            snapshot("""\
whichext: PATH/x.pdf: expected a file name that ends with .txt, .md, .html, .svg or .png, got .pdf
Next: name another file, or give the form as well: --to text
"""),
        ),
        (
            ("history", "PATH", "--of", CY, "--to", "pdf"),
            snapshot("""\
whichext: --to pdf is no form: expected one of text, markdown, html, svg, png
Next: give one of these, such as --to text
"""),
        ),
        (
            ("history", "PATH/notes.txt", "--of", CY),
            snapshot(
                "whichext: PATH/notes.txt: expected a folder, got Not a directory\n"
                "Next: name a folder with results\n"
            ),
        ),
    ],
)
def test_what_cannot_be_compared_ends_with_2_and_the_next_step(
    command: Command, folder: Path, words: tuple[str, ...], said: str
) -> None:
    assert refusal(command, folder, *words) == said


OTHER_KERNEL = snapshot(
    "whichext: the results are of different kernels: expected one kernel, got "
    "total in PATH/a.json, other in PATH/kernel.json\n"
    "Next: give results of one kernel; a folder of its own for each keeps them "
    "apart\n"
)
NO_RACE = snapshot(
    "whichext: PATH/race.json: there are no ratios in it: expected a result "
    "with a race, got one of verify\n"
    "Next: give a result of whichext run KERNEL -o FILE.json\n"
)
NO_BASELINE = snapshot(
    "whichext: ratios need a baseline that all results raced: expected one of "
    "numpy, cy.total, got cy.total, numpy\n"
    "Next: --baseline numpy\n"
)
NO_CASE = snapshot(
    "whichext: the results have no case in common: expected a case that at "
    "least two of them have, with the same parameters, got small, tall\n"
    "Next: race one case in all of them\n"
)
NOT_TOGETHER = snapshot(
    "whichext: the results have no contestant in common: expected a baseline "
    "that all of them raced\n"
    "Next: race one contestant in all of them\n"
)


def test_results_that_have_nothing_in_common_end_with_2(command: Command, tmp_path: Path) -> None:
    written(
        tmp_path,
        a=BEFORE,
        kernel=changed(BEFORE, kernel="other"),
        race=changed(BEFORE, kind=Kind.VERIFY),
        baseline=run_with({CY: 1, NUMPY: 2}),
        case=run_with({NUMPY: 2, CY: 1}, cases=("tall",)),
        lost=run_with({"c.total": 1}),
    )
    said = {
        name: refusal(command, tmp_path, "diff", "PATH/a.json", f"PATH/{name}.json")
        for name in ("kernel", "race", "baseline", "case", "lost")
    }
    assert said["kernel"] == OTHER_KERNEL
    assert said["race"] == NO_RACE
    assert said["baseline"] == NO_BASELINE
    assert said["case"] == NO_CASE
    assert said["lost"] == NOT_TOGETHER


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultFileError) as caught:
        whichext.tools.history(tmp_path, CY)
    assert caught.value.what == str(tmp_path)
    with pytest.raises(UsageError):
        whichext.tools.history(3, CY)  # type: ignore[arg-type]  # that is what is wrong
    with pytest.raises(UsageError):
        whichext.tools.diff(3, 4)  # type: ignore[arg-type]  # likewise
