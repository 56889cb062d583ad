"""Races identical code against itself and tells how often this machine makes it look different."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from msgspec import Struct

from whichext.judge import next_field
from whichext.judge.ratios import direct_ratio
from whichext.judge.steal import find_theft, without
from whichext.judge.verdicts import CONFIDENCE
from whichext.load.kernel import load_kernel
from whichext.model.contestant import Contestant, Role
from whichext.model.options import Options
from whichext.model.ratio import Verdict
from whichext.model.scorecard import Race, Timing
from whichext.race import Plan, race_all
from whichext.system.progress import Progress

MOST_EXCLUDED = 0.08
"""Share of intervals that may exclude 1: 95 % intervals should at 5 %, and 100 cells vary."""
MOST_MISCALLED = 0.05
"""Share of pairs that may be called faster or slower: what a verdict at 95 % may be wrong in."""
FEWEST_CELLS = 25
"""Pairs below which chance decides: one of 12 intervals excludes 1 in 46 % of the checks on a
machine without fault, and three of 25 in 13 % of them at most."""

KERNEL = Path(__file__).parents[1] / "race" / "selfcheck"
"""The folder of the kernel whose reference is raced against itself."""

_COPIES = 4


class SelfCheck(Struct, frozen=True, kw_only=True):
    """What came of racing identical code."""

    asked: int
    """Pairs that were to be compared."""
    cells: int
    """Pairs of identical contestants that were compared, over all cases."""
    excluded: int
    """Pairs whose interval excludes 1, which all should hold."""
    miscalled: int
    """Pairs that were called faster or slower, the worst that a race can do; each of them is among
    the excluded ones."""
    noise_floor: float
    """95th percentile of how far ratios were from 1."""
    half_width: float
    """Median half-width of the intervals."""
    rounds: int
    """Rounds that were raced."""
    rounds_dropped: int
    """Rounds dropped for stolen time."""
    rounds_spoiled: int
    """Rounds in which time was stolen, also those that had to stay."""
    stopped: str | None = None
    """Why the check ended before it was done; None when it was done."""

    @property
    def conclusive(self) -> bool:
        """Whether the counts may be held against the rule: all of them, and enough."""
        return not self.stopped and self.cells >= FEWEST_CELLS

    @property
    def passed(self) -> bool:
        """Whether no more intervals exclude 1, and no more pairs are miscalled, than may be."""
        return (
            self.conclusive
            and self.excluded <= MOST_EXCLUDED * self.cells
            and self.miscalled <= MOST_MISCALLED * self.cells
        )


def selfcheck(cells: int, options: Options, progress: Progress) -> SelfCheck:
    """Race one piece of NumPy code against copies of itself.

    Args:
        cells: Pairs to compare; rounded up to whole cases, and at most what the cases give.
        options: Time, precision, epochs and rounds.
        progress: Told of each epoch.

    """
    kernel = load_kernel(KERNEL)
    everybody = tuple(copy_of_reference(number) for number in range(1 + _COPIES))
    plan = Plan(
        contestants=everybody,
        sites={contestant.name: None for contestant in everybody},
        cases=kernel.cases[: math.ceil(cells / _COPIES)],
        checks=(),
    )
    race = race_all(
        kernel,
        plan,
        options,
        progress,
        lambda timings: next_field(timings, options.precision, options.min_epochs),
        lambda _: None,
    )
    return judge_copies(race, cells)


def judge_copies(race: Race, asked: int) -> SelfCheck:
    """Compare every copy with the first one, case by case.

    Args:
        race: Of the copies, also one that was stopped.
        asked: Pairs that were to be compared.

    """
    ratios, thefts = [], []
    for case in dict.fromkeys(timing.case for timing in race.timings):
        timings = tuple(timing for timing in race.timings if timing.case == case)
        theft = find_theft(timings)
        thefts.append(theft)
        first, *copies = (without(timing, theft.dropped) for timing in timings)
        found = [
            direct_ratio(copy, first, CONFIDENCE, noise=None) for copy in copies if _raced(copy)
        ]
        ratios += [ratio for ratio in found if ratio is not None]
    distances = [abs(ratio.centre) for ratio in ratios]
    return SelfCheck(
        asked=asked,
        cells=len(ratios),
        excluded=sum(abs(ratio.centre) > ratio.half_width for ratio in ratios),
        miscalled=sum(r.verdict in (Verdict.FASTER, Verdict.SLOWER) for r in ratios),
        noise_floor=math.expm1(float(np.percentile(distances, 95))) if distances else 0.0,
        half_width=math.expm1(float(np.median([r.half_width for r in ratios]))) if ratios else 0.0,
        rounds=sum(theft.rounds for theft in thefts),
        rounds_dropped=sum(len(theft.dropped) for theft in thefts),
        rounds_spoiled=sum(theft.spoiled for theft in thefts),
        stopped=race.stopped,
    )


def _raced(timing: Timing) -> bool:
    return timing.ended is None and bool(timing.samples)


def copy_of_reference(number: int) -> Contestant:
    """A contestant that is the kernel's reference under another name."""
    return Contestant(
        entry=f"copy {number}",
        project="",
        module="",
        function="",
        profile="release",
        role=Role.REFERENCE,
    )
