"""Errors that a person can mend."""

from __future__ import annotations

import pytest

from whichext.model.errors import (
    ClaimError,
    HostLostError,
    KernelError,
    ResultFileError,
    ResultNotWrittenError,
    UsageError,
    WhichextError,
)


def test_an_error_shows_the_problem_and_the_next_step_on_two_lines() -> None:
    error = UsageError("expected a, got b", "try a")
    assert str(error) == "expected a, got b\nNext: try a"


def test_an_error_keeps_the_problem_and_the_next_step_apart() -> None:
    error = WhichextError("expected a, got b", "try a")
    assert (error.problem, error.next_step) == ("expected a, got b", "try a")


def test_an_error_in_a_claim_points_at_the_word_and_is_one_of_usage() -> None:
    error = ClaimError("a is quick", 5, 5, "expected faster", "write faster")
    assert str(error) == "expected faster\n  a is quick\n       ^^^^^\nNext: write faster"
    assert error.exit_code == 2


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
