"""A project's folder becomes a `Project`: the table `[tool.whichext]` of its pyproject.toml."""

from __future__ import annotations

import difflib
import os
import re
import shutil
import tomllib
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import asdict

from whichext.load.statements import is_dtype
from whichext.model.contestant import NAMED
from whichext.model.errors import KernelError, closest
from whichext.model.kernel import Entry, Project
from whichext.toolchains import every_toolchain
from whichext.toolchains.profiles import find_profile

_ALIKE = 0.8  # above it a name is a misspelt one: "pythran" and "python" have 0.77
_PACKAGE = re.compile(r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?", re.ASCII)


class ProjectTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[tool.whichext]` of a project's pyproject.toml.

    Attributes:
        module: Module that the wheel installs, as `import` takes it.
        toolchain: What it is written in: a toolchain of the list below, or any other name, of whose
            compilers whichext then knows nothing.
        needs: What must be there for a build: names of the list below, and of other programs on
            PATH. A project is skipped where one is absent.
        folder: Where the project is that is built, if this table is not in its own pyproject.toml:
            a path from here, such as "../../totals/fast". So one project races in several
            kernels.
        entries: What races, a table each.

    """

    module: str
    toolchain: str
    needs: tuple[str, ...] = ()
    folder: Annotated[str, Meta(min_length=1)] = "."
    entries: tuple[Entry, ...]


def load_project(folder: Path) -> Project | None:
    """Read a project folder; None when its pyproject.toml has no table `[tool.whichext]`.

    Raises:
        KernelError: pyproject.toml is not TOML, or the table is not what it must be.

    """
    path = folder / "pyproject.toml"
    try:
        content = read_toml(path)
    except OSError as error:
        got = error.strerror or str(error)
        next_step = "make it a file that can be read"
        raise KernelError(str(path), next_step, expected="TOML", got=got) from error
    tools = content.get("tool")
    table = tools.get("whichext") if isinstance(tools, dict) else None
    if table is None:
        return None
    try:
        checked = msgspec.convert(_with_profiles(path, table), ProjectTable)
    except msgspec.ValidationError as error:
        raise KernelError(
            f"[tool.whichext]: {error}{_near(str(error))}",
            "it takes module, toolchain, needs, folder and [[tool.whichext.entries]] with "
            f"{', '.join(Entry.__struct_fields__)}",
            where=str(path),
        ) from error
    _check_project(path, checked)
    for entry in checked.entries:
        _check(path, entry)
    return Project(**{**asdict(checked), "name": folder.name, "folder": _built(path, checked)})


def _built(path: Path, table: ProjectTable) -> Path:
    """The folder of the project that is built."""
    if table.folder == ".":
        return path.parent
    found = Path(os.path.normpath(path.parent / table.folder))
    if not (found / "pyproject.toml").is_file():
        expected, got = "a folder with a pyproject.toml, as a path from here", repr(table.folder)
        raise KernelError("folder", f"fix {path}", where=str(path), expected=expected, got=got)
    return found


def _near(error: str) -> str:
    """The key that a misspelt one looks like; empty where the error is another."""
    found = re.search("unknown field `([^`]*)`", error)
    if found is None:
        return ""
    names = {*ProjectTable.__struct_fields__, *Entry.__struct_fields__}
    near = difflib.get_close_matches(found[1], sorted(names), n=1, cutoff=0.7)
    return f"; did you mean `{near[0]}`?" if near else ""


def _check_project(path: Path, table: ProjectTable) -> None:
    """What the names of a project must be; a toolchain of another package may have any."""
    if not all(part.isidentifier() for part in table.module.split(".")):
        got, next_step = repr(table.module), "give the name that `import` takes"
        raise KernelError("module", next_step, where=str(path), expected="a name", got=got)
    known = [toolchain.name for toolchain in every_toolchain()]
    near = closest(table.toolchain.lower(), known)
    alike = difflib.SequenceMatcher(None, table.toolchain.lower(), near).ratio() > _ALIKE
    if table.toolchain not in known and (alike or sorted(near) == sorted(table.toolchain.lower())):
        raise KernelError(
            "toolchain",
            f'write toolchain = "{near}"',
            where=str(path),
            expected=f"one of {', '.join(known)}, or another's own name",
            got=repr(table.toolchain),
        )
    _check_needs(path, table.needs)


def _check_needs(path: Path, needs: tuple[str, ...]) -> None:
    """Refuse a misspelt name, which would be taken for a program that is not there."""
    known = [need.name for toolchain in every_toolchain() for need in toolchain.needs]
    for name in needs:
        near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.85)  # programs have 0.8
        if name not in known and near and shutil.which(name) is None:
            step = f'write "{near[0]}"'
            raise KernelError("needs", step, where=str(path), choices=known, got=name)


def read_toml(path: Path) -> dict[str, Any]:
    """What a file of a kernel's folder says.

    Raises:
        KernelError: It is not TOML.
        OSError: It cannot be read.

    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KernelError(
            str(path), "fix that line", expected="TOML", got=f"an error: {error}"
        ) from error


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
    def refuse(what: str, name: str, expected: str, next_step: str) -> NoReturn:
        where = f"{path}: entry {entry.function}"
        raise KernelError(what, next_step, where=where, expected=expected, got=repr(name))

    if not all(part.isidentifier() for part in entry.function.split(".")):
        refuse("function", entry.function, "a name", "give the name of the module's function")
    for name in entry.dtypes or ():
        if not is_dtype(name):
            expected = "NumPy's names of dtypes, such as int64 or datetime64[ns]"
            next_step = 'give what str(array.dtype) is, or "T" for StringDType'
            refuse("dtypes", name, expected, next_step)
    for name in entry.idle:
        if name not in entry.factors:
            expected = f"some of its factors ({', '.join(entry.factors)})"
            next_step = "declare the factor with the value that it has with several threads"
            refuse("idle", name, expected, next_step)
    for name in entry.requires:
        if not _PACKAGE.fullmatch(name):
            expected = "names of packages without versions"
            refuse("requires", name, expected, "give the name that pip list shows")
