"""The sentences on who leads, and on the fastest of each toolchain."""

from __future__ import annotations

from support.results import around, make_race, steady
from whichext.model.ratio import Comparison
from whichext.model.view import View
from whichext.report.leaders import between_text, pairs_text

NUMPY, CY, RS = "numpy", "cy.total", "rust.total"


def between(view: View) -> list[tuple[str, str]]:
    (case,) = view.cases.values()
    return [(pair.contestant, pair.other) for pair in case.judged.between]


def test_the_fastest_of_each_toolchain_are_compared_with_each_other() -> None:
    times = {NUMPY: 3_000, CY: 1_000, "cy.other": 900, RS: 1_100, "zig.total": 1_300}
    view = make_race({name: steady(ns) for name, ns in times.items()})
    first, second, third = "cy.other", RS, "zig.total"
    assert between(view) == [(first, second), (first, third), (second, third)]


def test_what_is_in_the_table_is_not_said_again() -> None:
    assert between(make_race({NUMPY: steady(3_000), CY: steady(1_000)})) == []


def test_entries_of_one_toolchain_are_not_compared_here() -> None:
    view = make_race({NUMPY: steady(3_000), CY: steady(1_000), "cy.other": steady(1_100)})
    assert between(view) == []


def pairs(*names: str) -> list[Comparison]:
    return [
        Comparison(contestant=one, other=other, ratio=around(-0.1, 0.01))
        for number, one in enumerate(names)
        for other in names[number + 1 :]
    ]


def test_of_four_toolchains_all_pairs_are_said_and_of_five_those_with_the_fastest() -> None:
    assert pairs_text(pairs(*"abcd")).count("as fast as") == 6
    assert pairs_text(pairs(*"abcde")).count("as fast as") == 4


def test_without_a_pair_nothing_is_said() -> None:
    assert (between_text(()), pairs_text(())) == ("", "")
