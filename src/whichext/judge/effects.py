"""What one factor does: the ratio of two contestants that differ in it and in nothing else.

All such pairs of a race, each from the rounds that the two share. A pair that differs in several
factors is confounded: its ratio is as true as any other, and says nothing about any one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from whichext.judge.factors import differing
from whichext.judge.ratios import direct_ratio
from whichext.judge.verdicts import CONFIDENCE
from whichext.model.contestant import Difference
from whichext.model.insight import Effect
from whichext.model.ratio import Ratio
from whichext.model.raw import Timing
from whichext.model.view import View

Pair = tuple[str, str, Difference]
"""Two contestants, and the one factor in which they differ."""

Raced = Mapping[str, Mapping[str, Timing]]
"""What counts of the samples, by case and contestant."""

Noise = Mapping[str, float | None]
"""How far apart identical code was in each case."""


def find_effects(view: View) -> tuple[Effect, ...]:
    """The effects that a race shows: pair by pair, sorted by factor, and case by case.

    Args:
        view: With rows and factors: what crashed in a race, or was found to be wrong, shows no
            effect of anything.

    """
    raced = {
        name: {one: case.timings[one] for one in case.measured} for name, case in view.cases.items()
    }
    noise = {name: case.noise for name, case in view.cases.items()}
    pairs = _upward(single_factor_pairs(view), raced, noise)
    return tuple(
        _effect(pair, case, ratio)
        for pair in sorted(pairs, key=_factor_first)
        for case, ratio in _ratios(pair, raced, noise)
    )


def single_factor_pairs(view: View) -> Iterator[Pair]:
    """Pairs of contestants that differ in exactly one factor."""
    for (one, its), (other, others) in combinations(view.judged.factors.items(), 2):
        found = differing(its, others)
        if len(found) == 1:
            yield one, other, found[0]


def _upward(pairs: Iterable[Pair], raced: Raced, noise: Noise) -> Iterator[Pair]:
    """The pairs in the direction in which times fall over all cases; threads always upwards.

    One direction for all cases, so that an effect which turns around in one of them is seen to.
    """
    for before, after, difference in pairs:
        turned = (after, before, difference.reversed())
        if difference.factor == "threads":
            upward = int(difference.before) < int(difference.after)
        else:
            ratios = _ratios((before, after, difference), raced, noise)
            upward = sum(ratio.centre for _, ratio in ratios) <= 0
        yield (before, after, difference) if upward else turned


def _ratios(pair: Pair, raced: Raced, noise: Noise) -> Iterator[tuple[str, Ratio]]:
    """The second's time over the first's, in each case in which both took turns in one round."""
    before, after, _ = pair
    for case, timings in raced.items():
        if before in timings and after in timings:
            ratio = direct_ratio(timings[after], timings[before], CONFIDENCE, noise[case])
            if ratio is not None:
                yield case, ratio


def _effect(pair: Pair, case: str, ratio: Ratio) -> Effect:
    before, after, difference = pair
    return Effect(
        case=case,
        factor=difference.factor,
        before=difference.before,
        after=difference.after,
        contestant_before=before,
        contestant_after=after,
        ratio=ratio,
    )


def _factor_first(pair: Pair) -> tuple[str, str, str]:
    return pair[2].factor, pair[2].before, pair[2].after
