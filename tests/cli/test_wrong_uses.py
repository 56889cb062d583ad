"""Wrong uses of the command line and of Python: each ends as documented, and with a next step."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.cli import Command
from support.results import make_race, make_raw, steady
from whichext.report import result_file
from whichext.report.journal import FileJournal, part_of
from wrong_diffs import PYTHON as OF_DIFFS
from wrong_diffs import SHELL as DIFFS
from wrong_new_kernels import PYTHON as OF_NEW_KERNELS
from wrong_new_kernels import SHELL as NEW_KERNELS
from wrong_uses import LONG, MANY_DIGITS
from wrong_uses import PYTHON as OF_OTHERS
from wrong_uses import SHELL as OTHERS

FEWEST = 150
PYTHON = {**OF_OTHERS, **OF_NEW_KERNELS, **OF_DIFFS}
KERNELS = Path(__file__).parents[1] / "kernels"


def commands() -> list[str]:
    return [line for line in f"{OTHERS}{NEW_KERNELS}{DIFFS}".strip().splitlines() if line]


def make(folder: Path) -> None:
    """Fill an empty folder with all that the commands name."""
    shutil.copytree(KERNELS / "row_sum", folder / "K")
    (folder / "kernels").mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "notes").write_text("mine")
    (folder / "notes.txt.part").write_text("mine")
    (folder / "beside.json.part").write_text("mine")
    (folder / "empty.json").touch()
    (folder / "link").symlink_to(folder / "notes.txt")
    (folder / "dangling").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe")
    race = make_race({"numpy": steady(1_000), "cy.total": steady(500)})
    result_file.write(race, folder / "r.json")
    (folder / "cut.json").write_bytes((folder / "r.json").read_bytes()[:100])
    verified = result_file.encode(race).replace(b'"kind":"run"', b'"kind":"verify"')
    (folder / "v.json").write_bytes(verified.replace(b'"kernel":"total"', b'"kernel":"K"'))
    FileJournal(folder / "p.json").begin(make_raw())
    assert part_of(folder / "p.json").is_file()


class Place:
    """A folder that a wrong use leaves as it was, and so the next one finds it."""

    def __init__(self, parent: Path) -> None:
        self.folder = parent / "place"
        self.remake()

    def remake(self) -> None:
        """Make it, in place of what a test has changed."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        make(self.folder)
        self.made = state(self.folder)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The folder that all of them share."""
    return Place(tmp_path_factory.mktemp("uses"))


@pytest.fixture
def place(kept: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The folder in which they are typed, as it was made whatever earlier tests did."""
    monkeypatch.chdir(kept.folder)
    yield kept
    if state(kept.folder) != kept.made:
        kept.remake()


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
    command: Command, place: Place, line: str
) -> None:
    ended = command(*words_of(line))
    assert (ended.code, ended.out) == (2, ""), ended
    assert "Traceback" not in ended.err
    assert "\nNext: " in ended.err or ("Try '" in ended.err and " --help'" in ended.err), ended.err
    assert state(place.folder) == place.made


# Python


@pytest.mark.parametrize("name", PYTHON)
def test_a_wrong_call_raises_what_is_documented_with_a_next_step(place: Place, name: str) -> None:
    expected, use = PYTHON[name]
    with pytest.raises(expected) as caught:
        use()
    problem, _, next_step = str(caught.value).partition("\nNext: ")
    assert problem
    assert next_step
    assert state(place.folder) == place.made


def test_there_are_many_of_them() -> None:
    count = len({*commands()}) + len(PYTHON)
    print(f"{count} wrong uses")
    assert count >= FEWEST
