"""Answers with parts, such as tuples and dicts, and the words for a difference in one of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from whichext.model.change import is_sparse
from whichext.model.forms import Changed, Replayed

PLAIN = frozenset({int, str, bytes, bool, type(None)})
"""Types of single values of which Python's own comparison tells all."""

_TEXTS = (str, bytes, bytearray)  # and NumPy's texts, which are of these
_WIDTH = 80
_NEAR = 20


@dataclass(frozen=True)
class Difference:
    """The first place where an answer differs."""

    expected: str
    """The reference's side."""
    got: str
    """The contestant's side."""
    part: str = ""
    """Where it is in an answer of several parts, such as "['mean'][0]"."""

    def in_words(self) -> Difference:
        """The same, with the part said on the reference's side."""
        return Difference(f"{self.expected} in part {self.part}", self.got)


def describe(value: Any) -> str:
    """A value in a few words."""
    if value is None:
        return "nothing (None)"
    if isinstance(value, Replayed):
        end = "" if value.state is None else f", and then {describe(value.state)} as its state"
        return f"the answers {_short(value.answers)}{end}"
    if isinstance(value, Changed):
        after = ", ".join(f"{name} is {describe(one)}" for name, one in value.after.items())
        return f"{describe(value.returned)}, after which {after}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    kind = type(value).__name__
    if is_sparse(value):
        return f"a {kind} of shape {value.shape} and dtype {value.dtype}"
    text = _short(value)
    return text if text.startswith(f"{kind}(") else f"{kind} {text}"


def kind_of(value: Any) -> str | None:
    """What a value with parts is; None for one without."""
    if _field_names(value) is not None:
        return "fields"
    match value:
        case tuple():
            return "tuple"
        case list():
            return "list"
        case dict():
            return "dict"
        case set() | frozenset():
            return "set"
        case _:
            return None


def find_part(
    expected: Any, got: Any, compare: Callable[[Any, Any], Difference | None]
) -> Difference | None:
    """The first part that differs; None where all agree.

    Args:
        expected: A value with parts.
        got: Any value.
        compare: Compares two parts.

    """
    kind = kind_of(expected)
    if kind != kind_of(got):
        return Difference(describe(expected), describe(got))
    if kind == "set":
        return _compare_sets(expected, got)
    if kind in ("tuple", "list") and _are_alike(expected, got):
        return None
    if kind in ("tuple", "list"):
        if len(expected) != len(got):
            return Difference(f"{len(expected)} results", f"{len(got)} results")
        pairs = enumerate(zip(expected, got, strict=True))
        return _first(((f"[{n}]", *both) for n, both in pairs), compare)
    if kind == "fields":
        expected, got = _fields(expected), _fields(got)
    if expected.keys() != got.keys():
        return _compare_keys(list(expected), list(got), "fields" if kind == "fields" else "keys")
    label = ".{}" if kind == "fields" else "[{!r}]"
    return _first(((label.format(key), expected[key], got[key]) for key in expected), compare)


def compare_texts(expected: Any, got: Any) -> Difference | None:
    """Where two texts, or bytes, begin to differ; None where they do not."""
    if not any(isinstance(expected, kind) and isinstance(got, kind) for kind in _TEXTS):
        return Difference(describe(expected), describe(got))
    if expected == got:
        return None
    if max(len(expected), len(got)) < _WIDTH // 2:
        return Difference(describe(expected), describe(got))
    pairs = enumerate(zip(expected, got, strict=False))
    first = next((n for n, (one, other) in pairs if one != other), min(len(expected), len(got)))
    one, other = (
        f"{text[first : first + _NEAR]!r} from [{first}] on, length {len(text)}"
        for text in (expected, got)
    )
    return Difference(one, other)


def _short(value: Any) -> str:
    text = " ".join(repr(value).split("\n"))
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."


def _field_names(value: Any) -> tuple[str, ...] | None:
    """Names of the fields of a data class or of a named tuple; None of anything else."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return tuple(field.name for field in dataclasses.fields(value))
    names: tuple[str, ...] | None = getattr(value, "_fields", None)
    return names if isinstance(value, tuple) else None


def _are_alike(expected: Sequence[Any], got: Sequence[Any]) -> bool:
    """Whether two sequences of plain values are the same: one by one would take long."""
    types = list(map(type, expected))
    if types != list(map(type, got)):
        return False
    if set(types) == {float}:  # by their bits, as all floats
        return np.array(expected).tobytes() == np.array(got).tobytes()
    return PLAIN.issuperset(types) and expected == got


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in _field_names(value) or ()}


def _first(
    parts: Iterable[tuple[str, Any, Any]], compare: Callable[[Any, Any], Difference | None]
) -> Difference | None:
    """The first of these parts, each with its name, that differs."""
    for name, expected, got in parts:
        found = compare(expected, got)
        if found is not None:
            return replace(found, part=f"{name}{found.part}")
    return None


def _compare_keys(expected: list[Any], got: list[Any], what: str) -> Difference:
    if max(len(repr(keys)) for keys in (expected, got)) <= _WIDTH:
        return Difference(f"the {what} {expected}", f"the {what} {got}")
    absent = [key for key in expected if key not in set(got)]
    beyond = [key for key in got if key not in set(expected)]
    one = f", such as {_short(absent[0])}" if absent else ""
    other = f" without {len(absent)} of these" if absent else f", such as {_short(beyond[0])}"
    return Difference(f"{len(expected)} {what}{one}", f"{len(got)} {what}{other}")


def _compare_sets(expected: Any, got: Any) -> Difference | None:
    absent, beyond = expected - got, got - expected
    if not (absent or beyond):
        return None
    if absent:
        one = min(map(_short, absent))
        return Difference(f"a set with {one}", f"one without {len(absent)} of {len(expected)}")
    one = min(map(_short, beyond))
    return Difference(f"a set without {one}", f"one with {len(beyond)} too many")
