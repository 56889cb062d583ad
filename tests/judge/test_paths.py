"""Ways of least cost."""

from __future__ import annotations

from collections.abc import Iterator

from whichext.judge.paths import reached, shortest_way

COSTS = {("a", "b"): 1.0, ("b", "d"): 1.0, ("a", "c"): 0.5, ("c", "d"): 2.0, ("d", "e"): 1.0}


def steps(name: str) -> Iterator[tuple[str, float]]:
    return ((after, cost) for (before, after), cost in COSTS.items() if before == name)


def test_the_cheapest_way_is_taken_with_both_of_its_ends() -> None:
    assert shortest_way("a", "e", steps) == ["a", "b", "d", "e"]


def test_where_there_is_no_way_there_is_none() -> None:
    assert shortest_way("e", "a", steps) is None


def test_who_is_there_already_needs_no_step() -> None:
    assert shortest_way("a", "a", steps) == ["a"]


def test_all_are_reached_to_whom_there_is_a_way() -> None:
    assert sorted(reached("b", steps)) == ["b", "d", "e"]
