"""Intervals keep their coverage although the race stops when they are narrow."""

from __future__ import annotations

import numpy as np
import pytest

from support.results import make_timing
from whichext.judge.ratios import PrecisionReached, find_ratio
from whichext.model.options import Options

pytestmark = pytest.mark.slow

RACES, MOST_EPOCHS, CALL_NS = 400, 30, 1_000.0


def misses(spread: float, settings: Options, rng: np.random.Generator) -> bool:
    """One race of two equals whose epochs differ by `spread`; whether its interval excludes 1."""
    differences = rng.normal(0.0, spread, MOST_EPOCHS)
    for epochs in range(2, MOST_EPOCHS + 1):
        copy_ns = [CALL_NS * float(np.exp(d)) for d in differences[:epochs]]
        timings = (make_timing("a", [CALL_NS] * epochs), make_timing("b", copy_ns))
        if not PrecisionReached(settings.precision, settings.min_epochs).staying(timings):
            break
    ratio = find_ratio(list(differences[:epochs]), 0.95, noise=None)
    assert ratio is not None
    return abs(ratio.centre) > ratio.half_width


@pytest.mark.parametrize("settings", [Options(), Options.quick()], ids=["default", "quick"])
@pytest.mark.parametrize("spread", [0.007, 0.013, 0.02])
def test_stopping_on_precision_does_not_make_equals_look_different(
    spread: float, settings: Options
) -> None:
    rng = np.random.default_rng(11)
    share = sum(misses(spread, settings, rng) for _ in range(RACES)) / RACES
    assert share <= 0.07  # under 5 % and the chance of 400 races


def test_an_interval_that_was_narrow_for_one_epoch_alone_does_not_end_the_race() -> None:
    wild = [CALL_NS, 2 * CALL_NS, CALL_NS, CALL_NS, CALL_NS]
    for epochs, field in ((wild, {"a", "b"}), ([CALL_NS] * 5, set())):
        timings = (make_timing("a", [CALL_NS] * 5), make_timing("b", epochs))
        assert PrecisionReached(0.01, 5).staying(timings) == field
