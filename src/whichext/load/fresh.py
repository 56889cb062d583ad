"""Whether the modules that a function reaches are still what their files say.

Another process would import what the file says now. So it would race something else where the file
was changed after the import, or where something was set in the module since.
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Iterator, Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any, NamedTuple

from whichext.load.reached import Reached, codes_in, is_users, names_in, reached
from whichext.model.errors import UsageError
from whichext.model.inline import argument

_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef)


def check_fresh(name: str, function: object, given_as: str = "functions") -> None:
    """Refuse a function that calls code of a module which is not what its file says.

    The code of the function is compared, and of all that it calls of the user's own modules, by
    name. So are the values of names that these use and a file sets once, to a number or a text.

    Args:
        name: What the function is called.
        function: It, or whatever else other processes get by the names of modules.
        given_as: The argument that it was given as.

    Raises:
        UsageError: Something differs.

    """
    found = dict(reached(function))
    written = {one: _written(part.module) for one, part in found.items()}
    for one, content in written.items():
        for module, imported in _imported(found[one], content):
            found.setdefault(module.__name__, Reached(module)).names.add(imported)
    for one, part in found.items():
        content = written.get(one) or _written(part.module)
        if content is None:
            continue  # importing it will tell
        differs = next(_differences(part, content), None)
        if differs is not None:
            raise _stale(name, part.module, *differs, given_as)


class _Written(NamedTuple):
    """A module's file as it is now."""

    tree: ast.Module
    code: types.CodeType
    file: str


def _written(module: types.ModuleType) -> _Written | None:
    """What a module's file says; None where it has none, or none that could be read."""
    file, loader = (getattr(module, one, None) for one in ("__file__", "__loader__"))
    # Another loader may have changed the code, as pytest does with assertions.
    if module.__name__ == "__main__" or file is None or type(loader) is not SourceFileLoader:
        return None
    try:
        source = Path(file).read_bytes()
        return _Written(ast.parse(source), compile(source, file, "exec"), file)
    except (OSError, SyntaxError, ValueError):
        return None


def _differences(part: Reached, written: _Written) -> Iterator[tuple[str, str]]:
    """What a module's file has, and what the module has in its place, where the two differ."""
    for code in part.codes:
        same = [one for one in codes_in(written.code) if one.co_qualname == code.co_qualname]
        if not same:
            yield f"{code.co_qualname} in its file", "none there"
        elif not any(_said(one) == _said(code) for one in same):
            yield f"the code of {code.co_qualname} in its file", "another one"
    names = names_in(part.codes) | part.names
    tree, module = written.tree, part.module
    for what, expected, got in (*_set_since(tree, module), *_replaced(tree, module, written.file)):
        if what in names:
            yield f"{what} = {expected}, as in its file", got


def _imported(part: Reached, written: _Written | None) -> Iterator[tuple[types.ModuleType, str]]:
    """Modules of the user's from which a file imports what is used, with its name there."""
    names, package = names_in(part.codes), part.module.__package__ or ""
    for node in [] if written is None else ast.walk(written.tree):
        if isinstance(node, ast.ImportFrom):
            steps = package.split(".")[: 1 - node.level or None] if node.level else []
            module = sys.modules.get(".".join((*steps, *([node.module] if node.module else []))))
            if module is not None and is_users(module):
                used = (one.name for one in node.names if (one.asname or one.name) in names)
                yield from ((module, name) for name in used)


def _stale(
    name: str, module: types.ModuleType, expected: str, got: str, given_as: str
) -> UsageError:
    return UsageError(
        argument(given_as),
        f"import it again: importlib.reload({module.__name__}), or start anew; give what should "
        "differ from the file as an argument",
        where=f"{name}: {module.__name__}",
        expected=expected,
        got=got,
    )


def _said(code: types.CodeType) -> tuple[Any, ...]:
    inner = [_said(one) if isinstance(one, types.CodeType) else repr(one) for one in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, inner


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
