"""The mean of ratios over machines, with a random effect for the machine.

Each machine has a true ratio of its own, and each race adds its own error to it:

    y[i] = mean of its kind + N(0, tau^2) + N(0, v[i])

tau^2 is that of Paule and Mandel (1982): with it, what is left between the machines is what their
weights 1 / (v[i] + tau^2) expect. The interval of the mean is that of Hartung and Knapp (2001):
Student's t with the variance that the machines themselves show, never less than their weights
promise, since few machines may agree by chance.

Where one more machine lies is Student's prediction interval of a further measured ratio around that
mean, which covered at least 94 % (`benchmarks/machines.py`). The usual one of meta-analyses, by
Higgins, Thompson and Spiegelhalter (2009), is t with k - 2 degrees of freedom times
sqrt(tau^2 + error^2). It covered 82 to 92 % where machines are unequally certain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whichext.judge.ratios import error_of, student
from whichext.model.ratio import Ratio, noise_over

FEWEST_MACHINES = 3
"""Machines below which nothing is said of others: two tell nothing of how far they may be apart."""

_LEAST_ERROR = 1e-6  # of a logarithm: no race is more certain
_WIDEST_TAU = 100.0  # of logarithms


@dataclass(frozen=True)
class Fit:
    """Means of groups of machines, with one variance between the machines of all groups."""

    centres: tuple[float, ...]
    """Mean logarithm of each group."""
    errors: tuple[float, ...]
    """Its standard error."""
    tau: float
    """Standard deviation between machines of one group, of logarithms."""
    degrees: int
    """Degrees of freedom behind the errors."""


def fit(groups: Sequence[Sequence[Ratio]], confidence: float) -> Fit | None:
    """Fit the means of groups of machines.

    Args:
        groups: The ratio on each machine, by group; each group has at least one.
        confidence: Coverage of the ratios' intervals.

    Returns:
        The fit; None with fewer than three machines that have an interval, or without one to spare.

    """
    known = [[one for one in group if one.low is not None] for group in groups]
    degrees = sum(map(len, known)) - len(known)
    if not all(known) or degrees < FEWEST_MACHINES - 1:
        return None
    centres = [np.array([one.centre for one in group]) for group in known]
    variances = [
        np.array([max(_LEAST_ERROR, error_of(one, confidence)) ** 2 for one in group])
        for group in known
    ]
    tau_squared = _tau_squared(centres, variances, degrees)
    left, means, totals = _weighted(centres, variances, tau_squared)
    excess = max(1.0, left / degrees)
    return Fit(
        centres=tuple(means),
        errors=tuple(math.sqrt(excess / total) for total in totals),
        tau=math.sqrt(tau_squared),
        degrees=degrees,
    )


def mean_over(found: Fit, confidence: float, ratios: Sequence[Ratio]) -> Ratio:
    """The mean of the only group, with the interval of Hartung and Knapp."""
    half_width = student(confidence, found.degrees) * found.errors[0]
    return _ratio(found.centres[0], half_width, ratios)


def further_machine(found: Fit, confidence: float, ratios: Sequence[Ratio]) -> Ratio:
    """The mean of the only group, with the interval in which the ratio of a further machine lies.

    It is never narrower than the races' own errors promise, nor than the interval of the mean: few
    machines may agree by chance.
    """
    known = [one for one in ratios if one.low is not None]
    variance = float(np.var([one.centre for one in known], ddof=1))
    promised = float(np.mean([error_of(one, confidence) ** 2 for one in known]))
    spread = math.sqrt(max(variance, promised) * (1 + 1 / len(known)))
    half_width = student(confidence, found.degrees) * max(spread, found.errors[0])
    return _ratio(found.centres[0], half_width, ratios)


def between_groups(
    found: Fit, one: int, other: int, confidence: float, ratios: Sequence[Ratio]
) -> Ratio:
    """How many times the ratio of one group is that of another."""
    error = math.hypot(found.errors[one], found.errors[other])
    half_width = student(confidence, found.degrees) * error
    return _ratio(found.centres[one] - found.centres[other], half_width, ratios)


def _ratio(centre: float, half_width: float, ratios: Sequence[Ratio]) -> Ratio:
    epochs = min(one.epochs for one in ratios)
    return Ratio.of(centre, half_width, epochs, noise_over(ratios))


def _tau_squared(
    centres: Sequence[np.ndarray], variances: Sequence[np.ndarray], degrees: int
) -> float:
    """The variance between machines with which their weighted squares are what they should be."""
    from scipy.optimize import brentq  # here, since SciPy takes a while to load

    def excess(tau_squared: float) -> float:
        return _weighted(centres, variances, tau_squared)[0] - degrees

    return 0.0 if excess(0.0) <= 0 else float(brentq(excess, 0.0, _WIDEST_TAU**2, xtol=1e-12))


def _weighted(
    centres: Sequence[np.ndarray], variances: Sequence[np.ndarray], tau_squared: float
) -> tuple[float, list[float], list[float]]:
    """The weighted sum of squares around the groups' means, these means, and their weights."""
    left, means, totals = 0.0, [], []
    for values, its in zip(centres, variances, strict=True):
        weights = 1 / (its + tau_squared)
        total = float(weights.sum())
        mean = float(weights @ values) / total
        left += float(weights @ (values - mean) ** 2)
        means.append(mean)
        totals.append(total)
    return left, means, totals
