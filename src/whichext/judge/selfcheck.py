"""Races identical code against itself and tells how often this machine makes it look different."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from whichext.judge.ratios import direct_ratio
from whichext.judge.steal import find_theft
from whichext.judge.verdicts import CONFIDENCE
from whichext.model.contestant import RELEASE, Case, Contestant, Role
from whichext.model.judged import SelfCheck
from whichext.model.kernel import Kernel
from whichext.model.ratio import Verdict
from whichext.model.raw import Raw, Timing
from whichext.model.view import without

KERNEL = Path(__file__).parents[1] / "race" / "selfcheck"
"""The folder of the kernel whose reference is raced against itself."""

_COPIES = 4


def copies_of_reference() -> tuple[Contestant, ...]:
    """What a self-check races: the kernel's reference, and copies of it under other names."""
    return tuple(copy_of_reference(number) for number in range(1 + _COPIES))


def cases_for(kernel: Kernel, cells: int) -> tuple[Case, ...]:
    """The cases that give so many pairs; rounded up to whole cases, and at most all there are."""
    return tuple(kernel.cases[: math.ceil(cells / _COPIES)])


def judge_copies(raw: Raw, asked: int) -> SelfCheck:
    """Compare every copy with the first one, case by case.

    Args:
        raw: A race of the copies, also one that was stopped.
        asked: Pairs that were to be compared.

    """
    ratios, thefts = [], []
    for case in dict.fromkeys(timing.case for timing in raw.timings):
        timings = tuple(timing for timing in raw.timings if timing.case == case)
        theft = find_theft(timings)
        thefts.append(theft)
        first, *copies = (without(timing, theft.dropped) for timing in timings)
        found = [
            direct_ratio(copy, first, CONFIDENCE, noise=None) for copy in copies if _raced(copy)
        ]
        ratios += [ratio for ratio in found if ratio is not None]
    distances = [abs(ratio.centre) for ratio in ratios]
    half_widths = [ratio.half_width for ratio in ratios if ratio.low is not None]
    return SelfCheck(
        asked=asked,
        cells=len(ratios),
        excluded=sum(abs(ratio.centre) > ratio.half_width for ratio in ratios),
        miscalled=sum(r.verdict in (Verdict.FASTER, Verdict.SLOWER) for r in ratios),
        noise_floor=math.expm1(float(np.percentile(distances, 95))) if distances else None,
        half_width=math.expm1(float(np.median(half_widths))) if half_widths else None,
        rounds=sum(theft.rounds for theft in thefts),
        rounds_dropped=sum(len(theft.dropped) for theft in thefts),
        rounds_spoiled=sum(theft.spoiled for theft in thefts),
        stopped=raw.stopped,
    )


def _raced(timing: Timing) -> bool:
    return timing.ended is None and bool(timing.samples)


def copy_of_reference(number: int) -> Contestant:
    """A contestant that is the kernel's reference under another name."""
    return Contestant(
        entry=f"copy {number}",
        project=None,
        module=None,
        function=None,
        profile=RELEASE,
        role=Role.REFERENCE,
    )
