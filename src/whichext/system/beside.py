"""Modules that lie beside a kernel.py, which it imports as it does where it is run as a script.

A kernel that imports a name which is found elsewhere as well is refused: it would not be clear
which of the two it means. For anything else what is installed comes first.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType

from whichext.model.errors import KernelError

_KERNEL = "kernel"


class _Loader(SourceFileLoader):
    """Marks the modules that were found beside a kernel.py."""


class _Finder:
    """Finds modules beside the kernel.py that was loaded last; asked after all other finders."""

    folder = Path()

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,  # noqa: ARG002  # the protocol's
    ) -> ModuleSpec | None:
        """Say where a module is; None where it is not there."""
        file = _file_of(self.folder, name)
        if path is not None or file is None:
            return None
        return importlib.util.spec_from_file_location(name, file, loader=_Loader(name, str(file)))


_FINDER = _Finder()


def find_beside(folder: Path) -> None:
    """Let modules beside a kernel.py be found from now on, and those of another one no more.

    Raises:
        KernelError: The kernel imports one that is found elsewhere as well.

    """
    for name, module in list(sys.modules.items()):
        if isinstance(getattr(module, "__loader__", None), _Loader):
            del sys.modules[name]  # of another kernel, or of an older text
    _FINDER.folder = folder
    if _FINDER not in sys.meta_path:
        sys.meta_path.append(_FINDER)
    for name in _imported(folder):
        other = _elsewhere(name, folder / f"{name}.py")
        if other is not None:
            raise KernelError(
                f"imports {name}",
                f"rename {name}.py, and what imports it",
                where=str(folder / "kernel.py"),
                expected=f"one module of that name, {folder / name}.py",
                got=f"{other} as well",
            )


def give_way(site: str) -> None:
    """Forget modules beside a kernel.py that a folder has too: the ones there are meant."""
    for name, module in list(sys.modules.items()):
        if isinstance(getattr(module, "__loader__", None), _Loader) and (
            PathFinder.find_spec(name, [site]) is not None
        ):
            del sys.modules[name]


def _file_of(folder: Path, name: str) -> Path | None:
    """The file of a module beside a kernel.py; None where there is none."""
    file = folder / f"{name}.py"
    return file if name != _KERNEL and name.isidentifier() and file.is_file() else None


def _imported(folder: Path) -> Iterator[str]:
    """Modules beside a kernel.py that it imports, or that these import, by name."""
    waiting, seen = [_KERNEL], {_KERNEL}
    while waiting:
        for name in _names_in(folder / f"{waiting.pop()}.py"):
            if name not in seen and _file_of(folder, name) is not None:
                seen.add(name)
                waiting.append(name)
                yield name


def _names_in(file: Path) -> Iterator[str]:
    """What a file imports, as far as it can be read; importing it will tell otherwise."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _elsewhere(name: str, file: Path) -> str | None:
    """Where else there is a module of a name; None for nowhere."""
    if name in sys.stdlib_module_names:
        return "Python's own"
    spec = getattr(sys.modules.get(name), "__spec__", None)
    for finder in sys.meta_path:
        if spec is None and finder is not _FINDER and hasattr(finder, "find_spec"):
            spec = finder.find_spec(name, None)
    if spec is None or (spec.origin is not None and Path(spec.origin).resolve() == file):
        return None
    return spec.origin or ", ".join(spec.submodule_search_locations or ()) or f"another {name}"
