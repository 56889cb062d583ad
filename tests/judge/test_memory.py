"""Copies of an argument, memory that stays, and what is known of both."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from support.memory import MB, race_taking, took
from support.races import CY, NUMPY, RS
from support.results import changed, rejudged
from whichext.judge.memory import find_extra, largest_argument, used_of_input
from whichext.model.check import Memory
from whichext.model.memory import MemoryNote

TIMES = {NUMPY: 4000, CY: 1000, RS: 1000}


def notes(memory: Memory, input_bytes: int = 100 * MB) -> tuple[MemoryNote, ...]:
    return race_taking(TIMES, {CY: memory}, input_bytes).cases["big"].judged.memory


@pytest.mark.parametrize(("peak", "copies"), [(90, 0.9), (100, 1.0), (200, 2.0)])
def test_what_is_as_large_as_the_argument_is_a_copy_of_it(peak: int, copies: float) -> None:
    (note,) = notes(took(peak * MB))
    assert (note.contestant, note.copied_bytes, note.kept_bytes) == (CY, peak * MB, None)
    assert note.copies == pytest.approx(copies)


def test_what_is_smaller_than_the_argument_is_none() -> None:
    assert notes(took(89 * MB)) == ()


def test_what_stays_is_told_from_what_every_call_adds() -> None:
    (kept,), (grown,) = notes(took(0, 8 * MB, 0)), notes(took(0, 8 * MB, 8 * MB))
    assert (kept.kept_bytes, kept.growth_bytes) == (8 * MB, None)
    assert (grown.kept_bytes, grown.growth_bytes) == (8 * MB, 8 * MB)


def test_what_is_too_small_to_see_is_no_copy_of_a_small_argument() -> None:
    view = race_taking(TIMES, {CY: took(MB // 2)}, MB // 2)
    small = tuple(replace(case, shape=(1_000, 62)) for case in view.raw.cases)
    assert rejudged(changed(view, cases=small)).cases["big"].judged.memory == ()


def test_the_first_of_two_arguments_that_are_alike_is_the_largest() -> None:
    assert largest_argument(race_taking(TIMES, {}, 200 * MB).cases["big"]) == 100 * MB


def test_where_the_first_argument_is_small_all_of_them_together_count() -> None:
    assert largest_argument(race_taking(TIMES, {}, 500 * MB).cases["big"]) == 500 * MB


def test_a_case_that_was_not_raced_has_its_first_argument() -> None:
    view = race_taking(TIMES, {})
    unknown = tuple(replace(size, input_bytes=None) for size in view.raw.sizes)
    assert largest_argument(changed(view, sizes=unknown).cases["big"]) == 100 * MB


def test_nothing_is_known_of_what_was_not_measured() -> None:
    view = race_taking(TIMES, {CY: took(100 * MB)})
    assert find_extra(view, RS, ["big"]) is None
    extra = find_extra(view, CY, ["big"])
    assert extra is not None
    assert (extra.peak_bytes, extra.reference_bytes, extra.of_input) == (100 * MB, None, 1)


def test_what_the_reference_takes_is_no_cost_of_another() -> None:
    view = race_taking(TIMES, {CY: took(100 * MB), NUMPY: took(80 * MB)})
    extra = find_extra(view, CY, ["big"])
    assert extra is not None
    assert extra.of_input == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("peak", "input_bytes", "expected"),
    [
        (100 * MB, 100 * MB, 2.0),
        (10 * MB, 100 * MB, 1.1),
        (MB // 2, 100 * MB, 1.0),
        (MB // 2, 2 * MB, None),
        (2 * MB, 2 * MB, 2.0),
    ],
)
def test_the_inputs_count_in_what_is_used_of_them(
    peak: int, input_bytes: int, expected: float | None
) -> None:
    view = race_taking(TIMES, {CY: took(peak)}, input_bytes)
    assert used_of_input(view.cases["big"], CY) == pytest.approx(expected)


def test_nothing_is_used_that_was_not_measured() -> None:
    assert used_of_input(race_taking(TIMES, {}).cases["big"], CY) is None
