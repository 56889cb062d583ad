"""Which toolchains a new kernel gets a project of, and why others cannot have one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from whichext.load.scaffold_arguments import Argument
from whichext.load.scaffold_source import Source
from whichext.model.errors import UnknownNameError, UsageError
from whichext.model.inline import argument, call
from whichext.toolchains import every_toolchain, find_lacking, templated
from whichext.toolchains.base import Toolchain

Obstacle = tuple[str, str]
"""Why no project of a toolchain can be made, and what to do; empty to leave it out."""


def choose(
    toolchains: Iterable[object] | None,
    function: str,
    source: Source | None,
    arguments: tuple[Argument, ...],
) -> tuple[list[Toolchain], tuple[tuple[str, str], ...]]:
    """Those that were named, which must all do; else those that do, and why others do not.

    Args:
        toolchains: Names; None for all that can be used.
        function: Name of the function that their projects have.
        source: Where it comes from; None for none so far.
        arguments: Its arguments.

    Raises:
        UsageError: One that was named cannot be used, or none can.

    """
    known = {one.name: one for one in templated()}
    obstacles = {one: _obstacle(known[one], function, source, arguments) for one in known}
    if toolchains is not None:
        names = _wanted(list(dict.fromkeys(map(str, toolchains))) or [""], obstacles)
        return [known[one] for one in names], ()
    absent = {name: why for name, why in obstacles.items() if why is not None}
    left_out = tuple((name, ": ".join(filter(None, why))) for name, why in absent.items())
    chosen = [known[name] for name in obstacles if name not in absent]
    if not chosen:
        found = "; ".join(f"{name}: {why}" for name, why in left_out)
        raise UsageError(f"no toolchain can be used here: {found}", call("doctor"))
    return chosen, left_out


def _wanted(names: list[str], obstacles: Mapping[str, Obstacle | None]) -> list[str]:
    for name in names:
        if not name:
            raise UsageError(
                argument("toolchains", name),
                f"leave {argument('toolchains')} out for all that can be built here",
                expected=f"some of {', '.join(obstacles)}",
                got="none",
            )
        if name not in obstacles and (known := _known(name)) is not None:
            alike = [one for one in templated() if one.languages & known.languages]
            raise UsageError(
                f"{argument('toolchains', name)}: there are no templates for {name}",
                argument("toolchains", min(alike, key=lambda one: len(one.languages)).name)
                if alike
                else f"leave {name} out, and write its project as docs/reference/projects.md says",
                choices=list(obstacles),
            )
        if name not in obstacles:
            raise UnknownNameError("toolchains", name, "is none", list(obstacles))
        why = obstacles[name]
        if why is not None:
            step = why[1] or f"leave {name} out of {argument('toolchains')}"
            raise UsageError(f"the toolchain {name}: {why[0]}", step)
    return names


def _known(name: str) -> Toolchain | None:
    return next((one for one in every_toolchain() if one.name == name), None)


def _obstacle(
    toolchain: Toolchain,
    function: str,
    source: Source | None,
    arguments: tuple[Argument, ...],
) -> Obstacle | None:
    """Why no project of a toolchain can be made; None if it can."""
    lack = find_lacking(toolchain)
    if lack is not None:
        return f"it needs {lack.what}, which is not here", lack.remedy
    names = {function}
    if source is None or toolchain.compiles_python:  # else its arguments are in comments alone
        names |= {one.name for one in arguments}
    if taken := sorted(names & toolchain.reserved):
        return f"{taken[0]} is a word that it needs for itself", f"give {taken[0]} another name"
    if toolchain.ascii_alone and (odd_names := sorted(n for n in names if not n.isascii())):
        what = f"{odd_names[0]} has letters that its names cannot have"
        return what, f"give {odd_names[0]} another name"
    odd = next((one for one in arguments if one.kind in toolchain.takes_not), None)
    if odd is not None:
        return f"it takes no {odd.kind}, as {odd.name} is", ""
    if source is not None and not source.is_plain and not toolchain.calls_python:
        what = f"{source.where} is more than loops over numbers and arrays, and it calls no Python"
        return what, ""
    return None


def ready_toolchains() -> tuple[str, ...]:
    """Names of the toolchains of which projects can be built here."""
    return tuple(one.name for one in templated() if find_lacking(one) is None)
