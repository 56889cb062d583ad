"""The folder of a run on machines: new, gone on with, and refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from support.results import make_race, steady
from whichext.cli.machines.folder import RECORD, opened
from whichext.model.errors import ResultFileError, UsageError
from whichext.model.raw import INTERRUPTED
from whichext.model.view import View
from whichext.report import result_file

CONTENT = (b"kernel", b"options")


def key(path: Path, content: Sequence[bytes] = CONTENT, *, resumes: bool = False) -> str:
    with opened(path, content, resumes=resumes) as found:
        found.begun = True
        return found.key


def test_what_was_begun_has_the_same_key_again_and_a_new_run_another(tmp_path: Path) -> None:
    first = key(tmp_path / "one")
    assert key(tmp_path / "one", resumes=True) == first
    assert key(tmp_path / "two") != first


@pytest.mark.parametrize("content", [(b"another", b"options"), (b"kernelo", b"ptions")])
def test_another_kernel_is_not_gone_on_with(tmp_path: Path, content: tuple[bytes, ...]) -> None:
    key(tmp_path / "one")
    with pytest.raises(UsageError):
        key(tmp_path / "one", content, resumes=True)


@pytest.mark.parametrize(("name", "goes_on"), [(RECORD, True), ("a.json", False)])
def test_a_new_run_does_not_mix_with_what_is_there(
    tmp_path: Path, name: str, goes_on: bool
) -> None:
    (tmp_path / name).write_text("{}")
    with pytest.raises(UsageError) as caught:
        key(tmp_path)
    assert ("resume" in caught.value.next_step) == goes_on


def refuse(path: Path, *, parts: bool = False) -> None:
    """A run that ends before a machine is found."""
    with opened(path, CONTENT, resumes=False, parts=parts):
        raise UsageError("no machine", "another one")


def test_a_run_that_never_began_leaves_room_for_the_corrected_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    for folder in (tmp_path / "new", tmp_path / "there"):
        with pytest.raises(UsageError, match="no machine"):
            refuse(folder)
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]
    assert key(tmp_path / "new")


def test_what_was_begun_before_stays_when_going_on_with_it_fails(tmp_path: Path) -> None:
    key(tmp_path / "one")
    with (
        pytest.raises(UsageError, match="no machine"),
        opened(tmp_path / "one", CONTENT, resumes=True),
    ):
        raise UsageError("no machine", "another one")
    with pytest.raises(UsageError):
        key(tmp_path / "one", (b"another",), resumes=True)
    assert key(tmp_path / "one", resumes=True)


@pytest.mark.parametrize("text", [None, "no JSON", "{}"])
def test_a_folder_of_no_run_cannot_be_gone_on_with(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / RECORD).write_text(text)
    with pytest.raises(UsageError):
        key(tmp_path, resumes=True)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultFileError):
        key(tmp_path / "file" / "out")


def test_what_came_to_its_end_is_kept_and_what_was_interrupted_is_not(tmp_path: Path) -> None:
    race = make_race({"numpy": steady(1_000)})
    stopped = View(replace(race.raw, stopped=INTERRUPTED), race.judged)
    with opened(tmp_path / "out", CONTENT, resumes=False) as found:
        result_file.write(race, found.file("whole"))
        result_file.write(stopped, found.file("half"))
        assert [*found.finished()] == ["whole"]


def test_the_parts_of_a_sweep_are_in_a_folder_of_their_own(tmp_path: Path) -> None:
    with opened(tmp_path / "sweep", CONTENT, resumes=False, parts=True) as found:
        found.begun = True
        result_file.write(make_race({"numpy": steady(1_000)}), found.file("part-1"))
    with opened(tmp_path / "sweep", CONTENT, resumes=True, parts=True) as found:
        assert list(found.finished()) == ["part-1"]
        assert not found.sweep.exists()
    with pytest.raises(UsageError):
        refuse(tmp_path / "new", parts=True)
    assert not (tmp_path / "new").exists()
