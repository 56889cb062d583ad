"""The command `fleet`, and the same from Python."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

import whichext
from support.cli import Command, in_parts, without_paths
from support.runs import CY, NUMPY, RUST, elsewhere, run_with, written
from whichext.model.errors import UsageError
from whichext.report import result_file

FAST = run_with({NUMPY: 2, CY: 1, RUST: 1})
SLOW = run_with({NUMPY: 2, CY: 3, RUST: 1}, day=2)
EVERY = f"{CY} is faster than {NUMPY} on every machine"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of results of three machines, and a file that is none."""
    up, via = elsewhere(FAST, label="up"), elsewhere(FAST, label="via")
    written(tmp_path, up=up, via=via, wit=elsewhere(SLOW, label="wit"))
    (tmp_path / "notes.json").write_text("{}")
    return tmp_path


@pytest.mark.parametrize("to", ["text", "markdown", "html"])
def test_it_prints_what_python_finds_in_each_form(command: Command, folder: Path, to: str) -> None:
    ended = command("fleet", str(folder), "--to", to)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == whichext.tools.fleet(folder).pictured().content(to)


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("x.svg", b"<svg"),
        ("x.png", b"\x89PNG"),
        ("x.html", b"<!DOCTYPE"),
        ("x.md", b"# `total`"),
        ("x.txt", b"total:"),
        ("x", b"total:"),
    ],
)
def test_it_writes_a_file_in_the_form_of_its_ending(
    command: Command, folder: Path, name: str, begins: bytes
) -> None:
    ended = command("fleet", str(folder), "-o", str(folder / name))
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (folder / name).read_bytes().startswith(begins)


def test_a_page_has_the_picture_of_the_machines_and_one_machine_has_none(
    command: Command, folder: Path
) -> None:
    assert "<figure" in whichext.tools.fleet(folder)._repr_html_()
    ended = command("fleet", str(folder / "up.json"), "--to", "svg")
    assert (ended.code, ended.err) == (
        2,
        snapshot("""\
whichext: a picture of machines: expected a contestant that two machines have measured, got none
Next: give results of more machines
"""),
    )


def test_pixels_need_a_file(command: Command, folder: Path) -> None:
    ended = command("fleet", str(folder), "--to", "png")
    assert (ended.code, ended.err) == (
        2,
        snapshot("""\
whichext: --to png: expected a form that goes with the file to write
Next: whichext fleet FOLDER -o PATH.png --to png
"""),
    )


def test_a_file_whose_ending_is_that_of_no_form_is_not_written(
    command: Command, folder: Path
) -> None:
    ended = command("fleet", str(folder), "-o", str(folder / "x.pdf"))
    assert (ended.code, without_paths(ended.err, folder)) == (
        2,
        snapshot("""\
whichext: PATH/x.pdf: expected a file name that ends with .txt, .md, .html, .svg or .png, got .pdf
Next: name another file, or give the form as well: --to text
"""),
    )
    assert not (folder / "x.pdf").exists()
    assert command("fleet", str(folder), "-o", str(folder / "x.log"), "--to", "text").code == 0


def test_files_are_taken_as_a_folder_with_them_is_and_results_as_files(folder: Path) -> None:
    paths = sorted(folder.glob("[!n]*.json"))
    of_files = whichext.tools.fleet(*paths)
    assert of_files.cases == whichext.tools.fleet(folder).cases
    assert of_files.cases == whichext.tools.fleet(*map(whichext.read, paths)).cases


def test_a_file_that_is_no_result_is_named_and_the_rest_is_shown(
    command: Command, folder: Path
) -> None:
    out = command("fleet", str(folder)).out
    assert "notes.json: expected" in out
    assert "3 machines, 3 results" in out


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (f"{RUST} is faster than {NUMPY} on every machine", 0),
        (f"{CY} is faster than {NUMPY} on most machines", 0),
        (EVERY, 1),
        (f"{RUST} reaches 90% of the limit on every machine", 4),
    ],
)
def test_its_exit_status_is_that_of_the_claims(
    command: Command, folder: Path, claim: str, code: int
) -> None:
    ended = command("fleet", str(folder), "--claim", claim)
    assert (ended.code, ended.err) == (code, "")


def test_claims_that_the_results_answer_are_held_against_all_machines(
    command: Command, tmp_path: Path
) -> None:
    from msgspec.structs import replace

    from whichext.judge.claims.measured import hold_in
    from whichext.model.view import View

    for label, view in (("up", FAST), ("via", SLOW)):
        there = elsewhere(view, label=label)
        (claim,) = hold_in(f"{CY} is faster than {NUMPY}", [there])
        assert claim is not None
        answered = View(there.raw, replace(there.judged, claims=(claim,)))
        result_file.write(answered, tmp_path / f"{label}.json")
    ended = command("fleet", str(tmp_path))
    assert ended.code == 1
    assert "holds on 1: up" in ended.out
    assert "refuted on 1: via" in ended.out


def test_what_it_cannot_answer(command: Command, folder: Path, tmp_path: Path) -> None:
    wrong = {
        "no file": ("fleet", str(tmp_path / "absent.json")),
        "a claim": ("fleet", str(folder), "--claim", "cy.totl is faster than numpy"),
        "a baseline": ("fleet", str(folder), "--baseline", "x"),
        "a form": ("fleet", str(folder), "--to", "pdf"),
    }
    found = {name: command(*words) for name, words in wrong.items()}
    assert {one.code for one in found.values()} == {2}
    assert {
        name: in_parts(without_paths(one.err, tmp_path)) for name, one in found.items()
    } == snapshot(
        {
            "no file": [
                "whichext: PATH/absent.json: ",
                "expected a result file, ",
                "got No such file or directory",
                "Next: make one with whichext run KERNEL -o FILE.json",
                "",
            ],
            "a claim": [
                "whichext: no result has the contestant 'cy.totl'",
                "  cy.totl is faster than numpy",
                "  ^^^^^^^",
                "Next: write cy.total or rust.total or numpy",
                "",
            ],
            "a baseline": [
                "whichext: --baseline x: ratios need a baseline that all results raced: ",
                "expected one of numpy, cy.total, rust.total, ",
                "got x",
                "Next: --baseline numpy",
                "",
            ],
            "a form": [
                "whichext: --to pdf is no form: ",
                "expected one of text, markdown, html, svg, png",
                "Next: give one of these, such as --to text",
                "",
            ],
        }
    )


def test_no_result_is_refused_in_python_too_and_one_claim_needs_no_list(folder: Path) -> None:
    with pytest.raises(UsageError) as caught:
        whichext.tools.fleet()
    assert str(caught.value) == snapshot("""\
there is nothing to judge: expected at least one result, got none
Next: whichext.tools.fleet("FOLDER")\
""")
    found = whichext.tools.fleet(folder, claims=EVERY)
    assert [claim.text for claim in found.claims] == [EVERY]
