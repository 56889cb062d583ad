"""Whether a function's module is still what its file says.

Another process would import what the file says now. So it would race something else where the file
was changed after the import, or where something was set in the module since.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from whichext.model.errors import UsageError

_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef)


def check_fresh(name: str, function: Callable[..., Any]) -> None:
    """Refuse a function whose module is not what its file says.

    The code of the function is compared, and of all that it calls of the same module, by name. So
    are the values of names that these use and the file sets once, to a number or a text.

    Raises:
        UsageError: Something differs.

    """
    underlying = _underlying(function)
    module = sys.modules.get(getattr(underlying, "__module__", None) or "")
    file = getattr(module, "__file__", None)
    if module is None or module.__name__ == "__main__" or file is None:
        return
    try:
        source = Path(file).read_bytes()
        tree, now = ast.parse(source), compile(source, file, "exec")
    except (OSError, SyntaxError, ValueError):
        return  # importing it will tell
    _compare(name, _used(underlying, module, file), (tree, now), module, file)


def _compare(
    name: str,
    used: list[types.CodeType],
    written: tuple[ast.Module, types.CodeType],
    module: types.ModuleType,
    file: str,
) -> None:
    """Refuse code of a module, or a value that it uses, that its file does not have."""
    tree, now = written
    for code in used:
        same = [one for one in _codes(now) if one.co_qualname == code.co_qualname]
        if same and not any(_said(one) == _said(code) for one in same):
            raise _stale(name, module, f"the code of {code.co_qualname} in its file", "another one")
    names = {one for code in used for inner in _codes(code) for one in inner.co_names}
    for what, expected, got in (*_set_since(tree, module), *_replaced(tree, module, file)):
        if what in names:
            raise _stale(name, module, f"{what} = {expected}, as in its file", got)


def _underlying(function: Any) -> Any:
    """The function behind a partial one, a bound method or a decorated one."""
    while isinstance(function, functools.partial | types.MethodType):
        inner = "func" if isinstance(function, functools.partial) else "__func__"
        function = getattr(function, inner)
    return inspect.unwrap(function) if callable(function) else function


def _stale(name: str, module: types.ModuleType, expected: str, got: str) -> UsageError:
    return UsageError(
        "functions",
        f"import it again: importlib.reload({module.__name__}), or start anew; give what should "
        "differ from the file as an argument",
        where=f"{name}: {module.__name__}",
        expected=expected,
        got=got,
    )


def _used(function: Any, module: types.ModuleType, file: str) -> list[types.CodeType]:
    """The code of a function or class, and of all of its module's that is called by name in it."""
    waiting, found = _code_of(function, module, file), list[types.CodeType]()
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.append(code)
            names = {name for inner in _codes(code) for name in inner.co_names}
            for value in (vars(module).get(name) for name in names):
                waiting += _code_of(value, module, file)
    return found


def _code_of(value: Any, module: types.ModuleType, file: str) -> list[types.CodeType]:
    """The code of a function of the module's file, or of all methods of one of its classes."""
    is_class = isinstance(value, type) and value.__module__ == module.__name__
    each = [
        getattr(one, "__func__", one) for one in (vars(value).values() if is_class else [value])
    ]
    codes = (getattr(_underlying(one), "__code__", None) for one in each)
    return [c for c in codes if isinstance(c, types.CodeType) and c.co_filename == file]


def _said(code: types.CodeType) -> tuple[Any, ...]:
    inner = [_said(one) if isinstance(one, types.CodeType) else repr(one) for one in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, inner


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """A piece of code and all that are in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _set_since(tree: ast.Module, module: types.ModuleType) -> Iterator[tuple[str, str, str]]:
    """Names that a file sets once, to a number or a text, and that have another value now."""
    literals = _literals(tree)
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Global))
    changing = {name for node in statements for name in node.names}
    for name, value in literals.items():
        got = vars(module).get(name, value)
        if name not in changing and (type(got) is not type(value) or got != value):
            yield name, repr(value), repr(got)


def _literals(tree: ast.Module) -> Mapping[str, object]:
    """What a file sets at its top, by name; not what it sets more than once."""
    found: dict[str, object] = {}
    times: dict[str, int] = {}
    for node in (one for one in tree.body if isinstance(one, ast.Assign)):
        for target in (one for one in node.targets if isinstance(one, ast.Name)):
            times[target.id] = times.get(target.id, 0) + 1
            if isinstance(node.value, ast.Constant):
                found[target.id] = node.value.value
    return {name: value for name, value in found.items() if times[name] == 1}


def _replaced(
    tree: ast.Module, module: types.ModuleType, file: str
) -> Iterator[tuple[str, str, str]]:
    """Functions of a file in whose place the module has one that was written elsewhere."""
    for node in tree.body:
        if isinstance(node, _DEFINED) and not node.decorator_list:
            got = vars(module).get(node.name)
            if isinstance(got, types.FunctionType) and got.__code__.co_filename != file:
                yield node.name, "a function", "one that was written elsewhere"
