"""What a memo rests on: what verify found, what is never recommended, and how it was measured."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.builds import evidence, rust
from support.races import CY, NUMPY, RS, decide, decision_of, markdown_of
from support.results import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    TIMED_OUT,
    UNSUPPORTED,
    WRONG,
    changed,
    make_build,
    make_check,
    make_measured,
    rejudged,
)
from whichext.model.check import Check, Property
from whichext.model.evidence import UnsafePlaces
from whichext.model.finding import GilHeld
from whichext.model.outcome import Outcome, Right
from whichext.model.view import View
from whichext.report.document import Paragraph
from whichext.report.memo.reasons import measured_blocks, safety_blocks
from whichext.report.outcome_words import outcome_line

RIGHT = Check(contestant=CY, input="float64 plain", result=Right())


def safety(result: View) -> str:
    return markdown_of(safety_blocks(result, decision_of(result)))


def test_each_has_the_number_of_inputs_by_what_it_did_with_them() -> None:
    checks = [RIGHT, RIGHT, make_check(CY, UNSUPPORTED, "a list"), make_check(RS, WRONG, "nan")]
    text = safety(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 500}}, checks=checks))
    assert "| `cy.find` | 2 | 1 | 0 | 0 | 0 |" in text
    assert "| `rs.find` | 0 | 0 | 1 | 0 | 0 |" in text


def test_a_fault_is_told_with_both_sides() -> None:
    checks = [RIGHT, make_check(RS, WRONG, "nan")]
    text = safety(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 500}}, checks=checks))
    assert text == snapshot("""\
How often each did what: on the cases, on nasty inputs and in unusual ways of calling it, compared with `numpy`. Refused: a clean error.

| contestant | right | refused | wrong | crashed | no answer |
| --- | ---: | ---: | ---: | ---: | ---: |
| `cy.find` | 1 | 0 | 0 | 0 | 0 |
| `rs.find` | 0 | 0 | 1 | 0 | 0 |

- `rs.find`: wrong on `float64 NaN`: expected `nan at (1,)`, got `3.0 (2 of 7 values differ)`\
""")


def test_the_same_fault_of_several_is_told_once() -> None:
    checks = [make_check(CY, CRASHED), make_check(RS, CRASHED)]
    text = safety(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 500}}, checks=checks))
    assert text.count("crashed on `small`") == 1
    assert text == snapshot("""\
How often each did what: on the cases, on nasty inputs and in unusual ways of calling it, compared with `numpy`. Refused: a clean error.

| contestant | right | refused | wrong | crashed | no answer |
| --- | ---: | ---: | ---: | ---: | ---: |
| `cy.find` | 0 | 0 | 0 | 1 | 0 |
| `rs.find` | 0 | 0 | 0 | 1 | 0 |

- `cy.find` and `rs.find`: crashed on `small`: `killed by SIGSEGV`\
""")


def test_a_refusal_names_the_cases() -> None:
    times = {"wide": {NUMPY: 4000, CY: 1000}, "tall": {NUMPY: 4000}}
    text = safety(decide(times, checks=[make_check(CY, UNSUPPORTED, "tall")]))
    assert text == snapshot("- `cy.find` in `tall`: refused it: `ValueError: expected C order`")


def test_a_fault_under_a_setting_that_cannot_be_shipped_is_told_too() -> None:
    times = {NUMPY: 4000, CY: 1000, "cy.find@checked": 2000}
    text = safety(decide({"wide": times}, checks=[make_check("cy.find@checked", CRASHED)]))
    assert text == snapshot("""\
How often each did what: on the cases, on nasty inputs and in unusual ways of calling it, compared with `numpy`. Refused: a clean error.

| contestant | right | refused | wrong | crashed | no answer |
| --- | ---: | ---: | ---: | ---: | ---: |
| `cy.find` | 0 | 0 | 0 | 0 | 0 |
| `cy.find@checked` | 0 | 0 | 0 | 1 | 0 |

- `cy.find@checked`: crashed on `small`: `killed by SIGSEGV`\
""")


def test_who_was_skipped_was_not_tried_and_has_no_line() -> None:
    builds = [make_build("cy"), make_build("rs", SKIPPED)]
    text = safety(decide({"wide": {NUMPY: 4000, CY: 1000}}, absent=[RS], builds=builds))
    assert text == ""


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (BUILD_FAILED, "did not build: `sum.c:3:1: error: unknown type`. Next: install gcc"),
        (TIMED_OUT, "gave no answer on `small` within 2.00 s"),
        (
            SKIPPED,
            "did not race: Rust's cargo is missing. Next: install Rust from https://rustup.rs",
        ),
        (make_measured(), "measured"),
    ],
)
def test_every_outcome_has_its_line(outcome: Outcome, text: str) -> None:
    assert markdown_of([Paragraph(outcome_line(outcome, brief=True))]) == text


def test_a_check_counts_for_all_inputs_that_it_stands_for() -> None:
    drawn = Check(contestant=CY, input="drawn", result=Right(), count=1_200)
    text = safety(decide({"wide": {NUMPY: 4000, CY: 1000}}, checks=[RIGHT, drawn]))
    assert "| `cy.find` | 1,201 | 0 | 0 | 0 | 0 |" in text


def test_what_happens_in_a_forked_child_bars_nobody_and_is_told() -> None:
    forked = Check(contestant=CY, input="a fork", result=TIMED_OUT, property=Property.FORK)
    result = decide({"wide": {NUMPY: 4000, CY: 1000}}, checks=[RIGHT, forked])
    assert [one.contestant for one in decision_of(result).candidates] == [CY]
    text = safety(result)
    assert text == snapshot("""\
How often each did what: on the cases, on nasty inputs and in unusual ways of calling it, compared with `numpy`. Refused: a clean error.

| contestant | right | refused | wrong | crashed | no answer |
| --- | ---: | ---: | ---: | ---: | ---: |
| `cy.find` | 1 | 0 | 0 | 0 | 1 |

- In a forked child, after a call in its parent, it hangs: `cy.find`. With multiprocessing, use the start method 'spawn'.\
""")
    assert "gave no answer" not in text


def test_unsafe_rust_is_counted() -> None:
    result = decide({"wide": {NUMPY: 4000, RS: 1000}})
    places = UnsafePlaces(places=7, unexplained=("lib.rs:3",))
    audited = replace(evidence("rs", rust()), unsafe=places)
    text = safety(changed(result, evidence=(audited,)))
    assert text == snapshot("""\
- `rs`: 7 unsafe places in its Rust, 1 of them without a reason why it is safe

The audit of the builds found nothing that spoils a comparison.\
""")
    explained = replace(audited, unsafe=replace(places, unexplained=()))
    assert "none of them" in safety(changed(result, evidence=(explained,)))


def test_what_the_audit_found_comes_with_the_reason_and_the_next_step() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    held = GilHeld(contestants=(CY,))
    text = safety(changed(result, evidence=(evidence("cy"),), findings=(held,)))
    assert text == snapshot("""\
The audit of the builds found:

- **warning**: `cy.find`: keeps the GIL during the whole call: threads and Dask gain nothing from calling it. Next: release the GIL around the loop: nogil in Cython, py.detach in Rust, nanobind::gil\\_scoped\\_release in nanobind, pybind11::gil\\_scoped\\_release in pybind11, nogil=True in Numba.\
""")


def test_an_audit_that_found_nothing_says_so_and_none_says_nothing() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    assert "found nothing" in safety(changed(result, evidence=(evidence("cy"),)))
    assert "audit" not in safety(result)


def test_who_was_lost_in_the_race_is_told_whatever_it_is_built_with() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000, "cy.find@debug": 9000}})
    lost = [
        replace(timing, ended=TIMED_OUT) if "@" in timing.contestant else timing
        for timing in result.raw.timings
    ]
    text = safety(rejudged(changed(result, timings=tuple(lost))))
    assert text == snapshot("- `cy.find@debug`: gave no answer on `small` within 2.00 s")


# How it was measured.


def measured(result: View, min_speedup: float = 1.5) -> str:
    return markdown_of(measured_blocks(result, decision_of(result, min_speedup)))


def test_all_that_is_needed_to_do_it_again_is_there() -> None:
    times = {NUMPY: 4000, "numpy (A/A twin)": 4000, CY: 1000}
    text = measured(decide({"wide": times}, epochs=6))
    parts = (
        "- Machine: Testium 9000",
        "- 2025-01-02T03:04:05+00:00, 60.0 s, with `whichext run total`.",
        "- Cases that decide: `wide`. Worth a toolchain: 1.5 times as fast.",
        "- Intervals: 95%, over 6 epochs (sets of fresh processes)",
        "- Noise floor: a second copy of `numpy`",
        "- Limit: the inputs read once",
    )
    assert [part for part in parts if part not in text] == []


def test_epochs_that_differ_from_case_to_case_are_a_range() -> None:
    one, other = decide({"wide": {NUMPY: 2, CY: 1}}), decide({"tall": {NUMPY: 2, CY: 1}}, epochs=3)
    rows = tuple(replace(row, case="wide") for row in other.judged.rows)
    both = changed(one, rows=one.judged.rows + rows)
    assert "over 3 to 10 epochs" in measured(both)


def test_a_warning_stands_first() -> None:
    result = changed(decide({"wide": {NUMPY: 4000, CY: 1000}}), stopped="it was interrupted")
    assert measured(result) == snapshot("""\
- **Warning**: The run ended before it was done: it was interrupted. Continue with the same arguments and `--resume FILE`, where `-o FILE` was given.
- Machine: Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0.
- 2025-01-02T03:04:05+00:00, 60.0 s, with `whichext run total`.
- Cases that decide: `wide`. Worth a toolchain: 1.5 times as fast.
- Intervals: 95%, over 10 epochs (sets of fresh processes), each from turns of the same rounds. Only the profile `release`, which is what users of a wheel get, can be recommended.
- No A/A twin raced, so the noise of this race is not known.
- Limit: the inputs read once (by NumPy, since the C reader was not built), the output not written.\
""")


def test_without_a_case_that_was_raced_this_is_said() -> None:
    text = measured(decide({"wide": {}}))
    assert text == snapshot("""\
- Machine: Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0.
- 2025-01-02T03:04:05+00:00, 60.0 s, with `whichext run total`.
- Cases that decide: none that was raced. Worth a toolchain: 1.5 times as fast.
- Intervals: 95%, over 0 epochs (sets of fresh processes), each from turns of the same rounds. Only the profile `release`, which is what users of a wheel get, can be recommended.
- No A/A twin raced, so the noise of this race is not known.
- Limit: the inputs read once (by NumPy, since the C reader was not built), the output not written.\
""")
    assert "over 0 epochs" in text
