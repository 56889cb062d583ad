"""Claims that hold, of contestants of which an audit found what may be all of the difference."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from support.races import OTHER, OURS, held
from support.results import changed, make_measured, make_race, make_ratio, make_row, make_view
from whichext.model.claim import Standing
from whichext.model.finding import Finding, GilHeld, NotOptimised, PythonInLoop

TWICE = make_race({OTHER: [2_000] * 5, OURS: [1_000] * 5})


def in_loop(*contestants: str) -> PythonInLoop:
    return PythonInLoop(
        build="cy", function="f", contestants=contestants, lines=("a.pyx:1",), calls=("f",)
    )


@pytest.mark.parametrize(
    ("finding", "spoiled"),
    [
        (in_loop(OTHER), (OTHER,)),
        (in_loop(OTHER, OURS), (OURS, OTHER)),
        (in_loop("zig.total"), ()),
        (in_loop(), ()),
        (GilHeld(contestants=(OTHER,)), ()),
        (NotOptimised(contestants=(OTHER,), told="", sources=(), declared=True), ()),
        (NotOptimised(contestants=(OTHER,), told="", sources=(), declared=False), (OTHER,)),
    ],
)
def test_a_finding_about_one_of_the_two_keeps_their_difference_from_being_attributed(
    finding: Finding, spoiled: tuple[str, ...]
) -> None:
    result = held(f"{OURS} is faster than {OTHER}", changed(TWICE, findings=(finding,)))
    assert (result.standing, result.spoiled) == (Standing.HOLDS, spoiled)


def test_who_found_its_answers_again_keeps_the_difference_from_being_attributed() -> None:
    timings = tuple(replace(one, remembers=one.contestant == OURS) for one in TWICE.raw.timings)
    result = held(f"{OURS} is faster than {OTHER}", changed(TWICE, timings=timings))
    assert (result.standing, result.spoiled) == (Standing.HOLDS, (OURS,))


def test_a_claim_about_one_alone_attributes_nothing() -> None:
    row = make_row(OURS, make_measured(of_limit=make_ratio(0.95, 0.92, 0.98)))
    view = changed(make_view([row]), findings=(in_loop(OURS),))
    assert held(f"{OURS} reaches 0.9 of the limit", view).spoiled == ()
