"""Answers with parts: which of them differs is named."""

from __future__ import annotations

from collections import Counter, OrderedDict, namedtuple
from dataclasses import make_dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from whichext.model.forms import Changed, Replayed
from whichext.model.kernel import Tolerance
from whichext.verify.compare import find_difference
from whichext.verify.parts import describe

EXACT = Tolerance()
Point, Other = namedtuple("Point", "x y"), namedtuple("Other", "x y")
Mean, Twin = (make_dataclass(name, ["mean", "counts"]) for name in ("Mean", "Twin"))
NAN = float("nan")


class Table:
    """Something like a data frame, whose comparison is no truth value."""

    def __init__(self, values: list[list[float]]) -> None:
        self.values = np.array(values)

    def __array__(self, *_: Any, **__: Any) -> Any:
        return self.values

    def __eq__(self, other: object) -> Any:
        return self.values == np.asarray(other)

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("expected", "got", "place", "other"),
    [
        ({"mean": 0.5, "n": 3}, {"n": 3, "mean": 0.25}, "float 0.5 in part ['mean']", "float 0.25"),
        (
            {"a": (1, {"b": "x"})},
            {"a": (1, {"b": "y"})},
            "str 'x' in part ['a'][1]['b']",
            "str 'y'",
        ),
        (Point(1, 2), Point(1, 3), "int 2 in part .y", "int 3"),
        (Mean(0.5, [1, 2]), Mean(0.5, [1, 1]), "int 2 in part .counts[1]", "int 1"),
        ([1.0, 2.0], [1.0, 3.0], "float 2.0 in part [1]", "float 3.0"),
        ((), [], "tuple ()", "list []"),
        (Point(1, 2), (1, 2), "Point(x=1, y=2)", "tuple (1, 2)"),
        ({"a": 1}, [("a", 1)], "dict {'a': 1}", "list [('a', 1)]"),
        ({1, 2}, {1}, "a set with 2", "one without 1 of 2"),
        ({1}, {1, 5, 6}, "a set without 5", "one with 2 too many"),
        ({1}, [1], "set {1}", "list [1]"),
        (None, 0, "nothing (None)", "int 0"),
        (2**80, 2**80 + 1, f"int {2**80}", f"int {2**80 + 1}"),
        (2**80, 0.5, f"int {2**80}", "float 0.5"),
        (
            np.array([2**80], object),
            np.array([0], object),
            f"int {2**80} at (0,)",
            "int 0 (1 of 1 values differ)",
        ),
        (b"a", bytearray(b"a"), "bytes b'a'", "bytearray(b'a')"),
        ("a", b"a", "str 'a'", "bytes b'a'"),
        (Fraction(1, 3), Fraction(1, 4), "Fraction(1, 3)", "Fraction(1, 4)"),
        (
            np.array(["a", "b"]),
            np.array(["a", ""], "U1"),
            "str 'b' at (1,)",
            "str '' (1 of 2 values differ)",
        ),
        (
            (np.array([1, None], object), 1),
            (np.array([1, "x"], object), 1),
            "nothing (None) at (1,) in part [0]",
            "str 'x' (1 of 2 values differ)",
        ),
        (
            dict.fromkeys(range(100), 0),
            dict.fromkeys(range(1, 100), 0),
            "100 keys, such as 0",
            "99 keys without 1 of these",
        ),
        ({}, dict.fromkeys(range(100), 0), "0 keys", "100 keys, such as 0"),
        (
            "x" * 90 + "a",
            "x" * 90,
            "'a' from [90] on, length 91",
            "'' from [90] on, length 90",
        ),
    ],
)
def test_the_part_that_differs_is_named(expected: Any, got: Any, place: str, other: str) -> None:
    found = find_difference(expected, got, EXACT)
    assert found is not None
    assert (found.expected, found.got) == (place, other)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ((NAN, [NAN], {"a": NAN}), (NAN, [float("nan")], {"a": -NAN})),
        ([0.0, 1], [-0.0, 1.0]),
        (Mean(NAN, []), Twin(NAN, [])),
        (Point(1, 2), Other(1, 2)),
        (frozenset({1}), {1}),
        (np.array([NAN, None, (1, NAN)], object), np.array([-NAN, None, (1, NAN)], object)),
        (np.array(["a", "long text " * 9], "T"), np.array(["a", "long text " * 9], "T")),
        (Fraction(1, 3), Fraction(2, 6)),
        ("x" * 90, "x" * 90),
        (np.str_("a"), "a"),
        (Table([[1.0, NAN]]), Table([[1.0, NAN]])),
    ],
)
def test_answers_of_the_same_parts_agree(expected: Any, got: Any) -> None:
    assert find_difference(expected, got, EXACT) is None


def test_tables_that_differ_do_so() -> None:
    assert find_difference(Table([[1.0, 2.0]]), Table([[1.0, 3.0]]), EXACT) is not None


def test_parts_keep_to_the_tolerance() -> None:
    loose = Tolerance(relative=1e-3, reason="rounding")
    assert find_difference({"a": [1.0, 2.0]}, {"a": [1.0, 2.0001]}, loose) is None
    assert find_difference({"a": [1.0, 2.0]}, {"a": [1.0, 2.1]}, loose) is not None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Replayed([1, 2], None), "the answers [1, 2]"),
        (Replayed([1, 2], 3), "the answers [1, 2], and then int 3 as its state"),
        (
            Changed(None, {"values": np.zeros(3), "n": 2}),
            "nothing (None), after which values is an array of shape (3,) and dtype float64, "
            "n is int 2",
        ),
    ],
)
def test_answers_of_objects_and_of_calls_in_place_are_said_in_words(answer: Any, said: str) -> None:
    assert describe(answer) == said


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (Counter("aab"), {"b": 1, "a": 2}),
        ({"b": 1, "a": 2}, OrderedDict(a=2, b=1)),
        ({1, 2}, frozenset((2, 1))),
        ([1, 2], type("Listed", (list,), {})([1, 2])),
    ],
    ids=["Counter", "OrderedDict", "frozenset", "list"],
)
def test_a_subclass_counts_as_what_it_is_a_subclass_of(expected: Any, got: Any) -> None:
    assert find_difference(expected, got, EXACT) is None
