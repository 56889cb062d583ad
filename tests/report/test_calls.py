"""What is said of calls in place, of methods, and of what the race itself adds to these."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import msgspec
from inline_snapshot import snapshot

from support.contestants import make_contestant
from support.races import race_between
from support.results import changed
from whichext.model.contestant import Contestant, Factor, Role
from whichext.model.inline import unmarked
from whichext.model.view import View
from whichext.report.calls import call_texts, harness_texts

PYTHON = msgspec.structs.replace(make_contestant("python"), role=Role.REFERENCE)
OURS = make_contestant("rust.Total")


def harness(toolchain: str = "c") -> Contestant:
    factors = (Factor("toolchain", toolchain),)
    return msgspec.structs.replace(make_contestant("nothing"), role=Role.HARNESS, factors=factors)


def raced(*contestants: Contestant, **told: object) -> View:
    """A race of one case, in which every contestant takes 100 ns and the harness 8."""
    times = {one.name: 8.0 if one.role is Role.HARNESS else 100.0 for one in contestants}
    return changed(race_between(contestants, {"small": times}), **told)


def wrapped(texts: Iterable[str]) -> list[str]:
    """Lines that are short enough to be read here."""
    return [line for text in texts for line in textwrap.wrap(unmarked(text), 80)]


def said(view: View) -> list[str]:
    return wrapped(call_texts(view))


def test_nothing_is_said_of_functions() -> None:
    view = raced(PYTHON, OURS)
    assert said(view) == []
    assert list(harness_texts(view.cases["small"], view)) == []


def test_calls_in_place_are_said_to_have_fresh_copies() -> None:
    assert said(raced(PYTHON, mutates=("values", "out"))) == snapshot(
        [
            "Each call on a fresh copy of values and out, which it may change; copies are",
            "made before the clock starts.",
        ]
    )


def test_calls_of_a_method_are_said_to_be_those_of_new_objects() -> None:
    assert said(raced(PYTHON, method="update")) == snapshot(
        [
            "A call is one of update() with an item of the stream; each turn makes new",
            "objects before the clock starts.",
        ]
    )


def test_classes_of_one_thread_are_named_with_their_reasons() -> None:
    ours = msgspec.structs.replace(OURS, single_threaded="unsendable")
    other = msgspec.structs.replace(make_contestant("cy.Total"), single_threaded="unsendable")
    assert said(raced(PYTHON, ours, other)) == snapshot(
        [
            "Single-threaded by contract: rust.Total and cy.Total (unsendable). No object was",
            "called from another thread than made it.",
        ]
    )


def test_what_the_harness_takes_is_said_with_its_share_of_a_call() -> None:
    view = raced(PYTHON, OURS, harness())
    assert wrapped(harness_texts(view.cases["small"], view)) == snapshot(
        [
            "nothing: a method that does nothing (in C), called in the same way. It takes",
            "7.98 ns, which is 7.8% to 8.0% of a call of python; every time above includes",
            "that.",
        ]
    )


def test_where_there_is_no_compiler_the_harness_is_one_in_python() -> None:
    view = raced(PYTHON, harness("python"))
    assert wrapped(harness_texts(view.cases["small"], view)) == snapshot(
        [
            "nothing: a method that does nothing (in Python, since the one in C was not",
            "built), called in the same way. It takes 7.96 ns, which is 7.8% to 8.0% of a",
            "call of python; every time above includes that.",
        ]
    )


def test_the_harness_is_no_contestant_that_leads() -> None:
    view = raced(PYTHON, OURS, harness())
    leaders = view.cases["small"].judged.leaders
    assert leaders is not None
    assert "nothing" not in str(leaders)
