"""What a first call costs in a fresh process."""

from __future__ import annotations

from msgspec.structs import replace

from builders import make_timing
from whichext.judge.first_calls import find_first_calls
from whichext.model.insight import FirstCall


def test_import_and_first_call_are_medians_over_epochs() -> None:
    timing = replace(
        make_timing("numpy", [1_000] * 3),
        import_ns=(5_000_000, 1_000_000, 2_000_000),
        first_call_ns=(9_000, 3_000, 4_000),
    )
    assert find_first_calls((timing,), ["numpy"]) == (
        FirstCall(contestant="numpy", import_ns=2_000_000, first_call_ns=4_000),
    )


def test_yardsticks_are_not_among_them() -> None:
    timings = tuple(make_timing(name, [1_000]) for name in ("numpy", "limit[1]"))
    assert [one.contestant for one in find_first_calls(timings, ["numpy"])] == ["numpy"]


def test_a_contestant_that_never_made_a_first_call_is_not_among_them() -> None:
    assert find_first_calls((make_timing("cy.total", []),), ["cy.total"]) == ()


def test_an_import_that_was_not_noted_is_not_known() -> None:
    timing = replace(make_timing("numpy", [1_000]), import_ns=())
    (found,) = find_first_calls((timing,), ["numpy"])
    assert found.import_ns is None
