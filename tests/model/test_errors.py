"""Errors that a person can fix: what they keep, and how they are worded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from inline_snapshot import snapshot

from whichext.model.errors import (
    ClaimError,
    HostLostError,
    KernelError,
    ResultFileError,
    ResultNotWrittenError,
    UnknownNameError,
    UsageError,
    WhichextError,
    closest,
)
from whichext.model.inline import argument, call


class Shouting:
    """A wording of its own."""

    def argument(self, name: str, value: Any) -> str:
        """In capitals."""
        return name.upper() if value is None else f"{name.upper()} {value}"

    def call(self, verb: str, values: tuple[Any, ...], named: Mapping[str, Any]) -> str:
        """In capitals."""
        return " ".join((verb.upper(), *values, *named.values()))


def problem(**parts: Any) -> str:
    """What an error with these parts says is wrong."""
    return WhichextError("dtypes", "try again", **parts).problem


def test_an_error_shows_the_problem_and_the_next_step_on_two_lines() -> None:
    error = UsageError("that is wrong", "try a")
    assert str(error) == snapshot("""\
that is wrong
Next: try a\
""")


def test_an_error_drives_no_terminal_with_the_names_in_it() -> None:
    error = UsageError("\x1b]0;title\x07", "try \x1b[31ma", got="\u202eb")
    assert str(error) == snapshot("""\
�]0;title�: got �b
Next: try �[31ma\
""")


def test_an_error_keeps_its_parts_apart() -> None:
    error = WhichextError("w", "n", where="here", expected="a", got="b", choices=["c", "d"])
    assert (error.what, error.next_step, error.where) == ("w", "n", "here")
    assert (error.expected, error.got, error.choices) == ("a", "b", ("c", "d"))


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({}, "dtypes"),
        ({"where": "total"}, "total: dtypes"),
        ({"expected": "a name"}, "dtypes: expected a name"),
        ({"got": "int63"}, "dtypes: got int63"),
        ({"expected": "a name", "got": "int63"}, "dtypes: expected a name, got int63"),
        ({"choices": ("a", "b")}, "dtypes: expected one of a, b"),
        (
            {"where": "total", "choices": ("a", "b"), "expected": "a pattern", "got": "c"},
            "total: dtypes: expected one of a, b, or a pattern, got c",
        ),
    ],
)
def test_a_problem_says_where_what_and_both_sides_as_far_as_they_are_known(
    parts: dict[str, Any], text: str
) -> None:
    assert problem(**parts) == text


def test_arguments_and_calls_are_worded_as_python_unless_told_otherwise() -> None:
    error = UsageError(argument("cases", "x"), call("run", "total", save="r"), expected="y")
    assert str(error) == 'cases="x": expected y\nNext: whichext.run("total", save="r")'


def test_arguments_and_calls_are_worded_as_the_reader_types_them() -> None:
    error = UsageError(argument("cases", "x"), call("run", "total", save="r"), expected="y")
    assert error.text(Shouting()) == snapshot("""\
CASES x: expected y
Next: RUN total r\
""")


def test_an_unknown_name_is_told_with_all_that_there_are_and_the_closest() -> None:
    error = UnknownNameError("cases", "talll", "fits no case", ["wide", "tall"])
    assert str(error) == snapshot("""\
cases="talll" fits no case: expected one of wide, tall
Next: cases="tall"\
""")


def test_an_unknown_name_may_have_a_next_step_other_than_the_closest() -> None:
    error = UnknownNameError("cases", "x", "is no case", ["wide", "tall"], suggestion="all")
    assert error.next_step == 'cases="all"'


def test_a_name_like_no_other_still_has_a_closest_one() -> None:
    assert closest("zzz", ["wide"]) == "wide"


def test_an_error_in_a_claim_points_at_the_word_and_is_one_of_usage() -> None:
    error = ClaimError("a is quick", 5, 5, "cannot be read", "go on", expected="faster")
    assert str(error) == snapshot("""\
cannot be read: expected faster
  a is quick
       ^^^^^
Next: go on\
""")
    assert error.exit_code == 2


def test_an_error_in_a_claim_keeps_the_claim_and_the_place() -> None:
    error = ClaimError("a is quick", 5, 5, "cannot be read", "go on", expected="x", got="y")
    assert (error.claim, error.start, error.length) == ("a is quick", 5, 5)
    assert (error.expected, error.got) == ("x", "y")


def test_an_error_behind_a_claim_points_at_one_place() -> None:
    assert ClaimError("a is", 5, 0, "expected more", "go on").problem.endswith("\n  a is\n       ^")


@pytest.mark.parametrize(
    ("kind", "exit_code"),
    [
        (UsageError, 2),
        (KernelError, 2),
        (ResultFileError, 2),
        (ResultNotWrittenError, 1),
        (HostLostError, 1),
    ],
)
def test_what_the_user_gave_wrong_exits_with_2_and_what_broke_with_1(
    kind: type[WhichextError], exit_code: int
) -> None:
    assert kind("problem", "step").exit_code == exit_code
