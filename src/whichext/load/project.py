"""A project of a kernel: an ordinary PEP 517 project and the entries that it declares."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from whichext.model.contestant import NAMED
from whichext.model.errors import KernelError
from whichext.model.kernel import Entry, Project
from whichext.toolchains.profiles import find_profile

_PACKAGE = re.compile(r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?", re.ASCII)


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[tool.whichext]` of a project's pyproject.toml."""

    module: str
    toolchain: str
    needs: tuple[str, ...] = ()
    entries: tuple[Entry, ...]


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
            str(path), "fix that line", expected="TOML", got=f"an error: {error}"
        ) from error
    tools = content.get("tool")
    table = tools.get("whichext") if isinstance(tools, dict) else None
    if table is None:
        return None
    try:
        checked = msgspec.convert(_with_profiles(path, table), _Table)
    except msgspec.ValidationError as error:
        raise KernelError(
            f"[tool.whichext]: {error}",
            "it takes module, toolchain, needs and [[tool.whichext.entries]] with function, "
            "summary, threads, profiles, dtypes, requires, remedy, idle, factors",
            where=str(path),
        ) from error
    for entry in checked.entries:
        _check(path, entry)
    return Project(
        name=folder.name,
        folder=folder,
        module=checked.module,
        toolchain=checked.toolchain,
        needs=checked.needs,
        entries=checked.entries,
    )


def _with_profiles(path: Path, table: Any) -> Any:
    """The table with profiles instead of their names, where there are any."""
    entries = table.get("entries") if isinstance(table, dict) else None
    if not isinstance(entries, list):
        return table
    return {**table, "entries": [_profiled(path, entry) for entry in entries]}


def _profiled(path: Path, entry: Any) -> Any:
    names = entry.get("profiles") if isinstance(entry, dict) else None
    if not isinstance(names, list):
        return entry
    found = [(name, find_profile(name) if isinstance(name, str) else None) for name in names]
    for name, profile in found:
        if profile is None:
            raise KernelError(
                f"{path.parent.name}: entry {entry.get('function')}: profiles: expected some of "
                f"{', '.join(map(str, NAMED))}, or settings such as isa=native, got {name}",
                f"fix {path}",
            )
    return {**entry, "profiles": [msgspec.to_builtins(profile) for _, profile in found]}


def _check(path: Path, entry: Entry) -> None:
    where = f"{path}: entry {entry.function}"
    for name in entry.dtypes or ():
        if not _is_dtype(name):
            raise KernelError(
                "dtypes",
                "give the name that str(array.dtype) has",
                where=where,
                expected="NumPy's names of dtypes, such as int64 or datetime64[ns]",
                got=repr(name),
            )
    for name in entry.idle:
        if name not in entry.factors:
            raise KernelError(
                "idle",
                "declare the factor with the value that it has with several threads",
                where=where,
                expected=f"some of its factors ({', '.join(entry.factors)})",
                got=repr(name),
            )
    for name in entry.requires:
        if not _PACKAGE.fullmatch(name):
            raise KernelError(
                "requires",
                "give the name that pip list shows",
                where=where,
                expected="names of packages without versions",
                got=repr(name),
            )


def _is_dtype(name: str) -> bool:
    """Whether it is the one name that NumPy has for a dtype in native byte order."""
    try:
        dtype = np.dtype(name)
        return dtype.isnative and str(dtype) == name
    except (TypeError, ValueError, SyntaxError):  # the last for "[", which NumPy parses as Python
        return False
