"""The share of processor time that a container allows, and how long it held this process back.

Linux keeps both in files of the process's group, in one of two versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")
_USEC_NS = 1_000


def quota_cores(groups: Path | None = None, own: Path | None = None) -> float | None:
    """Processors whose time the group may use, such as 1.5; None where there is no limit.

    Args:
        groups: Where the groups are mounted; by default where Linux has them.
        own: The file that names the groups of this process.

    """
    found = [_quota(folder) for folder in _folders(groups or _GROUPS, own or _OWN)]
    return min((quota for quota in found if quota is not None), default=None)


def throttled_ns(groups: Path | None = None, own: Path | None = None) -> int:
    """Time in which the group was held back since it began, ns; 0 where the system does not tell.

    Args:
        groups: As for `quota_cores`.
        own: As for `quota_cores`.

    """
    folders = _folders(groups or _GROUPS, own or _OWN)
    return max((_throttled(folder) for folder in folders if _quota(folder) is not None), default=0)


@cache
def _folders(groups: Path, own: Path) -> tuple[Path, ...]:
    """The folders of this process's group and of those around it, in either version."""
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return ()
    return tuple(dict.fromkeys(folder for line in lines for folder in _of(groups, line)))


def _of(groups: Path, line: str) -> Iterator[Path]:
    """Folders that a line such as "0::/a/b" or "4:cpu,cpuacct:/a/b" names, and those around."""
    _, _, rest = line.partition(":")
    controllers, _, path = rest.partition(":")
    if controllers and "cpu" not in controllers.split(","):
        return
    tops = (groups / "cpu", groups / controllers) if controllers else (groups, groups / "unified")
    inner = Path(path.strip("/"))
    for top in tops:
        for place in (inner, *inner.parents):  # a container may not see its own path
            if (top / place).is_dir():
                yield top / place


def _quota(folder: Path) -> float | None:
    try:
        most, period = (folder / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            most, period = (
                (folder / f"cpu.cfs_{name}_us").read_text().strip() for name in ("quota", "period")
            )
        except OSError:
            return None
    try:
        quota = int(most) / int(period)
    except (ValueError, ZeroDivisionError):  # the word max
        return None
    return quota if quota > 0 else None  # -1 is no limit


def _throttled(folder: Path) -> int:
    try:
        lines = (folder / "cpu.stat").read_text().splitlines()
        counts = {name: int(value) for name, value in (line.split() for line in lines)}
    except (OSError, ValueError):
        return 0
    return counts.get("throttled_time", counts.get("throttled_usec", 0) * _USEC_NS)
