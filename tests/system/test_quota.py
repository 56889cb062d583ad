"""Quotas of containers, in the files of both versions of Linux's groups."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from whichext.system import machine
from whichext.system.quota import quota_cores, throttled_ns

NEW = {"own": "0::/pod/one\n", "pod/one/cpu.max": "150000 100000\n"}
OLD = {
    "own": "9:memory:/x\n4:cpu,cpuacct:/pod\n",
    "cpu/pod/cpu.cfs_quota_us": "50000\n",
    "cpu/pod/cpu.cfs_period_us": "100000\n",
}


def written(folder: Path, files: Mapping[str, str]) -> tuple[Path, Path]:
    """Made-up groups, and the file that names those of this process."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder, folder / "own"


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        (NEW, 1.5),
        (OLD, 0.5),
        ({**NEW, "pod/cpu.max": "100000 100000\n"}, 1.0),
        ({**NEW, "pod/one/cpu.max": "max 100000\n"}, None),
        ({**OLD, "cpu/pod/cpu.cfs_quota_us": "-1\n"}, None),
        ({"own": "0::/elsewhere\n", "cpu.max": "200000 100000\n"}, 2.0),
        ({"own": "nonsense"}, None),
        ({"own": "0::/\n", "cpu.max": "nonsense"}, None),
        ({}, None),
    ],
    ids=["new", "old", "around", "max", "no limit", "not seen", "odd", "odd quota", "none"],
)
def test_the_quota_is_the_least_of_the_groups_around_a_process(
    tmp_path: Path, files: Mapping[str, str], cores: float | None
) -> None:
    assert quota_cores(*written(tmp_path, files)) == cores


@pytest.mark.parametrize(
    ("files", "held_back_ns"),
    [
        ({**NEW, "pod/one/cpu.stat": "nr_throttled 2\nthrottled_usec 30\n"}, 30_000),
        ({**OLD, "cpu/pod/cpu.stat": "nr_throttled 2\nthrottled_time 70\n"}, 70),
        ({**NEW, "pod/one/cpu.max": "max 100000", "pod/one/cpu.stat": "throttled_usec 30\n"}, 0),
        ({**NEW, "pod/one/cpu.stat": "odd"}, 0),
        (NEW, 0),
    ],
    ids=["new", "old", "no limit", "odd", "none"],
)
def test_time_in_which_a_quota_held_the_process_back_is_counted(
    tmp_path: Path, files: Mapping[str, str], held_back_ns: int
) -> None:
    assert throttled_ns(*written(tmp_path, files)) == held_back_ns


@pytest.mark.parametrize(("quota", "cores"), [(None, 4), (0.5, 1), (2.9, 2), (64.0, 4)])
def test_threads_fit_the_quota(
    monkeypatch: pytest.MonkeyPatch, quota: float | None, cores: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr(machine, "quota_cores", lambda: quota)
    assert machine.usable_cores() == cores


def test_time_held_back_counts_as_stolen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_steal_ns", lambda: 5)
    monkeypatch.setattr(machine, "throttled_ns", lambda: 30)
    assert machine.stolen_ns() == 35
