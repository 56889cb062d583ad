"""Stage 1, load: a kernel folder becomes a `Kernel` with its projects, entries and cases."""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from whichext.load.forms import fit_entries
from whichext.load.project import load_project
from whichext.load.statements import check_statements, check_unique
from whichext.model.errors import KernelError, UsageError, describe_error
from whichext.model.inline import call
from whichext.model.kernel import Kernel
from whichext.system.beside import find_beside
from whichext.system.signals import TimeLimitError, time_limited

_ABSENT = object()
_MOST_NAME = 100  # characters of a name that an error repeats

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
            find_beside(path.parent)
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
            f"{path} does not import: {describe_error(error)}", _next_step(path, error)
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


def _next_step(path: Path, error: BaseException) -> str:
    """What to do where a kernel.py does not import."""
    name = str(error.name).partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if name and (path.parent / name).is_dir():
        return f"put the folder {name} into one file {name}.py beside kernel.py, or install it"
    return f"run python {path} and fix what it says"


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
