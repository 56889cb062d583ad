"""Which toolchains are present, in which version, and how to get one that is not."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from whichext.model.errors import UsageError
from whichext.model.outcome import Tool, ToolchainAbsent


@dataclass(frozen=True)
class _Probe:
    """How to find one thing that projects need."""

    what: str
    programs: tuple[str, ...]
    """Names to look for on PATH, the first that is there counts."""
    variable: str
    """Environment variable that overrides them; empty where there is none."""
    remedy: str


_PROBES = {
    "cc": _Probe(
        "a C compiler",
        ("cc", "gcc", "clang"),
        "CC",
        "Debian/Ubuntu: apt install build-essential; Fedora: dnf install gcc; "
        "macOS: xcode-select --install",
    ),
    "c++": _Probe(
        "a C++ compiler",
        ("c++", "g++", "clang++"),
        "CXX",
        "Debian/Ubuntu: apt install build-essential; Fedora: dnf install gcc-c++; "
        "macOS: xcode-select --install",
    ),
    "cargo": _Probe("Rust's cargo", ("cargo",), "CARGO", "install Rust from https://rustup.rs"),
}

HEADERS = "python-headers"

COMPILERS = frozenset(_PROBES)
"""Names of the toolchains that a result may name."""
COMPANIONS = frozenset({"rustc"})
"""Programs that come along with one of these: named beside it, and no toolchain of their own."""


def find_missing(needs: tuple[str, ...]) -> ToolchainAbsent | None:
    """Say what of a project's needs is absent and how to get it; None when all is there."""
    for need in needs:
        if need == HEADERS:
            if not _headers_present():
                return ToolchainAbsent(
                    "Python's C headers (Python.h)",
                    "Debian/Ubuntu: apt install python3-dev; Fedora: dnf install python3-devel",
                )
        elif _program(need) is None:
            probe = _PROBES.get(need)
            what = probe.what if probe else f"the program {need!r}"
            remedy = probe.remedy if probe else f"install {need} so that it is on PATH"
            return ToolchainAbsent(what, remedy)
    return None


def tool_versions(needs: tuple[str, ...]) -> tuple[Tool, ...]:
    """Versions of the programs that a project needs, as they tell them; all must be present."""
    tools = [Tool(need, _version(need)) for need in needs if need != HEADERS]
    if "cargo" in needs:
        tools.append(Tool("rustc", first_line(("rustc", "--version"))))
    return tuple(tools)


def _program(need: str) -> tuple[str, ...] | None:
    """The command that fulfils a need, with the arguments that CC and its like may carry."""
    probe = _PROBES.get(need) or _Probe(need, (need,), "", "")
    named = _words(probe.variable)
    if named:
        return tuple(named) if shutil.which(named[0]) else None
    found = next((name for name in probe.programs if shutil.which(name)), None)
    return None if found is None else (found,)


def _words(variable: str) -> list[str]:
    """The command that a variable such as CC names; none where it is unset."""
    value = os.environ.get(variable, "") if variable else ""
    try:
        return shlex.split(value)
    except ValueError as error:
        raise UsageError(
            f"{variable}={value}",
            f"unset {variable}, or close its quotes",
            expected="a command",
            got=f"an error: {error}",
        ) from error


def _headers_present() -> bool:
    return (Path(sysconfig.get_path("include")) / "Python.h").is_file()


def _version(need: str) -> str:
    command = _program(need)
    assert command is not None, f"{need} was not probed with find_missing()"
    return first_line((*command, "--version"))


@cache
def first_line(command: tuple[str, ...]) -> str:
    """The first line that a command prints."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"unknown: {error}"
    return (result.stdout or result.stderr).partition("\n")[0].strip() or "unknown"
