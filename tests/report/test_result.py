"""A result as users of Python have it: the ratio of two contestants."""

from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support import races
from support.memory import MB, race_taking, took
from support.results import (
    SKIPPED,
    make_build,
    make_race,
    make_raw,
    make_timing,
    make_view,
    measured_of,
    rejudged,
    steady,
)
from support.tails import with_tails
from whichext.cli.keywords import split
from whichext.judge import view_of
from whichext.model.case import Case
from whichext.model.errors import UsageError
from whichext.model.options import Options
from whichext.model.outcome import Wrong
from whichext.model.ratio import Verdict
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report.result import Result, nothing_was_built

NUMPY, CY, RUST = "numpy", "cy.total", "rust.total"
VIEW = make_race({NUMPY: steady(2_000), CY: steady(1_000), RUST: steady(500)})
RESULT = Result(VIEW.raw, VIEW.judged)


def test_a_ratio_to_the_baseline_is_the_one_that_was_judged() -> None:
    assert RESULT.ratio(CY) is measured_of(RESULT, CY).ratio
    assert RESULT.ratio(CY, NUMPY) is RESULT.ratio(CY)


def test_a_ratio_of_two_others_comes_from_the_rounds_that_they_share() -> None:
    ratio = RESULT.ratio(RUST, CY, "small")
    assert (ratio.value, ratio.verdict) == (pytest.approx(0.5, rel=0.05), Verdict.FASTER)


@pytest.mark.parametrize("names", [("go.total",), (CY, "go.total"), (CY, NUMPY, "large")])
def test_a_name_that_is_none_of_the_result_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=r"go\.total|large"):
        RESULT.ratio(*names)


def test_a_notebook_shows_the_report_with_nothing_of_it_taken_for_markup() -> None:
    view = make_race({NUMPY: steady(2_000), "cy.<b>total</b>": steady(1_000)})
    shown = Result(view.raw, view.judged)._repr_html_()
    assert shown.startswith('<div class="whichext">')
    assert "cy.&lt;b&gt;total&lt;/b&gt;" in shown


def test_who_answered_a_timed_call_wrongly_has_no_ratio() -> None:
    right, wrong = (make_timing(name, steady(1_000)) for name in (NUMPY, CY))
    ended = replace(wrong, ended=Wrong("small, epoch 2", "1.0", "2.0"))
    view = rejudged(make_view(timings=[right, ended], names=[NUMPY, CY]))
    with pytest.raises(UsageError, match=r"cy\.total.* answered wrongly"):
        Result(view.raw, view.judged).ratio(CY)


TAILS = with_tails(VIEW, {NUMPY: 10_000, CY: 20_000, RUST: 80_000})


def test_a_tail_is_a_ratio_of_tail_latencies() -> None:
    found = Result(TAILS.raw, TAILS.judged)
    judged = measured_of(found, CY).tail
    assert judged is not None
    assert found.tail(CY) == judged.ratio
    ratio = found.tail(RUST, CY, "small")
    assert (ratio.value, ratio.verdict) == (pytest.approx(4, rel=0.05), Verdict.SLOWER)


@pytest.mark.parametrize("view", [VIEW, with_tails(VIEW, {}, calls=3)])
def test_without_several_callers_or_enough_calls_there_is_no_tail(view: View) -> None:
    with pytest.raises(UsageError, match="100 calls"):
        Result(view.raw, view.judged).tail(CY)


def test_a_tail_of_what_did_not_race_is_refused() -> None:
    with pytest.raises(UsageError, match=r"go\.total"):
        Result(TAILS.raw, TAILS.judged).tail("go.total")


def test_the_memory_of_a_call_is_the_one_that_was_measured() -> None:
    view = race_taking({races.NUMPY: 4000, races.CY: 1000}, {races.CY: took(5 * MB)})
    result = Result(view.raw, view.judged)
    assert result.memory(races.CY) == took(5 * MB)
    assert result.memory(races.NUMPY, "big") is None
    with pytest.raises(UsageError, match=r"go\.total"):
        result.memory("go.total")


def test_where_a_function_raced_something_was_there_without_any_build() -> None:
    builds = [make_build("cy", SKIPPED)]
    without = replace(make_raw(names=[NUMPY, CY], builds=builds), entries=(CY,))
    raw = make_raw(names=[NUMPY, CY, "keyed"], builds=builds)
    assert nothing_was_built(without)
    assert not nothing_was_built(replace(raw, entries=(CY, "keyed")))


SIZES = tuple(Case(f"size {size}", size=size) for size in (10, 1000))


def sized() -> Result:
    timings = [
        make_timing(name, steady(time_ns), case.name)
        for case in SIZES
        for name, time_ns in ((NUMPY, 2_000), (CY, 1_000))
    ]
    view = view_of(make_raw(timings=timings, cases=SIZES, names=[NUMPY, CY]))
    return Result(view.raw, view.judged)


def test_a_case_that_is_a_size_may_be_asked_for_by_it() -> None:
    result = sized()
    assert result.ratio(CY, case=1000) is result.ratio(CY, case="size 1000")
    with pytest.raises(UsageError, match="size 1000"):
        result.ratio(CY, case=100)


def test_of_several_cases_one_is_to_be_named() -> None:
    with pytest.raises(UsageError) as error:
        sized().ratio(CY)
    assert str(error.value) == snapshot("""\
there are several cases, and none was named: expected one of size 10, size 1000
Next: give case='size 10'\
""")


def test_a_compared_result_is_named_by_what_was_compared() -> None:
    raw = replace(VIEW.raw, kind=Kind.COMPARE)
    assert repr(Result(raw, VIEW.judged)).startswith(f"<compare of {NUMPY}, {CY}, {RUST}, ")
    assert repr(RESULT).startswith(f"<{RESULT.kind} of {VIEW.raw.kernel}, ")


# Options of building


@pytest.mark.parametrize(
    ("stated", "settings"),
    [
        ({"a": "1", "b": ["2", "3"]}, ("a=1", "b=2", "b=3")),
        (["a=1", "b"], ("a=1", "b")),
        ("a=1,2", ("a=1,2",)),
    ],
)
def test_settings_of_backends_are_a_mapping_or_texts(stated: Any, settings: Any) -> None:
    told, _ = split(Options(), {"config_settings": stated, "isolation": False})
    assert (told.config_settings, told.isolation) == (settings, False)
