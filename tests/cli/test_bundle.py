"""Bundles on the command line: written from a race or a result, checked, asked for, repeated."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from inline_snapshot import snapshot
from msgspec.structs import replace

import whichext
from support.bundles import (
    Content,
    contents,
    make_bundle,
    pack,
    row_sum_race,
    sealed,
    with_result,
)
from support.cli import Command, FakeRun, in_parts, squeezed
from support.results import changed, make_build, make_race, steady
from whichext.cli.wording import SHELL
from whichext.load.kernel import load_kernel
from whichext.model.bundle import Measured
from whichext.model.errors import UsageError
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report import result_file
from whichext.report.bundle_file import write_bundle

CLAIM = "plain_sum.row_sum is slower than numpy on small"


def test_a_bundle_of_a_result_is_written_without_a_race(
    command: Command, folder: Path, race: View
) -> None:
    result_file.write(race, folder / "r.json")
    ended = command("bundle", "row_sum", "--result", "r.json", "-o", "claim.zip")
    assert (ended.code, ended.err) == (0, "")
    assert result_file.parse(contents(folder / "claim.zip")["result.json"], "it").raw == race.raw


def test_a_bundle_has_a_name_of_its_kernel_and_answers_its_claims(
    command: Command, folder: Path, race: View
) -> None:
    result_file.write(race, folder / "r.json")
    assert command("bundle", "row_sum", CLAIM, "--result", "r.json").code == 0
    found = contents(folder / "row_sum-bundle.zip")
    view = result_file.parse(found["result.json"], "it")
    assert [claim.text for claim in view.judged.claims] == [CLAIM]
    assert found["README.md"].count(b"slower than numpy on small") == 1


@pytest.mark.parametrize("claims", [(), (CLAIM,)])
def test_that_a_result_is_of_another_kernel_file_is_said_once(
    command: Command, folder: Path, race: View, claims: tuple[str, ...]
) -> None:
    older = View(replace(race.raw, kernel_digest="other"), race.judged)
    result_file.write(older, folder / "r.json")
    ended = command("bundle", "row_sum", *claims, "--result", "r.json")
    assert (ended.code, ended.err.count("another version of row_sum's kernel.py")) == (0, 1)


def test_a_bundle_is_written_from_a_race_of_what_claims_name(
    command: Command, fake: FakeRun, folder: Path, race: View
) -> None:
    fake.result = race
    ended = command("bundle", "row_sum", CLAIM, "--max-time", "3", "--quick")
    assert ended.code == 0
    assert (fake.kind, fake.options.max_time_s) == (Kind.CHECK, 3)
    assert fake.options.entries == ("plain_sum.row_sum", "numpy")
    assert fake.command == f"whichext bundle row_sum '{CLAIM}' --max-time 3 --quick"
    assert (folder / "row_sum-bundle.zip").is_file()


def test_a_bundle_prints_the_line_and_what_it_means(
    command: Command, folder: Path, race: View
) -> None:
    result_file.write(race, folder / "r.json")
    said = command("bundle", "row_sum", "--result", "r.json", "-o", "claim.zip").out
    assert re.sub(r"sha256:\w{64}", "LINE", re.sub(r"\d\.\d\d kB", "SIZE", said)) == snapshot("""\
claim.zip: SIZE, 3 files of the kernel
LINE

┏━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ part              ┃ its files, and what was measured ┃
┡━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
│ row_sum/kernel.py │ the same                         │
└───────────────────┴──────────────────────────────────┘

The line is a hash over the files, the builds, the samples and the verdicts. It shows that nothing
was changed since the bundle was made. It does not show that the samples were measured: only a race
of your own does.

Next: whichext reproduce claim.zip, as a reviewer will
""")


def test_a_result_that_was_changed_by_hand_is_corrected_aloud(
    command: Command, folder: Path, race: View
) -> None:
    text = result_file.encode(race)
    assert text.count(b'"verdict":"slower"') > 0
    (folder / "r.json").write_bytes(text.replace(b'"verdict":"slower"', b'"verdict":"faster"'))
    said = command("bundle", "row_sum", "--result", "r.json", "-o", "claim.zip").out
    found = squeezed(said.partition("The result")[2].partition("The line")[0])
    assert in_parts(found) == snapshot(
        [
            "was not what this whichext makes of its samples; ",
            "the bundle has what they give. plain_sum.row_sum in small: ",
            "its samples give slower, it says faster.",
        ]
    )


def test_nothing_of_a_bundle_runs_without_consent(command: Command, folder: Path) -> None:
    kernel = folder / "row_sum" / "kernel.py"
    kernel.write_text(kernel.read_text() + '\nopen("it_ran", "w").close()\n')
    path = folder / "claim.zip"
    write_bundle(row_sum_race(), load_kernel(folder / "row_sum"), path, SHELL)
    (folder / "it_ran").unlink()
    ended = command("reproduce", str(path))
    assert (ended.code, (folder / "it_ran").exists()) == (2, False)
    with pytest.raises(UsageError):
        whichext.tools.reproduce(path)
    assert not (folder / "it_ran").exists()
    assert not (folder / "cache").exists()


def answering(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """A terminal in which a reader answers."""
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr("whichext.cli.bundle.typer.confirm", lambda _: answer == "y")


@pytest.mark.parametrize(("answer", "code", "runs"), [("n", 2, False), ("y", 0, True)])
def test_a_reader_in_a_terminal_is_asked(
    command: Command,
    fake: FakeRun,
    folder: Path,
    race: View,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    code: int,
    runs: bool,
) -> None:
    fake.result = race
    answering(monkeypatch, answer)
    ended = command("reproduce", str(make_bundle(folder / "claim.zip", race)))
    assert (ended.code, bool(fake.command)) == (code, runs)


def test_an_interrupt_at_the_question_ends_as_any_other(
    command: Command, folder: Path, race: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: str) -> bool:
        raise typer.Abort

    answering(monkeypatch, "")
    monkeypatch.setattr("whichext.cli.bundle.typer.confirm", interrupted)
    assert command("reproduce", str(make_bundle(folder / "claim.zip", race))).code == 130


def test_what_would_be_built_and_run_is_shown(command: Command, folder: Path, race: View) -> None:
    contestants = tuple(
        replace(one, project="plain") if one.project else one for one in race.raw.contestants
    )
    view = changed(race, contestants=contestants, builds=(make_build("plain"),))
    make_bundle(folder / "claim.zip", view)
    said = command("reproduce", "claim.zip").out
    assert re.sub(r"sha256:\w{64}", "LINE", said) == snapshot("""\
claim.zip: How fast is a sum?
LINE
The line is a hash over the files, the builds, the samples and the verdicts. It shows that nothing
was changed since the bundle was made. It does not show that the samples were measured: only a race
of your own does.

To repeat the race, this would be done here, with all rights that you have:

  import row_sum/kernel.py, which is code of its author
  build the projects below as pip install does: their backends run what they like, and are fetched
  from the package index
  race numpy, plain_sum.row_sum in small, for 84 s at most

┏━━━━━━━━━┳━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┓
┃ project ┃ toolchain ┃ backend            ┃ requires           ┃ built then with   ┃ here         ┃
┡━━━━━━━━━╇━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━┩
│ plain   │ python    │ flit_core.buildapi │ flit_core>=3.10,<4 │ cc gcc 12.2.0,    │ can be built │
│         │           │                    │                    │ maturin 1.9.4     │              │
└─────────┴───────────┴────────────────────┴────────────────────┴───────────────────┴──────────────┘

┏━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ part              ┃ its files, and what was measured ┃
┡━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
│ row_sum/kernel.py │ the same                         │
│ plain             │ not known                        │
└───────────────────┴──────────────────────────────────┘
""")


def test_a_bundle_that_another_version_judged_otherwise_is_shown_with_that_doubt(
    command: Command, folder: Path, race: View
) -> None:
    def change(content: Content) -> None:
        content["judged"]["rows"][1]["outcome"]["ratio"]["verdict"] = "faster"

    files = contents(make_bundle(folder / "claim.zip", race))
    pack(folder / "other.zip", sealed(with_result(files, change), version="0.0.9"))
    said = command("reproduce", "other.zip").out
    found = squeezed(said.partition("It was judged")[2].partition("To repeat")[0])
    assert in_parts(found) == snapshot(
        [
            "by whichext 0.0.9, and this one judges its samples otherwise. "
            "plain_sum.row_sum in small: ",
            "its samples give slower, it says faster.",
        ]
    )


def test_the_race_of_a_bundle_is_repeated_as_it_was(
    command: Command, fake: FakeRun, folder: Path, race: View
) -> None:
    fake.result = race
    make_bundle(folder / "claim.zip", race)
    ended = command("reproduce", "claim.zip", "--yes", "-o", "here.json", "--max-time", "5")
    assert ended.code == 0
    assert (fake.options.entries, fake.options.cases) == (
        ("numpy", "plain_sum.row_sum"),
        ("small",),
    )
    assert (fake.options.baseline, fake.options.max_time_s) == ("numpy", 5)
    assert result_file.read(folder / "here.json").raw.kernel == "row_sum"


def test_claims_of_a_bundle_are_tested_here(
    command: Command, fake: FakeRun, folder: Path, race: View
) -> None:
    result_file.write(race, folder / "r.json")
    command("bundle", "row_sum", CLAIM, "--result", "r.json", "-o", "claim.zip")
    fake.result = race
    assert command("reproduce", "claim.zip", "--yes").code == 0
    fake.result = make_race({"numpy": steady(2_000), "plain_sum.row_sum": steady(1_000)})
    assert command("reproduce", "claim.zip", "--yes").code == 1


@pytest.mark.slow
def test_a_bundle_goes_from_a_race_to_a_race(folder: Path) -> None:
    options: Any = {"max_time_s": 2, "time_limit_s": 60}
    written = whichext.tools.bundle("row_sum", CLAIM, save="claim.zip", **options)
    assert {one.what: one.measured for one in written.sources} == {
        "row_sum/kernel.py": Measured.YES,
        "plain": Measured.YES,
    }
    shutil.rmtree(folder / "row_sum")
    found = whichext.tools.reproduce(
        "claim.zip", line=written.line, yes=True, save="here.json", **options
    )
    assert found.line == written.line
    assert [claim.text for claim in found.claims] == [CLAIM]
    assert found.then.judged.claims[0].names == found.claims[0].names
    assert found.raw.started_at >= found.then.raw.started_at
    assert whichext.read("here.json").raw == found.raw
    assert "plain_sum.row_sum" in str(found)
    assert "<table" in found._repr_html_()
