"""The statements of a module that a function needs: those that make its names, or change them.

A table is often made in one statement and filled by others, which bind no name. What a statement
changes is not certain before it runs. So this errs on the side of too many: a statement that is
copied without need costs a line, and one that is missing would change the answers.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator, Mapping

_MEASURES = frozenset(("len", "range", "sum", "abs", "int", "float", "bool", "str", "repr"))
"""Functions of Python's own whose answers share nothing with their arguments."""
_CHANGE = frozenset(("setattr", "delattr", "next", "exec", "eval", "map", "filter"))
_LOOK = frozenset(dir(builtins)) - _CHANGE
"""Functions of Python's own that change none of their arguments."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_IMPORTS = (ast.Import, ast.ImportFrom)


def needed(tree: ast.Module, function: ast.FunctionDef) -> list[ast.stmt]:
    """The function and all statements that it needs, in their order.

    Args:
        tree: The module.
        function: One of its statements.

    """
    module = _Module([one for one in tree.body if not _is_main(one)])
    names, found = reads(function), {id(function)}
    while True:
        more = [
            one
            for one in module.body
            if id(one) not in found and (set(binds(one)) | module.changes(one)) & names
        ]
        if not more:
            return [one for one in tree.body if id(one) in found]
        found |= {id(one) for one in more}
        names = names.union(*map(reads, more))


def binds(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module binds."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            yield from ((one.asname or one.name).partition(".")[0] for one in statement.names)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.name
        case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While():
            for part in ("body", "orelse", "finalbody", "handlers"):
                for one in getattr(statement, part, ()):
                    yield from binds(one)
            for part in ("target", "items"):
                yield from _stored(getattr(statement, part, ()))
        case ast.ExceptHandler():
            for one in statement.body:
                yield from binds(one)
        case _:
            yield from _stored(statement)


def reads(statement: ast.stmt) -> set[str]:
    """The names of the module, or of Python itself, that a statement and its functions use."""
    text = ast.unparse(ast.Module([statement], []))
    tables, found = [symtable.symtable(text, "", "exec")], set[str]()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        found |= {
            one.get_name()
            for one in table.get_symbols()
            if (one.is_referenced() or one.is_declared_global())
            and (one.is_global() or table.get_type() == "module")
        }
    return found


class _Module:
    """What the statements of a module change when they are run."""

    def __init__(self, body: list[ast.stmt]) -> None:
        self.body = body
        nodes = [node for one in body for node in _run_at_once(one)]
        self._fixed = _fixed(nodes)
        imports = (node for node in nodes if isinstance(node, _IMPORTS))
        self._imported = {name for one in imports for name in binds(one)}
        shares: dict[str, set[str]] = {}
        for node in nodes:
            for target, value in _bindings(node):
                for name in _stored(target):
                    shares.setdefault(name, set()).update(_sources(value))
        self._shares = _closed(shares)
        self._effects = self._find_effects()

    def changes(self, statement: ast.stmt) -> set[str]:
        """The names whose values a statement changes, also by the functions that it calls."""
        nodes = list(_run_at_once(statement))
        used = self._shared(node.id for node in nodes if isinstance(node, ast.Name))
        effects = (self._effects[name] for name in used & set(self._effects))
        return self._changed(nodes).union(*effects)

    def _find_effects(self) -> Mapping[str, set[str]]:
        """What each function and each class changes when it is called."""
        kinds = (*_FUNCTIONS, ast.ClassDef)
        nodes = {one.name: list(ast.walk(one)) for one in self.body if isinstance(one, kinds)}
        calls = _closed(
            {
                name: {n.id for n in found if isinstance(n, ast.Name)} & set(nodes)
                for name, found in nodes.items()
            }
        )
        own = {
            name: self._changed(found).union(*(n.names for n in found if isinstance(n, ast.Global)))
            for name, found in nodes.items()
        }
        return {name: own[name].union(*(own[one] for one in calls[name])) for name in nodes}

    def _changed(self, nodes: Iterable[ast.AST]) -> set[str]:
        found = set[str]()
        for node in nodes:
            match node:
                case (
                    ast.Subscript(ctx=ast.Store() | ast.Del())
                    | ast.Attribute(ctx=ast.Store() | ast.Del())
                ):
                    found |= set(_sources(node))
                case ast.Call(func=ast.Name(id=name)) if name in _LOOK:
                    pass
                case ast.Call():
                    found |= set(_sources(node)) - self._imported
                case _:
                    pass
        return self._shared(found) - self._fixed

    def _shared(self, names: Iterable[str]) -> set[str]:
        """The names, and those whose values they may share."""
        found = set(names)
        return found.union(*(self._shares.get(name, ()) for name in found))


def _is_main(statement: ast.stmt) -> bool:
    """Whether an import does not run it: `if __name__ == "__main__"`."""
    return isinstance(statement, ast.If) and any(
        isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.test)
    )


def _run_at_once(node: ast.AST) -> Iterator[ast.AST]:
    """All that runs with a statement, and not only in a later call."""
    yield node
    if isinstance(node, _FUNCTIONS):
        defaults = (*node.args.defaults, *filter(None, node.args.kw_defaults))
        parts: Iterable[ast.AST] = (*node.decorator_list, *defaults)
    else:
        parts = ast.iter_child_nodes(node)
    for part in parts:
        yield from _run_at_once(part)


def _bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr]]:
    """What is bound, and to what."""
    match node:
        case ast.Assign():
            yield from ((target, node.value) for target in node.targets)
        case ast.AnnAssign() | ast.AugAssign() | ast.NamedExpr() if node.value is not None:
            yield node.target, node.value
        case ast.For() | ast.comprehension():
            yield node.target, node.iter
        case ast.withitem() if node.optional_vars is not None:
            yield node.optional_vars, node.context_expr
        case _:
            pass


def _sources(value: ast.AST) -> Iterator[str]:
    """The names with which the value of an expression may share something."""
    match value:
        case ast.Name():
            yield value.id
        case ast.Attribute() | ast.Subscript() | ast.Starred():
            yield from _sources(value.value)
        case ast.Call(func=ast.Name(id=name)) if name in _MEASURES:
            pass
        case ast.Call():
            for part in (value.func, *value.args, *(one.value for one in value.keywords)):
                yield from _sources(part)
        case ast.Tuple() | ast.List() | ast.Set() | ast.Dict() | ast.IfExp() | ast.BoolOp():
            for one in ast.iter_child_nodes(value):
                yield from _sources(one)
        case _:
            pass


def _stored(part: ast.AST | Iterable[ast.AST]) -> Iterator[str]:
    parts = [part] if isinstance(part, ast.AST) else part
    nodes = (node for one in parts for node in _run_at_once(one))
    yield from (n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def _fixed(nodes: list[ast.AST]) -> set[str]:
    """Names that are bound to numbers and texts alone, which nothing changes."""
    bound = [(set(_stored(target)), value) for node in nodes for target, value in _bindings(node)]
    names = set[str]().union(*(found for found, _ in bound))
    return names.difference(*(found for found, value in bound if not _is_constant(value)))


def _is_constant(value: ast.AST) -> bool:
    kinds = (ast.Constant, ast.UnaryOp, ast.BinOp, ast.Tuple)
    parts = (ast.operator, ast.unaryop, ast.expr_context)
    return all(isinstance(node, (*kinds, *parts)) for node in ast.walk(value))


def _closed(links: Mapping[str, set[str]]) -> Mapping[str, set[str]]:
    """All that each name leads to, over any number of links."""
    found = {name: set(others) for name, others in links.items()}
    for others in found.values():
        while more := set[str]().union(*(links.get(one, ()) for one in others)) - others:
            others |= more
    return found
