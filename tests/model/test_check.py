"""What bars a contestant from the race, and what from one case alone."""

from __future__ import annotations

from whichext.model.check import Check, Tally, find_fault, find_refusal
from whichext.model.outcome import (
    Crashed,
    Outcome,
    PackageAbsent,
    Right,
    TimedOut,
    Unsupported,
    Wrong,
)


def check(name: str, input_: str, result: Outcome) -> Check:
    return Check(contestant=name, input=input_, result=result)


def test_the_first_fault_of_a_contestant_is_the_one_that_bars_it() -> None:
    first, second = Wrong("plain", "1", "2"), TimedOut("small", 5)
    checks = [check("a", "x", Right()), check("a", "plain", first), check("a", "small", second)]
    assert find_fault("a", checks) == first


def test_the_fault_of_one_contestant_bars_no_other() -> None:
    assert find_fault("b", [check("a", "plain", Wrong("plain", "1", "2"))]) is None


def test_a_package_that_is_missing_bars_a_contestant() -> None:
    missing = PackageAbsent(("numba",))
    assert find_fault("a", [check("a", "import", missing)]) == missing


def test_a_refusal_is_no_fault() -> None:
    assert find_fault("a", [check("a", "small", Unsupported("no"))]) is None


def test_a_refusal_holds_for_its_own_contestant_and_case() -> None:
    checks = [check("a", "small", Unsupported("no")), check("b", "large", Unsupported("no"))]
    assert find_refusal("a", "small", checks) == Unsupported("no")
    assert find_refusal("a", "large", checks) is None
    assert find_refusal("b", "small", checks) is None


def test_a_right_answer_is_no_refusal() -> None:
    assert find_refusal("a", "small", [check("a", "small", Right())]) is None


def test_a_tally_counts_the_inputs_that_checks_stand_for() -> None:
    right = Check(contestant="a", input=None, result=Right(), count=12)
    tally = Tally.of([right, check("a", "x", Right()), check("a", "y", Unsupported("no"))])
    assert tally == Tally(right=13, refused=1, fault=None, faults=0)


def test_a_tally_has_the_worst_kind_of_fault_and_how_often_it_came() -> None:
    wrong, crashed = Wrong("x", "1", "2"), Crashed("y", "SIGSEGV", "")
    tally = Tally.of([check("a", "x", wrong), check("a", "y", crashed), check("a", "z", wrong)])
    assert tally == Tally(right=0, refused=0, fault=Crashed, faults=1)
