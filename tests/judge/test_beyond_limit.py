"""What takes far less time than reading its inputs has not done all of the work."""

from __future__ import annotations

import pytest

from support.results import changed, make_build, make_race, steady
from whichext.model.insight import BeyondLimit
from whichext.model.view import View

NUMPY, CY, RS, LIMIT = "numpy", "cy.total", "rust.total", "limit[1]"


def race(limit_ns: float = 100_000, **times_ns: float) -> View:
    """A race beside a limit that reads two thirds of the bytes that a call moves."""
    names = {"numpy": NUMPY, "cy": CY, "rs": RS}
    times = {names[name]: steady(ns) for name, ns in times_ns.items()}
    return make_race({**times, LIMIT: steady(limit_ns)})


def beyond(view: View) -> list[tuple[str, ...]]:
    return [one.contestants for one in view.judged.warnings if isinstance(one, BeyondLimit)]


@pytest.mark.parametrize(("time_ns", "named"), [(50_000, True), (90_000, True), (110_000, False)])
def test_far_beyond_the_limit_is_a_warning(time_ns: float, named: bool) -> None:
    assert beyond(race(numpy=1_000_000, cy=time_ns)) == [(CY,)] * named


def test_all_of_a_case_share_one_warning() -> None:
    assert beyond(race(numpy=60_000, cy=50_000, rs=10_000)) == [(RS, CY, NUMPY)]


def test_the_limit_itself_is_never_beyond_it() -> None:
    assert beyond(race(numpy=1_000_000)) == []


def read_in_c(view: View) -> View:
    """The same, where the reader of the limit was built."""
    return changed(view, builds=(make_build("limitprobe"),))


@pytest.mark.parametrize(("time_ns", "named"), [(4_000, True), (5_000, False)])
def test_below_10_us_only_a_share_above_200_percent_is_a_warning(
    time_ns: float, named: bool
) -> None:
    view = race(limit_ns=6_000, numpy=9_000, cy=time_ns)
    assert beyond(read_in_c(view)) == [(CY,)] * named


def test_below_10_us_none_is_beyond_where_numpy_reads() -> None:
    assert beyond(race(limit_ns=6_000, numpy=9_000, cy=1_000)) == []


def test_where_a_call_of_the_limit_is_mostly_the_way_into_it_none_is_beyond() -> None:
    assert beyond(read_in_c(race(limit_ns=300, numpy=1_000, cy=100))) == []
