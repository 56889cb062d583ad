"""Contestants that are right when they are verified, and wrong or idle when they are timed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.builds import build_here
from support.cli import Command
from whichext.build.store import Store
from whichext.model.finding import RemembersContent
from whichext.model.insight import AnswersRemembered
from whichext.model.options import Options
from whichext.model.outcome import EARLIER, Measured, Wrong
from whichext.model.view import View
from whichext.pipeline import execute

pytestmark = [pytest.mark.slow, pytest.mark.processes]

KERNELS = Path(__file__).parents[1] / "kernels"
FAULTY, LARGE = KERNELS / "faulty", KERNELS / "large_inputs"

REMEMBERING = (
    "computes_each_third_time",
    "computes_until_hot",
    "computes_when_cold",
    "remembers_for_a_moment",
    "remembers_on_disk",
    "remembers_the_address",
    "remembers_the_object",
)
LAZY = ("skips_when_hot", "tires")
NAMES = tuple(f"{project}.row_max" for project in (*REMEMBERING, *LAZY))
GOOD = "good.row_max"

SOME = Options(entries=(*NAMES, GOOD), max_time_s=2, min_epochs=3)
"""Three epochs, whatever the machine: no more than two are needed."""


@pytest.fixture(scope="module")
def raced(faulty_store: Store) -> View:
    """A real race of all of them, and of a good one."""
    return execute(FAULTY, SOME, store=faulty_store)


def outcomes_of(view: View, contestant: str) -> Wrong:
    """What became of it, which must be a wrong answer."""
    (outcome,) = (row.outcome for row in view.judged.rows if row.contestant == contestant)
    assert isinstance(outcome, Wrong), outcome
    return outcome


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_answer_to_a_timed_call_is_seen_with_its_epoch(raced: View, name: str) -> None:
    assert outcomes_of(raced, name).where in ("small, epoch 1", "small, epoch 2")


@pytest.mark.parametrize("project", REMEMBERING)
def test_an_answer_from_an_earlier_call_is_named_as_such(raced: View, project: str) -> None:
    assert EARLIER in outcomes_of(raced, f"{project}.row_max").got


@pytest.mark.parametrize("project", LAZY)
def test_any_other_wrong_answer_is_not(raced: View, project: str) -> None:
    assert EARLIER not in outcomes_of(raced, f"{project}.row_max").got


def test_who_answers_rightly_is_measured_beside_them(raced: View) -> None:
    found = {row.contestant: row.outcome for row in raced.judged.rows}
    assert all(isinstance(found[name], Measured) for name in (GOOD, "numpy", "limit[1]"))


def test_who_was_wrong_is_never_among_the_leaders(raced: View) -> None:
    (case,) = raced.judged.cases
    assert case.leaders is not None
    assert set(case.leaders.names) <= {GOOD, "numpy"}


def test_the_memo_excludes_who_was_wrong(raced: View) -> None:
    decision = raced.judged.decision
    assert decision is not None
    assert {one.contestant for one in decision.candidates} == {GOOD}
    assert {one.contestant for one in decision.barred} == set(NAMES)


@pytest.mark.usefixtures("kept_builds")
def test_a_run_with_a_wrong_answer_ends_with_1_and_says_so(
    command: Command, tmp_path: Path
) -> None:
    result = tmp_path / "result.json"
    asked = ("--entry", "skips_when_hot.row_max", "--max-time=0", "-o", str(result))
    ended = command("run", str(FAULTY), *asked)
    assert ended.code == 1
    assert "WRONG" in ended.out
    rows = json.loads(result.read_text())["judged"]["rows"]
    (wrong,) = (row["outcome"] for row in rows if row["contestant"] == "skips_when_hot.row_max")
    assert (wrong["type"], wrong["where"]) == ("Wrong", "small, epoch 1")


@pytest.fixture(scope="module")
def raced_with_large_inputs(store: Store) -> View:
    """A real race of two that find answers again by content, and of a good one."""
    build_here(LARGE, store)
    return execute(LARGE, Options(max_time_s=2, min_epochs=3), store=store)


def test_who_finds_large_answers_again_is_named_in_each_case(raced_with_large_inputs: View) -> None:
    warnings = raced_with_large_inputs.judged.warnings
    found = {one.case: one.contestants for one in warnings if isinstance(one, AnswersRemembered)}
    large, one_shape = "remembers_large_content.row_max", "remembers_one_shape.row_max"
    assert found == {"1.6 MB": (large, one_shape), "2.4 MB": (large,)}


def test_the_audit_names_who_finds_a_large_answer_again(raced_with_large_inputs: View) -> None:
    findings = raced_with_large_inputs.raw.findings
    (found,) = (one for one in findings if isinstance(one, RemembersContent))
    assert found.contestants == ("remembers_large_content.row_max",)


def test_an_input_that_may_not_be_written_to_is_changed_all_the_same(
    raced_with_large_inputs: View,
) -> None:
    assert raced_with_large_inputs.raw.unchanging == ()
