"""What the system tells in files, and what it does to a race besides the processor.

How its files are read, what is said of each, and other work, other guests, memory, addresses.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from whichext.model.inline import argument
from whichext.model.units import size_text

NOT_TOLD = "not reported by this system"
CPU = "/sys/devices/system/cpu"

STEAL_WAIT_S = 0.5
"""Time between the two readings of stolen ticks, s: 50 ticks a busy core."""

_STEAL_NOTE = 0.01
_STEAL_WARNING = 0.05
_BUSY_LOAD = 0.3
"""Load average per core above which a run would share its cores with other work."""
_LEAST_MEMORY_BYTES = 2_000_000_000
"""The greatest built-in input takes 0.8 GB, and a contestant that copies it as much again."""
_HUGE_PAGES = "/sys/kernel/mm/transparent_hugepage/enabled"
_MOST_DIGITS = 18  # still below 2**63, so quotients of two numbers are always finite
_LOAD = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}")


class Level(StrEnum):
    """How much a note matters to a race."""

    GOOD = "good"
    """Nothing to do; also what the system does not tell, since nothing follows from it."""
    NOTE = "note"
    """Worth knowing when reading a result; it makes no verdict wrong."""
    WARNING = "warning"
    """Builds will be skipped, or ratios will be noisier than they need be."""


class MachineNote(Struct, frozen=True):
    """One thing about this machine that matters to builds or timings."""

    subject: str
    """What was looked at, for example "governor"; no two notes share one."""
    found: str
    """What is there."""
    level: Level
    """How much it matters."""
    advice: str = ""
    """What it does to a race and what to do about it, with the marks of `model.inline`; empty when
    the level is GOOD."""


def good(subject: str, found: str) -> MachineNote:
    """A note with nothing to do about it."""
    return MachineNote(subject, found, Level.GOOD)


def not_told(subject: str) -> MachineNote:
    """A note of nothing: the file is absent, or does not say what it says on Linux."""
    return good(subject, NOT_TOLD)


@dataclass(frozen=True)
class Files:
    """The files of a system."""

    root: Path
    """What stands for "/"."""

    def text(self, path: str) -> str:
        """Content without the white space around it; empty where it cannot be read."""
        try:
            content = (self.root / path.lstrip("/")).read_bytes()
        except (OSError, ValueError):  # ValueError: a path with a null character in it
            return ""
        return content.decode(errors="replace").strip()

    def texts(self, folder: str, pattern: str) -> tuple[str, ...]:
        """Contents of the files in a folder that match, as `text` gives them."""
        start = self.root / folder.lstrip("/")
        paths = sorted(start.glob(pattern))
        return tuple(self.text(str(path.relative_to(self.root))) for path in paths)


def whole_number(text: str) -> int | None:
    """A number of decimal digits alone; None for any other text."""
    # int() takes too much ("1_0", other scripts' digits) and raises on very long numbers.
    plain = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if plain else None


def online_cores(files: Files) -> int | None:
    """How many logical cores the machine has in use; None where it does not tell."""
    total = 0
    for part in files.text(f"{CPU}/online").split(","):  # for example "0-3,8"
        first, dash, last = part.partition("-")
        low, high = whole_number(first), whole_number(last if dash else first)
        if low is None or high is None or high < low:
            return None
        total += high - low + 1
    return total


def examine_system(
    files: Files, usable: int, wait: Callable[[float], None]
) -> tuple[MachineNote, ...]:
    """One note for each property; the arguments are those of `examine`."""
    return (
        _load(files, usable),  # before the wait below, which is load itself
        _steal(files, wait),
        _memory(files),
        _huge_pages(files),
        _placement(files),
    )


def keep_busy(seconds: float, clock: Callable[[], float] = time.perf_counter) -> None:
    """Let time pass while using a core: nothing is stolen from a guest that asks for nothing."""
    end = clock() + seconds
    while clock() < end:
        pass


def _load(files: Files, usable: int) -> MachineNote:
    first = files.text("/proc/loadavg").partition(" ")[0]
    if not _LOAD.fullmatch(first):
        return not_told("load average")
    # The load is the whole machine's, so it spreads over all of the machine's cores.
    cores = online_cores(files) or usable
    found = f"{first} on {cores} {'core' if cores == 1 else 'cores'}"
    if float(first) / cores <= _BUSY_LOAD:
        return good("load average", found)
    return MachineNote(
        "load average",
        found,
        Level.WARNING,
        "close what else runs: browsers, builds, tests (`top` shows them), and wait a minute, "
        "since this is the average of the last one",
    )


def _steal(files: Files, wait: Callable[[float], None]) -> MachineNote:
    before = _ticks(files)
    if before is None:
        return not_told("steal")
    wait(STEAL_WAIT_S)
    after = _ticks(files)
    if after is None:
        return not_told("steal")
    stolen, asked_for = (max(0, b - a) for a, b in zip(before, after, strict=True))
    share = min(1.0, stolen / asked_for) if asked_for else 0.0
    found = f"{share:.1%} of the time that programs asked for"
    if share <= _STEAL_NOTE:
        return good("steal", found)
    return MachineNote(
        "steal",
        found,
        Level.WARNING if share > _STEAL_WARNING else Level.NOTE,
        f"other guests take your processor: take more epochs (a longer {argument('max_time_s')}), "
        "a quieter hour or a dedicated machine",
    )


def _ticks(files: Files) -> tuple[int, int] | None:
    """Ticks that were stolen and that were asked for (stolen or used), since the start."""
    # cpu user nice system idle iowait irq softirq steal; what follows is in user and nice already.
    words = files.text("/proc/stat").partition("\n")[0].split()
    ticks = [whole_number(word) for word in words[1:9]]
    match ticks:
        case [int(user), int(nice), int(system), int(), int(), int(irq), int(soft), int(steal)]:
            return steal, user + nice + system + irq + soft + steal
        case _:
            return None


def _memory(files: Files) -> MachineNote:
    available = _memory_bytes(files, "MemAvailable:")
    total = _memory_bytes(files, "MemTotal:")
    if available is None or total is None:
        return not_told("free memory")
    found = f"{size_text(available)} of {size_text(total)}"
    if available >= _LEAST_MEMORY_BYTES:
        return good("free memory", found)
    return MachineNote(
        "free memory",
        found,
        Level.WARNING,
        f"below {size_text(_LEAST_MEMORY_BYTES)} large inputs may not fit, and swapping would be "
        f"timed too: close what else runs, or choose smaller cases with {argument('cases')}",
    )


def _memory_bytes(files: Files, name: str) -> int | None:
    for line in files.text("/proc/meminfo").splitlines():
        match line.split():
            case [first, count, "kB"] if first == name:
                kibibytes = whole_number(count)
                return None if kibibytes is None else kibibytes * 1024
    return None


def _huge_pages(files: Files) -> MachineNote:
    subject = "huge pages"
    words = files.text(_HUGE_PAGES).split()  # for example "always [madvise] never"
    if "[always]" in words:
        return good(subject, "always")
    if "[madvise]" in words:
        return good(subject, "madvise: NumPy asks for them")
    if "[never]" in words:
        return MachineNote(
            subject,
            "never",
            Level.NOTE,
            "NumPy asks for them and gets none, so large arrays are slower here than on most "
            f"machines: `echo madvise | sudo tee {_HUGE_PAGES}`",
        )
    return not_told(subject)


def _placement(files: Files) -> MachineNote:
    subject = "placement (ASLR)"
    match whole_number(files.text("/proc/sys/kernel/randomize_va_space")):
        case 1 | 2:
            return good(subject, "on")
        case 0:
            return MachineNote(
                subject,
                "off",
                Level.NOTE,
                "every epoch would get the same addresses, so an accident of placement looks "
                "like a difference: `sudo sysctl kernel.randomize_va_space=2`",
            )
        case _:
            return not_told(subject)
