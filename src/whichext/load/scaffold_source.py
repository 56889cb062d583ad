"""The source of a function with what it needs of its module, read without running the module."""

from __future__ import annotations

import ast
import builtins
import copy
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path

from whichext.load.scaffold_function import changed_parameters, is_generator, is_plain
from whichext.load.scaffold_needs import binds, needed, reads
from whichext.model.errors import UsageError, closest, describe_error
from whichext.model.inline import argument


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
    mutates: frozenset[str]
    """Those of its parameters whose values it changes, as far as its text shows."""
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
    if not colon or not named or not all(one.isidentifier() for one in name.split(".")):
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
        raise _not_found(tree, path, named, name, [*functions])
    return _sliced(tree, text, functions[name], path)


def _not_found(
    tree: ast.Module, path: Path, named: str, name: str, functions: list[str]
) -> UsageError:
    """What there is instead of a function of that name at the top of a file."""
    for what, step in filter(None, (_otherwise(one, name) for one in tree.body)):
        return UsageError(f"{path}: {name}", step, expected="a function at its top", got=what)
    near = closest(name, functions) if functions else ""
    return UsageError(
        f"{path} has no function {name} at its top",
        argument("reference", f"{named}:{near}") if near else "name the file that defines it",
        choices=functions,
        expected="" if functions else "a file with functions",
    )


def _otherwise(one: ast.stmt, name: str) -> tuple[str, str] | None:
    """What a statement binds to the name, which is no function, and what to do."""
    beside = f"write a function beside it that calls {name}, and name that"
    if isinstance(one, ast.ClassDef):
        methods = [part.name for part in one.body if isinstance(part, ast.FunctionDef)]
        if name not in (one.name, *methods, *(f"{one.name}.{method}" for method in methods)):
            return None
        what = "a class" if name == one.name else f"a method of {one.name}"
        return what, f"{beside}; docs/howto/a_class.md has kernels of classes"
    if name not in binds(one):
        return None
    match one:
        case ast.AsyncFunctionDef():
            return "an async function", beside
        case ast.Assign(value=ast.Lambda()):
            return "a lambda", f"write it as def {name}(...)"
        case ast.ImportFrom(module=str(module), level=0):
            return f"imported from {module}", argument("reference", f"{module}:{name}")
        case _:
            return "bound otherwise", beside


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
    if is_generator(function):
        raise UsageError(
            where,
            f"write a function beside it that returns list({function.name}(...)), and name that",
            expected="a function that returns its answer",
            got="a generator",
        )
    return Source(
        name=function.name,
        text=_joined(text, statements),
        bare=_joined(text, bare, stripped if stripped is not function else None),
        function=function,
        mutates=changed_parameters(function),
        names=_names(statements),
        is_plain=is_plain(bare, stripped),
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
        file = f"path/{named.replace('.', '/')}.py:{reference.rpartition(':')[2]}"
        is_path = "/" in named
        raise UsageError(
            argument("reference", reference),
            "name a file of Python, such as filters.py:smooth"
            if is_path
            else f"name the file instead, such as {argument('reference', file)}",
            expected="a file that ends in .py" if is_path else "a module with a source in Python",
            got="" if is_path else why if found is None else f"one without: {found.origin}",
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
    """The texts of statements, with blank lines around functions, classes and behind imports.

    Args:
        text: What they were parsed from.
        statements: Those that are wanted.
        changed: One of them whose text is not in there.

    """
    apart = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    imports = (ast.Import, ast.ImportFrom)
    found, before = "", None
    for one in statements:
        gap = "\n\n\n" if isinstance(one, apart) or isinstance(before, apart) else "\n"
        if gap == "\n" and isinstance(before, imports) and not isinstance(one, imports):
            gap = "\n\n"
        found += gap if before is not None else ""
        found += ast.unparse(one) if one is changed else _text_of(text, one)
        before = one
    return found
