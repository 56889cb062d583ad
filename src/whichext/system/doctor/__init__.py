"""What on this machine keeps builds from being made or ratios from being steady, and what to do.

Nothing is changed: files under /proc and /sys are read and compilers are asked for their versions.
A file that is absent or strange makes a note that says so, never an exception.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from whichext.system.doctor.files import Files
from whichext.system.doctor.note import NOT_TOLD, Level, MachineNote
from whichext.system.doctor.processor import examine_processor
from whichext.system.doctor.system import examine_system, keep_busy
from whichext.system.doctor.toolchains import Toolchains, examine_toolchains
from whichext.system.machine import usable_cores
from whichext.toolchains import programs as toolchain

__all__ = ["NOT_TOLD", "Level", "MachineNote", "Toolchains", "examine"]


def examine(
    root: Path = Path("/"),
    *,
    wait: Callable[[float], None] = keep_busy,
    cores: Callable[[], int] = usable_cores,
    toolchains: Toolchains = toolchain,
) -> tuple[MachineNote, ...]:
    """Look at everything; takes about a second.

    Args:
        root: What stands for "/" when /proc and /sys are read.
        wait: Lets the given time pass, s, between two readings of stolen ticks. The default
            keeps a core busy meanwhile, since nothing is stolen from a guest that idles.
        cores: How many cores this process may use.
        toolchains: Finds compilers and tells their versions.

    Returns:
        One note per subject: what builds need first, then what disturbs a race.

    """
    files = Files(root)
    usable = cores()
    return (
        *examine_toolchains(toolchains),
        *examine_processor(files, usable),
        *examine_system(files, usable, wait),
    )
