"""Arguments of a new kernel: as they are typed, and as a function's annotations say them."""

from __future__ import annotations

import ast
import difflib
import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass

from whichext.model.errors import UsageError, closest
from whichext.model.inline import argument

SCALARS = ("int", "float", "bool", "str", "bytes")
DTYPES = (
    *("float64", "float32", "int64", "int32", "int16", "int8"),
    *("uint64", "uint32", "uint16", "uint8"),
)
KINDS = (
    "float64[:] or float64[:,:], one of float32, int8 to int64 or uint8 to uint64 in its place, "
    "int, float, bool, str or bytes"
)

_ARRAY = re.compile(r"(\w+)\s*\[\s*:\s*(,\s*:\s*)?\]")
_OF_NUMPY = re.compile(r"(?:\w+\.)?(?:NDArray|ndarray)(?:\[(.*)\])?")
_OPTIONAL = re.compile(r"(?:\w+\.)?Optional\[(.*)\]|(.*?)\s*\|\s*None|None\s*\|\s*(.*)")
_SEQUENCE = re.compile(r"(?:\w+\.)?(?:[Ll]ist|[Ss]equence|[Ii]terable|[Tt]uple)(?:\[.*\])?")
_OF_C = {"double": "float64", "float": "float64", "int": "int64", "long": "int64", "bool": "uint8"}
"""Other names of dtypes, and which of those above has room for their values."""
_LIKE = 0.6  # of 1, in difflib's ratio: what looks less like a name was not meant
_DTYPE = re.compile(r"\b(?:np|numpy)\.(\w+)\b(?!\.|\[)")


@dataclass(frozen=True)
class Argument:
    """One argument of the function that a new kernel is about."""

    name: str
    """Its name."""
    kind: str
    """"array", or a type of Python."""
    dtype: str = ""
    """NumPy's name of the dtype of an array."""
    ndim: int = 0
    """Number of axes of an array."""

    @property
    def typed(self) -> str:
        """Its type, as it is typed."""
        return self.kind if self.kind != "array" else f"{self.dtype}[{','.join(':' * self.ndim)}]"

    @property
    def text(self) -> str:
        """In words, for comments and errors."""
        if self.kind != "array":
            return f"{self.kind} {self.name}"
        return f"{self.dtype} array {self.name} of {self.ndim} ax{'e' if self.ndim > 1 else 'i'}s"


def typed_arguments(texts: Iterable[object]) -> tuple[Argument, ...]:
    """Arguments such as `values=float64[:]`, in the order in which they were given.

    Raises:
        UsageError: One of them is none or has a keyword as its name, or two have the same.

    """
    found: dict[str, Argument] = {}
    for text in texts:
        name, equals, kind = str(text).partition("=")
        name = name.strip()
        if not equals or not name.isidentifier():
            raise UsageError(
                argument("args", str(text)),
                argument("args", "values=float64[:]"),
                expected="NAME=TYPE",
            )
        if keyword.iskeyword(name):
            raise UsageError(
                argument("args", str(text)),
                argument("args", f"{name}_={kind.strip()}"),
                expected="a name that a parameter can have",
                got=f"{name}, a word of Python's own",
            )
        if name in found:
            raise UsageError(
                argument("args", str(text)),
                "leave out one of the two",
                expected="each name once",
            )
        found[name] = _of_type(name, kind.strip(), argument("args", f"{name}={kind.strip()}"))
    return tuple(found.values())


def annotated_arguments(
    function: ast.FunctionDef, given: tuple[Argument, ...], where: str
) -> tuple[Argument, ...]:
    """The arguments of a function: as they were given, else as its annotations say.

    What has a default and neither of the two is left to its default. `where` is file and name.

    Raises:
        UsageError: One of them has no type, or one that is not supported, or there are none.

    """
    takes = function.args
    if takes.vararg or takes.kwarg or any(one is None for one in takes.kw_defaults):
        raise UsageError(
            f"{where}: its parameters",
            "write a function with plain parameters around it",
            expected="parameters that are given by place",
            got=f"({ast.unparse(takes)})",
        )
    positional = [*takes.posonlyargs, *takes.args]
    _check_names(given, [one.arg for one in positional], where)
    by_name = {one.name: one for one in given}
    first_default = len(positional) - len(takes.defaults)
    found: list[Argument] = []
    for place, one in enumerate(positional):
        if one.arg in by_name:
            found.append(by_name[one.arg])
        elif one.annotation is not None:
            found.append(_annotated(one.arg, one.annotation, where))
        elif place < first_default:
            raise UsageError(
                f"{where}: the type of {one.arg}",
                f"give {argument('args', f'{one.arg}=float64[:]')}",
                expected=KINDS,
                got="nothing",
            )
        else:
            break  # the arguments behind it have defaults as well
    if not found:
        raise UsageError(
            f"{where}: its parameters",
            "name a function that works on its arguments",
            expected="at least one",
            got="none",
        )
    return tuple(found)


def _check_names(given: tuple[Argument, ...], names: list[str], where: str) -> None:
    for one in given:
        if one.name not in names:
            near = closest(one.name, names) if names else ""
            step = argument("args", f"{near}={one.typed}") if near else "leave it out"
            raise UsageError(
                f"{where} has no parameter {one.name}", step, choices=names, got=one.name
            )


def untyped_parameters(function: ast.FunctionDef) -> list[str]:
    """Names of the parameters that need a type and have no annotation."""
    takes = [*function.args.posonlyargs, *function.args.args]
    needs_one = takes[: len(takes) - len(function.args.defaults)]
    return [one.arg for one in needs_one if one.annotation is None]


def _of_type(name: str, kind: str, where: str) -> Argument:
    if kind in SCALARS:
        return Argument(name, kind)
    array = _ARRAY.fullmatch(kind)
    if array and array[1] in DTYPES:
        return Argument(name, "array", array[1], 2 if array[2] else 1)
    raise UsageError(where, _instead(name, kind), expected=KINDS)


def _instead(name: str, kind: str) -> str:
    """What to do about a type that is not supported."""
    if optional := _OPTIONAL.fullmatch(kind):
        kind = next(filter(None, optional.groups()), kind)
    dtype, bracket, _ = kind.partition("[")
    known = {**{one: one for one in (*DTYPES, *SCALARS)}, **(_OF_C if bracket else {})}
    near = difflib.get_close_matches(dtype, known, n=1, cutoff=_LIKE)
    if ":" in kind and (kind.count(",") > 1 or not near):
        return _by_hand()
    if ":" in kind:
        axes = "[:,:]" if "," in kind else "[:]"
        dtype = known[near[0]]
        return f"give {argument('args', f'{name}={dtype}{axes}')}"
    if _SEQUENCE.fullmatch(kind):
        return f"let it take an array, and give {argument('args', f'{name}=float64[:]')}"
    if bracket or not near:
        return _by_hand()
    dtype = near[0]
    typed = dtype if dtype in SCALARS else f"{dtype}[:]"
    return f"give {argument('args', f'{name}={typed}')}"


def _by_hand() -> str:
    return (
        "write a function around it that takes one of these, or a kernel.py by hand, as "
        "docs/kernels.md says"
    )


def _annotated(name: str, annotation: ast.expr, where: str) -> Argument:
    """The argument that an annotation says; an array of NumPy without more has one axis."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        text = annotation.value
    else:
        text = ast.unparse(annotation)
    if numpys := _OF_NUMPY.fullmatch(text):
        dtype = _DTYPE.search(numpys[1] or "")
        if dtype is None and not numpys[1]:
            return Argument(name, "array", "float64", 1)
        if dtype is not None and dtype[1] in DTYPES:
            return Argument(name, "array", dtype[1], 1)
    return _of_type(name, text, f"{where}: the annotation of {name}, {text}")
