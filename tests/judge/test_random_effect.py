"""Means over machines: against a published example, against simulation, and at their borders."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from whichext.judge.random_effect import between_groups, fit, further_machine, mean_over
from whichext.judge.ratios import CONFIDENCE, error_of, ratio_of
from whichext.model.ratio import Ratio, Verdict

EPOCHS = 9
# Log risk ratios of tuberculosis with and without the BCG vaccine in 13 trials, and their
# variances, in the order of Berkey, Hoaglin, Mosteller and Colditz (1995).
TRIALS = (
    (-0.8893, 0.3256),
    (-1.5854, 0.1946),
    (-1.3481, 0.4154),
    (-1.4416, 0.0200),
    (-0.2175, 0.0512),
    (-0.7861, 0.0069),
    (-1.6209, 0.2230),
    (0.0120, 0.0040),
    (-0.4694, 0.0564),
    (-1.3713, 0.0730),
    (-0.3394, 0.0124),
    (0.4459, 0.5325),
    (-0.0173, 0.0714),
)


def on_machine(centre: float, error: float) -> Ratio:
    return ratio_of(centre, error, EPOCHS, CONFIDENCE, None)


def test_the_error_behind_an_interval_is_had_back_from_it() -> None:
    assert error_of(on_machine(0.3, 0.02), CONFIDENCE) == pytest.approx(0.02)
    assert math.isinf(error_of(ratio_of(0.3, 0.0, 1, CONFIDENCE, None), CONFIDENCE))


def test_the_mean_of_a_published_example_is_that_of_paule_mandel_hartung_and_knapp() -> None:
    ratios = [on_machine(centre, math.sqrt(variance)) for centre, variance in TRIALS]
    found = fit([ratios], CONFIDENCE)
    assert found is not None
    assert found.tau**2 == pytest.approx(0.3181, abs=5e-4)
    mean = mean_over(found, CONFIDENCE, ratios)
    assert mean.centre == pytest.approx(-0.715, abs=1e-3)
    assert mean.half_width == pytest.approx(0.394, abs=2e-3)


def test_machines_that_agree_are_not_more_certain_than_their_intervals() -> None:
    ratios = [on_machine(-0.5, 0.1) for _ in range(4)]
    found = fit([ratios], CONFIDENCE)
    assert found is not None
    assert (found.tau, found.errors[0]) == (0.0, pytest.approx(0.05))


@pytest.mark.parametrize("number", [0, 1, 2])
def test_fewer_than_three_machines_tell_nothing_of_others(number: int) -> None:
    assert fit([[on_machine(-0.5, 0.01)] * number], CONFIDENCE) is None


def further(ratios: list[Ratio]) -> tuple[Ratio, Ratio]:
    """What is predicted of a further machine, and the mean."""
    found = fit([ratios], CONFIDENCE)
    assert found is not None
    return further_machine(found, CONFIDENCE, ratios), mean_over(found, CONFIDENCE, ratios)


def test_a_further_machine_is_predicted_as_students_interval_of_one_more_value_is() -> None:
    found, _ = further([on_machine(one, 0.01) for one in (-0.1, 0.0, 0.1)])
    assert found.centre == pytest.approx(0.0)
    assert found.half_width == pytest.approx(4.3027 * 0.1 * math.sqrt(4 / 3), rel=1e-4)


def test_machines_that_agree_promise_no_more_of_a_further_one_than_their_races_do() -> None:
    found, _ = further([on_machine(-0.5, 0.1)] * 3)
    assert found.half_width == pytest.approx(4.3027 * 0.1 * math.sqrt(4 / 3), rel=1e-4)


def test_a_further_machine_is_never_more_certain_than_the_mean() -> None:
    chance = random.Random(11)
    for _ in range(500):
        errors = [math.exp(chance.uniform(-7, 0)) for _ in range(chance.randint(3, 6))]
        found, mean = further([on_machine(chance.gauss(0.0, 0.1), one) for one in errors])
        assert found.half_width >= mean.half_width
        assert found.centre == mean.centre


def test_a_machine_with_a_single_epoch_does_not_count() -> None:
    single = ratio_of(-0.5, 0.0, 1, CONFIDENCE, None)
    assert fit([[on_machine(-0.5, 0.01)] * 2 + [single]], CONFIDENCE) is None


def test_the_interval_of_the_mean_covers_it_and_that_of_a_further_machine_covers_one() -> None:
    chance, tau, races = random.Random(7), 0.2, 1500
    covered = np.zeros(2)
    for _ in range(races):
        errors = [chance.uniform(0.01, 0.2) for _ in range(5)]
        ratios = [on_machine(chance.gauss(chance.gauss(0.0, tau), e), e) for e in errors]
        found = fit([ratios], CONFIDENCE)
        assert found is not None
        another = math.exp(chance.gauss(0.0, tau))
        for place, (ratio, truth) in enumerate(
            [
                (mean_over(found, CONFIDENCE, ratios), 1.0),
                (further_machine(found, CONFIDENCE, ratios), another),
            ]
        ):
            assert ratio.low is not None
            assert ratio.high is not None
            covered[place] += ratio.low <= truth <= ratio.high
    assert min(covered / races) >= 0.925


def test_a_processor_that_doubles_a_ratio_is_seen_between_groups_and_chance_is_not() -> None:
    chance = random.Random(3)

    def group(centre: float) -> list[Ratio]:
        return [on_machine(chance.gauss(centre, 0.05), 0.02) for _ in range(4)]

    for centre, verdict in ((math.log(2), Verdict.SLOWER), (0.0, Verdict.UNRESOLVED)):
        groups = [group(0.0), group(centre)]
        found = fit(groups, CONFIDENCE)
        assert found is not None
        ratio = between_groups(found, 1, 0, CONFIDENCE, [*groups[0], *groups[1]])
        assert ratio.verdict is verdict
        assert ratio.centre == pytest.approx(centre, abs=0.15)
