"""Who races another epoch: by the widths of intervals and earlier epochs, never by verdicts."""

from __future__ import annotations

import math
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from support.results import CRASHED, make_timing, noisy, steady, stolen_from
from whichext.build.session import Lineup, SoFar
from whichext.judge.ratios import find_baseline
from whichext.judge.schedule import SLOWER, Schedule
from whichext.model.raw import Timing
from whichext.race.plan import BLOCK

BASELINE, OURS, OTHER = "numpy", "cy.total", "rust.total"
TWIN = "numpy (A/A twin)"
NOBODY: frozenset[str] = frozenset()
EVERYBODY = frozenset({BASELINE, OURS, OTHER})
OURS_SLOWER = Lineup(frozenset({BASELINE}), frozenset({OURS}))


def lineup(
    *timings: Timing,
    epoch: int | None = None,
    precision: float = 0.01,
    min_epochs: int = 5,
    needed: str = "",
    slow: Collection[str] = (),
    block: int = BLOCK,
) -> Lineup:
    """Who races an epoch: the one after the last unless told otherwise."""
    raced = [sample.epoch for timing in timings for sample in timing.samples]
    following = 1 + max(raced, default=-1) if epoch is None else epoch
    so_far = SoFar(timings, following, frozenset(slow), block)
    return Schedule(precision, min_epochs, frozenset({needed})).lineup(so_far)


def racing(
    *timings: Timing, precision: float = 0.01, min_epochs: int = 5, slow: Collection[str] = ()
) -> frozenset[str]:
    """Names of all that race an epoch in which nobody sits out."""
    return lineup(
        *timings, epoch=BLOCK, precision=precision, min_epochs=min_epochs, slow=slow
    ).racing


def race(**times_ns: list[float]) -> tuple[Timing, ...]:
    """Timings by the contestant's module or bare name; turns of one call each."""
    names = {"numpy": BASELINE, "cy": OURS, "rust": OTHER, "twin": TWIN}
    return tuple(alone(make_timing(names[key], times)) for key, times in times_ns.items())


def alone(timing: Timing) -> Timing:
    """The timing with turns that are single calls."""
    samples = tuple(replace(sample, calls=1) for sample in timing.samples)
    return replace(timing, samples=samples)


# Who takes how many turns


def test_in_the_first_epoch_all_take_all_turns_but_what_was_slow_when_verified() -> None:
    timings = [make_timing(name, []) for name in EVERYBODY]
    assert lineup(*timings) == Lineup(EVERYBODY)
    found = lineup(*timings, slow={OURS})
    assert found == Lineup(frozenset({BASELINE, OTHER}), far=frozenset({OURS}))


@pytest.mark.parametrize("epochs", [1, 2, 4])
def test_who_was_slower_in_every_epoch_takes_one_turn(epochs: int) -> None:
    slower_ns = 1_000 * SLOWER
    timings = race(
        numpy=[1_000] * epochs, cy=[slower_ns + 10] * epochs, rust=[slower_ns - 10] * epochs
    )
    assert lineup(*timings) == Lineup(frozenset({BASELINE, OTHER}), frozenset({OURS}))


def test_what_has_short_calls_takes_all_turns_however_slow() -> None:
    slow = make_timing(OURS, [9_000] * 4)  # many calls a turn
    assert lineup(*race(numpy=[1_000] * 4), slow, epoch=4).near == {BASELINE, OURS}


def test_one_epoch_that_was_not_slower_is_enough_for_all_turns() -> None:
    timings = race(numpy=[1_000] * 4, cy=[9_000, 9_000, 1_200, 9_000])
    assert lineup(*timings, epoch=4).near == {BASELINE, OURS}


@pytest.mark.parametrize("block", [1, 3])
@pytest.mark.parametrize("epoch", [1, 2, 3, 4, 5, 6])
def test_what_was_slow_when_verified_takes_one_turn_in_each_block(epoch: int, block: int) -> None:
    timings = race(numpy=[1_000] * epoch, cy=[3_100] * epoch, rust=[15_000] * epoch)
    far = NOBODY if epoch % block else {OURS, OTHER}
    found = lineup(*timings, min_epochs=9, slow={OURS, OTHER}, block=block)
    assert found == Lineup(frozenset({BASELINE}), far=frozenset(far))


def test_what_was_slow_when_verified_by_accident_is_not_far() -> None:
    timings = race(numpy=[1_000] * 4, cy=[9_000, 9_000, 1_900, 9_000])
    assert lineup(*timings, epoch=BLOCK, slow={OURS}) == OURS_SLOWER


def test_no_ratio_of_the_race_makes_a_contestant_far() -> None:
    assert lineup(*race(numpy=[1_000] * 4, cy=[90_000] * 4), epoch=4) == OURS_SLOWER


@pytest.mark.parametrize("ours_ns", [1_500, 90_000])
def test_who_is_needed_takes_all_turns_however_slow(ours_ns: float) -> None:
    timings = race(numpy=steady(1_000, 4), cy=steady(ours_ns, 4), rust=steady(ours_ns, 4))
    found = lineup(*timings, epoch=BLOCK, needed=OURS, slow={OURS, OTHER})
    assert (found.near, found.slower | found.far) == ({BASELINE, OURS}, {OTHER})


def test_who_is_needed_keeps_the_race_going_though_it_is_far() -> None:
    timings = race(numpy=steady(1_000), cy=noisy(9_000))
    assert lineup(*timings, slow={OURS}).racing == NOBODY
    assert lineup(*timings, slow={OURS}, needed=OURS).near == {BASELINE, OURS}


# Who is done


def test_when_only_those_who_are_far_are_not_precise_nobody_races_on() -> None:
    timings = race(numpy=steady(1_000), cy=noisy(9_000), rust=steady(900))
    assert racing(*timings, slow={OURS}) == NOBODY


def test_who_is_slower_and_not_precise_keeps_the_race_going() -> None:
    found = lineup(*race(numpy=steady(1_000), cy=noisy(2_000)))
    assert found == OURS_SLOWER


@pytest.mark.parametrize("epochs", [1, 2, 4])
def test_before_the_fewest_epochs_the_race_goes_on(epochs: int) -> None:
    timings = race(numpy=steady(1_000, epochs), cy=steady(1_000, epochs))
    assert racing(*timings) == {BASELINE, OURS}


@pytest.mark.parametrize("epochs", [1, 2, 4, 5])
def test_where_all_others_are_far_the_baseline_races_until_the_fewest_epochs(epochs: int) -> None:
    timings = race(numpy=steady(1_000, epochs), cy=steady(90_000, epochs))
    assert (BASELINE in racing(*timings)) is (epochs < 5)


@pytest.mark.parametrize("ours_ns", [500, 1_000, 2_000, 50_000])
def test_when_all_is_precise_nobody_races_on(ours_ns: float) -> None:
    assert racing(*race(numpy=steady(1_000), cy=steady(ours_ns))) == NOBODY


def test_one_noisy_contestant_keeps_the_race_going_for_everybody() -> None:
    found = racing(*race(numpy=steady(1_000), cy=steady(1_000), rust=noisy(1_000)))
    assert found == EVERYBODY


@pytest.mark.parametrize("ours_ns", [500, 1_000, 2_000])
def test_a_noisy_contestant_keeps_the_race_going_whatever_its_verdict(ours_ns: float) -> None:
    assert racing(*race(numpy=steady(1_000), cy=noisy(ours_ns))) == {BASELINE, OURS}


def test_who_asks_for_less_precision_is_done_sooner() -> None:
    timings = race(numpy=steady(1_000), cy=[990, 1_000, 1_010, 1_020, 1_000])
    assert racing(*timings) == {BASELINE, OURS}
    assert racing(*timings, precision=0.03) == NOBODY


@given(st.integers(2, 9), st.integers(2, 9))
def test_equals_race_exactly_the_fewest_epochs(epochs: int, min_epochs: int) -> None:
    timings = race(numpy=[1_000.0] * epochs, cy=[1_000.0] * epochs)
    known = epochs >= max(min_epochs, 4)  # two for an interval, and two that do not decide
    expected = NOBODY if known else {BASELINE, OURS}
    assert racing(*timings, min_epochs=min_epochs) == expected


def test_a_single_epoch_is_never_precise_enough() -> None:
    assert racing(*race(numpy=[1_000], cy=[1_000]), min_epochs=1) == {BASELINE, OURS}


def test_who_left_the_race_does_not_keep_it_going() -> None:
    lost = make_timing(OTHER, noisy(1_000), ended=CRASHED)
    assert racing(*race(numpy=steady(1_000), cy=steady(1_000)), lost) == NOBODY


def test_who_left_the_race_is_not_asked_to_race_on() -> None:
    lost = make_timing(OTHER, noisy(1_000), ended=CRASHED)
    assert racing(*race(numpy=steady(1_000), cy=noisy(1_000)), lost) == {BASELINE, OURS}


def test_who_shares_no_round_with_the_baseline_keeps_the_race_going() -> None:
    assert racing(*race(numpy=steady(1_000), cy=[])) == {BASELINE, OURS}


def test_a_newcomer_has_its_own_fewest_epochs() -> None:
    old = race(numpy=steady(1_000, epochs=7))
    new = make_timing(OURS, steady(1_000, epochs=2), first_epoch=5)
    assert racing(*old, new) == {BASELINE, OURS}


def test_where_nobody_could_race_nobody_races_on() -> None:
    assert racing() == NOBODY
    assert racing(*(make_timing(name, [], ended=CRASHED) for name in (BASELINE, OURS))) == NOBODY


@pytest.mark.parametrize("epochs", [1, 4])
def test_a_single_contestant_races_alone_until_the_fewest_epochs(epochs: int) -> None:
    assert racing(*race(numpy=noisy(1_000, epochs))) == {BASELINE}


def test_a_single_contestant_is_done_after_the_fewest_epochs() -> None:
    assert racing(*race(numpy=noisy(1_000, epochs=5))) == NOBODY


def test_where_the_baseline_left_the_next_one_is_held_against() -> None:
    lost = make_timing(BASELINE, [9_000.0] * 5, ended=CRASHED)
    assert racing(lost, *race(cy=steady(1_000), rust=steady(9_000))) == NOBODY
    assert racing(lost, *race(cy=steady(1_000), rust=noisy(1_000))) == {OURS, OTHER}


def test_spoiled_rounds_do_not_count() -> None:
    noise = [1_500.0] + [1_000.0] * 9
    timings = race(numpy=[1_000.0] * 10, cy=noise)
    assert racing(*timings) == {BASELINE, OURS}
    stolen = stolen_from(timings[1], {(0, number): 0.5 for number in range(3)})
    assert racing(timings[0], stolen) == NOBODY


def test_an_epoch_whose_rounds_are_all_spoiled_does_not_count_among_the_fewest() -> None:
    timings = race(numpy=steady(1_000), cy=steady(1_000))
    stolen = stolen_from(timings[1], {(4, number): 0.5 for number in range(3)})
    assert racing(timings[0], stolen) == {BASELINE, OURS}


epoch_times = st.lists(st.floats(900, 1_100), min_size=5, max_size=5)


@given(epoch_times, epoch_times, epoch_times, st.sampled_from([0.25, 0.5, 2.0, 16.0]))
def test_another_unit_of_time_changes_nothing(
    base: list[float], one: list[float], other: list[float], factor: float
) -> None:
    def scaled(by: float) -> frozenset[str]:
        times = {"numpy": base, "cy": one, "rust": [4 * ns for ns in other]}
        return racing(*race(**{name: [by * ns for ns in row] for name, row in times.items()}))

    assert scaled(1.0) == scaled(factor)


@given(epoch_times, epoch_times, st.floats(-0.05, 0.05))
def test_near_a_tie_who_races_on_depends_on_the_width_and_never_on_the_verdict(
    base: list[float], ours: list[float], shift: float
) -> None:
    # At a precision of 2 % the demand is the same up to a ratio of 1.48.
    factor = math.exp(shift)
    here = racing(*race(numpy=base, cy=ours), precision=0.02)
    there = racing(*race(numpy=base, cy=[factor * ns for ns in ours]), precision=0.02)
    assert here == there


@given(epoch_times, epoch_times)
def test_who_is_the_baseline_does_not_decide_whether_two_race_on(
    one: list[float], other: list[float]
) -> None:
    forth, back = race(numpy=one, cy=other), race(cy=other, numpy=one)
    assert racing(*forth) == racing(*back)


@given(epoch_times, epoch_times, epoch_times)
def test_the_baseline_races_on_whenever_anybody_does(
    base: list[float], one: list[float], other: list[float]
) -> None:
    found = racing(*race(numpy=base, cy=one, rust=other))
    assert BASELINE in found or not found


def test_the_first_that_stayed_is_the_baseline() -> None:
    lost = make_timing(BASELINE, [1_000], ended=CRASHED)
    ours, other = race(cy=[1_000], rust=[1_000])
    assert find_baseline((lost, make_timing(OTHER, []), ours, other)) is ours


# What may still become of a case

TENTH = [1_000.0, 1_100.0] * 4
"""A tenth slower in every second epoch: after another 154 epochs it is known to one percent."""
NEAR = [1_040.0, 1_060.0] * 4
"""Five percent slower, which is known to one percent already."""
SAME = [1_000.0] * 8


def outlook(
    *timings: Timing, more: float = 100.0, precision: float = 0.01, slow: Collection[str] = ()
) -> tuple[float, bool]:
    """Epochs that a case still needs, and whether noise hides what is unresolved."""
    found = Schedule(precision, 5).outlook(SoFar(timings, 8, frozenset(slow), twin=TWIN), more)
    return found.more_epochs, found.hidden


def test_a_precise_case_needs_no_more_epochs() -> None:
    assert outlook(*race(numpy=SAME, cy=SAME, rust=[2_000] * 8)) == (0.0, False)


def test_a_case_needs_four_times_as_many_epochs_for_half_of_the_width() -> None:
    timings = race(numpy=SAME, cy=TENTH)
    coarse, fine = (8 + outlook(*timings, precision=math.expm1(p))[0] for p in (0.02, 0.01))
    assert fine == pytest.approx(4 * coarse)


def test_a_case_needs_what_its_least_precise_contestant_does() -> None:
    alone, _ = outlook(*race(numpy=SAME, cy=TENTH))
    assert outlook(*race(numpy=SAME, rust=SAME, cy=TENTH))[0] == alone > 0


def test_what_is_far_and_what_is_a_twin_needs_nothing() -> None:
    far = race(numpy=SAME, cy=[9 * ns for ns in TENTH])
    assert outlook(*far, slow={OURS}) == (0.0, False)
    assert outlook(*race(numpy=SAME, twin=TENTH)) == (0.0, False)


def test_a_single_epoch_needs_another() -> None:
    assert outlook(*race(numpy=[1_000.0], cy=[1_000.0])) == (1.0, False)


def test_where_nothing_was_measured_nothing_is_needed() -> None:
    assert outlook() == (0.0, False)


@pytest.mark.parametrize(("twin_ns", "hidden"), [(1_060, True), (940, True), (1_010, False)])
def test_a_difference_is_hidden_where_identical_code_was_as_far_apart(
    twin_ns: float, hidden: bool
) -> None:
    timings = race(numpy=SAME, cy=NEAR, twin=[twin_ns] * 8)
    assert outlook(*timings)[1] is hidden


@pytest.mark.parametrize(("more", "hidden"), [(25, True), (45, False)])
def test_nothing_is_hidden_as_long_as_there_is_time_to_make_another_one_precise(
    more: float, hidden: bool
) -> None:
    timings = race(numpy=SAME, cy=NEAR, rust=[1.4 * ns for ns in TENTH], twin=[1_060] * 8)
    assert outlook(*timings, more=more) == (pytest.approx(33, abs=5), hidden)


@pytest.mark.parametrize(("more", "hidden"), [(5, True), (100, False)])
def test_what_time_would_resolve_is_hidden_only_where_there_is_too_little(
    more: float, hidden: bool
) -> None:
    timings = race(numpy=SAME, cy=[990.0, 1_060.0] * 4, twin=SAME)
    assert outlook(*timings, more=more)[1] is hidden
