"""The source of a function with what it needs of its module, read without running the module."""

from __future__ import annotations

import ast
import builtins
import copy
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path

from whichext.load.scaffold_needs import binds, needed, reads
from whichext.model.errors import UsageError, closest, describe_error
from whichext.model.inline import argument

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


@dataclass(frozen=True)
class Source:
    """A function as its author wrote it."""

    name: str
    """Its name."""
    text: str
    """Its text, behind those statements of its module that it needs."""
    bare: str
    """The same without annotations of its own, and what these need."""
    function: ast.FunctionDef
    """The function, parsed."""
    names: frozenset[str]
    """The names that its text binds, besides `np` for NumPy."""
    is_plain: bool
    """Whether it is loops over numbers and arrays alone, which compilers of Python know."""
    where: str
    """Its file and name, for errors."""


def read_source(reference: object) -> Source:
    """Read a function named as `module:function` or `path.py:function`.

    Raises:
        UsageError: There is no such file or function, or it cannot be read.

    """
    named, colon, name = str(reference).rpartition(":")
    if not colon or not named or not name.isidentifier():
        raise UsageError(
            argument("reference", str(reference)),
            argument("reference", "filters.py:smooth"),
            expected="MODULE:FUNCTION or FILE.py:FUNCTION",
        )
    path = _file_of(named, str(reference))
    try:
        tree = ast.parse(text := path.read_text("utf-8"))
    except (OSError, SyntaxError, ValueError) as error:
        raise UsageError(
            argument("reference", str(reference)),
            f"see that {path} is a file of Python",
            expected="a file that can be read",
            got=describe_error(error),
        ) from error
    functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
    if name not in functions:
        near = closest(name, [*functions]) if functions else ""
        step = argument("reference", f"{named}:{near}") if near else "name another file"
        raise UsageError(
            f"{path} has no function {name} at its top",
            step,
            choices=[*functions],
            expected="" if functions else "a file with functions",
        )
    return _sliced(tree, text, functions[name], path)


def _sliced(tree: ast.Module, text: str, function: ast.FunctionDef, path: Path) -> Source:
    """A function with what it needs of its module."""
    where = f"{path.name}:{function.name}"
    statements = needed(tree, function)
    stripped = _without_annotations(function)
    if stripped is function:
        bare = statements
    else:
        body: list[ast.stmt] = [stripped if one is function else one for one in tree.body]
        bare = needed(ast.Module(body, []), stripped)
    _check(statements, bare, path, where)
    return Source(
        name=function.name,
        text=_joined(text, statements),
        bare=_joined(text, bare, stripped if stripped is not function else None),
        function=function,
        names=_names(statements),
        is_plain=_is_plain(bare, stripped),
        where=where,
    )


def _without_annotations(function: ast.FunctionDef) -> ast.FunctionDef:
    """A function whose parameters and answer have none; itself where they have none anyway."""
    takes = (*function.args.posonlyargs, *function.args.args)
    if function.returns is None and all(one.annotation is None for one in takes):
        return function
    stripped = copy.deepcopy(function)
    stripped.returns = None
    for one in (*stripped.args.posonlyargs, *stripped.args.args):
        one.annotation = None
    return stripped


def _file_of(named: str, reference: str) -> Path:
    """The file of a module, which is found and not imported; parents of it are."""
    if named.endswith(".py"):
        return Path(named).expanduser()
    try:
        found = importlib.util.find_spec(named)
        if found is None and (beside := Path(*named.split(".")).with_suffix(".py")).is_file():
            return beside
    except (ImportError, OSError, ValueError) as error:
        found, why = None, describe_error(error)
    else:
        why = "no such module"
    if found is None or not str(found.origin).endswith(".py"):
        raise UsageError(
            argument("reference", reference),
            "name the file instead, such as "
            f"{argument('reference', f'path/{named}.py:' + reference.rpartition(':')[2])}",
            expected="a module with a source in Python",
            got=why if found is None else f"one without: {found.origin}",
        )
    return Path(str(found.origin))


def _check(statements: list[ast.stmt], bare: list[ast.stmt], path: Path, where: str) -> None:
    """Refuse a function of which a copy would not work in another folder."""
    for one in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(one, ast.ImportFrom) and one.level:
            raise UsageError(
                f"{where} needs `{ast.unparse(one)}`",
                "import it by its full name, so that a copy of the function works elsewhere",
                expected="imports that work in any folder",
                got="a relative one",
            )
        if beside := next((n for n in _imported(one) if _is_beside(n, path.parent)), None):
            raise UsageError(
                f"{where} needs `{ast.unparse(one)}`",
                f"install {beside} as a package, or move what is needed of it into {path.name}",
                expected="imports that work in any folder",
                got=f"a module that lies beside {path.name}",
            )
    bound = {name for one in statements for name in binds(one)}
    if absent := sorted(set[str]().union(*map(reads, bare)) - bound - {*dir(builtins)}):
        raise UsageError(
            f"{where} needs {absent[0]}",
            f"import or assign {absent[0]} by its name in {path.name}",
            expected="names that a statement at the top of its file makes",
            got="none that does",
        )


def _names(statements: list[ast.stmt]) -> frozenset[str]:
    """What statements bind, without NumPy's usual name."""
    bound = {name for one in statements for name in binds(one)}
    nodes = (node for one in statements for node in ast.walk(one) if isinstance(node, ast.alias))
    return frozenset(bound - {n.asname for n in nodes if (n.name, n.asname) == ("numpy", "np")})


def _imported(node: ast.AST) -> list[str]:
    """Packages that a statement imports by their full names."""
    match node:
        case ast.Import():
            return [one.name.partition(".")[0] for one in node.names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module.partition(".")[0]]
        case _:
            return []


def _is_beside(name: str, folder: Path) -> bool:
    """Whether a module is found only by what is run in its folder."""
    places = (folder / f"{name}.py", folder / name / "__init__.py")
    if name in sys.stdlib_module_names or (folder / "__init__.py").is_file():
        return False
    lasting = {Path(one).resolve() for one in sys.path if one} - {Path().resolve()}
    return any(one.is_file() for one in places) and folder.resolve() not in lasting


def _text_of(text: str, statement: ast.stmt) -> str:
    """Its lines with their comments; only its own part of a line that others share."""
    decorators = getattr(statement, "decorator_list", [])
    first, last = min([statement.lineno, *(one.lineno for one in decorators)]), statement.end_lineno
    lines = text.split("\n")[first - 1 : last]
    behind = lines[-1].encode()[statement.end_col_offset :].strip()
    if statement.col_offset or behind.startswith(b";"):
        return ast.get_source_segment(text, statement) or ""
    return "\n".join(lines)


def _joined(text: str, statements: list[ast.stmt], changed: ast.stmt | None = None) -> str:
    """The texts of statements, with two blank lines around functions and classes.

    Args:
        text: What they were parsed from.
        statements: Those that are wanted.
        changed: One of them whose text is not in there.

    """
    apart = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    found, before = "", None
    for one in statements:
        gap = "\n\n\n" if isinstance(one, apart) or isinstance(before, apart) else "\n"
        found += gap if before is not None else ""
        found += ast.unparse(one) if one is changed else _text_of(text, one)
        before = one
    return found


def _is_plain(statements: list[ast.stmt], function: ast.FunctionDef) -> bool:
    """Whether nothing is in it that a compiler of Python's loops may not know."""
    modules = set[str]()
    for one in statements:
        if isinstance(one, ast.Import):
            if any(_MODULES.get(n.name) != (n.asname or n.name) for n in one.names):
                return False
            modules |= {n.asname or n.name for n in one.names}
        elif one is not function:
            return False
    if function.decorator_list:
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
