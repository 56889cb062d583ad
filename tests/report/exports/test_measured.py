"""What every export has, and what none of them has."""

from __future__ import annotations

import pytest

from support.exports import HOSTILE, hostile, race, renamed, with_dropped_round
from support.results import WRONG, changed, make_race, make_selfcheck, steady
from whichext.model.errors import UsageError
from whichext.model.raw import Kind
from whichext.report.exports import EXPORTS
from whichext.report.exports.measured import compared, measured, one_line

ALONE = make_race({"numpy": steady(1_000)})
NOBODY = make_race({}, {"cy.total": WRONG})


@pytest.mark.parametrize("to", EXPORTS)
@pytest.mark.parametrize("kind", [Kind.VERIFY, Kind.AUDIT])
def test_a_result_without_a_race_is_exported_to_nothing(to: str, kind: Kind) -> None:
    with pytest.raises(UsageError, match="compares no"):
        EXPORTS[to](changed(race(), kind=kind))


@pytest.mark.parametrize("to", EXPORTS)
def test_a_self_check_is_exported_to_nothing(to: str) -> None:
    view = changed(race(), selfcheck=make_selfcheck(), kind=Kind.SELFCHECK)
    with pytest.raises(UsageError, match="compares no"):
        EXPORTS[to](view)


def test_what_is_measured_is_what_is_compared_without_limits_and_failures() -> None:
    assert [one.contestant for one in measured(race())] == ["numpy", "cy.total[2]", "rust.total"]
    assert [one.contestant for one in measured(hostile())] == ["numpy", HOSTILE]
    assert [one.contestant for one in compared(race())] == ["cy.total[2]", "rust.total"]


def test_a_dropped_round_is_no_valid_sample_of_anyone() -> None:
    view = with_dropped_round()
    assert view.judged.cases[0].dropped == ((1, 1),)
    for one in measured(view):
        assert len(one.samples) == len(view.raw.timings[0].samples) - 1
        assert (1, 1) not in {(sample.epoch, sample.round) for sample in one.samples}


def test_times_are_of_one_call_in_seconds() -> None:
    first, second, _ = measured(race())
    assert first.times_s[0] == pytest.approx(1e-6)
    assert second.times_s[0] == pytest.approx(5e-7)


def test_a_title_is_on_one_line_and_names_kernel_case_and_contestant() -> None:
    assert next(one.title for one in measured(race())) == "total/small/numpy"
    assert "\n" not in measured(hostile())[1].title
    assert "\x1b" not in measured(hostile())[1].title


def test_two_names_that_differ_in_a_line_break_alone_have_two_titles() -> None:
    view = make_race({"numpy": steady(1_000), "a b": steady(9), "a-b": steady(9)})
    titles = [one.title for one in measured(renamed(view, '"a-b"', '"a\\nb"'))]
    assert titles == ["total/small/numpy", "total/small/a b", "total/small/a b (2)"]


@pytest.mark.parametrize(("text", "line"), [("a\nb", "a b"), ("", "-"), ("\x07", "\ufffd")])
def test_a_text_on_one_line_is_never_empty(text: str, line: str) -> None:
    assert one_line(text) == line
