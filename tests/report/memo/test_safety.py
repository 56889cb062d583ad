"""What verify found, and who is never recommended."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from builders import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    TIMED_OUT,
    UNSUPPORTED,
    WRONG,
    make_build,
    make_check,
    make_measured,
)
from compiled import evidence, rust
from decisions import CY, NUMPY, RS, decide
from whichext.judge import judge_all
from whichext.judge.recommendation import recommend
from whichext.model.check import Check, Property
from whichext.model.evidence import UnsafePlaces
from whichext.model.findings.code import GilHeld
from whichext.model.outcome import Outcome, Right
from whichext.model.scorecard import Scorecard
from whichext.report.memo.safety import outcome_text, safety_blocks

RIGHT = Check(contestant=CY, input="float64 plain", result=Right())


def text_of(result: Scorecard) -> str:
    return "\n".join(safety_blocks(result, recommend(result)))


def test_each_has_the_number_of_inputs_by_what_it_did_with_them() -> None:
    checks = [RIGHT, RIGHT, make_check(CY, UNSUPPORTED, "a list"), make_check(RS, WRONG, "nan")]
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 500}}, checks=checks))
    assert "| `cy.find` | 2 | 1 | 0 | 0 | 0 |" in text
    assert "| `rs.find` | 0 | 0 | 1 | 0 | 0 |" in text


def test_a_fault_is_told_with_both_sides() -> None:
    checks = [RIGHT, make_check(RS, WRONG, "nan")]
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 500}}, checks=checks))
    assert (
        "- `rs.find`: wrong on `float64 NaN`: expected `nan at (1,)`, "
        "got `3.0 (2 of 7 values differ)`"
    ) in text


def test_the_same_fault_of_several_is_told_once() -> None:
    checks = [make_check(CY, CRASHED), make_check(RS, CRASHED)]
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 500}}, checks=checks))
    assert text.count("crashed on `small`") == 1
    assert "- `cy.find` and `rs.find`: crashed on `small`: `killed by SIGSEGV`" in text


def test_a_refusal_names_the_cases() -> None:
    times = {"wide": {NUMPY: 4000, CY: 1000}, "tall": {NUMPY: 4000}}
    text = text_of(decide(times, checks=[make_check(CY, UNSUPPORTED, "tall")]))
    assert "- `cy.find` in `tall`: refused it: `ValueError: expected C order`" in text


def test_a_fault_under_a_setting_that_cannot_be_shipped_is_told_too() -> None:
    times = {NUMPY: 4000, CY: 1000, "cy.find@checked": 2000}
    text = text_of(decide({"wide": times}, checks=[make_check("cy.find@checked", CRASHED)]))
    assert "- `cy.find@checked`: crashed on `small`: `killed by SIGSEGV`" in text


def test_who_was_skipped_was_not_tried_and_has_no_line() -> None:
    builds = [make_build("cy"), make_build("rs", SKIPPED)]
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000}}, absent=[RS], builds=builds))
    assert text == ""


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (BUILD_FAILED, "did not build: `sum.c:3:1: error: unknown type`. Next: install gcc"),
        (TIMED_OUT, "gave no answer on `small` within 2.00 s"),
        (
            SKIPPED,
            "did not race for want of Rust's cargo. Next: install Rust from https://rustup.rs",
        ),
        (make_measured(), "measured"),
    ],
)
def test_every_outcome_has_its_line(outcome: Outcome, text: str) -> None:
    assert outcome_text(outcome) == text


def test_a_check_counts_for_all_inputs_that_it_stands_for() -> None:
    drawn = Check(contestant=CY, input="drawn", result=Right(), count=1_200)
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000}}, checks=[RIGHT, drawn]))
    assert "| `cy.find` | 1,201 | 0 | 0 | 0 | 0 |" in text


def test_what_happens_in_a_forked_child_bars_nobody_and_is_told() -> None:
    forked = Check(contestant=CY, input="a fork", result=TIMED_OUT, property=Property.FORK)
    result = decide({"wide": {NUMPY: 4000, CY: 1000}}, checks=[RIGHT, forked])
    assert [one.name for one in recommend(result).field.candidates] == [CY]
    text = text_of(result)
    assert "- In a forked child after a call it hangs: cy.find. Where Python starts" in text
    assert "gave no answer" not in text


def test_unsafe_rust_is_counted() -> None:
    result = decide({"wide": {NUMPY: 4000, RS: 1000}})
    places = UnsafePlaces(places=7, unexplained=("lib.rs:3",))
    audited = replace(evidence("rs", rust()), unsafe=places)
    text = text_of(replace(result, evidence=(audited,)))
    assert (
        "- `rs`: 7 unsafe places in its Rust, 1 of them without a word on what makes it safe"
    ) in text
    explained = replace(audited, unsafe=replace(places, unexplained=()))
    assert "none of them" in text_of(replace(result, evidence=(explained,)))


def test_what_the_audit_found_comes_with_the_reason_and_the_next_step() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    held = GilHeld(contestants=(CY,))
    text = text_of(replace(result, evidence=(evidence("cy"),), findings=(held,)))
    assert (
        "The audit of the builds found:\n"
        "- **warning**: cy.find: keeps the GIL during the whole call: threads and dask gain "
        "nothing from calling it, whatever one call's time is. Next: release the GIL around the "
        "loop: nogil in Cython, py.detach in Rust."
    ) in text


def test_an_audit_that_found_nothing_says_so_and_none_says_nothing() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    assert "found nothing" in text_of(replace(result, evidence=(evidence("cy"),)))
    assert "audit" not in text_of(result)


def test_who_was_lost_in_the_race_is_told_whatever_it_is_built_with() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000, "cy.find@debug": 9000}})
    lost = [
        replace(timing, ended=TIMED_OUT) if "@" in timing.contestant else timing
        for timing in result.timings
    ]
    text = text_of(judge_all(replace(result, timings=tuple(lost))))
    assert "- `cy.find@debug`: gave no answer on `small` within 2.00 s" in text
