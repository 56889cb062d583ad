"""Effects: injected ones come out, and nothing is attributed that may have another cause."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from builders import CRASHED, changed, rejudged
from factorial import race_between, with_factors
from whichext.judge import judge_again
from whichext.model.insight import Effect
from whichext.model.ratio import Verdict
from whichext.model.view import View

COMMON = {"toolchain": "cython", "order": "column"}


def named(result: View, factor: str, case: str = "wide") -> list[Effect]:
    return [e for e in result.judged.effects if (e.factor, e.case) == (factor, case)]


def test_the_effect_of_a_factor_is_the_ratio_of_two_that_differ_in_it_alone() -> None:
    locked = with_factors("rs.locked", **COMMON, lock="column")
    free = with_factors("rs.free", **COMMON, lock="none")

    (effect,) = race_between(
        [locked, free], {"wide": {"rs.locked": 4000, "rs.free": 1000}}
    ).judged.effects

    assert (effect.factor, effect.before, effect.after) == ("lock", "column", "none")
    assert (effect.contestant_before, effect.contestant_after) == ("rs.locked", "rs.free")
    assert effect.ratio.inverse.value == pytest.approx(4, rel=0.05)
    assert effect.ratio.low is not None
    assert effect.ratio.verdict is Verdict.FASTER


def test_an_effect_is_read_in_the_direction_in_which_it_got_faster() -> None:
    free = with_factors("rs.free", **COMMON, lock="none")
    locked = with_factors("rs.locked", **COMMON, lock="column")

    (effect,) = race_between(
        [free, locked], {"wide": {"rs.locked": 4000, "rs.free": 1000}}
    ).judged.effects

    assert (effect.before, effect.after) == ("column", "none")


def test_threads_are_read_upwards_even_where_more_of_them_are_slower() -> None:
    one, two = with_factors("rs.find[1]", **COMMON), with_factors("rs.find[2]", **COMMON)

    (effect,) = race_between(
        [two, one], {"wide": {"rs.find[1]": 1000, "rs.find[2]": 3000}}
    ).judged.effects

    assert (effect.before, effect.after, effect.ratio.verdict) == ("1", "2", Verdict.SLOWER)
    assert effect.ratio.value == pytest.approx(3, rel=0.05)


def test_an_effect_that_turns_around_in_a_case_is_slower_there() -> None:
    rows = with_factors("cy.rows", order="row")
    columns = with_factors("cy.columns", order="column")
    times = {
        "wide": {"cy.rows": 1000, "cy.columns": 9000},
        "tall": {"cy.rows": 2000, "cy.columns": 1000},
    }

    effects = race_between([rows, columns], times).judged.effects

    assert {e.case: (e.before, e.ratio.verdict) for e in effects} == {
        "wide": ("column", Verdict.FASTER),
        "tall": ("column", Verdict.SLOWER),
    }


def test_a_pair_that_differs_in_several_factors_has_no_effect() -> None:
    cython = with_factors("cy.find", toolchain="cython", bounds="unchecked")
    rust = with_factors("rs.find", toolchain="rust", bounds="checked")
    assert (
        race_between([cython, rust], {"wide": {"cy.find": 2000, "rs.find": 1000}}).judged.effects
        == ()
    )


def test_a_pair_that_differs_in_nothing_that_is_known_has_no_effect() -> None:
    one, other = with_factors("cy.a", **COMMON), with_factors("cy.b", **COMMON)
    assert race_between([one, other], {"wide": {"cy.a": 2000, "cy.b": 1000}}).judged.effects == ()


def test_an_unstated_factor_of_one_of_two_keeps_a_ratio_from_being_attributed() -> None:
    locked = with_factors("rs.locked", lock="column")
    free = with_factors("rs.free", lock="none", pool="own")
    assert (
        race_between([locked, free], {"wide": {"rs.locked": 4, "rs.free": 1}}).judged.effects == ()
    )


def test_no_effect_is_a_tie_and_not_a_small_number() -> None:
    one = with_factors("cy.checked", bounds="checked")
    other = with_factors("cy.unchecked", bounds="unchecked")
    times = {"wide": {"cy.checked": 1000, "cy.unchecked": 1000}}

    (effect,) = race_between([one, other], times, spread=0.003, epochs=20).judged.effects

    assert effect.ratio.verdict is Verdict.TIE


def test_who_did_not_race_in_a_case_has_no_effect_there() -> None:
    locked = with_factors("rs.locked", lock="column")
    free = with_factors("rs.free", lock="none")
    times = {"wide": {"rs.locked": 4000, "rs.free": 1000}, "tall": {"rs.free": 1000}}
    assert {e.case for e in race_between([locked, free], times).judged.effects} == {"wide"}


def test_another_baseline_changes_no_effect() -> None:
    locked = with_factors("rs.locked", lock="column")
    free = with_factors("rs.free", lock="none")
    result = race_between([locked, free], {"wide": {"rs.locked": 4000, "rs.free": 1000}})
    assert judge_again(result, "rs.free").judged.effects == result.judged.effects


def test_injected_effects_of_two_kernels_are_recovered_in_at_least_nine_of_ten_races() -> None:
    """Half as fast again from one factor, nothing from another, in noise of two per cent."""
    base = with_factors("k.base", lock="column", bounds="checked")
    lock = with_factors("k.lock", lock="none", bounds="checked")
    bounds = with_factors("k.bounds", lock="column", bounds="unchecked")
    times = {"wide": {"k.base": 1500, "k.lock": 1000, "k.bounds": 1500}}
    truth = {"lock": 1.5, "bounds": 1.0}
    recovered = dict.fromkeys(truth, 0)
    for seed in range(100):
        result = race_between([base, lock, bounds], times, seed=seed, spread=0.02)
        for factor, true in truth.items():
            (effect,) = named(result, factor)
            speed_up = effect.ratio.inverse
            # Which of two equals comes first is up to chance, and so is the ratio's direction.
            recovered[factor] += (speed_up.low or 0) <= true <= (speed_up.high or 0)
    assert min(recovered.values()) >= 90, recovered


def test_who_crashed_in_the_race_shows_no_effect_of_anything() -> None:
    slow = with_factors("rs.locked", **COMMON, lock="column")
    free = with_factors("rs.free", **COMMON, lock="none")
    result = race_between([slow, free], {"wide": {"rs.locked": 4000, "rs.free": 1000}})
    timings = tuple(
        replace(timing, ended=CRASHED if timing.contestant == "rs.free" else None)
        for timing in result.raw.timings
    )

    assert len(result.judged.effects) == 1
    assert rejudged(changed(result, timings=timings)).judged.effects == ()
