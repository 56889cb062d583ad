"""What is said of an outcome."""

from __future__ import annotations

import re
import textwrap

import pytest
from inline_snapshot import snapshot

from support.results import NOT_RACED, make_measured, make_ratio
from whichext.cli.wording import SHELL
from whichext.model.inline import unmarked
from whichext.model.outcome import (
    EARLIER,
    INCOMPARABLE,
    OUTLIVES,
    UNSTEADY,
    Crashed,
    PackageAbsent,
    TimedOut,
    Wrong,
)
from whichext.model.ratio import Verdict
from whichext.report.outcome_words import outcome_line, outcome_word, reason_text


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (
            "WRONG",
            "wrong on float64 NaN: expected nan at (1,), got 3.0 (2 of 7 values differ)",
        ),
        (
            "BUILD FAILED",
            "did not build:\n  | sum.c:3:1: error: unknown type\n  Next: install gcc",
        ),
        ("CRASHED", "crashed on small: killed by SIGSEGV\n  | about to read address 0"),
        (
            "TIMED OUT",
            "gave no answer on small within 2.00 s and was killed\n"
            "  Next: if it is only slow, allow more with --time-limit",
        ),
        ("unsupported", "refused it: ValueError: expected C order"),
        (
            "skipped",
            "skipped: Rust's cargo is missing\n  Next: install Rust from https://rustup.rs",
        ),
    ],
)
def test_a_reason_says_where_and_what_and_the_next_step(word: str, expected: str) -> None:
    assert expected == unmarked(reason_text(NOT_RACED[word]), SHELL)


def test_a_crash_without_last_words_has_no_empty_quotation() -> None:
    assert unmarked(reason_text(Crashed("import", "exit status 1"))) == snapshot(
        "crashed on import: exit status 1"
    )


@pytest.mark.parametrize("where", ["import", "odd shape"])
def test_a_missing_module_has_what_to_install_and_to_write_as_its_next_step(where: str) -> None:
    crashed = Crashed(where, "ModuleNotFoundError: No module named 'river.drift'")
    said = unmarked(reason_text(crashed), SHELL)
    assert said.replace(where, "WHERE").splitlines() == snapshot(
        [
            "crashed on WHERE: ModuleNotFoundError: No module named 'river.drift'",
            "  Next: pip install river, or the package that has it. With requires = "
            '["river"] in its table of pyproject.toml, an entry is skipped where that is absent',
        ]
    )


FORKED = "small, in a forked child (an unsafe fork)"


def test_only_an_input_and_a_value_are_code() -> None:
    outcomes = (
        TimedOut(FORKED, 2_000_000_000, in_child=True),
        Wrong("mid, epoch 1", "float 1.0", f"{EARLIER}, float 2.0"),
        Wrong("odd, one, epoch 2, called from 4 threads at once", "1", f"2, {EARLIER}"),
        Crashed(FORKED, "exit status 1"),
        Wrong("a second object", "float 1.0", f"float 2.0, {OUTLIVES}"),
    )
    lines = [re.sub("\ue000c|\ue001", "`", outcome_line(one, brief=True)) for one in outcomes]
    assert lines == snapshot(
        [
            "gave no answer on `small`, in a forked child (an unsafe fork) within 2.00 s",
            "wrong on `mid`, epoch 1: expected `float 1.0`, got an answer from an earlier "
            "call, `float 2.0`",
            "wrong on `odd, one`, epoch 2, called from 4 threads at once: expected `1`, got "
            "`2`, an answer from an earlier call",
            "crashed on `small`, in a forked child (an unsafe fork): `exit status 1`",
            "wrong on `a second object`: expected `float 1.0`, got `float 2.0`, state outlives "
            "the first one",
        ]
    )


def test_a_next_step_follows_a_full_stop() -> None:
    line = outcome_line(TimedOut(FORKED, 2_000_000_000, in_child=True))
    assert unmarked(line) == snapshot(
        "gave no answer on small, in a forked child (an unsafe fork) within 2.00 s and was killed. "
        "Next: a pool or lock of the parent is not there in the child: start the pool after the "
        "fork, or anew with os.register_at_fork"
    )


def test_a_measured_contestant_has_its_verdict_as_its_word() -> None:
    assert outcome_word(make_measured(make_ratio(verdict=Verdict.TIE))) == "tie"


def test_a_measured_contestant_needs_no_reason() -> None:
    assert reason_text(make_measured()) == "measured"


def test_a_class_of_one_thread_is_told_how_it_is_excused() -> None:
    where = "an object of another thread"
    wrong, crashed = Wrong(where, "the answers [1]", "an error"), Crashed(where, "SIGSEGV")
    lines = [unmarked(reason_text(one)).splitlines()[1] for one in (wrong, crashed)]
    assert lines[0] == lines[1]
    assert textwrap.wrap(lines[0].strip(), 80) == snapshot(
        [
            "Next: let its objects be called from any thread; or, where they are for the",
            "thread that makes them, say why in its entry in pyproject.toml: single_threaded",
            '= "..."',
        ]
    )


@pytest.mark.parametrize(
    ("written", "named"), [("values", '"values"'), ("argument 2", "1")], ids=["name", "number"]
)
def test_who_writes_to_an_argument_is_told_how_to_say_that_it_may(written: str, named: str) -> None:
    for got in (f"{written} changed", f"it wrote to {written}"):  # as older results say it
        wrong = Wrong("small", "arguments as they were", f"{got}, which mutates does not name")
        lines = unmarked(reason_text(wrong), SHELL)
        assert f"mutates=({named},)" in " ".join(lines.split())
    without = Wrong("small", "its arguments as they were", "stream changed")
    assert "mutates" not in reason_text(without)


@pytest.mark.parametrize("said", [INCOMPARABLE, UNSTEADY])
def test_what_cannot_be_held_to_an_answer_has_a_next_step(said: str) -> None:
    lines = unmarked(reason_text(Wrong("small", "Match a", f"Match b, {said}"))).splitlines()
    assert lines[0].endswith(f"got Match b, {said}")
    step = textwrap.wrap(lines[1].strip(), 80)
    steps = {
        INCOMPARABLE: snapshot(
            [
                "Next: return what can be compared, such as list(...) of an iterator, or say when",
                "two answers agree: equal= of compare, tolerance= of a kernel, a function of both",
            ]
        ),
        UNSTEADY: snapshot(
            [
                "Next: let it give one answer to an input, such as from a seed that it sets",
                "itself: others are compared with it",
            ]
        ),
    }
    assert step == steps[said]


def test_packages_to_install_are_quoted_for_a_shell() -> None:
    said = reason_text(PackageAbsent(("fast>=2", "slow")))
    assert unmarked(said).partition("Next: ")[2] == "pip install 'fast>=2' slow"
