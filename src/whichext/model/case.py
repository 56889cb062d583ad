"""Cases: what a kernel makes inputs for, a name and parameters.

What the parameters mean is the kernel's own affair: its `inputs` read them. Three have a usual
meaning, which reports know: `shape`, `dtype` and `layout` of an array.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from whichext.model.errors import KernelError
from whichext.model.units import shape_text

_EXAMPLE = 'give numbers, texts, None, or tuples and dicts of them: Case("large", n=10**7)'

ANY_TEXT = "T"
"""The dtype of texts of any length; NumPy takes its own name of it, StringDType(), for none."""


def dtype_text(name: str) -> str:
    """A dtype for a reader: NumPy's name, and where that is a letter alone, its class."""
    return "StringDType" if name == ANY_TEXT else name


class Layout(StrEnum):
    """Order of an array's elements in memory."""

    C = "C"
    """Row after row, the last index fastest: what NumPy makes by default."""
    F = "F"
    """Column after column, the first index fastest: what `.T` of a C-order array is."""


@dataclass(frozen=True, init=False)
class Case:
    """One input of a kernel, such as `Case("large", n=10**7)`.

    A parameter is read as `case.n` or `case["n"]`. Those of an array have usual names: `shape` in
    elements, `dtype` by NumPy's name, and `layout`, "C" where it is not given.

    Raises:
        KernelError: A parameter is no value that JSON has, or its name is not free.

    Attributes:
        name: Short name, by which it is selected.
        params: Its parameters by name, given as keywords: values that JSON has; lists become
            tuples.
        summary: One line: what this case shows.
        family: Name of a series of cases that differ in one thing, such as "sweep". Its cases race
            only where the family or the case is named; cases without a family race by default.
        callers: Python threads that call at once, all with the same arguments; the tail of their
            latencies is then measured as well.
        forked: Whether the calls are made in a forked child of a process that has called before; by
            all of the callers where there are several.

    """

    name: str
    params: dict[str, Any]
    summary: str = ""
    family: str | None = None
    callers: int = 1
    forked: bool = False

    def __init__(
        self,
        name: str,
        *,
        summary: str = "",
        family: str | None = None,
        callers: int = 1,
        forked: bool = False,
        **params: Any,
    ) -> None:
        told = {
            "name": name,
            "params": params,
            "summary": summary,
            "family": family or None,
            "callers": callers,
            "forked": forked,
        }
        for field, value in told.items():
            object.__setattr__(self, field, value)
        self.__post_init__()

    def __post_init__(self) -> None:
        """Bring the parameters to the form that they have after they were written and read."""
        where = f"case {self.name}"
        for name in self.params:
            if name.startswith("_") or hasattr(Case, name) or name in _FIELDS:
                what, expected = f"parameter {name}", "a name that a case has no use for itself"
                raise KernelError(what, "rename it", where=where, expected=expected, got=repr(name))
        params = {name: _frozen(where, name, value) for name, value in self.params.items()}
        object.__setattr__(self, "params", params)

    def __hash__(self) -> int:
        return hash(self.name)

    def __getitem__(self, parameter: str) -> Any:
        """The value of a parameter.

        Raises:
            KeyError: There is none of this name.

        """
        return self.params[parameter]

    def __getattr__(self, parameter: str) -> Any:
        """The value of a parameter."""
        params = self.__dict__.get("params", {})
        if parameter in params:
            return params[parameter]
        if parameter in _USUAL:
            return _USUAL[parameter]
        known = ", ".join(params) or "none"
        name = self.__dict__.get("name")
        raise AttributeError(f"case {name} has no parameter {parameter}; it has {known}")

    @classmethod
    def sweep(cls, name: str, over: str, values: Iterable[Any], **fixed: Any) -> tuple[Case, ...]:
        """A family of cases that differ in one parameter.

        Args:
            name: Name of the family, and the beginning of each case's name.
            over: Name of the parameter.
            values: Its values, one for each case.
            **fixed: Other parameters, and what else a case takes; the same in all of them.

        """
        return tuple(
            cls(f"{name}-{value}", **{"family": name, over: value, **fixed}) for value in values
        )

    def but(self, **params: Any) -> Case:
        """The same case with another name, or with other values of some parameters."""
        told = {field: value for field, value in vars(self).items() if field != "params"}
        return Case(**{**told, **self.params, **params})

    def halved(self) -> Case | None:
        """The same case with half of its greatest whole number, such as a length; None below 2."""
        whole = {name: max(_whole(value), default=0) for name, value in self.params.items()}
        name = max(whole, key=whole.__getitem__, default="")
        if whole.get(name, 0) < 2:
            return None
        value = self.params[name]
        if type(value) is int:
            return self.but(**{name: value // 2})
        place = value.index(whole[name])
        return self.but(**{name: (*value[:place], value[place] // 2, *value[place + 1 :])})

    @property
    def text(self) -> str:
        """Its parameters for a reader, such as "(100, 1,000,000) int64, C order"; may be empty."""
        others = dict(self.params)
        parts = []
        if _is_shape(others.get("shape")) and isinstance(others.get("dtype"), str):
            dtype = dtype_text(others.pop("dtype"))
            parts.append(f"{shape_text(others.pop('shape'))} {dtype}")
            parts.append(f"{others.pop('layout', Layout.C)} order")
        if isinstance(others.get("dtype"), str):
            others["dtype"] = dtype_text(others["dtype"])
        told = (
            f"{name}={_short(one)}"
            for name, one in others.items()
            if one is not None and self.name != f"{name} {one}"  # else its name says so
        )
        return ", ".join((*parts, *told))

    @property
    def magnitude(self) -> float:
        """The product of all whole numbers among its parameters, also of those of a shape.

        It stands for the size of the case where the kernel states none.
        """
        return float(math.prod(max(1, abs(n)) for one in self.params.values() for n in _whole(one)))


def identity_of(case: Case) -> str:
    """What its inputs are made from and how it is called, as a text; not what is said of it.

    Cases of two results that have one name may be different ones.
    """
    params = {**_USUAL, **case.params}
    return json.dumps([case.name, params, case.callers, case.forked], sort_keys=True)


def in_order(cases: Iterable[Case]) -> list[Case]:
    """Cases as they come, but those of a family together, from the smallest to the largest."""
    every = [*cases]
    places: dict[str, int] = {}
    for place, case in enumerate(every):
        places.setdefault(case.family or "", place)

    def rank(place: int) -> tuple[int, float]:
        family = every[place].family
        return (places[family], every[place].magnitude) if family else (place, 0.0)

    return [every[place] for place in sorted(range(len(every)), key=rank)]


_FIELDS = frozenset(field.name for field in fields(Case))
_USUAL = {"layout": Layout.C, "variant": None}
"""Parameters that may be left out."""


def _frozen(where: str, name: str, value: Any) -> Any:
    """A value as JSON gives it back, with tuples for its lists.

    Raises:
        KernelError: JSON has no such value.

    """
    match value:
        case tuple() | list():
            return tuple(_frozen(where, name, one) for one in value)
        case dict() if all(isinstance(key, str) for key in value):
            return {key: _frozen(where, name, one) for key, one in value.items()}
        case str():
            return Layout(value) if name == "layout" and value in tuple(Layout) else str(value)
        case None | bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
    expected, got = "a value that JSON has", repr(value)
    raise KernelError(f"parameter {name}", _EXAMPLE, where=where, expected=expected, got=got)


def _is_shape(value: Any) -> bool:
    return isinstance(value, tuple) and all(type(length) is int for length in value)


def _whole(value: Any) -> tuple[int, ...]:
    """The whole numbers of a value, apart from truth values."""
    if type(value) is int:
        return (value,)
    return value if _is_shape(value) else ()


def _short(value: Any) -> str:
    """A parameter's value for a reader; digits of whole numbers are in groups."""
    return f"{value:,}" if type(value) is int else str(value)
