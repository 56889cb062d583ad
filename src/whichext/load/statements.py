"""What a kernel.py states, checked when it is loaded: before anything is built or raced."""

from __future__ import annotations

import difflib
import inspect
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
import numpy as np

from whichext.load.forms import all_parameters, check_form
from whichext.model.case import ANY_TEXT, Case, Layout, dtype_text
from whichext.model.errors import KernelError, closest, describe_error
from whichext.model.kernel import Kernel, Tolerance

_DTYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "complex64", "complex128"),
    *("datetime64[ns]", "timedelta64[ns]"),
)
"""Those of which a misspelt name may be one."""


_MOST_CALLERS = 256
_ABSENT = object()
_KNOWN = ("callers", "forked", "summary", "family", "shape", "dtype", "layout")
"""Keywords of a case that have a meaning."""
_LIKE = 0.8  # of 1, in difflib's ratio: what looks more like a keyword is a misspelt one
_AMOUNTS = {
    "bytes_moved": "bytes that a call must read and write, such as array.nbytes",
    "operations": "operations that a call must do",
}
"""What a kernel may say of the work in a case."""
NOT_IN_NAMES = "@[],*?"
"""Signs that a name of a contestant, or a pattern of names, has for something else."""
A_TOLERANCE = "a Tolerance, or a function of two answers"
"""What an author or a caller may give as one, for errors."""


def check_statements(name: str, kernel: Kernel) -> None:
    """Refuse a kernel whose author has something to fix.

    Args:
        name: Of the kernel.
        kernel: As its author stated it, of whatever types.

    Raises:
        KernelError: The first thing that is not what it must be.

    """
    _check_texts(name, kernel)
    _check_functions(name, kernel)
    _check_named_functions(name, kernel)
    _check_tolerance(name, kernel.tolerance)
    _check_dtypes(name, kernel.dtypes)
    _check_arguments(name, kernel)
    _check_cases(name, kernel.cases)
    check_form(name, kernel)
    for case in kernel.cases:
        _check_amounts(name, kernel, case)


def _refuse(where: str, what: str, expected: str, got: str, next_step: str) -> None:
    raise KernelError(what, next_step, where=where, expected=expected, got=got)


def _check_texts(name: str, kernel: Kernel) -> None:
    told: dict[str, object] = {
        "question": kernel.question,
        "reference_name": kernel.reference_name,
        "origin": "-" if kernel.origin is None else kernel.origin,
    }
    for field, value in told.items():
        if not isinstance(value, str) or not (value.strip() or field == "origin"):
            example = "How fast can rows be added?" if field == "question" else "numpy"
            _refuse(name, field, "a text", repr(value), f'give Kernel({field}="{example}")')
    factors: object = kernel.reference_factors
    if not _is_mapping(factors, str):
        next_step = 'give Kernel(reference_factors={"order": "row"})'
        _refuse(name, "reference_factors", "texts by names", repr(factors), next_step)


def _check_functions(name: str, kernel: Kernel) -> None:
    examples = {
        "reference": "numpy.sum",
        "inputs": "lambda case: (numpy.ones(case.n),)",
        "bytes_moved": "lambda case: 8 * case.n",
        "operations": "lambda case: 2 * case.n",
    }
    for field, example in examples.items():
        value: object = getattr(kernel, field)
        if not callable(value) and not (field in _AMOUNTS and value is None):
            _refuse(name, field, "a function", repr(value), f"give Kernel({field}={example})")
    refused: object = kernel.refused
    if not _is_mapping(refused, Callable):
        next_step = 'give Kernel(refused={"no array": lambda: (None,)})'
        _refuse(name, "refused", "functions without arguments by names", repr(refused), next_step)


def _check_named_functions(name: str, kernel: Kernel) -> None:
    """Refuse functions beside the reference that could not be called, or not be asked for."""
    stated: object = kernel.functions
    give = 'give Kernel(functions={"vectorised": vectorised})'
    if not isinstance(stated, Mapping):
        _refuse(name, "functions", "functions by names", repr(stated), give)
        return
    for called, function in stated.items():
        if not is_name(called):
            expected = f"a name without any of {NOT_IN_NAMES}"
            _refuse(name, "functions", expected, repr(called), give)
        if called == kernel.reference_name:
            expected = "names that the reference does not have"
            _refuse(name, "functions", expected, repr(called), "rename one of the two")
        if kernel.stateful is not None and not isinstance(function, type):
            next_step = "give the classes themselves, or leave out stateful"
            expected = "classes, since stateful is given"
            _refuse(f"{name}: {called}", "functions", expected, repr(function), next_step)
        if not callable(function):
            _refuse(f"{name}: {called}", "functions", "a function", repr(function), give)
        method = getattr(kernel.stateful, "method", None)
        if method is not None and not callable(getattr(function, method, None)):
            next_step = f"give it a method {method}, or leave it out"
            expected, got = f"classes with the method {method}", repr(function)
            _refuse(f"{name}: {called}", "functions", expected, got, next_step)


def is_name(value: object) -> bool:
    """Whether a function may be called so: patterns of entries have other meanings for a sign."""
    return isinstance(value, str) and bool(value.strip()) and not set(value) & set(NOT_IN_NAMES)


def _is_mapping(value: object, kind: Any) -> bool:
    """Whether it has texts as keys, and values of a kind."""
    if not isinstance(value, Mapping):
        return False
    return all(isinstance(key, str) and isinstance(one, kind) for key, one in value.items())


def _check_tolerance(name: str, stated: object) -> None:
    """No difference can be less than NaN or a negative number, and any is less than infinity."""
    tolerance = Tolerance.of(stated)
    if tolerance is None:
        next_step = (
            "give Kernel(tolerance=Tolerance(...)) or a function such as numpy.allclose, "
            "or leave it out to compare exactly"
        )
        _refuse(name, "tolerance", A_TOLERANCE, repr(stated), next_step)
        return
    equal: object = tolerance.equal
    if equal is not None:
        if not callable(equal):
            next_step = "give Tolerance(equal=numpy.allclose)"
            _refuse(name, "Tolerance(equal=...)", "a function", repr(equal), next_step)
        return
    told: dict[str, object] = {"relative": tolerance.relative, "absolute": tolerance.absolute}
    for field, value in told.items():
        if not (isinstance(value, (int, float)) and 0 <= value < math.inf):
            next_step = f'give Tolerance({field}=1e-12, reason="sums may be added in any order")'
            _refuse(name, f"Tolerance({field}=...)", "a number from 0 on", repr(value), next_step)
    if not tolerance.is_exact and not tolerance.reason:
        raise KernelError(
            "tolerance",
            'give Tolerance(..., reason="sums may be added in any order"), or compare exactly',
            where=name,
            expected="a reason why answers may differ from the reference's",
            got=f"Tolerance(relative={tolerance.relative:g}, "
            f"absolute={tolerance.absolute:g}) without",
        )


def _check_dtypes(name: str, dtypes: object) -> None:
    if isinstance(dtypes, str) or not isinstance(dtypes, Iterable):
        next_step = 'give Kernel(dtypes=("float64",))'
        _refuse(name, "dtypes", "a tuple of NumPy's names", repr(dtypes), next_step)
        return
    for dtype in dtypes:
        if not is_dtype(dtype):
            expected = "NumPy's names of dtypes, such as int64 or datetime64[ns]"
            _refuse(name, "dtypes", expected, repr(dtype), f'write "{_nearest_dtype(dtype)}"')


def _check_arguments(name: str, kernel: Kernel) -> None:
    """What calls may be given, and how they say no."""
    stated: object = kernel.arguments
    each = stated.values() if isinstance(stated, Mapping) else [stated]
    for one in each if stated is not None else ():
        if not hasattr(one, "example"):  # as strategies have, which are not imported for this
            next_step = 'give arguments={"values": whichext.strategies.array()}'
            _refuse(name, "arguments", "strategies, by name or of tuples", repr(one), next_step)
    known = all_parameters(kernel.reference)
    if isinstance(stated, Mapping) and known:
        _check_named(name, stated, known, kernel.reference)
    _check_refuses(name, kernel.refuses)


def _check_named(
    name: str, stated: Mapping[object, object], known: list[str], function: Callable[..., Any]
) -> None:
    """Whether strategies are named like the reference's parameters, and none that it needs lacks.

    Those of a class are the parameters of its constructor, so of a stream there is no name.
    """
    for argument in stated:
        if argument not in known:
            expected = f"names of the reference's arguments ({', '.join(known)})"
            next_step = f'write "{closest(str(argument), known)}"'
            _refuse(name, "arguments", expected, repr(argument), next_step)
    for parameter in inspect.signature(function).parameters.values():
        if parameter.default is parameter.empty and parameter.name not in stated:
            expected = "a strategy for each argument that has no default"
            next_step = f'add a strategy for "{parameter.name}", such as strategies.array()'
            _refuse(name, "arguments", expected, f"none for {parameter.name!r}", next_step)


def _check_refuses(name: str, refuses: object) -> None:
    kinds = refuses if isinstance(refuses, tuple) else (refuses,)
    if not kinds or not all(isinstance(one, type) and issubclass(one, Exception) for one in kinds):
        next_step = "give Kernel(refuses=(IndexError,))"
        _refuse(name, "refuses", "a tuple of exceptions", repr(refuses), next_step)


def _check_cases(name: str, cases: object) -> None:
    give = "give Kernel(cases=(Case(...),))"
    if not isinstance(cases, tuple | list):
        _refuse(name, "cases", "a tuple of whichext.Case", repr(cases), give)
        return
    if not cases:
        _refuse(name, "cases", "at least one case", "none", give)
    for case in cases:
        if not isinstance(case, Case):
            _refuse(name, "cases", "only whichext.Case(...)", repr(case), give)
    check_unique(name, "case names", [case.name for case in cases])
    for case in cases:
        _check_case(f"{name}: case {case.name}", case)


def _check_case(where: str, case: Case) -> None:
    """Its parts, since a struct of msgspec takes whatever it is given."""
    _check_calls(where, case.callers, case.forked)
    try:
        msgspec.convert(msgspec.to_builtins(case), Case)
    except (msgspec.ValidationError, TypeError) as error:
        expected = "texts for its name, summary and family"
        _refuse(where, "Case(...)", expected, str(error), 'give Case("small", n=1000)')
    if not case.name:
        _refuse(where, "Case(...)", "a name", repr(case.name), 'give Case("small", n=1000)')
    _check_spelling(where, case.params)
    _check_usual(where, case.params)


def _check_spelling(where: str, params: Iterable[str]) -> None:
    """Refuse what looks like a keyword with a meaning; what has all of it, as shape_b, is none."""
    for param in params:
        for known in _KNOWN:
            ratio = difflib.SequenceMatcher(None, param, known).ratio()
            if ratio > _LIKE and known not in param:
                expected = f"a name that is not nearly {known}"
                next_step = f"did you mean {known}? If not, rename the parameter"
                _refuse(where, f"parameter {param}", expected, repr(param), next_step)


def _check_calls(where: str, callers: object, forked: object) -> None:
    """How its calls are made; True counts as 1 in Python, and is no number of threads."""
    is_whole = isinstance(callers, int) and not isinstance(callers, bool)
    if not is_whole or callers not in range(1, _MOST_CALLERS + 1):
        expected = f"a whole number of threads that call at once, 1 to {_MOST_CALLERS}"
        next_step = "give Case(callers=4, ...), or leave it out for one caller"
        _refuse(where, "callers", expected, repr(callers), next_step)
    if not isinstance(forked, bool):
        next_step = "give Case(forked=True, ...) for calls in a forked child, or leave it out"
        _refuse(where, "forked", "True or False", repr(forked), next_step)


def _check_usual(where: str, params: Mapping[str, Any]) -> None:
    """The parameters of an array, which have a usual meaning."""
    shape, dtype, layout = (params.get(name, _ABSENT) for name in ("shape", "dtype", "layout"))
    if shape is not _ABSENT and not (
        isinstance(shape, tuple) and all(type(n) is int and n >= 0 for n in shape)
    ):
        expected = "whole numbers from 0 on"
        _refuse(where, "shape", expected, repr(shape), "give the lengths: shape=(1000,)")
    if dtype is not _ABSENT and not is_dtype(dtype, any_order=True):
        next_step = f'write "{_nearest_dtype(dtype)}"'
        _refuse(where, "dtype", "NumPy's name of a dtype", repr(dtype), next_step)
    if layout is not _ABSENT and layout not in tuple(Layout):
        _refuse(where, "layout", "C or F", repr(layout), 'write layout="F"')


def _check_amounts(name: str, kernel: Kernel, case: Case) -> None:
    """What the kernel says of the work in a case, where it says anything."""
    where, expected = f"{name}: case {case.name}", "a whole number from 0 on"
    for field, unit in _AMOUNTS.items():
        of_case: Callable[[Case], object] | None = getattr(kernel, field)
        if of_case is None:
            continue
        what, next_step = f"{field}(case)", f"let it return the {unit}, or leave it out"
        try:
            amount = of_case(case)
        except Exception as error:
            _refuse(where, what, expected, describe_error(error), next_step)
        else:
            if isinstance(amount, bool) or not _is_count(amount):
                _refuse(where, what, expected, repr(amount), next_step)


def _is_count(value: Any) -> bool:
    """Whether it is a whole number from 0 on, also one of NumPy."""
    try:
        return operator.index(value) >= 0
    except TypeError:
        return False


def check_unique(kernel: str, what: str, names: list[str]) -> None:
    """Refuse names that are given twice."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        _refuse(kernel, what, "each once", f"{twice[0]!r} twice", "rename one of the two")


def is_dtype(name: object, *, any_order: bool = False) -> bool:
    """Whether it is the one name that NumPy has for a dtype, and where told, in any byte order."""
    try:
        dtype = np.dtype(name)  # type: ignore[call-overload]  # whatever an author wrote
        is_usual = str(dtype) == name or name == ANY_TEXT
        return is_usual and (any_order or bool(dtype.isnative))
    except (TypeError, ValueError, SyntaxError):  # the last for "[", which NumPy parses as Python
        return False


def _nearest_dtype(name: object) -> str:
    """The name of a dtype that an author may have meant."""
    text = str(name)
    return ANY_TEXT if dtype_text(ANY_TEXT) in text else closest(text, _DTYPES)
