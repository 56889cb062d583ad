"""The file that a result goes to: what is never replaced, and that one run alone writes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.cli import refusal_of
from support.results import make_raw, make_view, rejudged
from whichext.model.errors import ResultFileError
from whichext.report import result_file
from whichext.report.journal import FileJournal, part_of
from whichext.report.target import check_target, hold, release


def kernel_py(path: Path) -> None:
    path.write_text("KERNEL = None\n")


def empty(path: Path) -> None:
    path.touch()


def other_json(path: Path) -> None:
    path.write_text(json.dumps({"schema_version": 3, "name": "of another program"}))


def list_of_json(path: Path) -> None:
    path.write_text("[1, 2]")


def cut_off(path: Path) -> None:
    path.write_bytes(result_file.encode(make_view())[:200])


def binary(path: Path) -> None:
    path.write_bytes(b"\x7fELF\x00\xff")


def dangling(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def link_to_another(path: Path) -> None:
    other = path.parent / "other.txt"
    other.write_text("kept")
    path.symlink_to(other)


def circle(path: Path) -> None:
    path.symlink_to(path)


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link_to_a_folder(path: Path) -> None:
    path.symlink_to(path.parent)


def another_part(path: Path) -> None:
    part_of(path).write_text("notes")


def part_that_leads_nowhere(path: Path) -> None:
    part_of(path).symlink_to(path.parent / "nowhere")


IN_THE_WAY = [
    *(kernel_py, empty, other_json, list_of_json, cut_off, binary, dangling, link_to_another),
    *(circle, folder, pipe, link_to_a_folder, another_part, part_that_leads_nowhere),
]


def state(place: Path) -> list[tuple[str, int, str]]:
    """All that is in a folder: names, kinds and contents."""
    return [
        (path.name, path.lstat().st_mode, path.read_text("latin-1") if path.is_file() else "")
        for path in sorted(place.iterdir())
    ]


@pytest.mark.parametrize("make", IN_THE_WAY)
def test_what_is_no_result_is_refused_and_stays_as_it_is(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "result.json"
    make(path)
    before = state(tmp_path)
    with pytest.raises(ResultFileError, match="\nNext: name "):
        result_file.check_writable(path)
    with pytest.raises(ResultFileError, match="\nNext: name "):
        result_file.write(make_view(), path)
    assert state(tmp_path) == before


def test_what_is_in_the_way_is_told(tmp_path: Path) -> None:
    path = tmp_path / "kernel.py"
    kernel_py(path)
    assert refusal_of(path, check_target) == snapshot("""\
save="PATH": expected a new file, or a result file to replace, got a file of another kind
Next: name another file, or move that one away first\
""")


def test_a_file_where_a_race_would_keep_its_epochs_is_told(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    another_part(path)
    assert refusal_of(path, check_target).splitlines() == snapshot(
        [
            (
                'save="PATH": expected no file result.json.part beside it, or one that an earlier '
                "run kept, got a file of another kind"
            ),
            "Next: name another file, or move that one away first",
        ]
    )


@pytest.mark.parametrize("name", ["a" * 5_000, "a\0b", "result.json.part", "", "/", "."])
def test_a_name_that_no_result_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ResultFileError) as caught:
        check_target(tmp_path / name if name not in ("", "/", ".") else Path(name))
    assert caught.value.next_step == snapshot("name a file in a folder that exists and is yours")


def test_a_system_folder_in_which_nothing_can_be_made_is_refused() -> None:
    with pytest.raises(ResultFileError) as caught:
        check_target(Path("/proc/result.json"))
    assert caught.value.next_step == snapshot("name a file in a folder that exists and is yours")


def test_a_result_and_what_a_run_kept_are_replaced_as_before(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    result_file.write(make_view(), path)
    FileJournal(path).begin(make_raw())
    check_target(path)
    result_file.write(make_view(), path)
    assert [path] == list(tmp_path.iterdir())


def test_a_result_of_the_former_version_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"schema_version": 2, "whichext_version": "0.0.1"}, indent=2))
    check_target(path)


def test_a_link_to_a_result_goes_on_leading_to_what_is_written(tmp_path: Path) -> None:
    target, link = tmp_path / "result.json", tmp_path / "latest.json"
    result_file.write(make_view(), target)
    link.symlink_to(target)
    result_file.write(make_view(), link)
    assert (link.is_symlink(), result_file.read(target)) == (True, rejudged(make_view()))


@pytest.mark.parametrize("name", ["kernel.py", "setup.cfg", "notes"])
def test_a_report_replaces_no_file_but_a_report(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("mine")
    told = refusal_of(path, partial(result_file.write_report, "report"))
    assert told.splitlines() == snapshot(
        [
            (
                "PATH: expected a new file, or a report to replace (.md, .txt, .html, .svg, "
                ".png), got a "
                "file of another kind"
            ),
            "Next: name another file, or move that one away first",
        ]
    )
    assert path.read_text() == "mine"


@pytest.mark.parametrize("make", [dangling, circle, folder, pipe])
def test_a_report_takes_the_place_of_no_folder_link_or_pipe(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "report.md")
    before = state(tmp_path)
    with pytest.raises(ResultFileError, match="\nNext: name "):
        result_file.write_report("report", tmp_path / "report.md")
    assert state(tmp_path) == before


def test_a_report_replaces_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    result_file.write_report("first", path)
    result_file.write_report("second", path)
    assert path.read_text() == "second"


# Two runs at once

_HOLDER = """
import sys
from pathlib import Path
from whichext.report.target import hold
hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
@pytest.mark.processes
def test_the_second_of_two_runs_that_write_one_file_is_refused_until_the_first_ends(
    tmp_path: Path,
) -> None:
    path = tmp_path / "result.json"
    first = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdout is not None
    with first:
        assert first.stdout.readline() == "held\n"
        assert refusal_of(path, hold) == snapshot("""\
save="PATH": expected a file that no other run writes, got one that another run writes now
Next: name another file, or wait for the other run to end\
""")
        first.kill()  # also a run that is killed lets go
    hold(path)
    release(path)
    assert list(tmp_path.iterdir()) == []


def test_a_run_may_hold_again_what_the_same_process_held(tmp_path: Path) -> None:
    hold(tmp_path / "result.json")
    hold(tmp_path / "result.json")
    release(tmp_path / "result.json")
    release(tmp_path / "result.json")


def test_nothing_is_left_of_a_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locks = tmp_path / "locks"
    locks.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(locks))
    hold(tmp_path / "result.json")
    assert len(list(locks.iterdir())) == 1
    release(tmp_path / "result.json")
    assert list(locks.iterdir()) == []
