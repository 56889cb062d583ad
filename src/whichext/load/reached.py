"""The code that a call of a function reaches, by the module that has it in its file.

    function  ->  what it names: globals, a closure, imported modules  ->  their code

Only what a user wrote is followed: not the standard library, and nothing that is installed.
"""

from __future__ import annotations

import functools
import site
import sys
import sysconfig
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_MOST_ELEMENTS = 100
"""Of a table of functions; longer ones are data."""
_DATA = (type(None), bool, int, float, complex, str, bytes)
_Remembering = type(functools.lru_cache(len))
_INSTALLED = {"site-packages", "dist-packages"}


@dataclass
class Reached:
    """What is used of a module."""

    module: types.ModuleType
    """The module."""
    codes: list[types.CodeType] = field(default_factory=list)
    """Code that its file has."""
    names: set[str] = field(default_factory=set)
    """Names by which other modules' code may use it."""


def reached(value: object) -> Mapping[str, Reached]:
    """What calls of a function use of each module of the user's, by the module's name.

    Of the function's own module it is known in any case, also of an installed one.
    """
    walk = _Walk(_module_of(underlying(value)))
    walk.follow(value)
    return walk.found


def kept_by(function: object) -> list[Any]:
    """What `functools.lru_cache` made of the user's functions that calls of a function reach."""
    walk = _Walk(None)
    walk.follow(function)
    return [one for one in walk.seen.values() if isinstance(one, _Remembering)]


def underlying(function: Any) -> Any:
    """The function behind a partial one, a bound method or a decorated one."""
    while (inner := _behind(function)) is not None:
        function = inner
    return function


def codes_in(code: types.CodeType) -> Iterator[types.CodeType]:
    """A piece of code and all that are in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes_in(constant)


def names_in(codes: Iterable[types.CodeType]) -> set[str]:
    """The names that some code has for globals, attributes and modules."""
    return {name for code in codes for one in codes_in(code) for name in one.co_names}


class _Walk:
    def __init__(self, own: types.ModuleType | None) -> None:
        self.found: dict[str, Reached] = {}
        self._own = own
        self.seen: dict[object, object] = {}
        self._waiting: list[tuple[Any, frozenset[str]]] = []

    def follow(self, value: object) -> None:
        self._waiting.append((value, frozenset()))
        while self._waiting:
            one, names = self._waiting.pop()
            # A module is looked at once for every set of names by which it is used.
            key = (id(one), names if isinstance(one, types.ModuleType) else None)
            if not isinstance(one, _DATA) and key not in self.seen:
                self.seen[key] = one  # kept, so that no other object gets its number
                self._look_at(one, names)

    def _look_at(self, value: Any, names: frozenset[str]) -> None:
        if isinstance(value, types.ModuleType):
            self._look_at_module(value, names)
        elif isinstance(value, types.FunctionType):
            self._look_at_function(value)
        elif isinstance(value, type):
            if self._is_followed(_module_of(value)):
                self._add((*vars(value).values(), *value.__bases__))
        elif isinstance(value, list | tuple | set | frozenset | dict):
            if len(value) <= _MOST_ELEMENTS:
                self._add(value.values() if isinstance(value, dict) else value)
        else:
            self._look_at_object(value)

    def _look_at_module(self, module: types.ModuleType, names: frozenset[str]) -> None:
        if self._is_followed(module):
            self._of(module).names.update(names)
            self._add((vars(module).get(name) for name in names), names)

    def _look_at_function(self, function: types.FunctionType) -> None:
        module = sys.modules.get(function.__globals__.get("__name__", ""))
        self._add([getattr(function, "__wrapped__", None)])
        if not self._is_followed(module):
            return
        code = function.__code__
        if module is not None and code.co_filename == getattr(module, "__file__", None):
            self._of(module).codes.append(code)
        names = frozenset(names_in([code]))
        package = function.__globals__.get("__package__") or ""
        self._add((function.__globals__.get(name) for name in names), names)
        # Modules that are imported within the function; those of its own package as well.
        self._add((sys.modules.get(name) for name in names), names)
        self._add((sys.modules.get(f"{package}.{name}") for name in names if package), names)
        self._add(map(_content, function.__closure__ or ()), names)
        self._add((*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()))

    def _look_at_object(self, value: Any) -> None:
        behind = _behind(value)
        if isinstance(value, functools.partial):
            self._add((*value.args, *value.keywords.values()))
        if isinstance(value, types.MethodType):
            self._add([value.__self__])
        if isinstance(value, property):
            self._add((value.fget, value.fset))
        self._add([behind, type(value)])
        if self._is_followed(_module_of(type(value))):
            self._add(getattr(value, "__dict__", {}).values())

    def _add(self, values: Iterable[Any], names: frozenset[str] = frozenset()) -> None:
        self._waiting += [(one, names) for one in values]

    def _of(self, module: types.ModuleType) -> Reached:
        return self.found.setdefault(module.__name__, Reached(module))

    def _is_followed(self, module: types.ModuleType | None) -> bool:
        return module is None or module is self._own or is_users(module)


def _behind(value: Any) -> Any:
    """What a partial function, a bound method or what stands for a function calls; None if none."""
    if isinstance(value, functools.partial):
        return value.func
    if isinstance(value, types.MethodType | staticmethod | classmethod):
        return value.__func__
    try:
        inner = getattr(value, "__wrapped__", None) if callable(value) else None
    except Exception:  # whatever a stranger's object raises
        return None
    return inner if callable(inner) and inner is not value else None


def _content(cell: types.CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # nothing was assigned yet
        return None


def _module_of(value: object) -> types.ModuleType | None:
    """The module that a function or class says it is from."""
    name = getattr(value, "__module__", None)
    return sys.modules.get(name) if isinstance(name, str) else None


def is_users(module: types.ModuleType) -> bool:
    """Whether a user wrote it: it is neither the standard library's nor installed."""
    name, file = module.__name__.partition(".")[0], getattr(module, "__file__", None)
    if name == "__main__":
        return True
    if name in sys.stdlib_module_names or name == __package__.partition(".")[0]:
        return False
    return file is not None and not _is_installed(file)


@functools.cache
def _is_installed(file: str) -> bool:
    folders = [sysconfig.get_path(one) for one in ("stdlib", "platstdlib")]
    folders += [*site.getsitepackages(), site.getusersitepackages()]
    path = Path(file)
    return bool(_INSTALLED & set(path.parts)) or any(map(path.is_relative_to, folders))
