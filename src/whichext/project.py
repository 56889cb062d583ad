"""A project of a kernel: an ordinary PEP 517 project and the entries that it declares."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from whichext.errors import KernelError


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One callable of a project, a table `[[tool.whichext.entries]]` of its pyproject.toml."""

    function: str
    """Attribute of the module to call."""
    summary: str = ""
    """One line: what it is."""
    threads: Annotated[str, Meta(min_length=1)] | None = None
    """Keyword that takes the thread count, or "environment" where only variables set it;
    absent for a serial entry."""
    profiles: tuple[str, ...] = ("release",)
    """Profiles under which it races unless `--profile` says otherwise."""
    factors: dict[str, str] = {}
    """Properties in which it can differ from other entries, such as order = "column"."""


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[tool.whichext]` of a project's pyproject.toml."""

    module: str
    toolchain: str
    needs: tuple[str, ...] = ()
    entries: tuple[Entry, ...]


class Project(Struct, frozen=True, kw_only=True):
    """One extension project inside a kernel's folder."""

    name: str
    """Name of its folder."""
    folder: Path
    """Where its pyproject.toml is."""
    module: str
    """Module that its wheel installs."""
    toolchain: str
    """What it is written in; every entry has it as the factor "toolchain"."""
    needs: tuple[str, ...]
    """Programs without which it cannot be built, such as "cc" and "cargo"."""
    entries: tuple[Entry, ...]
    """Its callables."""


def load_project(folder: Path) -> Project | None:
    """Read a project folder; None when its pyproject.toml has no table `[tool.whichext]`.

    Raises:
        KernelError: pyproject.toml is not TOML, or the table is not what it must be.

    """
    path = folder / "pyproject.toml"
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KernelError(
            f"{path}: expected TOML, got an error: {error}", "mend that line"
        ) from error
    tools = content.get("tool")
    table = tools.get("whichext") if isinstance(tools, dict) else None
    if table is None:
        return None
    try:
        checked = msgspec.convert(table, _Table)
    except msgspec.ValidationError as error:
        raise KernelError(
            f"{path}: [tool.whichext]: {error}",
            "it takes module, toolchain, needs and [[tool.whichext.entries]] with function, "
            "summary, threads, profiles, factors",
        ) from error
    return Project(
        name=folder.name,
        folder=folder,
        module=checked.module,
        toolchain=checked.toolchain,
        needs=checked.needs,
        entries=checked.entries,
    )
