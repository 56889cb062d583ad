"""Stage 1, load: a kernel folder becomes a `Kernel` with its projects, entries and cases."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import importlib.util
import math
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import msgspec
import numpy as np
from msgspec import Struct
from msgspec.structs import asdict, replace

from whichext.model.contestant import NAMED
from whichext.model.errors import KernelError, UsageError
from whichext.model.inline import call
from whichext.model.kernel import Entry, Kernel, Project, Tolerance
from whichext.toolchains.profiles import find_profile

_ABSENT = object()
_MOST_NAME = 100  # characters of a name that an error repeats
_PACKAGE = re.compile(r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?", re.ASCII)

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
    digest = _digest(folder)  # before the import, so that it is of no later text than what runs
    kernel = _read_definition(folder / "kernel.py")
    _check_unique(folder.name, "case names", [case.name for case in kernel.cases])
    _check_kernel(folder.name, kernel)
    found = (load_project(path.parent) for path in sorted(folder.glob("*/pyproject.toml")))
    projects = tuple(project for project in found if project is not None)
    _check_unique(
        folder.name,
        "entries",
        [f"{project.module}.{entry.function}" for project in projects for entry in project.entries],
    )
    # An author may write "" where there is no family or variant.
    cases = (replace(c, family=c.family or None, variant=c.variant or None) for c in kernel.cases)
    return dataclasses.replace(
        kernel,
        cases=tuple(cases),
        origin=kernel.origin or None,
        name=folder.name,
        folder=folder,
        digest=digest,
        projects=projects,
    )


def asked_as(kernel: Kernel) -> str:
    """What `load_kernel` takes for a kernel: a built-in name, or the path of its folder."""
    return kernel.name if kernel.folder.parent == BUILT_IN else str(kernel.folder)


def _check_kernel(name: str, kernel: Kernel) -> None:
    """What a kernel.py says of cases, dtypes and tolerance, apart from names given twice."""
    if not kernel.cases:
        raise KernelError(
            "cases",
            "give Kernel(cases=(Case(...),))",
            where=name,
            expected="at least one case",
            got="none",
        )
    _check_tolerance(name, kernel.tolerance)
    dtypes: object = kernel.dtypes  # a stranger's, whatever its type is said to be
    if isinstance(dtypes, str) or not dtypes:
        raise KernelError(
            "dtypes",
            'give Kernel(dtypes=("float64",))',
            where=name,
            expected="a tuple of NumPy's names",
            got=repr(kernel.dtypes),
        )
    if not kernel.tolerance.is_exact and not kernel.tolerance.reason:
        raise KernelError(
            "tolerance",
            'give Tolerance(..., reason="sums may be added in any order"), or compare exactly',
            where=name,
            expected="a reason why answers may differ from the reference's",
            got=f"Tolerance(relative={kernel.tolerance.relative:g}, "
            f"absolute={kernel.tolerance.absolute:g}) without",
        )


def _check_tolerance(kernel: str, tolerance: Tolerance) -> None:
    """No difference can be less than NaN or a negative number, and any is less than infinity."""
    told: dict[str, object] = {"relative": tolerance.relative, "absolute": tolerance.absolute}
    for name, value in told.items():
        if not (isinstance(value, (int, float)) and 0 <= value < math.inf):
            raise KernelError(
                f"Tolerance({name}=...)",
                f'give Tolerance({name}=1e-12, reason="sums may be added in any order")',
                where=kernel,
                expected="a number from 0 on",
                got=repr(value),
            )


def _find_folder(name_or_path: str | Path) -> Path:
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
            got="a folder without",
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
    try:
        module = _import_file(path)
    except (Exception, SystemExit) as error:
        raise KernelError(
            f"{path} does not import: {type(error).__name__}: {error}",
            f"run python {path} and fix what it says",
        ) from error
    kernel = getattr(module, "KERNEL", _ABSENT)
    if not isinstance(kernel, Kernel):
        got = "no such name" if kernel is _ABSENT else type(kernel).__name__
        raise KernelError(
            str(path),
            "see the built-in kernels for the shape of kernel.py",
            expected="KERNEL = whichext.Kernel(...)",
            got=got,
        )
    return kernel


def _digest(folder: Path) -> str:
    """Hash of the kernel's own Python files, 24 hexadecimal digits; its projects have keys."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
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
    spec.loader.exec_module(module)
    return module


def _check_unique(kernel: str, what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise KernelError(
            what,
            "rename one of the two",
            where=kernel,
            expected="each once",
            got=f"{twice[0]!r} twice",
        )


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
    content = read_toml(path)
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
    return Project(name=folder.name, folder=folder, **asdict(checked))


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

    for name in entry.dtypes or ():
        if not _is_dtype(name):
            expected = "NumPy's names of dtypes, such as int64 or datetime64[ns]"
            refuse("dtypes", name, expected, "give the name that str(array.dtype) has")
    for name in entry.idle:
        if name not in entry.factors:
            expected = f"some of its factors ({', '.join(entry.factors)})"
            next_step = "declare the factor with the value that it has with several threads"
            refuse("idle", name, expected, next_step)
    for name in entry.requires:
        if not _PACKAGE.fullmatch(name):
            expected = "names of packages without versions"
            refuse("requires", name, expected, "give the name that pip list shows")


def _is_dtype(name: str) -> bool:
    """Whether it is the one name that NumPy has for a dtype in native byte order."""
    try:
        dtype = np.dtype(name)
        return dtype.isnative and str(dtype) == name
    except (TypeError, ValueError, SyntaxError):  # the last for "[", which NumPy parses as Python
        return False
