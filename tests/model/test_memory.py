"""What of a call's memory can be seen, and what of it is a cost."""

from __future__ import annotations

import pytest

from support.memory import MB, took
from whichext.model.memory import ExtraMemory, growth_of, seen


@pytest.mark.parametrize(
    ("count_bytes", "expected"), [(None, 0), (0, 0), (MB - 1, 0), (MB, MB), (-5 * MB, 0)]
)
def test_less_than_a_megabyte_is_too_small_to_see(count_bytes: int | None, expected: int) -> None:
    assert seen(count_bytes) == expected


@pytest.mark.parametrize(
    ("kept_bytes", "growth_bytes", "expected"),
    [(80 * MB, 80 * MB, 80 * MB), (80 * MB, 0, 0), (0, 80 * MB, 0), (80 * MB, None, 0)],
)
def test_a_process_grows_by_what_one_call_kept_and_the_next_added(
    kept_bytes: int, growth_bytes: int | None, expected: int
) -> None:
    assert growth_of(took(0, kept_bytes, growth_bytes)) == expected


@pytest.mark.parametrize(
    ("peak", "reference", "is_costly"),
    [(50, 0, True), (49, 0, False), (100, 60, False), (100, None, True), (0, 100, False)],
)
def test_half_of_the_inputs_beyond_what_the_reference_takes_is_a_cost(
    peak: int, reference: int | None, is_costly: bool
) -> None:
    extra = ExtraMemory(
        case="big", peak_bytes=peak * MB, reference_bytes=reference and reference * MB,
        input_bytes=100 * MB,
    )  # fmt: skip
    assert extra.is_costly is is_costly
