"""Which of the things that projects need are present, in which version."""

from __future__ import annotations

import subprocess
from functools import cache

from whichext.model.kernel import Project
from whichext.model.outcome import Tool, ToolchainAbsent
from whichext.toolchains import every_toolchain, find_need, toolchains_of
from whichext.toolchains.needs import Program


def compilers() -> frozenset[str]:
    """Names of the programs that a result may name as toolchains."""
    return frozenset(need.name for need in _programs())


def companions() -> frozenset[str]:
    """Programs that come along with one of these, and are no toolchains of their own."""
    return frozenset(name for need in _programs() for name in need.companions)


def find_missing(needs: tuple[str, ...]) -> ToolchainAbsent | None:
    """Say what of a project's needs is absent and how to get it; None when all is there."""
    for need in map(find_need, needs):
        there = need.find() is not None if isinstance(need, Program) else need.is_there()
        if not there:
            return ToolchainAbsent(need.what, need.remedy)
    return None


def tool_versions(needs: tuple[str, ...]) -> tuple[Tool, ...]:
    """Versions of the programs that a project needs, as they tell them; all must be present."""
    programs = [need for need in map(find_need, needs) if isinstance(need, Program)]
    tools = [Tool(need.name, _version(need)) for need in programs]
    brought = dict.fromkeys(name for need in programs for name in need.companions)
    return (*tools, *(Tool(name, first_line((name, "--version"))) for name in brought))


def find_outdated(project: Project, tools: tuple[Tool, ...]) -> ToolchainAbsent | None:
    """Say which of the tools is older than the project's files ask for; None when all will do."""
    asked = (oldest for one in toolchains_of(project) for oldest in one.asks_for(project.folder))
    return next(filter(None, (oldest.lacking(tools) for oldest in asked)), None)


def _programs() -> list[Program]:
    needs = [need for one in every_toolchain() for need in one.needs]
    return [need for need in needs if isinstance(need, Program)]


def _version(need: Program) -> str:
    command = need.find()
    assert command is not None, f"{need.name} was not probed with find_missing()"
    return first_line((*command, "--version"))


@cache
def first_line(command: tuple[str, ...]) -> str:
    """The first line that a command prints."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"unknown: {error}"
    return (result.stdout or result.stderr).partition("\n")[0].strip() or "unknown"
