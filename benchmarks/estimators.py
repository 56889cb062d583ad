"""Other ways to use what was measured, on the kept results: widths of intervals against ours.

    python benchmarks/estimators.py

For the value of an epoch: the mean of its rounds, and the Hodges-Lehmann estimator, against our
median, by the number of rounds. Shown is the median over contestants of the quotient of their
spreads between epochs. For the interval over eight epochs or more: that of the signed-rank test,
and Student's after a regression on the limit with as many threads, against ours. Quotients below 1
are narrower.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from whichext.judge.ratios import CONFIDENCE, by_epoch, find_ratio
from whichext.model.contestant import Role
from whichext.model.raw import Sample, Timing
from whichext.model.view import CaseView, View
from whichext.report import result_file

RESULTS = Path(__file__).parents[1] / "docs" / "results"
FILES = ("find_max_shapes", "find_max_layouts", "find_max_dtypes", "article_square", "find_max")
ROUNDS, FEWEST = (3, 4, 5, 6, 8), 6

Floats = npt.NDArray[np.float64]
Estimator = Callable[[Sequence[float]], float]


def main() -> None:
    """Print a line for each alternative."""
    print(f"$ python {' '.join(sys.argv)}")
    views = [result_file.read(RESULTS / f"{name}.json") for name in FILES]
    pairs = [pair for view in views for pair in compared(view)]
    for what, estimator in (("mean", np.mean), ("Hodges-Lehmann", hodges_lehmann)):
        found = ((rounds, spreads(pairs, rounds, estimator)) for rounds in ROUNDS)
        print(f"{what} of rounds, by their number: " + ", ".join(f"{r}: {q:.2f}" for r, q in found))
    for what, widths in (("signed-rank", signed_ranks), ("limit as covariate", covariate)):
        quotients = [q for view in views for q in widths(view)]
        low, middle, high = np.percentile(quotients, [10, 50, 90])
        print(
            f"{what}: {middle:.2f} (10 % to 90 %: {low:.2f} to {high:.2f}), {len(quotients)} pairs"
        )


def compared(view: View) -> Iterator[tuple[Timing, Timing]]:
    """Each contestant that was timed with the baseline of its case."""
    for case in view.cases.values():
        baseline = case.timings[case.judged.baseline or view.raw.baseline]
        for name in case.measured:
            if name != baseline.contestant:
                yield case.timings[name], baseline


def spreads(pairs: Sequence[tuple[Timing, Timing]], rounds: int, estimator: Estimator) -> float:
    """Median quotient of spreads between epochs, where epochs have that many rounds at least."""
    quotients = []
    for one, other in pairs:
        epochs = [
            its[:rounds] for its in by_round(one.samples, other.samples) if len(its) >= rounds
        ]
        if len(epochs) >= FEWEST:
            ours = np.std([np.median(its) for its in epochs], ddof=1)
            quotients.append(np.std([estimator(its) for its in epochs], ddof=1) / max(ours, 1e-9))
    return float(np.median(quotients))


def by_round(samples: Sequence[Sample], baseline: Sequence[Sample]) -> list[list[float]]:
    """Differences of logarithms, epoch by epoch."""
    other = {(s.epoch, s.round): math.log(s.wall_ns / s.calls) for s in baseline}
    found: dict[int, list[float]] = {}
    for s in samples:
        if (s.epoch, s.round) in other:
            difference = math.log(s.wall_ns / s.calls) - other[s.epoch, s.round]
            found.setdefault(s.epoch, []).append(difference)
    return list(found.values())


def hodges_lehmann(values: Sequence[float]) -> float:
    """The median of all means of two."""
    return float(np.median(walsh(np.array(values))))


def walsh(values: Floats) -> Floats:
    """All means of two, also of one with itself."""
    one, other = np.triu_indices(len(values))
    return (values[one] + values[other]) / 2


def signed_ranks(view: View) -> Iterator[float]:
    """Widths of the signed-rank intervals over ours."""
    for one, other in compared(view):
        epochs = np.array(list(by_epoch(one, other).values()))
        ratio = find_ratio(list(epochs), CONFIDENCE, noise=None)
        if len(epochs) >= 8 and ratio is not None and ratio.half_width > 0:
            means, left_out = np.sort(walsh(epochs)), ranks_left_out(len(epochs))
            yield float(means[-left_out] - means[left_out - 1]) / 2 / ratio.half_width


@cache
def ranks_left_out(count: int) -> int:
    """How many of the sorted means of two lie outside of the interval, at each side."""
    ways = np.zeros(count * (count + 1) // 2 + 1)
    ways[0] = 1
    for rank in range(1, count + 1):
        ways[rank:] += ways[:-rank].copy()
    return int(np.searchsorted(np.cumsum(ways) / 2**count, (1 - CONFIDENCE) / 2 + 1e-12))


def covariate(view: View) -> Iterator[float]:
    """Widths after a regression of epochs on those of the limit, over ours."""
    for case in view.cases.values():
        for name in case.measured:
            contestant = view.contestants[name]
            limit = limit_of(view, case, contestant.threads)
            if contestant.is_compared and limit is not None and name != case.judged.baseline:
                yield from regressed(case, name, limit)


def limit_of(view: View, case: CaseView, threads: int) -> str | None:
    """Name of the limit with so many threads."""
    limits = (c.name for c in view.raw.contestants if (c.role, c.threads) == (Role.LIMIT, threads))
    return next((name for name in limits if name in case.measured), None)


def regressed(case: CaseView, name: str, limit: str) -> Iterator[float]:
    """The width of one contestant's interval after the regression, over ours."""
    baseline = case.timings[case.judged.baseline or ""]
    mine, its = (by_epoch(case.timings[one], baseline) for one in (name, limit))
    both = sorted(mine.keys() & its.keys())
    if len(both) < 8:
        return
    y, x = (np.array([found[epoch] for epoch in both]) for found in (mine, its))
    x = x - x.mean()
    slope = float(x @ y / max(float(x @ x), 1e-30))
    rest = y - y.mean() - slope * x
    error = math.sqrt(float(rest @ rest) / (len(both) - 2) / len(both))
    ratio = find_ratio(list(y), CONFIDENCE, noise=None)
    if ratio is not None and ratio.half_width > 0:
        plain = stdtrit(len(both) - 1, 0.5 + CONFIDENCE / 2) * y.std(ddof=1) / math.sqrt(len(both))
        yield float(stdtrit(len(both) - 2, 0.5 + CONFIDENCE / 2) * error / plain)


if __name__ == "__main__":
    main()
