"""Values that are no arrays as Python expressions."""

from __future__ import annotations

import builtins
import importlib
import inspect
import sys
import textwrap
from collections.abc import Callable
from importlib.machinery import PathFinder
from operator import attrgetter
from types import BuiltinFunctionType, FunctionType
from typing import Any

import cloudpickle
import numpy as np

from whichext.model.call import Call, split
from whichext.verify.inputs.layouts import Array

_AS_WRITTEN = (int, float, complex, str, bytes, bytearray, bool, type(None), range, slice)
_PARTS = (list, tuple, set, frozenset, dict)


def expression(value: Any, modules: set[str], of_array: Callable[[Array], str]) -> str:
    """Python that makes a value again; a pickle where there is nothing better.

    Args:
        value: Any value.
        modules: Modules that it needs are added here.
        of_array: Writes an array.

    """
    if isinstance(value, np.ndarray):
        return of_array(value)
    if type(value) in _AS_WRITTEN or isinstance(value, np.generic):
        return repr(value)
    if type(value) is Call:
        modules.add(Call.__module__.partition(".")[0])
        positional, named = split(value)
        given = (expression(part, modules, of_array) for part in positional)
        by_name = (f"{key}={expression(part, modules, of_array)}" for key, part in named.items())
        return f"whichext.Call({', '.join((*given, *by_name))})"
    if type(value) in _PARTS:
        return _parts(value, lambda part: expression(part, modules, of_array))
    if isinstance(value, (FunctionType, BuiltinFunctionType, type)):
        name = _importable(value, modules)
        if name is not None:
            return name
    modules.add("cloudpickle")
    return f"cloudpickle.loads({cloudpickle.dumps(value)!r})"


def source_of(function: FunctionType) -> str | None:
    """The definition of a function that no other process can import; None where there is none."""
    if _importable(function, set()) is not None or function.__closure__:
        return None
    try:
        source = textwrap.dedent(inspect.getsource(function)).rstrip()
    except (OSError, TypeError):
        return None
    return source if source.startswith(f"def {function.__name__}(") else None


def length_of(value: Any) -> int:
    """About how many characters a value takes when it is written out.

    The representation of a table or a Dask array is short, and what is written is all that it has.
    """
    if isinstance(value, dict):
        return length_of([*value.keys(), *value.values()])
    if isinstance(value, list | tuple | set | frozenset):
        return len(value) + sum(map(length_of, value))
    if isinstance(value, str | bytes | bytearray):
        return len(value)
    stated = getattr(value, "nbytes", 0)
    n_bytes = stated if isinstance(stated, int) else 0
    return n_bytes if isinstance(value, np.ndarray) else max(n_bytes, len(repr(value)))


def _parts(value: Any, write: Callable[[Any], str]) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{write(k)}: {write(v)}" for k, v in value.items()) + "}"
    inner = ", ".join(map(write, value))
    match value:
        case list():
            return f"[{inner}]"
        case tuple():
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        case _ if not value:
            return f"{type(value).__name__}()"
        case frozenset():
            return f"frozenset({{{inner}}})"
        case _:
            return f"{{{inner}}}"


def _importable(value: Any, modules: set[str]) -> str | None:
    """The name by which another process can import a function or a class; None if it cannot."""
    name, module = value.__qualname__, value.__module__ or ""
    package = module.partition(".")[0]
    found = PathFinder.find_spec(package)  # in a new process: a kernel.py is not there by its name
    if package not in sys.builtin_module_names and (found is None or found.origin is None):
        return None
    try:
        if attrgetter(name)(importlib.import_module(module)) is not value:
            return None
    except (ImportError, AttributeError, ValueError):
        return None
    if module == builtins.__name__:
        return str(name)
    modules.add(module)
    return f"{module}.{name}"
