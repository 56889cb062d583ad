"""The self-check: what it makes of a race of identical code, and what it says of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from builders import make_timing, noisy, steady, stolen_from
from whichext.judge.selfcheck import FEWEST_CELLS, SelfCheck, judge_copies, selfcheck
from whichext.model.options import Options
from whichext.model.outcome import Crashed
from whichext.model.scorecard import Race, Timing
from whichext.report.selfcheck_text import render_selfcheck
from whichext.system.progress import SilentProgress


def copies(*times_ns: Sequence[float]) -> Race:
    """A race in one case; one time per epoch for each copy."""
    timings = (make_timing(f"copy {n}", times) for n, times in enumerate(times_ns))
    return Race(timings=tuple(timings))


def found(**changes: float | str) -> SelfCheck:
    values = {
        "asked": 100,
        "cells": 100,
        "excluded": 5,
        "miscalled": 0,
        "noise_floor": 0.012,
        "half_width": 0.008,
        "rounds": 400,
        "rounds_dropped": 7,
        "rounds_spoiled": 7,
    }
    return SelfCheck(**(values | changes))  # type: ignore[arg-type]  # one dict of two kinds


def test_every_copy_is_compared_with_the_first() -> None:
    assert judge_copies(copies(noisy(1_000), noisy(1_000), noisy(1_000)), 2).cells == 2


def test_copies_that_are_really_slower_are_excluded_and_miscalled() -> None:
    check = judge_copies(copies(steady(1_000), *[noisy(1_200)] * FEWEST_CELLS), FEWEST_CELLS)
    counts = (check.excluded, check.miscalled, check.passed)
    assert counts == (FEWEST_CELLS, FEWEST_CELLS, False)


def test_copies_that_agree_pass_with_a_small_noise_floor() -> None:
    check = judge_copies(copies(*[noisy(1_000)] * (1 + FEWEST_CELLS)), FEWEST_CELLS)
    assert (check.excluded, check.miscalled, check.passed) == (0, 0, True)
    assert check.noise_floor < 0.05


@pytest.mark.parametrize("cells", [4, 12, FEWEST_CELLS - 1])
def test_copies_that_agree_do_not_pass_when_they_are_too_few(cells: int) -> None:
    check = judge_copies(copies(*[noisy(1_000)] * (1 + cells)), cells)
    assert (check.conclusive, check.passed) == (False, False)


def test_a_check_that_was_stopped_does_not_pass_however_well_it_went() -> None:
    race = Race(
        timings=copies(*[noisy(1_000)] * (1 + FEWEST_CELLS)).timings, stopped="it was interrupted"
    )
    check = judge_copies(race, 100)
    assert (check.asked, check.cells, check.stopped) == (100, FEWEST_CELLS, "it was interrupted")
    assert not check.passed


def test_spoiled_rounds_that_had_to_stay_are_counted() -> None:
    (first, second) = copies(noisy(1_000), noisy(1_000)).timings
    hit = stolen_from(second, {(epoch, 0): 0.5 for epoch in range(5)})
    check = judge_copies(Race(timings=(first, hit)), 1)
    assert (check.rounds, check.rounds_dropped, check.rounds_spoiled) == (15, 4, 5)


def test_a_copy_that_was_lost_is_no_cell() -> None:
    lost = make_timing("copy 2", [], ended=Crashed("small", "killed by SIGKILL"))
    timings: tuple[Timing, ...] = copies(noisy(1_000), noisy(1_000)).timings
    assert judge_copies(Race(timings=(*timings, lost)), 2).cells == 1


def test_a_check_without_cells_does_not_pass() -> None:
    assert not judge_copies(Race(), 100).passed


@pytest.mark.parametrize(("excluded", "passed"), [(8, True), (9, False)])
def test_at_most_eight_percent_of_the_intervals_may_exclude_one(
    excluded: int, passed: bool
) -> None:
    assert found(excluded=excluded).passed is passed


@pytest.mark.parametrize(("miscalled", "passed"), [(5, True), (6, False)])
def test_at_most_five_percent_of_the_pairs_may_be_called_different(
    miscalled: int, passed: bool
) -> None:
    assert found(excluded=8, miscalled=miscalled).passed is passed


def test_the_outcome_is_told_with_its_counts() -> None:
    assert render_selfcheck(found()) == (
        "100 pairs of identical code were raced, with a median interval of ±0.8%.\n"
        "5 intervals exclude 1 (5.0%; 95 % intervals may at 5 %, and up to 8% pass); 0 pairs were "
        "called faster or slower.\n"
        "Noise floor of this machine: 1.2% (95 % of the ratios were closer to 1). "
        "Dropped for stolen time: 7 of 400 rounds.\n"
        "passed: a verdict of a race on this machine may be believed."
    )


def test_a_failed_check_says_what_to_do() -> None:
    assert render_selfcheck(found(excluded=20)).endswith(
        "\nFAILED: more than 8% of the intervals exclude 1, or more than 5% of the pairs were "
        "called faster or slower. Do not act on verdicts from this machine now. "
        "Next: whichext doctor tells what disturbs it."
    )


def test_a_check_that_was_stopped_is_told_as_inconclusive_with_both_counts() -> None:
    stopped = found(cells=28, excluded=0, stopped="it was interrupted")
    assert render_selfcheck(stopped).endswith(
        "\ninconclusive: the check ended after 28 of 100 pairs: it was interrupted. "
        "Next: whichext selfcheck, and let it finish."
    )


def test_a_check_of_few_pairs_is_told_as_inconclusive_with_how_many_it_takes() -> None:
    assert render_selfcheck(found(asked=12, cells=12, excluded=0)).endswith(
        "\ninconclusive: expected at least 25 pairs, got 12, of which chance alone may make one "
        "look different. Next: whichext selfcheck --cells 100."
    )


@pytest.mark.slow
@pytest.mark.processes
def test_a_real_check_compares_as_many_pairs_as_it_was_asked_for() -> None:
    options = Options(max_time_s=0, min_epochs=2, max_epochs=2, rounds=1)
    assert selfcheck(4, options, SilentProgress()).cells == 4
