"""Compiled classes: from PyO3, Cython and C, those that are right and those that are wrong."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest

from support.cli import printed_race, printed_verification, squeezed
from whichext.build.store import Store
from whichext.model.check import Check
from whichext.model.finding import PythonInLoop
from whichext.model.options import Options
from whichext.model.outcome import OF_ANOTHER_THREAD, Right, Unsupported, Wrong
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.pipeline import execute

pytestmark = [
    pytest.mark.slow,
    pytest.mark.compiler,
    pytest.mark.processes,
    pytest.mark.skipif(shutil.which("cargo") is None, reason="needs Rust"),
]

KERNEL = Path(__file__).parent
RIGHT = {
    "tallies_c.Greatest",
    "tallies_cython.Greatest",
    "tallies_cython.Untyped",
    "tallies_rust.Greatest",
    "tallies_rust.Told",
}
REASON = "its numbers are shared by Rc, which no lock guards"


@pytest.fixture(scope="module")
def raced(store: Store) -> View:
    """A short race of all of them."""
    options = Options(max_time_s=2.0, cases=("short",))
    with warnings.catch_warnings():
        # Setuptools warns of its extension table, and pytest would make an error of it.
        warnings.simplefilter("default")
        return execute(KERNEL, options, kind=Kind.RUN, store=store)


@pytest.fixture(scope="module")
def verified(store: Store, raced: View) -> View:
    """A verification of all of them, which are built then."""
    assert raced.cases
    return execute(KERNEL, Options(cases=("short",)), kind=Kind.VERIFY, store=store)


def faults_of(view: View, contestant: str) -> list[Check]:
    """What is wrong of a contestant."""
    checks = [check for check in view.raw.checks if check.contestant == contestant]
    return [check for check in checks if not isinstance(check.result, Right | Unsupported)]


def test_right_classes_race_whatever_they_are_written_in(raced: View) -> None:
    measured = {name for name in raced.cases["short"].measured if "." in name}
    assert measured == RIGHT


def test_right_classes_are_right_in_every_way_of_calling_them(verified: View) -> None:
    assert {c.contestant for c in verified.raw.checks if isinstance(c.result, Wrong)} == {
        "tallies_rust.Bound",
        "tallies_rust.Kept",
    }


def test_one_that_is_for_its_own_thread_and_does_not_say_so_is_told_how(raced: View) -> None:
    (first,) = faults_of(raced, "tallies_rust.Bound")
    assert isinstance(first.result, Wrong)
    assert first.input == OF_ANOTHER_THREAD
    assert "tallies_rust::Bound is unsendable" in first.result.got
    assert 'single_threaded = "..."' in squeezed(printed_race(raced))


def test_one_that_says_so_races_and_its_reason_is_repeated(raced: View, verified: View) -> None:
    assert REASON in squeezed(printed_race(raced))
    assert REASON in squeezed(printed_verification(verified))


def test_state_in_a_static_outlives_its_object(raced: View) -> None:
    (first,) = faults_of(raced, "tallies_rust.Kept")
    assert first.input == "a second object"


def test_python_in_the_loop_of_a_method_is_that_of_its_class_alone(raced: View) -> None:
    found = [one for one in raced.raw.findings if isinstance(one, PythonInLoop)]
    assert [(one.contestants, one.function) for one in found] == [
        (("tallies_cython.Untyped",), "Untyped.push")
    ]
