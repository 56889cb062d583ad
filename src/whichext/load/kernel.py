"""Stage 1, load: a kernel folder becomes a `Kernel` with its projects, entries and cases."""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import hashlib
import importlib.util
import os
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from whichext.load.forms import fit_entries
from whichext.load.statements import check_statements, check_unique, is_dtype
from whichext.model.contestant import NAMED
from whichext.model.errors import KernelError, UsageError, closest, describe_error
from whichext.model.inline import call
from whichext.model.kernel import Entry, Kernel, Project
from whichext.system.signals import TimeLimitError, time_limited
from whichext.toolchains import every_toolchain
from whichext.toolchains.profiles import find_profile

_ABSENT = object()
_ALIKE = 0.8  # above it a name is a misspelt one: "pythran" and "python" have 0.77
_MOST_NAME = 100  # characters of a name that an error repeats
_PACKAGE = re.compile(r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?", re.ASCII)

LOAD_LIMIT_S = 60.0
"""Time that a kernel.py may take to be imported and checked, s."""

BUILT_IN = Path(__file__).parents[1] / "kernels"


def built_in_kernels() -> tuple[str, ...]:
    """Names of the kernels that come with whichext."""
    return tuple(sorted(path.parent.name for path in BUILT_IN.glob("*/kernel.py")))


def load_kernel(name_or_path: str | Path) -> Kernel:
    """Load a built-in kernel by name, or any kernel folder by path.

    Raises:
        UsageError: There is no such kernel.
        KernelError: The folder is there and something in it is not what it must be.

    """
    folder = _find_folder(name_or_path)
    digest = digest_of(folder)  # before the import, so that it is of no later text than what runs
    kernel = _read_definition(folder / "kernel.py")
    found = (load_project(path.parent) for path in sorted(folder.glob("*/pyproject.toml")))
    projects = tuple(fit_entries(kernel, project) for project in found if project is not None)
    check_unique(
        folder.name,
        "entries",
        [*dataclasses.replace(kernel, projects=projects).entry_names],
    )
    return dataclasses.replace(
        kernel,
        functions=dict(kernel.functions),
        cases=tuple(kernel.cases),
        origin=kernel.origin or None,
        name=folder.name,
        folder=folder,
        digest=digest,
        projects=projects,
    )


def asked_as(kernel: Kernel) -> str:
    """What `load_kernel` takes for a kernel: a built-in name, or the path of its folder."""
    return kernel.name if kernel.folder.parent == BUILT_IN else str(kernel.folder)


def _find_folder(name_or_path: str | Path) -> Path:
    if not isinstance(name_or_path, str | Path):
        raise UsageError(
            "kernel",
            call("run", built_in_kernels()[0]),
            expected="a built-in kernel's name, or the path of a kernel folder",
            got=repr(name_or_path),
        )
    built_in = BUILT_IN / name_or_path
    if str(name_or_path) in built_in_kernels():
        return built_in
    try:
        folder = Path(name_or_path).expanduser().resolve()
        if (folder / "kernel.py").is_file():
            return folder
        is_folder = folder.is_dir()
    except (OSError, RuntimeError, ValueError) as error:  # such as a name that is too long
        raise UsageError(
            f"there is no kernel {_shortened(name_or_path)!r}",
            call("list"),
            expected="the path of a kernel folder",
            got=getattr(error, "strerror", None) or str(error),
            choices=built_in_kernels(),
        ) from error
    if is_folder:
        raise UsageError(
            str(name_or_path),
            f"write {name_or_path}/kernel.py with KERNEL = whichext.Kernel(...)",
            expected="a kernel folder with a file kernel.py",
            got="a folder whose kernel.py is a folder too"
            if (folder / "kernel.py").is_dir()
            else "a folder without",
        )
    close = difflib.get_close_matches(str(name_or_path), built_in_kernels(), n=1)
    raise UsageError(
        f"there is no kernel {str(name_or_path)!r}",
        call("run", close[0]) if close else call("list"),
        expected="the path of a kernel folder",
        choices=built_in_kernels(),
    )


def _shortened(name: str | Path) -> str:
    text = str(name)
    return text if len(text) <= _MOST_NAME else f"{text[:_MOST_NAME]}..."


def _read_definition(path: Path) -> Kernel:
    """What `kernel.py` states, checked; what it prints goes to standard error."""
    name = path.parent.name
    try:
        with time_limited(LOAD_LIMIT_S), contextlib.redirect_stdout(sys.stderr):
            kernel = getattr(_import_file(path), "KERNEL", _ABSENT)
            if isinstance(kernel, Kernel):
                check_statements(name, kernel)
    except (KernelError, KeyboardInterrupt):
        raise
    except TimeLimitError as error:
        raise KernelError(
            f"{path} is not loaded within {LOAD_LIMIT_S:g} s",
            "do what takes long in inputs(case), which is called when its answer is needed",
        ) from error
    except BaseException as error:  # also SystemExit, and whatever else a module may raise
        raise KernelError(
            f"{path} does not import: {describe_error(error)}",
            f"run python {path} and fix what it says",
        ) from error
    if not isinstance(kernel, Kernel):
        got = "no such name" if kernel is _ABSENT else type(kernel).__name__
        raise KernelError(
            str(path),
            "see the built-in kernels for the shape of kernel.py",
            expected="KERNEL = whichext.Kernel(...)",
            got=got,
        )
    return kernel


def digest_of(folder: Path) -> str:
    """Hash of the kernel's own Python files, 24 hexadecimal digits; its projects have keys."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.glob("*.py") if path.is_file()):
        for part in (path.name.encode(), path.read_bytes()):
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(part)
    return digest.hexdigest()[:24]


def _import_file(path: Path) -> ModuleType:
    name = f"_whichext_kernel_{path.parent.name}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None  # a .py path always has a loader
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickling look a class's module up here
    with _without_exit():
        spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _without_exit() -> Iterator[None]:
    """A call of `os._exit` raises: it would end this process without a message."""

    def refuse(status: int) -> NoReturn:
        raise SystemExit(f"os._exit({status})")

    exit_at_once = os._exit
    os._exit = refuse
    try:
        yield
    finally:
        os._exit = exit_at_once


class ProjectTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[tool.whichext]` of a project's pyproject.toml.

    Attributes:
        module: Module that the wheel installs, as `import` takes it.
        toolchain: What it is written in: a toolchain of the list below, or any other name, of whose
            compilers whichext then knows nothing.
        needs: What must be there for a build: names of the list below, and of other programs on
            PATH. A project is skipped where one is absent.
        entries: What races, a table each.

    """

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
            "it takes module, toolchain, needs and [[tool.whichext.entries]] with "
            f"{', '.join(Entry.__struct_fields__)}",
            where=str(path),
        ) from error
    _check_project(path, checked)
    for entry in checked.entries:
        _check(path, entry)
    return Project(name=folder.name, folder=folder, **asdict(checked))


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
