"""Kernels of every shape: the right entry of each races, and the wrong one is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.builds import build_here
from support.cli import printed_race, printed_verification, squeezed
from whichext.build.store import Store
from whichext.load.kernel import load_kernel
from whichext.model.check import Check, Property
from whichext.model.contestant import Role
from whichext.model.options import Options
from whichext.model.outcome import EARLIER, Right, Unsupported, Wrong
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.pipeline import execute

pytestmark = [pytest.mark.slow, pytest.mark.compiler, pytest.mark.processes]

SHAPES = Path(__file__).parent

# What is wrong of each wrong entry: where it is found, and how.
WRONG = {
    "group_sum": ("odd shape", "at (0,)"),
    "moving_max": ("drawn", "an array of shape"),
    "running_total": ("odd shape", "at (64,)"),
    "column_max": ("float64 odd shape", "at (0, 2)"),
    "big_integers": ("drawn", "int"),
    "marked_texts": ("odd shape", "str '!' at (0,)"),
    "runs": ("odd shape", "in part [1]"),
    "summary": ("odd shape", "in part ['moments']['spread']"),
    "codes": ("drawn", "the reference raises KeyError"),
    "word_count": ("drawn", "int"),
    "checksum": ("the arguments of small", "int"),
    "tally": ("the arguments of small", "its arguments as they were"),
    "no_arguments": ("the arguments of hundred", "25 results"),
    "callback": ("the arguments of square", "int 441"),
    "csr_times_vector": ("odd shape", "0 at"),
    "in_place": ("odd shape", "in part .after['values']"),
    "drift": ("the arguments of short", "in part .answers["),
    "pairs": ("drawn", "in part .answers["),
    "readings": ("odd shape", "in part .answers["),
}
ALSO_WRONG = {"drift": {"detectors.Shared"}}

KEPT = "counts.kept"
"""It keeps its answers by the identity of its list."""


@pytest.fixture(scope="module")
def built(store: Store) -> Store:
    """The builds, with those of these kernels among them."""
    for name in WRONG:
        build_here(SHAPES / name, store)
    return store


@pytest.fixture(scope="module")
def raced(built: Store) -> dict[str, View]:
    """A short race of each."""
    options = Options(max_time_s=1.0)
    return {name: execute(SHAPES / name, options, kind=Kind.RUN, store=built) for name in WRONG}


@pytest.fixture(scope="module")
def verified(built: Store) -> dict[str, View]:
    """A verification of each."""
    return {
        name: execute(SHAPES / name, Options(), kind=Kind.VERIFY, store=built) for name in WRONG
    }


def entry_of(view: View, kind: str) -> str:
    """The right entry, or the wrong one; classes begin with a capital letter."""
    return next(name for name in view.raw.entries or () if name.lower().endswith(f".{kind}"))


def faults_of(view: View, contestant: str) -> list[Check]:
    """What is wrong of a contestant."""
    checks = [check for check in view.raw.checks if check.contestant == contestant]
    assert checks, f"nothing was asked of {contestant}"
    return [check for check in checks if not isinstance(check.result, Right | Unsupported)]


def test_every_shape_is_here() -> None:
    assert {path.parent.name for path in SHAPES.glob("*/kernel.py")} == set(WRONG)


@pytest.mark.parametrize("name", WRONG)
def test_the_right_entry_races_in_every_case(raced: dict[str, View], name: str) -> None:
    cases, right = raced[name].cases, entry_of(raced[name], "right")
    assert cases
    assert [case for case, one in cases.items() if right not in one.measured] == []


@pytest.mark.parametrize("name", WRONG)
def test_the_wrong_entry_does_not_race_and_its_place_is_named(
    raced: dict[str, View], name: str
) -> None:
    where, expected = WRONG[name]
    wrong = entry_of(raced[name], "wrong")
    first = faults_of(raced[name], wrong)[0]
    assert isinstance(first.result, Wrong)
    assert where in first.input
    assert expected in first.result.expected
    assert all(wrong not in one.measured for one in raced[name].cases.values())
    assert f"{wrong}: wrong on {first.input}" in squeezed(printed_race(raced[name]))


def test_who_keeps_answers_by_a_list_is_named(raced: dict[str, View]) -> None:
    results = {check.input: check.result for check in faults_of(raced["tally"], KEPT)}
    found = results["changed in place"]
    assert isinstance(found, Wrong)
    assert EARLIER in found.got
    assert all(KEPT not in case.measured for case in raced["tally"].cases.values())


@pytest.mark.parametrize("name", WRONG)
def test_only_the_wrong_entry_is_wrong_of_all_that_is_drawn(
    verified: dict[str, View], name: str
) -> None:
    view = verified[name]
    found = {c.contestant for c in view.raw.checks if isinstance(c.result, Wrong)}
    assert found - {KEPT} == {entry_of(view, "wrong"), *ALSO_WRONG.get(name, ())}
    assert not view.raw.undrawn
    assert "drawn" in printed_verification(view)


@pytest.mark.parametrize("name", WRONG)
def test_python_to_paste_makes_the_input_of_the_fault_again(
    verified: dict[str, View], name: str
) -> None:
    faults = faults_of(verified[name], entry_of(verified[name], "wrong"))
    (drawn,) = (c for c in faults if c.property is Property.DRAWN and c.input == "drawn inputs")
    kernel = load_kernel(SHAPES / name)
    given = {entry_of(verified[name], "wrong").rpartition(".")[2]: kernel.reference}
    names: dict[str, Any] = dict(given)
    exec(compile(drawn.snippet or "", name, "exec"), names)
    made = {k: v for k, v in names.items() if k not in ("__builtins__", "np", *given)}
    assert made
    assert all(one.size < 70 for one in made.values() if isinstance(one, np.ndarray))


def test_python_to_paste_makes_the_second_object_that_shows_a_fault(
    verified: dict[str, View],
) -> None:
    (found,) = faults_of(verified["drift"], "detectors.Shared")
    snippet = found.snippet or ""
    line = "[made.update(value) for value in stream]"
    assert snippet.count(line) == snippet.count("made = Shared(") == 2


def test_without_stated_bytes_there_is_no_limit_no_share_and_no_rate(
    raced: dict[str, View],
) -> None:
    view = raced["tally"]
    assert all(contestant.role is not Role.LIMIT for contestant in view.raw.contestants)
    for one in view.cases["small"].measured.values():
        assert (one.bytes_per_s, one.operations_per_s, one.of_limit) == (None, None, None)
    assert "B/s" not in printed_race(view)


def test_a_family_of_sizes_races_where_it_is_named(store: Store) -> None:
    options = Options(max_time_s=1.0, cases=("size",))
    view = execute(SHAPES / "running_total", options, kind=Kind.RUN, store=store)
    assert list(view.cases) == ["size-10", "size-100", "size-1000"]
    assert all("totals.right" in case.measured for case in view.cases.values())


def test_calls_in_place_are_made_on_fresh_copies_and_compared_by_what_they_left(
    raced: dict[str, View],
) -> None:
    view = raced["in_place"]
    assert view.raw.mutates == ("values",)
    turns = {
        (timing.contestant, sample.calls)
        for timing in view.raw.timings
        if timing.case == "large"
        for sample in timing.samples
    }
    assert turns
    assert all(calls <= 256_000_000 // 8_000_000 for _, calls in turns)
    assert {name for name, _ in turns} >= {"doubles.right", "limit[1]", "numpy"}


def test_the_time_of_a_method_is_that_of_a_call_and_the_harness_is_beside_it(
    raced: dict[str, View],
) -> None:
    view = raced["drift"]
    assert (view.raw.method, view.cases["usual"].size.calls) == ("update", 5_000)
    for case in view.cases.values():
        harness, call = (case.measured[name].median_ns for name in ("nothing", "python"))
        assert 0 < harness < call < 5_000
        calls = {sample.calls for one in case.timings.values() for sample in one.samples}
        assert all(one % case.size.calls == 0 for one in calls)
        assert case.size.bytes_moved is None


def test_state_that_outlives_its_object_is_named(raced: dict[str, View]) -> None:
    (first,) = faults_of(raced["drift"], "detectors.Shared")
    assert isinstance(first.result, Wrong)
    assert first.input == "a second object"


def test_why_a_class_is_single_threaded_is_repeated(raced: dict[str, View]) -> None:
    view = raced["drift"]
    reason = view.contestants["detectors.Right"].single_threaded
    assert reason
    refused = [
        check.result.reason
        for check in view.raw.checks
        if check.contestant == "detectors.Right" and check.property is Property.THREADS
        if isinstance(check.result, Unsupported)
    ]
    assert [reason in one for one in refused] == [True]
    assert reason in squeezed(printed_race(view))
