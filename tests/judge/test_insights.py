"""Insights: what a result says beyond single ratios, as data."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from support.contestants import SMALL, with_factors
from support.races import race_between
from support.results import (
    UNSUPPORTED,
    WRONG,
    around,
    changed,
    make_race,
    make_row,
    make_timing,
    make_view,
    noisy,
    rejudged,
    steady,
)
from whichext.judge.insights import find_turns
from whichext.model.contestant import Role
from whichext.model.insight import Confounded, Efficiency, Gap, Ladder, Point
from whichext.model.judged import Judged
from whichext.model.ratio import Verdict
from whichext.model.view import View

BASELINE, OURS, OTHER = "numpy", "cy.total", "rust.total"


def test_where_nothing_was_measured_nothing_leads_and_ratios_refer_to_nothing() -> None:
    view = rejudged(make_view([make_row(OURS, WRONG)]))
    case = view.cases["small"].judged
    assert (case.baseline, case.leaders, case.efficiency, case.headlines) == (None, None, (), ())


def test_where_the_baseline_was_lost_ratios_refer_to_the_next_one_that_stayed() -> None:
    timings = [make_timing(BASELINE, [2_000] * 2, ended=UNSUPPORTED)]
    timings += [make_timing(name, [1_000] * 5) for name in (OTHER, OURS)]
    view = rejudged(make_view(timings=timings, names=[BASELINE, OTHER, OURS]))
    assert (view.raw.baseline, view.cases["small"].judged.baseline) == (BASELINE, OTHER)


# What threads bring


def efficiency_of(times_ns: dict[str, list[float]]) -> tuple[Efficiency, ...]:
    return make_race(times_ns).cases["small"].judged.efficiency


def test_efficiency_is_held_against_the_best_serial_contestant_and_not_the_same_entry() -> None:
    times = {"numpy": [1_000.0] * 5, "cy.total[1]": [4_000.0] * 5, "cy.total[2]": [2_000.0] * 5}
    (found,) = efficiency_of(times)
    assert (found.contestant, found.serial) == ("cy.total[2]", "numpy")
    assert found.ratio.value == pytest.approx(0.25)


def test_perfect_scaling_is_an_efficiency_of_one() -> None:
    times = {"numpy": [1_000.0] * 5, "cy.total[2]": [500.0] * 5, "cy.total[4]": [250.0] * 5}
    found = efficiency_of(times)
    assert [one.contestant for one in found] == ["cy.total[4]", "cy.total[2]"]
    assert [one.ratio.value for one in found] == [pytest.approx(1), pytest.approx(1)]


@pytest.mark.parametrize(
    "names",
    [("numpy", "cy.total[1]"), ("cy.total[2]", "rust.total[2]"), ("numpy", "limit[1]", "limit[2]")],
)
def test_without_both_serial_and_parallel_contestants_there_is_no_efficiency(
    names: tuple[str, ...],
) -> None:
    assert efficiency_of({name: steady(1_000) for name in names}) == ()


def test_a_limit_is_not_the_best_serial_contestant() -> None:
    times = {"numpy": [1_000.0] * 5, "limit[1]": [10.0] * 5, "cy.total[2]": [500.0] * 5}
    (found,) = efficiency_of(times)
    assert found.serial == "numpy"


# Confounded pairs

FIRST = with_factors("cy.find@debug", order="column", optimisation="none")
PLAIN = with_factors("cy.find", order="column", optimisation="O3")
ROWS = with_factors("cy.rows", order="row", optimisation="O3")
TWO = with_factors("cy.rows[2]", order="row", optimisation="O3")
RUST = with_factors("rs.rows", order="row", optimisation="O3", toolchain="rust", lock="none")
NUMPY = replace(with_factors("numpy", toolchain="numpy"), role=Role.REFERENCE)
EVERYONE = (NUMPY, FIRST, PLAIN, ROWS, TWO, RUST)
TIMES = {
    "numpy": 100,
    "cy.find@debug": 8000,
    "cy.find": 2000,
    "cy.rows": 1000,
    "cy.rows[2]": 600,
    "rs.rows": 1500,
}


def test_a_leader_that_differs_from_its_baseline_in_several_factors_is_confounded() -> None:
    times = {"cy.find@debug": 8000, "cy.find": 2000, "cy.rows": 1000}
    view = race_between((FIRST, ROWS, PLAIN), {"wide": times, "tall": times})
    assert view.judged.confounded == (
        Confounded(
            baseline="cy.find@debug",
            leader="cy.rows",
            cases=("wide", "tall"),
            factors=("optimisation", "order"),
        ),
    )


def test_a_leader_that_differs_in_one_factor_or_is_the_baseline_is_not() -> None:
    times = {"cy.find": 2000, "cy.rows": 1000}
    assert race_between((PLAIN, ROWS), {"wide": times}).judged.confounded == ()
    times = {"cy.rows": 1000, "cy.find@debug": 8000}
    assert race_between((ROWS, FIRST), {"wide": times}).judged.confounded == ()


# Families of cases


def sweep(*ours_ns: list[float] | None, family: str | None = "sweep", name: str = OURS) -> View:
    """A family of cases "n0", "n1", and so on; the baseline takes 1,000 ns in each."""
    cases = [SMALL.but(name=f"n{n}", family=family) for n in range(len(ours_ns))]
    timings = [make_timing(BASELINE, steady(1_000), case.name) for case in cases]
    timings += [
        make_timing(name, times, case.name)
        for case, times in zip(cases, ours_ns, strict=True)
        if times is not None
    ]
    return rejudged(make_view(timings=timings, cases=cases, names=[BASELINE, name]))


FASTER, SLOWER, TIE = steady(500), steady(2_000), steady(1_000)
UNRESOLVED = noisy(1_000)


def turns_of(view: View) -> list[tuple[str, str, bool]]:
    (trend,) = view.judged.trends
    assert (trend.family, trend.contestant) == ("sweep", OURS)
    return [(turn.before.case, turn.after.case, turn.overtakes) for turn in trend.turns]


def test_between_opposite_verdicts_lies_a_turn_with_both_ratios() -> None:
    view = sweep(SLOWER, FASTER)
    assert turns_of(view) == [("n0", "n1", True)]
    assert turns_of(sweep(FASTER, SLOWER)) == [("n0", "n1", False)]
    (turn,) = view.judged.trends[0].turns
    assert turn.before.ratio == view.cases["n0"].measured[OURS].ratio


@pytest.mark.parametrize("between", [TIE, UNRESOLVED, None])
def test_what_is_not_known_in_between_makes_the_gap_wider(between: list[float] | None) -> None:
    assert turns_of(sweep(SLOWER, between, FASTER)) == [("n0", "n2", True)]


def test_every_turn_of_a_family_is_told() -> None:
    found = turns_of(sweep(SLOWER, FASTER, FASTER, SLOWER))
    assert found == [("n0", "n1", True), ("n2", "n3", False)]


@pytest.mark.parametrize(
    ("ours", "verdicts"),
    [
        ([FASTER, FASTER], (Verdict.FASTER,)),
        ([TIE, SLOWER, TIE], (Verdict.TIE, Verdict.SLOWER)),
        ([UNRESOLVED, TIE], (Verdict.UNRESOLVED, Verdict.TIE)),
    ],
)
def test_where_nothing_turns_the_verdicts_are_told(
    ours: list[list[float]], verdicts: tuple[Verdict, ...]
) -> None:
    (trend,) = sweep(*ours).judged.trends
    assert (trend.turns, trend.verdicts) == ((), verdicts)


@pytest.mark.parametrize("ours", [(FASTER,), (None, FASTER), (None, None)])
def test_one_case_alone_is_no_trend(ours: tuple[list[float] | None, ...]) -> None:
    assert sweep(*ours).judged.trends == ()


def test_yardsticks_and_cases_of_no_family_have_no_trend() -> None:
    assert sweep(SLOWER, FASTER, name="limit[1]").judged.trends == ()
    assert sweep(SLOWER, FASTER, family=None).judged.trends == ()


def test_cases_that_the_baseline_did_not_race_in_are_in_no_trend() -> None:
    view = sweep(SLOWER, SLOWER, FASTER)
    left = [t for t in view.raw.timings if (t.contestant, t.case) != (BASELINE, "n2")]
    (trend,) = rejudged(changed(view, timings=tuple(left))).judged.trends
    assert (trend.turns, trend.verdicts) == ((), (Verdict.SLOWER,))


def test_only_verdicts_count_for_a_turn() -> None:
    points = [Point(case=f"n{n}", ratio=around(c, 0.001)) for n, c in enumerate((-0.5, 0.0, 0.5))]
    (turn,) = find_turns(points)
    assert (turn.before, turn.after, turn.overtakes) == (points[0], points[2], False)


# All of it


def test_what_was_judged_is_the_same_after_a_round_trip_through_json() -> None:
    times = {**TIMES, "numpy": 3000, "rs.rows": 500}
    family = race_between(EVERYONE, {"wide": TIMES, "tall": times, "long": times})
    cases = tuple(case.but(family="sweep") for case in family.raw.cases)
    view = rejudged(changed(family, cases=cases, stopped="it was interrupted"))
    judged = view.judged
    whys = {type(one.why) for case in judged.cases for one in case.headlines}

    assert whys == {Ladder, Gap}
    assert judged.trends
    assert judged.confounded
    assert judged.warnings
    assert msgspec.json.decode(msgspec.json.encode(judged), type=Judged) == judged


def test_each_contestants_factors_stand_beside_the_effects_that_follow_from_them() -> None:
    view = race_between(EVERYONE, {"wide": TIMES})
    assert view.judged.factors["cy.rows[2]"] == {
        "order": "row",
        "optimisation": "O3",
        "threads": "2",
    }
