"""Busy threads: the census, and the processor time of all turns as a second witness."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from builders import make_timing
from whichext.judge.estimates import busy_threads
from whichext.model.raw import Timing


def timing_of(seen: int | None, *kept_busy: float) -> Timing:
    """A timing with a census, and so many processors kept busy in each of its turns."""
    plain = make_timing("cy.total[2]", [1_000.0] * len(kept_busy), rounds=1)
    samples = (
        replace(sample, cpu_ns=round(busy * sample.wall_ns))
        for sample, busy in zip(plain.samples, kept_busy, strict=True)
    )
    return replace(plain, samples=tuple(samples), threads_seen=seen)


@pytest.mark.parametrize(
    ("seen", "kept_busy", "busy"),
    [
        (2, (2.0, 2.0, 2.0), 2),
        (1, (1.0, 1.9, 1.95), 2),  # another program had the other processor during the census
        (12, (1.9, 2.0, 1.9), 12),  # twelve threads on two processors
        (1, (1.0, 1.0, 1.9), 1),  # one turn is no witness
    ],
)
def test_the_greater_of_census_and_processor_time_counts(
    seen: int, kept_busy: tuple[float, ...], busy: int
) -> None:
    assert busy_threads(timing_of(seen, *kept_busy)) == busy


def test_calls_that_were_too_short_for_a_census_stay_unknown() -> None:
    assert busy_threads(timing_of(None, 2.0, 2.0)) is None


def test_who_left_before_the_first_turn_has_the_census_alone() -> None:
    assert busy_threads(timing_of(3)) == 3
