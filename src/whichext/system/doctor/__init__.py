"""What on this machine keeps builds from being made or ratios from being steady, and what to do.

Nothing is changed: files under /proc and /sys are read and compilers are asked for their versions.
A file that is absent or strange makes a note that says so, never an exception.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Protocol

from whichext import toolchains as installed
from whichext.model.inline import argument
from whichext.model.outcome import Tool, ToolchainAbsent
from whichext.system.doctor.processor import examine_processor
from whichext.system.doctor.system import (
    NOT_TOLD,
    Files,
    Level,
    MachineNote,
    examine_system,
    good,
    keep_busy,
)
from whichext.system.machine import usable_cores
from whichext.toolchains import every_toolchain, templated
from whichext.toolchains.base import Toolchain
from whichext.toolchains.needs import Need, Program
from whichext.toolchains.zig import COMPILES, NAME, PACKAGE

__all__ = ["NOT_TOLD", "Level", "MachineNote", "Toolchains", "examine"]


class Toolchains(Protocol):
    """Finds programs on the machine; the package `whichext.toolchains` is the real one."""

    def find_missing(self, needs: tuple[str, ...]) -> ToolchainAbsent | None:
        """Say what is absent and how to get it; None when all is there."""

    def tool_versions(self, needs: tuple[str, ...]) -> tuple[Tool, ...]:
        """Versions of programs that are there."""

    def zig_version(self) -> str | None:
        """What zig says of itself as a compiler of C; None where it is not installed."""

    def find_lacking(self, toolchain: Toolchain) -> ToolchainAbsent | None:
        """Say what a new project of a toolchain would lack; None when all is there."""


def examine(
    root: Path = Path("/"),
    *,
    wait: Callable[[float], None] = keep_busy,
    cores: Callable[[], int] = usable_cores,
    toolchains: Toolchains = installed,
) -> tuple[MachineNote, ...]:
    """Look at everything; takes about a second.

    Args:
        root: Folder to use as "/" when /proc and /sys are read.
        wait: Lets the given time pass, s, between two readings of stolen ticks. The default
            keeps a core busy meanwhile, since nothing is stolen from a guest that idles.
        cores: How many cores this process may use.
        toolchains: Finds compilers and their versions.

    Returns:
        One note per subject: what builds need first, then what disturbs a race.

    """
    files = Files(root)
    usable = cores()
    return (
        *_examine_toolchains(toolchains),
        *examine_processor(files, usable),
        *examine_system(files, usable, wait),
    )


def _examine_toolchains(toolchains: Toolchains) -> tuple[MachineNote, ...]:
    """One note for each thing that a build may need."""
    needs = [need for toolchain in every_toolchain() for need in toolchain.needs]
    return (
        *(_need(toolchains, need, need.subject) for need in needs if need.subject is not None),
        _projects(toolchains),
        _zig(toolchains),
        _uv(toolchains),
        good("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        good("NumPy", metadata.version("numpy")),
    )


def _need(toolchains: Toolchains, need: Need, subject: str) -> MachineNote:
    missing = toolchains.find_missing((need.name,))
    if missing is None:
        if isinstance(need, Program):
            return _present(subject, toolchains.tool_versions((need.name,)), need)
        return good(subject, f"{need.file} in {need.folder()}")
    if isinstance(need, Program):
        return _absent(subject, need, missing)
    advice = f"builds that need {missing.what} are skipped: {missing.remedy}"
    found = f"no {need.file} in {need.folder()}"
    return MachineNote(subject, found, Level.WARNING, advice)


def _present(subject: str, tools: tuple[Tool, ...], need: Program | None = None) -> MachineNote:
    """Being on PATH is not enough: the program may only offer to install a compiler."""
    found = ", ".join(_version_text(tool) for tool in tools)
    broken = [tool.name for tool in tools if not _is_version(tool.version)]
    if not broken:
        return _outdated(subject, found, tools, need) or good(subject, found)
    otherwise = need.broken if need else ""
    advice = (
        f"{' and '.join(broken)} on PATH, but without a version, so builds are likely to fail: "
        "run with --version to see why"
    )
    return MachineNote(subject, found, Level.WARNING, "; ".join(filter(None, (advice, otherwise))))


def _outdated(
    subject: str, found: str, tools: tuple[Tool, ...], need: Program | None
) -> MachineNote | None:
    """What is too old for the built-in kernels may be new enough for others."""
    lacks = [lack for oldest in need.oldest if (lack := oldest.lacking(tools))] if need else []
    if not lacks:
        return None
    wanted = " and ".join(lack.what for lack in lacks)
    advice = f"the kernels that come with whichext need {wanted}: {lacks[0].remedy}"
    return MachineNote(subject, found, Level.WARNING, advice)


def _absent(subject: str, need: Program, missing: ToolchainAbsent) -> MachineNote:
    """A compiler that a variable names wrongly is absent although another one may be there."""
    named = os.environ.get(need.variable, "").strip() if need.variable else ""
    found = f"not found: {need.variable} is {named!r}" if named else "not found"
    mend = f"unset {need.variable} or let it name a program on PATH; " if named else ""
    advice = f"builds that need {missing.what} are skipped: {mend}{missing.remedy}"
    return MachineNote(subject, found, Level.WARNING, advice)


def _projects(toolchains: Toolchains) -> MachineNote:
    """The toolchains of which new projects can be built and run."""
    lacking = {one.name: toolchains.find_lacking(one) for one in templated()}
    found = ", ".join(name for name, lack in lacking.items() if lack is None) or "none"
    advice = [f"no {name}: {lack.remedy}" for name, lack in lacking.items() if lack is not None]
    level = Level.NOTE if advice else Level.GOOD
    return MachineNote("toolchains", found, level, "; ".join(advice))


def _zig(toolchains: Toolchains) -> MachineNote:
    found = toolchains.zig_version()
    if found is not None:
        return good("zig", found)
    return MachineNote(
        "zig",
        "not found",
        Level.NOTE,
        f"not needed, but it compiles {COMPILES} with {argument('compiler', NAME)}, and where "
        f"there is no other compiler: pip install {PACKAGE}",
    )


def _uv(toolchains: Toolchains) -> MachineNote:
    if toolchains.find_missing(("uv",)) is None:
        return _present("uv", toolchains.tool_versions(("uv",)))
    return MachineNote(
        "uv",
        "not found",
        Level.NOTE,
        "not needed, but builds are faster with it, since it installs what they require: "
        "https://docs.astral.sh/uv",
    )


def _version_text(tool: Tool) -> str:
    """Some begin with their own name, compilers often do not."""
    starts_with_name = tool.version.lower().startswith(tool.name)
    return tool.version if starts_with_name else f"{tool.name}: {tool.version}"


def _is_version(text: str) -> bool:
    """Whether it is one, and neither a complaint nor `tool_versions`'s word for none."""
    complaint = text.startswith("unknown") or "error:" in text
    return not complaint and any(character.isdigit() for character in text)
