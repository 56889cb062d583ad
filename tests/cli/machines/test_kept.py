"""What a machine keeps of runs: held while a race uses it, listed, and removed when it is old."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from whichext.cli.machines import kept, there
from whichext.cli.machines.kept import (
    OLD_DAYS,
    forget,
    held,
    kept_folder,
    list_runs,
    prune_runs,
)
from whichext.cli.machines.request import Request

DAY_S = 86_400.0


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def keep(key: str = "k", days: float = 0.0) -> Path:
    """What an interrupted race has left so many days ago."""
    with held(key):
        pass
    folder = kept_folder() / key
    (folder / "a" / "files" / "total").mkdir(parents=True)
    (folder / "a" / "files" / "total" / "kernel.py").write_text("")
    (folder / "a" / "a.json.part").write_text("{}")
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (time.time() - days * DAY_S,) * 2)
    return folder


def test_what_is_kept_is_listed_with_its_kernel_and_machines_the_newest_first() -> None:
    keep("old", days=3)
    keep("new", days=1)
    runs = list_runs()
    assert [(run.key, run.kernel, run.machines) for run in runs] == [
        ("new", "total", ("a",)),
        ("old", "total", ("a",)),
    ]
    assert all(run.size_bytes >= 2 and not run.is_racing for run in runs)
    assert list_runs() == runs  # to look at them makes nothing newer


@pytest.mark.parametrize(("gone", "listed"), [("new-1", ["total"]), ("k", [])])
def test_what_goes_while_runs_are_listed_is_left_out(
    monkeypatch: pytest.MonkeyPatch, gone: str, listed: list[str]
) -> None:
    (keep() / "b" / "new-1").mkdir(parents=True)
    usual = os.scandir

    def remove_first(path: int | str | Path) -> object:
        if not isinstance(path, int) and Path(path).name == gone:
            monkeypatch.setattr(os, "scandir", usual)
            shutil.rmtree(path)
        return usual(path)

    monkeypatch.setattr(os, "scandir", remove_first)
    assert [run.kernel for run in list_runs()] == listed


def test_what_is_old_enough_is_removed() -> None:
    keep("month", days=OLD_DAYS + 1)
    keep("week", days=7)
    keep("now")
    assert [run.key for run in prune_runs()] == ["month"]
    assert [run.key for run in prune_runs(7)] == ["week"]
    assert [run.key for run in prune_runs(0)] == ["now"]
    assert list_runs() == ()


def test_what_an_epoch_was_written_to_just_now_is_not_old() -> None:
    folder = keep(days=OLD_DAYS + 1)
    (folder / "a" / "a.json.part").write_text("{} {}")
    assert prune_runs() == ()


def test_what_a_race_uses_is_not_removed_also_when_its_worker_is_gone() -> None:
    folder = keep()
    race = [sys.executable, "-c", "input()"]
    with held("k") as lock, held("k"):
        process = subprocess.Popen(race, pass_fds=(lock,), stdin=subprocess.PIPE)
    (run,) = list_runs()
    assert (run.is_racing, prune_runs(0), folder.exists()) == (True, (), True)
    process.communicate(b"\n")
    assert [run.key for run in prune_runs(0)] == ["k"]


def test_a_race_holds_what_it_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    request = Request(
        key="k", submission="s", name="a", machine="a", kernel="files/total", files=b"", words=()
    )
    held_then: list[bool] = []

    def run(*_: object) -> tuple[str, bool]:
        held_then.extend(run.is_racing for run in list_runs())
        return "", True

    monkeypatch.setattr(there, "_SHARED", kept_folder().parent)
    monkeypatch.setattr(there, "_reporting", lambda _: lambda _: None)
    monkeypatch.setattr(there, "_run", run)
    keep()
    there.race(request)
    assert held_then == [True]


def test_a_folder_that_goes_while_it_is_taken_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = kept._open
    opened: list[int] = []

    def remove_first(folder: Path) -> int:
        opened.append(usual(folder))
        if len(opened) == 1:
            forget("k")
        return opened[-1]

    monkeypatch.setattr(kept, "_open", remove_first)
    with held("k"):
        assert len(opened) == 2
        assert prune_runs(0) == ()


def test_what_has_arrived_is_forgotten() -> None:
    folder = keep()
    forget("k")
    assert not folder.exists()
