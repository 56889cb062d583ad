"""Kernels of every shape: the right entry of each races, and the wrong one is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.cli import printed_race, printed_verification, squeezed
from whichext.build.store import Store
from whichext.model.check import Check, Property
from whichext.model.options import Options
from whichext.model.outcome import Right, Unsupported, Wrong
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.pipeline import execute

pytestmark = [pytest.mark.slow, pytest.mark.compiler, pytest.mark.processes]

SHAPES = Path(__file__).parent

# Module of each, and what is wrong of its wrong entry: where it is found, and how.
WRONG = {
    "group_sum": ("groups", "odd shape", "at (0,)"),
    "moving_max": ("moving", "drawn", "an array of shape"),
    "running_total": ("totals", "odd shape", "at (64,)"),
    "column_max": ("columns", "float64 odd shape", "at (0, 2)"),
    "big_integers": ("integers", "drawn", "int"),
    "marked_texts": ("marks", "odd shape", "str '!' at (0,)"),
    "runs": ("lengths", "odd shape", "in part [1]"),
    "summary": ("summaries", "odd shape", "in part ['moments']['spread']"),
    "codes": ("coder", "drawn", "the reference raises KeyError"),
    "word_count": ("words", "drawn", "int"),
    "checksum": ("sums", "the arguments of small", "int"),
    "tally": ("counts", "the arguments of small", "its arguments as they were"),
    "no_arguments": ("primes", "the arguments of hundred", "25 results"),
    "callback": ("areas", "the arguments of square", "int 441"),
    "csr_times_vector": ("sparse", "odd shape", "0 at"),
}


@pytest.fixture(scope="module")
def raced(store: Store) -> dict[str, View]:
    """A short race of each."""
    options = Options(max_time_s=1.0)
    return {name: execute(SHAPES / name, options, kind=Kind.RUN, store=store) for name in WRONG}


@pytest.fixture(scope="module")
def verified(store: Store) -> dict[str, View]:
    """A verification of each."""
    return {
        name: execute(SHAPES / name, Options(), kind=Kind.VERIFY, store=store) for name in WRONG
    }


def faults_of(view: View, contestant: str) -> list[Check]:
    """What is wrong of a contestant."""
    checks = [check for check in view.raw.checks if check.contestant == contestant]
    assert checks, f"nothing was asked of {contestant}"
    return [check for check in checks if not isinstance(check.result, Right | Unsupported)]


def test_every_shape_is_here() -> None:
    assert {path.parent.name for path in SHAPES.glob("*/kernel.py")} == set(WRONG)


@pytest.mark.parametrize("name", WRONG)
def test_the_right_entry_races_in_every_case(raced: dict[str, View], name: str) -> None:
    module, _, _ = WRONG[name]
    cases = raced[name].cases
    assert cases
    assert [case for case, one in cases.items() if f"{module}.right" not in one.measured] == []


@pytest.mark.parametrize("name", WRONG)
def test_the_wrong_entry_does_not_race_and_its_place_is_named(
    raced: dict[str, View], name: str
) -> None:
    module, where, expected = WRONG[name]
    first = faults_of(raced[name], f"{module}.wrong")[0]
    assert isinstance(first.result, Wrong)
    assert where in first.input
    assert expected in first.result.expected
    assert all(f"{module}.wrong" not in one.measured for one in raced[name].cases.values())
    assert f"{module}.wrong: wrong on {first.input}" in squeezed(printed_race(raced[name]))


@pytest.mark.parametrize("name", WRONG)
def test_only_the_wrong_entry_is_wrong_of_all_that_is_drawn(
    verified: dict[str, View], name: str
) -> None:
    view = verified[name]
    found = {c.contestant for c in view.raw.checks if isinstance(c.result, Wrong)}
    assert found == {f"{WRONG[name][0]}.wrong"}
    assert not view.raw.undrawn
    assert "drawn" in printed_verification(view)


@pytest.mark.parametrize("name", WRONG)
def test_python_to_paste_makes_the_input_of_the_fault_again(
    verified: dict[str, View], name: str
) -> None:
    faults = faults_of(verified[name], f"{WRONG[name][0]}.wrong")
    (drawn,) = (c for c in faults if c.property is Property.DRAWN and c.input == "drawn inputs")
    names: dict[str, Any] = {}
    exec(compile(drawn.snippet or "", name, "exec"), names)
    made = {key: value for key, value in names.items() if key not in ("__builtins__", "np")}
    assert made
    assert all(one.size < 70 for one in made.values() if isinstance(one, np.ndarray))


def test_a_family_of_sizes_races_where_it_is_named(store: Store) -> None:
    options = Options(max_time_s=1.0, cases=("size",))
    view = execute(SHAPES / "running_total", options, kind=Kind.RUN, store=store)
    assert list(view.cases) == ["size-10", "size-100", "size-1000"]
    assert all("totals.right" in case.measured for case in view.cases.values())
