"""Stage 1, load: a kernel folder becomes a `Kernel` with its projects, entries and cases."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType

from msgspec.structs import replace

from whichext.load.project import load_project
from whichext.model.contestant import Case
from whichext.model.errors import KernelError, UsageError
from whichext.model.inline import call
from whichext.model.kernel import Kernel, Tolerance

_ABSENT = object()

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
    return dataclasses.replace(
        kernel,
        cases=tuple(map(_without_empty_words, kernel.cases)),
        origin=kernel.origin or None,
        name=folder.name,
        folder=folder,
        digest=digest,
        projects=projects,
    )


def _without_empty_words(case: Case) -> Case:
    """An author may write "" where there is no family or variant."""
    return replace(case, family=case.family or None, variant=case.variant or None)


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
    folder = Path(name_or_path).expanduser().resolve()
    if (folder / "kernel.py").is_file():
        return folder
    if folder.is_dir():
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
