"""The fastest of a case, and which contestants were not shown to be slower."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.results import CRASHED, make_race, make_timing, make_view, noisy, rejudged, steady
from whichext.judge.leaders import simultaneous
from whichext.judge.ratios import find_ratio
from whichext.model.insight import Leaders
from whichext.model.ratio import Verdict
from whichext.model.view import View

BASELINE, OURS, OTHER = "numpy", "cy.total", "rust.total"

CLOSE = [1_080.0, 1_120.0, 1_040.0, 1_100.0, 1_060.0]
"""Slower than 1,000 by eight percent, which five epochs show to one rival and not to twenty."""


def leaders_of(view: View, case: str = "small") -> Leaders:
    """The leaders of a case that must have some."""
    found = view.cases[case].judged.leaders
    assert found is not None
    return found


def test_a_single_contestant_was_compared_with_none() -> None:
    leaders = leaders_of(make_race({BASELINE: steady(1_000), "limit[1]": steady(900)}))
    assert (leaders.names, leaders.compared) == ((BASELINE,), 0)


def test_a_clear_leader_has_no_rivals() -> None:
    leaders = leaders_of(make_race({BASELINE: [2_000] * 5, OURS: [1_000] * 5, OTHER: [1_500] * 5}))
    assert (leaders.leader, leaders.rivals, leaders.compared) == (OURS, (), 2)


def test_rivals_that_are_tied_come_fastest_first_with_their_ratio_to_the_leader() -> None:
    times = {OURS: [1_000] * 5, "cpp.total": [1_010] * 5, OTHER: [1_005] * 5}
    leaders = leaders_of(make_race({BASELINE: [2_000] * 5, **times}))
    assert leaders.names == (OURS, OTHER, "cpp.total")
    ratio = leaders.rivals[0].ratio
    assert ratio is not None
    assert (ratio.value, ratio.verdict) == (pytest.approx(1.005), Verdict.TIE)


def test_a_rival_whose_difference_is_unresolved_shares_the_lead() -> None:
    view = make_race({BASELINE: [3_000] * 5, OURS: [1_000] * 5, OTHER: noisy(1_000)})
    assert leaders_of(view).names == (OURS, OTHER)


def test_one_epoch_leaves_the_lead_open_however_far_ahead_the_leader_is() -> None:
    assert leaders_of(make_race({BASELINE: [9_000], OURS: [1_000]})).names == (OURS, BASELINE)


def test_a_rival_that_shares_no_round_with_the_leader_has_no_ratio() -> None:
    timings = [
        make_timing(BASELINE, [2_000] * 6),
        make_timing(OURS, [1_000] * 3),
        make_timing(OTHER, [1_001] * 3, first_epoch=3),
    ]
    view = rejudged(make_view(timings=timings, names=[BASELINE, OURS, OTHER]))
    (rival,) = leaders_of(view).rivals
    assert (rival.contestant, rival.ratio) == (OTHER, None)


def test_leaders_are_compared_directly_and_not_through_the_baseline() -> None:
    # Both swing with the machine, and only against each other is the difference steady.
    ours = [1_000.0, 1_900.0, 1_200.0, 1_600.0, 1_100.0]
    other = [1.1 * time_ns for time_ns in ours]
    view = make_race({BASELINE: [4_000] * 5, OURS: ours, OTHER: other})
    assert leaders_of(view).names == (OURS,)


def test_the_more_are_compared_the_more_it_takes_to_lead_alone() -> None:
    swings = np.random.default_rng(1).normal(0, 0.01, (20, 5))
    rivals = {f"p{n}.total": list(2_000 * np.exp(its)) for n, its in enumerate(swings)}
    pair = leaders_of(make_race({BASELINE: CLOSE, OURS: [1_000] * 5}))
    many = leaders_of(make_race({BASELINE: CLOSE, OURS: [1_000] * 5, **rivals}))
    assert (pair.names, pair.confidence) == ((OURS,), pytest.approx(0.95))
    assert many.names == (OURS, BASELINE)
    assert pair.confidence < many.confidence <= 1 - 0.05 / 21


@pytest.mark.parametrize("yardstick", ["numpy (A/A twin)", "limit[1]"])
def test_a_yardstick_never_leads_and_is_no_rival(yardstick: str) -> None:
    times = {BASELINE: CLOSE, OURS: [1_000] * 5, yardstick: [100] * 5}
    leaders = leaders_of(make_race(times))
    assert (leaders.leader, leaders.compared) == (OURS, 1)


def test_a_contestant_that_left_the_race_early_does_not_lead() -> None:
    timings = (
        make_timing(BASELINE, [2_000] * 5),
        make_timing(OTHER, [1_000] * 3, ended=CRASHED),
    )
    view = rejudged(make_view(timings=timings, names=[BASELINE, OTHER]))
    assert leaders_of(view).names == (BASELINE,)


def test_one_that_is_far_is_compared_over_the_epochs_that_it_raced() -> None:
    times = {BASELINE: steady(1_000, epochs=9), OURS: steady(9_000, epochs=5)}
    leaders = leaders_of(make_race(times))
    assert (leaders.names, leaders.compared) == ((BASELINE,), 1)


@pytest.mark.parametrize(
    ("times_ns", "named"),
    [
        ([3_100.0, 90_000.0], False),
        ([3_100.0, 9_000.0, 2_900.0], True),
        ([90_000.0], True),
    ],
)
def test_a_rival_that_was_far_in_each_of_several_epochs_is_not_named(
    times_ns: list[float], named: bool
) -> None:
    leaders = leaders_of(make_race({BASELINE: steady(1_000), OURS: times_ns}))
    assert (OURS in leaders.names, leaders.compared) == (named, 1)


# All intervals together


EPOCHS = 12
Epochs = list[Mapping[int, float]]


def swinging(rivals: int, *, shared: float, epochs: int = EPOCHS, seed: int = 3) -> Epochs:
    """Logarithms of ratios to the leader, of whose variance so much is the same for all."""
    rng = np.random.default_rng(seed)
    common, own = rng.normal(size=epochs), rng.normal(size=(rivals, epochs))
    values = np.sqrt(shared) * common + np.sqrt(1 - shared) * own
    return [dict(enumerate(row)) for row in 0.01 * values]


def bonferroni(rivals: int, confidence: float = 0.95) -> float:
    return 1 - (1 - confidence) / rivals


def test_one_comparison_alone_has_the_confidence_of_all() -> None:
    assert simultaneous(swinging(1, shared=0), 0.95) == 0.95
    assert simultaneous([], 0.95) == 0.95


@given(st.integers(2, 9), st.floats(0, 1), st.integers(2, 14), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_coverage_of_each_lies_between_that_of_all_and_bonferronis(
    rivals: int, shared: float, epochs: int, confidence: float
) -> None:
    found = simultaneous(swinging(rivals, shared=shared, epochs=epochs), confidence)
    assert confidence <= found <= bonferroni(rivals, confidence)


def test_comparisons_that_share_all_of_their_noise_are_like_one() -> None:
    assert simultaneous(swinging(8, shared=1), 0.95) == pytest.approx(0.95, abs=0.02)


def test_the_more_comparisons_share_the_less_each_must_cover() -> None:
    alone, half, most = (simultaneous(swinging(8, shared=share), 0.95) for share in (0, 0.5, 0.95))
    assert most < half < alone


def test_comparisons_that_share_nothing_are_nearly_bonferronis() -> None:
    assert simultaneous(swinging(8, shared=0), 0.95) > 1 - 2 * 0.05 / 8


@pytest.mark.parametrize("epochs", [1, 2, 4])
def test_of_few_epochs_each_covers_what_bonferroni_asks_for(epochs: int) -> None:
    found = simultaneous(swinging(8, shared=1, epochs=epochs), 0.95)
    assert found == pytest.approx(bonferroni(8))


def test_where_all_but_one_had_few_epochs_each_covers_what_bonferroni_asks_for() -> None:
    few = swinging(7, shared=1, epochs=3)
    assert simultaneous([*swinging(1, shared=1), *few], 0.95) == pytest.approx(bonferroni(8))


def test_comparisons_of_few_epochs_keep_their_share_of_the_error() -> None:
    known = swinging(4, shared=1)
    few = swinging(4, shared=1, epochs=3, seed=5)
    found = simultaneous([*known, *few], 0.95)
    # The few may each miss as often as they do; together with the others in 5 % of races.
    assert (1 - found) * 4 + (1 - found) <= 0.05 + 0.02


@given(st.floats(0.1, 10), st.floats(-1, 1))
def test_neither_the_scale_nor_the_level_of_a_comparison_matters(scale: float, by: float) -> None:
    first, *others = swinging(3, shared=0.5)
    moved = {epoch: by + scale * value for epoch, value in first.items()}
    before = simultaneous([first, *others], 0.95)
    assert simultaneous([moved, *others], 0.95) == pytest.approx(before, abs=1e-4)


def test_epochs_that_only_some_raced_in_are_no_obstacle() -> None:
    one, other, third = swinging(3, shared=0.5)
    late = {epoch: value for epoch, value in other.items() if epoch > 4}
    assert 0.95 <= simultaneous([one, late, third], 0.95) <= bonferroni(3)


def test_epochs_without_any_difference_are_no_obstacle() -> None:
    same = dict.fromkeys(range(EPOCHS), 0.1)
    assert 0.95 <= simultaneous([same, same], 0.95) <= bonferroni(2)


@pytest.mark.slow
@pytest.mark.parametrize("shared", [0.0, 0.5, 0.9])
def test_together_the_intervals_miss_in_about_a_twentieth_of_races(shared: float) -> None:
    races, rivals, misses = 600, 6, 0
    for seed in range(races):
        its = swinging(rivals, shared=shared, seed=seed)
        each = simultaneous(its, 0.95)
        ratios = [find_ratio(list(one.values()), each, noise=None) for one in its]
        misses += any(r is not None and abs(r.centre) > r.half_width for r in ratios)
    assert misses / races <= 0.07


def test_who_is_slower_in_its_row_alone_still_leads() -> None:
    """The wider interval among many does not show it, and the one of the row does."""
    swings = np.random.default_rng(1).normal(0, 0.01, (20, 5))
    others = {f"p{n}.total": list(2_000 * np.exp(its)) for n, its in enumerate(swings)}
    view = make_race({BASELINE: [1_000] * 5, OURS: CLOSE, **others})
    assert view.cases["small"].measured[OURS].ratio.verdict is Verdict.SLOWER
    assert leaders_of(view).names == (BASELINE, OURS)
