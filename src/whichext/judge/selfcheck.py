"""Races identical code against itself, and counts how often it is called different here."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from whichext.judge.insights import find_noise
from whichext.model.case import Case
from whichext.model.contestant import RELEASE, Contestant, Role
from whichext.model.judged import SelfCheck
from whichext.model.kernel import Kernel
from whichext.model.outcome import Measured
from whichext.model.ratio import Verdict
from whichext.model.view import View

KERNEL = Path(__file__).parents[1] / "race" / "selfcheck"
"""The folder of the kernel whose reference is raced against itself."""

_COPIES = 4


def copies_of_reference() -> tuple[Contestant, ...]:
    """The contestants of a self-check: the kernel's reference and renamed copies of it."""
    return tuple(copy_of_reference(number) for number in range(1 + _COPIES))


def cases_for(kernel: Kernel, cells: int) -> tuple[Case, ...]:
    """The cases for a number of pairs, rounded up to whole cases, at most all."""
    return tuple(kernel.cases[: math.ceil(cells / _COPIES)])


def judge_copies(view: View, asked: int) -> SelfCheck:
    """Compare every copy with the first one that stayed in the race, case by case.

    Args:
        view: A race of the copies with its rows, also one that was stopped.
        asked: Pairs that were to be compared.

    """
    measured = [row.outcome.ratio for row in view.judged.rows if isinstance(row.outcome, Measured)]
    ratios = [ratio for ratio in measured if ratio.verdict is not Verdict.BASELINE]
    distances = [abs(ratio.centre) for ratio in ratios]
    half_widths = [ratio.half_width for ratio in ratios if ratio.low is not None]
    noise = find_noise(view)
    return SelfCheck(
        asked=asked,
        cells=len(ratios),
        excluded=sum(abs(ratio.centre) > ratio.half_width for ratio in ratios),
        miscalled=sum(r.verdict in (Verdict.FASTER, Verdict.SLOWER) for r in ratios),
        noise_floor=math.expm1(float(np.percentile(distances, 95))) if distances else None,
        half_width=math.expm1(float(np.median(half_widths))) if half_widths else None,
        rounds=noise.rounds,
        rounds_dropped=noise.dropped,
        rounds_spoiled=noise.spoiled,
        stopped=view.raw.stopped,
    )


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
