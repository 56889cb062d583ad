"""All results of a folder, and what is in it besides."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.results import make_race, steady
from whichext.model.errors import ResultFileError
from whichext.model.runs import Why
from whichext.report import result_file


def test_all_results_of_a_folder_are_read_and_what_is_none_is_named(tmp_path: Path) -> None:
    view = make_race({"numpy": steady(1_000)})
    for name in ("b.json", "a.json", "a.txt"):
        result_file.write(view, tmp_path / name)
    (tmp_path / "cut.json").write_bytes((tmp_path / "a.json").read_bytes()[:100])
    (tmp_path / "other.json").write_text('{"schema_version": 99}')
    (tmp_path / "inner.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    found, skipped = result_file.read_folder(tmp_path)
    assert [*found.items()] == [("a.json", view), ("b.json", view)]
    assert [(one.name, one.why) for one in skipped] == [
        ("cut.json", Why.UNREAD),
        ("other.json", Why.UNREAD),
    ]
    assert str(tmp_path) not in "".join(one.detail for one in skipped)


@pytest.mark.parametrize("name", ["", "nowhere", "notes.txt"])
def test_a_folder_that_has_no_result_or_is_none_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ResultFileError) as caught:
        result_file.read_folder(tmp_path / name)
    assert caught.value.what == str(tmp_path / name)
    assert "folder" in caught.value.expected
