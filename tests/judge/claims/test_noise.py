"""Claims held against races in which identical code came out different."""

from __future__ import annotations

import pytest

from support.contestants import make_contestant
from support.races import OTHER, OURS, held, race_between
from support.results import make_race, steady
from whichext.model.claim import Standing
from whichext.model.contestant import Role

NOISY = make_race(
    {
        "numpy": steady(1_000),
        "numpy (A/A twin)": steady(1_100),
        OTHER: steady(1_000),
        OURS: steady(940),
    }
)
"""OURS is 6 % faster than OTHER, where two copies of one code are 10 % apart."""


@pytest.mark.parametrize(
    "text",
    [
        f"is faster than {OTHER}",
        f"is 1.05x faster than {OTHER}",
        f"is at least 8% faster than {OTHER}",
        f"takes 0.95 of the time of {OTHER}",
        f"is within 8% of {OTHER}",
    ],
)
def test_what_the_noise_may_have_made_neither_holds_nor_is_refuted(text: str) -> None:
    (case,) = held(f"{OURS} {text}", NOISY).cases

    assert case.standing is Standing.UNRESOLVED
    assert case.epochs_needed is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"is 1.3x faster than {OTHER}", Standing.REFUTED),
        (f"is at most 1.3x faster than {OTHER}", Standing.HOLDS),
        (f"is within 20% of {OTHER}", Standing.HOLDS),
    ],
)
def test_what_goes_beyond_the_noise_is_told(text: str, expected: Standing) -> None:
    assert held(f"{OURS} {text}", NOISY).standing is expected


def test_where_noise_alone_keeps_a_claim_open_it_is_kept_with_the_finding() -> None:
    (noisy_case,) = held(f"{OURS} is 1.05x faster than {OTHER}", NOISY).cases
    (plain_case,) = held(f"{OURS} is 2x faster than {OTHER}", NOISY).cases

    assert noisy_case.noise == pytest.approx(0.1)
    assert plain_case.noise is None


def test_a_claim_with_a_tenth_to_spare_is_never_refuted_by_noise() -> None:
    contestants = [make_contestant("numpy", role=Role.REFERENCE), make_contestant(OURS)]
    times = {"small": {"numpy": 2_200_000, OURS: 1_000_000}}
    races = (race_between(contestants, times, seed=n, spread=0.05, epochs=8) for n in range(20))
    found = {held(f"{OURS} is 2x faster than numpy", race).standing for race in races}
    assert found == {Standing.HOLDS, Standing.UNRESOLVED}
