"""The self-check: what it makes of a race of identical code."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from msgspec.structs import replace

from support.results import make_raw, make_timing, noisy, steady, stolen_from
from whichext.judge import view_of
from whichext.judge.selfcheck import judge_copies
from whichext.model.judged import FEWEST_CELLS, SelfCheck
from whichext.model.options import Options
from whichext.model.outcome import Crashed
from whichext.model.raw import Raw, Timing
from whichext.pipeline import selfcheck


def raced(*timings: Timing) -> Raw:
    """A race in one case."""
    return make_raw(timings=timings, names=[timing.contestant for timing in timings])


def copies(*times_ns: Sequence[float]) -> Raw:
    """A race in one case; one time per epoch for each copy."""
    return raced(*(make_timing(f"copy {n}", times) for n, times in enumerate(times_ns)))


def checked(raw: Raw, asked: int) -> SelfCheck:
    """What a self-check makes of a race."""
    return judge_copies(view_of(raw), asked)


def test_every_copy_is_compared_with_the_first() -> None:
    assert checked(copies(noisy(1_000), noisy(1_000), noisy(1_000)), 2).cells == 2


def test_copies_that_are_really_slower_are_excluded_and_miscalled() -> None:
    check = checked(copies(steady(1_000), *[noisy(1_200)] * FEWEST_CELLS), FEWEST_CELLS)
    counts = (check.excluded, check.miscalled, check.passed)
    assert counts == (FEWEST_CELLS, FEWEST_CELLS, False)


def test_copies_that_agree_pass_with_a_small_noise_floor() -> None:
    check = checked(copies(*[noisy(1_000)] * (1 + FEWEST_CELLS)), FEWEST_CELLS)
    assert (check.excluded, check.miscalled, check.passed) == (0, 0, True)
    assert check.noise_floor is not None
    assert check.noise_floor < 0.05


@pytest.mark.parametrize("cells", [4, 12, FEWEST_CELLS - 1])
def test_copies_that_agree_do_not_pass_when_they_are_too_few(cells: int) -> None:
    check = checked(copies(*[noisy(1_000)] * (1 + cells)), cells)
    assert (check.conclusive, check.passed) == (False, False)


def test_a_check_that_was_stopped_does_not_pass_however_well_it_went() -> None:
    race = replace(copies(*[noisy(1_000)] * (1 + FEWEST_CELLS)), stopped="it was interrupted")
    check = checked(race, 100)
    assert (check.asked, check.cells, check.stopped) == (100, FEWEST_CELLS, "it was interrupted")
    assert not check.passed


def test_spoiled_rounds_that_had_to_stay_are_counted() -> None:
    (first, second) = copies(noisy(1_000), noisy(1_000)).timings
    hit = stolen_from(second, {(epoch, 0): 0.5 for epoch in range(5)})
    check = checked(raced(first, hit), 1)
    assert (check.rounds, check.rounds_dropped, check.rounds_spoiled) == (15, 4, 5)


def test_a_copy_that_was_lost_is_no_cell() -> None:
    lost = make_timing("copy 2", [], ended=Crashed("small", "killed by SIGKILL"))
    timings: tuple[Timing, ...] = copies(noisy(1_000), noisy(1_000)).timings
    assert checked(raced(*timings, lost), 2).cells == 1


def test_copies_are_compared_with_the_first_that_stayed_in_the_race() -> None:
    lost = make_timing("copy 0", [1_000], ended=Crashed("small", "killed by SIGKILL"))
    left = [make_timing(f"copy {n}", noisy(1_000)) for n in (1, 2, 3)]
    assert checked(raced(lost, *left), 3).cells == 2


def test_a_check_without_cells_does_not_pass_and_knows_no_noise() -> None:
    check = checked(make_raw(), 100)
    assert (check.passed, check.noise_floor, check.half_width) == (False, None, None)


def test_of_one_epoch_no_interval_is_known() -> None:
    check = checked(copies([1_000], [1_010]), 1)
    assert (check.cells, check.half_width) == (1, None)
    assert msgspec.json.decode(msgspec.json.encode(check), type=SelfCheck) == check


@pytest.mark.slow
@pytest.mark.processes
def test_a_real_check_compares_as_many_pairs_as_it_was_asked_for() -> None:
    options = Options(max_time_s=0, min_epochs=2, max_epochs=2, rounds=1)
    found = selfcheck(4, options).judged.selfcheck
    assert found is not None
    assert (found.asked, found.cells) == (4, 4)
