"""What the source of a function shows: plain loops, a generator, arguments that it changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_STATEMENTS = (
    *(ast.Return, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.While, ast.If),
    *(ast.Expr, ast.Pass, ast.Break, ast.Continue),
)
_EXPRESSIONS = (
    *(ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Subscript, ast.Slice),
    *(ast.Tuple, ast.Name, ast.Constant, ast.Call, ast.Attribute),
)
_AROUND = (ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context)
_CALLED = {"range", "len", "abs", "min", "max", "int", "float", "bool"}
_ATTRIBUTES = {"shape", "size"}
_OF_MODULES = {
    *("sqrt", "exp", "log", "sin", "cos", "tan", "floor", "ceil", "inf", "nan", "pi", "e"),
    *("zeros", "empty", "ones", "zeros_like", "empty_like", "int64", "float64", "float32"),
}
_MODULES = {"math": "math", "numpy": "np"}
"""Modules of which compilers know these, and the name that they must have."""
_IN_PLACE = frozenset(
    (
        *("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort", "update"),
        *("byteswap", "fill", "partition", "put", "resize", "setfield", "setflags"),
    )
)
"""Methods of lists, dicts and arrays that change these."""
_SAME_MEMORY = frozenset(
    (
        *("asarray", "asanyarray", "ascontiguousarray", "atleast_1d", "ravel", "reshape", "view"),
        *("squeeze", "swapaxes", "transpose"),
    )
)
"""Functions and methods whose answers may lie in the memory of an argument."""


def is_generator(function: ast.FunctionDef) -> bool:
    """Whether a call returns before anything of it has run."""
    return any(isinstance(one, ast.Yield | ast.YieldFrom) for one in _own_nodes(function))


def changed_parameters(function: ast.FunctionDef) -> frozenset[str]:
    """The parameters whose values a call changes, as far as its text shows.

    A name that is bound to a copy, as in `values = values.copy()`, is not the argument any more.
    """
    nodes = list(ast.walk(function))
    takes = function.args
    shares = {one.arg: {one.arg} for one in (*takes.posonlyargs, *takes.args, *takes.kwonlyargs)}
    for node in nodes:
        if isinstance(node, ast.Assign):
            sources = _shared(node.value, shares)
            for target in node.targets:
                if isinstance(target, ast.Name):
                    shares[target.id] = sources
    found = (_changed(node) for node in nodes)
    return frozenset().union(*(_shared(one, shares) for one in found if one is not None))


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All parts of a function, without those of functions in it."""
    for part in ast.iter_child_nodes(node):
        if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield part
            yield from _own_nodes(part)


def _changed(node: ast.AST) -> ast.expr | None:
    """The expression whose value a part of a function changes."""
    match node:
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store()):
            return node.value
        case ast.AugAssign(target=ast.Name() as name):
            return name
        case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in _IN_PLACE:
            return value
        case ast.keyword(arg="out"):
            return node.value
        case _:
            return None


def _shared(value: ast.expr, shares: dict[str, set[str]]) -> set[str]:
    """The parameters in whose values that of an expression may lie."""
    match value:
        case ast.Name():
            return shares.get(value.id, set())
        case ast.Subscript() | ast.Attribute() | ast.Starred():
            return _shared(value.value, shares)
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in _SAME_MEMORY:
            found = (_shared(one, shares) for one in (owner, *value.args[:1]))
            return set[str]().union(*found)
        case _:
            return set()


def is_plain(statements: list[ast.stmt], function: ast.FunctionDef) -> bool:
    """Whether nothing is in it that a compiler of Python's loops may not know."""
    modules = set[str]()
    for one in statements:
        if isinstance(one, ast.Import):
            if any(_MODULES.get(n.name) != (n.asname or n.name) for n in one.names):
                return False
            modules |= {n.asname or n.name for n in one.names}
        elif one is not function:
            return False
    if function.decorator_list or function.args.kwonlyargs:  # Numba ignores the latter's defaults
        return False
    return all(_is_plain_node(node, modules) for part in function.body for node in ast.walk(part))


def _is_plain_node(node: ast.AST, modules: set[str]) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name), keywords=[]):
            return name in _CALLED
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name)), keywords=[]):
            return name in modules
        case ast.Call():
            return False
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in modules:
            return attribute in _OF_MODULES
        case ast.Attribute(attr=attribute):
            return attribute in _ATTRIBUTES
        case ast.For(orelse=[_, *_]) | ast.While(orelse=[_, *_]):
            return False
        case _:
            return isinstance(node, (*_STATEMENTS, *_EXPRESSIONS, *_AROUND))
