"""Which builds can be made here: compilers, Cargo, Python's headers, uv, Python and NumPy."""

from __future__ import annotations

import os
import platform
import sysconfig
from importlib import metadata
from typing import Protocol

from whichext.model.outcome import Tool, ToolchainAbsent
from whichext.system.doctor.finding import Finding, Level, good
from whichext.toolchains.programs import HEADERS

_VARIABLES = {"cc": "CC", "c++": "CXX", "cargo": "CARGO"}
"""The variable that overrides the search for a program; set wrongly, it is what to mend."""


class Toolchains(Protocol):
    """Finds programs on the machine; the module `whichext.toolchains.programs` is the real one."""

    def find_missing(self, needs: tuple[str, ...]) -> ToolchainAbsent | None:
        """Say what is absent and how to get it; None when all is there."""

    def tool_versions(self, needs: tuple[str, ...]) -> tuple[Tool, ...]:
        """Versions of programs that are there."""


def examine_toolchains(toolchains: Toolchains) -> tuple[Finding, ...]:
    """One finding for each thing that a build may need."""
    return (
        _program(toolchains, "C compiler", "cc"),
        _program(toolchains, "C++ compiler", "c++"),
        _program(toolchains, "cargo and rustc", "cargo"),
        _headers(toolchains),
        _uv(toolchains),
        good("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        good("NumPy", metadata.version("numpy")),
    )


def _program(toolchains: Toolchains, subject: str, need: str) -> Finding:
    missing = toolchains.find_missing((need,))
    if missing is not None:
        return _absent(subject, need, missing)
    return _present(subject, toolchains.tool_versions((need,)))


def _present(subject: str, tools: tuple[Tool, ...]) -> Finding:
    """Being on PATH is not enough: rustup's cargo and macOS's cc may stand for nothing."""
    found = ", ".join(_version_text(tool) for tool in tools)
    broken = [tool.name for tool in tools if not _is_version(tool.version)]
    if not broken:
        return good(subject, found)
    advice = (
        f"{' and '.join(broken)} on PATH, but without a version, so builds are likely to fail: "
        "run with --version to see why"
    )
    if "cargo" in broken or "rustc" in broken:
        advice += "; with rustup, `rustup default stable` installs a compiler"
    return Finding(subject, found, Level.WARNING, advice)


def _absent(subject: str, need: str, missing: ToolchainAbsent) -> Finding:
    """A compiler that CC names wrongly is absent although another one may well be there."""
    variable = _VARIABLES[need]
    named = os.environ.get(variable, "").strip()
    found = f"not found: {variable} is {named!r}" if named else "not found"
    mend = f"unset {variable} or let it name a program on PATH; " if named else ""
    advice = f"builds that need {missing.what} are skipped: {mend}{missing.remedy}"
    return Finding(subject, found, Level.WARNING, advice)


def _headers(toolchains: Toolchains) -> Finding:
    missing = toolchains.find_missing((HEADERS,))
    if missing is None:
        return good("Python headers", f"Python.h in {sysconfig.get_path('include')}")
    return Finding(
        "Python headers",
        f"no Python.h in {sysconfig.get_path('include')}",
        Level.WARNING,
        f"builds that need {missing.what} are skipped: {missing.remedy}",
    )


def _uv(toolchains: Toolchains) -> Finding:
    if toolchains.find_missing(("uv",)) is None:
        return _present("uv", toolchains.tool_versions(("uv",)))
    return Finding(
        "uv",
        "not found",
        Level.NOTE,
        "not needed, but builds are faster with it, since it installs what they require: "
        "https://docs.astral.sh/uv",
    )


def _version_text(tool: Tool) -> str:
    """Cargo and uv begin with their own name, compilers often do not."""
    starts_with_name = tool.version.lower().startswith(tool.name)
    return tool.version if starts_with_name else f"{tool.name}: {tool.version}"


def _is_version(text: str) -> bool:
    """Whether it is one, and neither a complaint nor `tool_versions`'s word for none."""
    complaint = text.startswith("unknown") or "error:" in text
    return not complaint and any(character.isdigit() for character in text)
