"""The fastest of a case, and those that were not shown to be slower.

The fastest is compared directly with each other contestant and not through the baseline. "Nothing
else is as fast" is one claim about all of them, so their intervals are simultaneous: together they
miss in 5 % of races. Bonferroni would give each comparison an equal share of that error, as if they
had nothing in common. But all share the fastest contestant's noise, and the machine's.

How much they share is in the epochs. Under "no difference", the sign of an epoch's difference is a
toss of a coin; the same toss for all comparisons keeps what they share. Over all tosses of all
epochs, the largest of the t statistics has a distribution, and its 95th percentile is the critical
value (max-t with a wild bootstrap: Westfall and Young 1993; Romano and Wolf 2005). Comparisons may
rest on different numbers of epochs, so that t is replaced by the coverage that it stands for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from whichext.judge.ratios import by_epoch, ratio_in
from whichext.model.insight import Leaders, Rival
from whichext.model.ratio import FAR, Comparison, Ratio, Verdict
from whichext.model.view import CaseView

_FEWEST_EPOCHS = 5  # fewer have too few tosses to tell a percentile
_ALL_TOSSES = 11
_TOSSES = 2**_ALL_TOSSES
_SEED = 1
_COVERAGES = 1001  # that are tried, between that of all and Bonferroni's

Floats = npt.NDArray[np.float64]


def find_leaders(case: CaseView, measured: Sequence[str], confidence: float) -> Leaders | None:
    """The fastest of a case; None where nothing was measured.

    Args:
        case: The case.
        measured: Names of all that are compared, the fastest first.
        confidence: Coverage of all intervals together.

    """
    if not measured:
        return None
    leader, *others = measured
    first = case.timings[leader]
    epochs = {name: by_epoch(case.timings[name], first) for name in others}
    near = [its for its in epochs.values() if not _is_far(its, case.noise)]
    each = simultaneous(near, confidence)
    return Leaders(
        leader=leader,
        rivals=tuple(
            Rival(contestant=name, ratio=ratio)
            for name, ratio in not_slower(case, leader, others, each)
        ),
        compared=len(others),
        confidence=each,
    )


def not_slower(
    case: CaseView, leader: str, others: Iterable[str], confidence: float
) -> Iterator[tuple[str, Ratio | None]]:
    """Contestants not shown to be slower than the leader by more than the noise, with their ratio.

    What took over three times as long in each of several epochs is slower, though it may have raced
    in too few of them for an interval that is worth the name. Not so where noise reaches as far.
    """
    for name in others:
        epochs = by_epoch(case.timings[name], case.timings[leader])
        if _is_far(epochs, case.noise):
            continue
        ratio = ratio_in(case, name, leader, confidence)
        if ratio is None or ratio.verdict is not Verdict.SLOWER:
            yield name, ratio


def first_ones(case: CaseView, firsts: Sequence[str], confidence: float) -> Iterator[Comparison]:
    """The fastest of each toolchain against each other, by direct comparison.

    Args:
        case: The case.
        firsts: Their names, the fastest first.
        confidence: Coverage of each interval; that of the leaders, so that both say the same.

    """
    for one, other in combinations(firsts, 2):
        ratio = None
        if case.judged.baseline not in (one, other):  # else it is in the table
            ratio = ratio_in(case, one, other, confidence)
        if ratio is not None:
            yield Comparison(contestant=one, other=other, ratio=ratio)


def _is_far(epochs: Mapping[int, float], noise: float | None) -> bool:
    """Whether one took over three times as long in each of several epochs, and more than noise."""
    border = max(math.log(FAR), math.log1p(noise or 0.0))
    return len(epochs) > 1 and min(epochs.values()) > border


def simultaneous(comparisons: Sequence[Mapping[int, float]], confidence: float) -> float:
    """The coverage of each interval with which all of them together have `confidence`.

    Args:
        comparisons: Logarithms of ratios to the same contestant, by epoch, for each other one.
        confidence: Coverage of all together.

    Returns:
        From `confidence` to what Bonferroni would ask for.

    """
    bonferroni = 1 - (1 - confidence) / max(1, len(comparisons))
    known = [its for its in comparisons if len(its) >= _FEWEST_EPOCHS]
    if len(known) < 2:
        return bonferroni
    numbers = sorted({number for its in known for number in its})
    values = np.array([[its.get(number, np.nan) for number in numbers] for its in known])
    residuals = values - np.nanmean(values, axis=1, keepdims=True)
    greatest = np.max([_coverages(row, _tosses(len(numbers))) for row in residuals], axis=0)
    # Those of few epochs miss by themselves, as often as each interval does.
    few = len(comparisons) - len(known)
    each = np.linspace(confidence, bonferroni, _COVERAGES)
    misses = 1 - np.interp(each, np.sort(greatest), np.linspace(0, 1, len(greatest)))
    enough = misses + few * (1 - each) <= 1 - confidence
    return float(each[enough][0]) if enough.any() else bonferroni


@lru_cache(maxsize=32)  # the array is only read
def _tosses(epochs: int) -> Floats:
    """Signs, (n_tosses, n_epochs): all there are for few epochs, else some at random."""
    if epochs <= _ALL_TOSSES:
        bits = np.arange(2**epochs)[:, None] >> np.arange(epochs) & 1
        return 1.0 - 2.0 * bits.astype(np.float64)
    return np.random.default_rng(_SEED).choice([-1.0, 1.0], (_TOSSES, epochs))


def _coverages(residuals: Floats, tosses: Floats) -> Floats:
    """Coverage of the interval that just holds 0, (n_tosses,), for residuals with these signs."""
    from scipy.special import stdtr  # here, since SciPy takes a while to load

    there = ~np.isnan(residuals)
    tossed: Floats = tosses[:, there] * residuals[there]
    count = int(there.sum())
    spread = np.maximum(tossed.std(axis=1, ddof=1), np.finfo(float).tiny)
    statistic = np.abs(tossed.mean(axis=1)) / spread * np.sqrt(count)
    coverages: Floats = 2 * stdtr(count - 1, statistic) - 1
    return coverages
