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


def notes(memory: Memory, *megabytes: int) -> tuple[MemoryNote, ...]:
    sizes = tuple(size * MB for size in megabytes)
    view = race_taking(TIMES, {CY: memory}, sum(sizes) or 100 * MB, sizes)
    return view.cases["big"].judged.memory


@pytest.mark.parametrize(
    ("peak", "arguments", "like"),
    [
        (100, (100,), ((1,),)),
        (96, (100,), ((1,),)),
        (200, (100,), ((1, 1),)),
        (8, (100, 8), ((2,),)),
        (16, (100, 8), ((2, 2),)),
        (108, (100, 8), ((1, 2),)),
        (8, (100, 8, 8), ((2,), (3,))),
        (100, (100, 50), ((1,),)),
        (8, (100, 0, 8), ((3,),)),
        (116, (100, 8), ((1, 2, 2),)),
    ],
)
def test_what_is_as_large_as_copies_of_arguments_names_these(
    peak: int, arguments: tuple[int, ...], like: tuple[tuple[int, ...], ...]
) -> None:
    (note,) = notes(took(peak * MB), *arguments)
    assert (note.contestant, note.copied_bytes, note.like) == (CY, peak * MB, like)


@pytest.mark.parametrize(("peak", "arguments"), [(450, (100,)), (92, (100,)), (100, ())])
def test_what_is_as_large_as_none_is_noted_with_its_bytes_alone(
    peak: int, arguments: tuple[int, ...]
) -> None:
    (note,) = notes(took(peak * MB), *arguments)
    assert (note.copied_bytes, note.like) == (peak * MB, ())


@pytest.mark.parametrize(("peak", "arguments"), [(89, (100,)), (30, (100, 8)), (89, ())])
def test_what_is_smaller_and_like_none_has_no_note(peak: int, arguments: tuple[int, ...]) -> None:
    assert notes(took(peak * MB), *arguments) == ()


def test_what_stays_is_no_growth_unless_every_call_adds_to_it() -> None:
    assert notes(took(0, 8 * MB, 0)) == ()
    assert notes(took(0, 0, 8 * MB)) == ()
    (grown,) = notes(took(0, 8 * MB, 9 * MB))
    assert (grown.copied_bytes, grown.growth_bytes) == (None, 8 * MB)


def test_what_each_of_many_calls_adds_is_growth_however_little_it_is() -> None:
    (grown,) = notes(took(leak_bytes=4_100))
    assert grown.growth_bytes == 4_100


def test_what_is_too_small_to_see_is_no_copy_of_a_small_argument() -> None:
    view = race_taking(TIMES, {CY: took(MB // 2)}, MB // 2)
    small = tuple(case.but(shape=(1_000, 62)) for case in view.raw.cases)
    assert rejudged(changed(view, cases=small)).cases["big"].judged.memory == ()


def test_the_first_of_two_arguments_that_are_alike_is_the_largest() -> None:
    assert largest_argument(race_taking(TIMES, {}, 200 * MB).cases["big"]) == 100 * MB


def test_where_the_first_argument_is_small_all_of_them_together_count() -> None:
    assert largest_argument(race_taking(TIMES, {}, 500 * MB).cases["big"]) == 500 * MB


def test_where_the_sizes_of_arguments_are_known_the_largest_counts() -> None:
    view = race_taking(TIMES, {}, 500 * MB, (50 * MB, 300 * MB, 150 * MB))
    assert largest_argument(view.cases["big"]) == 300 * MB


def test_arguments_that_the_limit_cannot_read_count_among_the_inputs() -> None:
    case = race_taking(TIMES, {CY: took(30 * MB)}, 0, (20 * MB,)).cases["big"]
    assert (case.size.input_bytes, case.size.held_bytes) == (0, 20 * MB)
    assert used_of_input(case, CY) == 2.5


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


def test_what_calls_add_is_a_cost_however_little_they_take() -> None:
    (grown, still) = (
        find_extra(race_taking(TIMES, {CY: took(leak_bytes=leak)}), CY, ["big"])
        for leak in (4_100, 0)
    )
    assert grown is not None
    assert still is not None
    assert (grown.is_costly, grown.growth_bytes, still.is_costly) == (True, 4_100, False)


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
        (MB // 2, 2 * MB, (1.0, 1.5)),
        (2 * MB, 2 * MB, 2.0),
    ],
)
def test_the_inputs_count_in_what_is_used_of_them(
    peak: int, input_bytes: int, expected: float | tuple[float, float]
) -> None:
    view = race_taking(TIMES, {CY: took(peak)}, input_bytes)
    assert used_of_input(view.cases["big"], CY) == pytest.approx(expected)


def test_nothing_is_used_that_was_not_measured() -> None:
    assert used_of_input(race_taking(TIMES, {}).cases["big"], CY) is None
