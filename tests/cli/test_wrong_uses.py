"""Wrong uses of the command line and of Python: each ends as documented, and with a next step."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path

import pytest

from support.cli import Command
from support.results import make_race, make_raw, steady
from whichext.report import result_file
from whichext.report.journal import FileJournal, part_of
from wrong_uses import LONG, MANY_DIGITS, PYTHON, SHELL

FEWEST = 150
KERNELS = Path(__file__).parents[1] / "kernels"


def commands() -> list[str]:
    return [line for line in SHELL.strip().splitlines() if line]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all that the commands name, in which they are typed."""
    shutil.copytree(KERNELS / "row_sum", tmp_path / "K")
    (tmp_path / "kernels").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "notes").write_text("mine")
    (tmp_path / "notes.txt.part").write_text("mine")
    (tmp_path / "beside.json.part").write_text("mine")
    (tmp_path / "empty.json").touch()
    (tmp_path / "link").symlink_to(tmp_path / "notes.txt")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    race = make_race({"numpy": steady(1_000), "cy.total": steady(500)})
    result_file.write(race, tmp_path / "r.json")
    (tmp_path / "cut.json").write_bytes((tmp_path / "r.json").read_bytes()[:100])
    verified = result_file.encode(race).replace(b'"kind":"run"', b'"kind":"verify"')
    (tmp_path / "v.json").write_bytes(verified.replace(b'"kernel":"total"', b'"kernel":"K"'))
    FileJournal(tmp_path / "p.json").begin(make_raw())
    assert part_of(tmp_path / "p.json").is_file()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def _nothing_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong use ends before anything is built, raced, or examined."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("this would have been built or raced")

    monkeypatch.setattr("whichext.pipeline.Crew", fail)


def state(folder: Path) -> list[tuple[str, int, bytes]]:
    """All that is in a folder: paths, kinds and contents."""
    return [
        (str(path), path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
        if "__pycache__" not in path.parts and "cache" not in path.parts
    ]


def words_of(line: str) -> list[str]:
    words = shlex.split(line)
    return [w.replace("LONG", LONG).replace("MANY_DIGITS", MANY_DIGITS) for w in words]


@pytest.mark.parametrize("line", commands())
def test_a_wrong_command_ends_with_2_a_next_step_and_every_file_as_it_was(
    command: Command, place: Path, line: str
) -> None:
    before = state(place)
    ended = command(*words_of(line))
    assert (ended.code, ended.out) == (2, ""), ended
    assert "Traceback" not in ended.err
    assert "\nNext: " in ended.err or ("Try '" in ended.err and " --help'" in ended.err), ended.err
    assert state(place) == before


# Python


@pytest.mark.parametrize("name", PYTHON)
def test_a_wrong_call_raises_what_is_documented_with_a_next_step(place: Path, name: str) -> None:
    expected, use = PYTHON[name]
    before = state(place)
    with pytest.raises(expected) as caught:
        use()
    problem, _, next_step = str(caught.value).partition("\nNext: ")
    assert problem
    assert next_step
    assert state(place) == before


def test_there_are_many_of_them() -> None:
    count = len({*commands()}) + len(PYTHON)
    print(f"{count} wrong uses")
    assert count >= FEWEST
