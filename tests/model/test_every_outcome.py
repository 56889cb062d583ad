"""What is done with an outcome is done with every one, and said of every one."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest
from msgspec import Struct

from support.cli import printed_race, printed_verification
from support.races import CY, NUMPY, RS, decide, decision_of, memo_of
from support.results import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    TIMED_OUT,
    UNSUPPORTED,
    WRONG,
    changed,
    make_build,
    make_built,
    make_check,
    make_measured,
    make_row,
)
from whichext.model.outcome import (
    Absence,
    Fault,
    Measured,
    NotApplicable,
    NotReached,
    NotRequested,
    NotTried,
    Outcome,
    PackageAbsent,
    Right,
)
from whichext.model.view import View
from whichext.report.outcome_words import outcome_line, outcome_reason, outcome_word, reason_text
from whichext.report.result import is_failure
from whichext.system.progress import outcome_progress

EXAMPLES: tuple[Outcome, ...] = (
    make_built(),
    Right(),
    make_measured(),
    UNSUPPORTED,
    BUILD_FAILED,
    CRASHED,
    TIMED_OUT,
    WRONG,
    SKIPPED,
    PackageAbsent(("numba",)),
    NotApplicable("bounds", "rust"),
    NotReached(),
    NotRequested(),
)
EVERY = {type(outcome): outcome for outcome in EXAMPLES}

every_outcome = pytest.mark.parametrize("kind", get_args(Outcome), ids=lambda kind: kind.__name__)


def with_row(outcome: Outcome) -> View:
    """A race of three, of whom the last one has this outcome."""
    raced = decide({"wide": {NUMPY: 4000, CY: 1000, RS: 2000}})
    rows = tuple(row for row in raced.judged.rows if row.contestant != RS)
    return changed(raced, rows=(*rows, make_row(RS, outcome, "wide")))


@every_outcome
def test_an_outcome_carries_its_kind_in_a_file_and_comes_back(kind: type[Struct]) -> None:
    text = msgspec.json.encode(EVERY[kind])
    assert kind.__name__ == msgspec.json.decode(text)["type"]
    assert EVERY[kind] == msgspec.json.decode(text, type=Outcome)


@every_outcome
def test_an_outcome_has_a_word_and_a_reason(kind: type[Struct]) -> None:
    outcome = EVERY[kind]
    assert all([outcome_word(outcome), outcome_reason(outcome).said, reason_text(outcome)])


@every_outcome
def test_an_outcome_is_one_line_in_a_memo(kind: type[Struct]) -> None:
    assert len(outcome_line(EVERY[kind]).splitlines()) == 1


@every_outcome
def test_an_outcome_is_one_line_of_progress(kind: type[Struct]) -> None:
    assert len(outcome_progress(EVERY[kind]).splitlines()) == 1


@every_outcome
def test_a_fault_alone_makes_a_run_fail(kind: type[Struct]) -> None:
    assert is_failure(EVERY[kind]) is isinstance(EVERY[kind], Fault)


@every_outcome
def test_a_table_shows_who_was_not_measured_with_the_word(kind: type[Struct]) -> None:
    text = printed_race(with_row(EVERY[kind]))
    assert RS in text
    assert outcome_word(EVERY[kind]) in text


@every_outcome
def test_who_was_not_measured_is_barred_with_the_outcome(kind: type[Struct]) -> None:
    barred = {one.contestant: one.outcome for one in decision_of(with_row(EVERY[kind])).barred}
    assert barred == ({} if kind is Measured else {RS: EVERY[kind]})


@every_outcome
def test_a_memo_is_written_whatever_became_of_a_build(kind: type[Struct]) -> None:
    builds = (make_build("rs", EVERY[kind]),)
    assert RS in memo_of(changed(with_row(EVERY[kind]), builds=builds))


@every_outcome
def test_a_verification_is_shown_whatever_a_check_found(kind: type[Struct]) -> None:
    checks = (make_check(RS, EVERY[kind]),)
    assert RS in printed_verification(changed(with_row(EVERY[kind]), checks=checks))


def test_an_outcome_is_a_fault_or_an_absence_or_neither_and_never_both() -> None:
    assert set(get_args(Absence)) < set(get_args(NotTried))
    assert not set(get_args(Fault)) & set(get_args(NotTried))
    assert set(get_args(Fault)) | set(get_args(NotTried)) < set(get_args(Outcome))
