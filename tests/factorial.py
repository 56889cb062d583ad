"""Contestants with given factors, and races between them with times that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from builders import (
    SMALL,
    changed,
    make_contestant,
    make_course,
    make_samples,
    make_view,
    rejudged,
)
from whichext.model.contestant import Contestant, Factor
from whichext.model.raw import Timing
from whichext.model.view import View


def with_factors(name: str, /, idle: Sequence[str] = (), **factors: str) -> Contestant:
    """A contestant of that name that declares these factors and no others."""
    declared = tuple(sorted(Factor(*item) for item in factors.items()))
    return replace(make_contestant(name), factors=declared, idle=tuple(idle))


def race_between(
    contestants: Sequence[Contestant],
    times_ns: Mapping[str, Mapping[str, float]],
    *,
    origin: str = "",
    seed: int = 0,
    spread: float = 0.01,
    epochs: int = 10,
) -> View:
    """The judged result of a race.

    Args:
        contestants: Who raced, the baseline first.
        times_ns: Mean time of a call by case and contestant, ns.
        origin: Where explanations begin.
        seed: Of the noise.
        spread: Standard deviation of the logarithm of times, between epochs and between rounds.
        epochs: Sets of fresh processes.

    """
    rng = np.random.default_rng(seed)
    timings = []
    for case, by_name in times_ns.items():
        # What the machine does to everybody in a round is the same for all.
        machine = rng.normal(0, 3 * spread, (epochs, 4))
        for name, mean_ns in by_name.items():
            own = rng.normal(0, spread, (epochs, 1)) + rng.normal(0, spread, (epochs, 4))
            times = mean_ns * np.exp(machine + own)
            timings.append(Timing(contestant=name, case=case, samples=make_samples(times.tolist())))
    plain = make_view(
        timings=timings,
        cases=[replace(SMALL, name=case) for case in times_ns],
        courses=[make_course(case) for case in times_ns],
        names=[contestant.name for contestant in contestants],
    )
    return rejudged(changed(plain, contestants=tuple(contestants), origin=origin))
