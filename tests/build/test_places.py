"""Folders in which builds may work, and what is done where the wanted one is none."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from whichext.build import places
from whichext.build.places import fit_temporary_files, is_fit, move, runs_programs, scratch_folder


@pytest.mark.parametrize("name", ["a:b", "a b", "\N{LATIN SMALL LETTER E WITH ACUTE}"])
def test_a_folder_with_an_odd_path_is_not_fit(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert not is_fit(tmp_path / name)


def test_an_ordinary_folder_is_fit_and_used(tmp_path: Path) -> None:
    assert is_fit(tmp_path)
    with scratch_folder(tmp_path, "work-") as scratch:
        assert scratch.parent == tmp_path
    assert not scratch.exists()


def test_where_the_wanted_folder_is_odd_another_one_is_used(tmp_path: Path) -> None:
    odd = tmp_path / "a:b"
    odd.mkdir()
    with scratch_folder(odd, "work-") as scratch:
        assert scratch.parent == Path(tempfile.gettempdir())


def test_where_there_is_no_other_one_the_wanted_folder_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "is_fit", lambda _: False)
    with scratch_folder(tmp_path, "work-") as scratch:
        assert scratch.parent == tmp_path


def test_a_file_system_that_runs_no_program_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(places.mmap, "mmap", refuse)
    assert not runs_programs(tmp_path)


def test_what_cannot_be_tried_counts_as_fine() -> None:
    assert runs_programs(Path("/no/such/folder"))


def test_temporary_files_stay_where_they_are_if_that_is_fit(tmp_path: Path) -> None:
    before = tempfile.gettempdir()
    with fit_temporary_files(tmp_path):
        assert tempfile.gettempdir() == before


@pytest.mark.parametrize("told", [None, "/odd place"])
def test_temporary_files_go_to_the_scratch_folder_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str | None
) -> None:
    monkeypatch.delenv(places.TEMPORARY, raising=False)
    if told is not None:
        monkeypatch.setenv(places.TEMPORARY, told)
    monkeypatch.setattr(places, "is_fit", lambda _: False)
    with fit_temporary_files(tmp_path):
        assert tempfile.gettempdir() == os.environ[places.TEMPORARY] == str(tmp_path / "tmp")
    assert os.environ.get(places.TEMPORARY) == told


def test_a_folder_from_another_file_system_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, final = tmp_path / "source", tmp_path / "final"
    source.mkdir()
    (source / "file").write_text("content", "utf-8")
    rename = Path.rename

    def across(self: Path, target: Path) -> Path:
        if self == source:
            raise OSError(18, "another file system")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", across)
    move(source, final)
    assert (final / "file").read_text("utf-8") == "content"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["final", "source"]
