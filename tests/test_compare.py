"""Two functions in one line: verified, raced in fresh processes."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inline_snapshot import snapshot

import whichext
from whichext import Result
from whichext.model.errors import KernelError
from whichext.model.insight import AnswersRemembered
from whichext.model.outcome import Measured, Wrong
from whichext.model.raw import Kind
from whichext.report import document_of
from whichext.verify.inputs import strategies

pytestmark = [pytest.mark.slow, pytest.mark.processes]

VALUES = np.random.default_rng(0).random((30, 40))
QUICK: dict[str, Any] = {"max_time_s": 1.0, "precision": 0.2}


def outcomes(result: Result) -> dict[str, type]:
    return {row.contestant: type(row.outcome) for row in result.judged.rows}


def test_functions_race_against_the_first_one_in_one_line() -> None:
    offset = 0.0
    result = whichext.compare(
        {"numpy": lambda v: v.sum(), "python": lambda v: sum(map(sum, v)) + offset},
        inputs=(VALUES,),
        equal=np.allclose,
        **QUICK,
    )
    assert (result.kind, result.ok) == (Kind.COMPARE, True)
    assert result.ratio("python").value > 1
    assert outcomes(result)["numpy (A/A twin)"] is Measured


def test_a_different_answer_is_a_row_and_has_no_verdict() -> None:
    def total(values: Any) -> Any:
        return values.sum(axis=0)

    def wrong(values: Any) -> Any:
        return values.sum(axis=0) + (np.arange(values.shape[1]) == 3)

    result = whichext.compare(total, wrong, inputs=(VALUES,), **QUICK)
    found = {row.contestant: row.outcome for row in result.judged.rows}["wrong"]
    assert isinstance(found, Wrong)
    assert "(3,)" in found.expected
    assert result.exit_code == 1


def test_a_change_of_the_input_and_a_remembered_answer_are_found() -> None:
    def writes(values: Any) -> Any:
        values[0] = values[0]
        values[0, 0] += 1
        return values.sum()

    kept: dict[int, Any] = {}

    def remembers(values: Any) -> Any:
        return kept.setdefault(id(values), values.sum())

    functions = {"sum": lambda v: v.sum(), "writes": writes, "remembers": remembers}
    result = whichext.compare(functions, inputs=(VALUES,), **QUICK)
    found = outcomes(result)
    assert (found["writes"], found["remembers"], found["sum"]) == (Wrong, Wrong, Measured)


@pytest.mark.parametrize("values", [np.ones(9), [0.0] * 9, {"a": np.ones(9)}], ids=str)
def test_a_remembered_answer_is_found_where_all_elements_are_alike(values: Any) -> None:
    def total(values: Any) -> float:
        return float(sum(values["a"] if isinstance(values, dict) else values))

    kept: dict[int, float] = {}

    def remembers(values: Any) -> float:
        if id(values) not in kept:
            kept[id(values)] = total(values)
        return kept[id(values)]

    result = whichext.compare(total, remembers, inputs=(values,), **QUICK)
    assert outcomes(result)["remembers"] is Wrong


def test_who_finds_the_answer_to_a_text_again_is_named() -> None:
    kept: dict[str, int] = {}

    def count(text: str) -> int:
        return sum(letter == "w" for letter in text)

    def again(text: str) -> int:
        if text not in kept:
            kept[text] = count(text)
        return kept[text]

    result = whichext.compare(count, again, inputs=("some words " * 2000,), **QUICK)
    (found,) = (one for one in result.judged.warnings if isinstance(one, AnswersRemembered))
    assert found.contestants == ("again",)


def test_a_function_of_a_size_gives_a_case_for_each() -> None:
    result = whichext.compare(
        {"list": lambda v: [v[n] for n in range(len(v))], "slice": lambda v: v[:]},
        inputs=lambda size: (list(range(size)),),
        sizes=(10, 1000),
        **QUICK,
    )
    assert list(result.cases) == ["size 10", "size 1000"]
    assert result.ratio("slice", case="size 1000").value < 1


def test_that_no_inputs_were_drawn_is_said_and_with_a_strategy_they_are() -> None:
    def lost(values: Any) -> Any:
        return np.fmax.reduce(values, axis=None)

    functions = {"max": np.max, "lost": lost}
    given = whichext.compare(functions, inputs=(VALUES,), **QUICK)
    assert given.raw.undrawn
    assert given.ok
    every = {"a": strategies.array(shape=(strategies.length(1, 9),))}
    drawn = whichext.compare(functions, inputs=(VALUES,), arguments=every, **QUICK)
    assert not drawn.raw.undrawn
    assert outcomes(drawn)["lost"] is Wrong


EVERY = strategies.array(ndim=1, dtypes="float64", min_value=0, max_value=1)


def test_an_argument_that_no_strategy_is_for_is_an_error_where_it_has_no_default() -> None:
    functions = {"sum": lambda a, b: a.sum() + b.sum(), "wrong": lambda a, b: a.sum() + len(b)}
    with pytest.raises(KernelError) as caught:
        whichext.compare(functions, inputs=(VALUES, np.ones(3)), arguments={"a": EVERY}, **QUICK)
    assert str(caught.value) == snapshot("""\
compare: arguments: expected a strategy for each argument that has no default, got none for 'b'
Next: add a strategy for "b", such as strategies.array()\
""")


def test_one_with_a_default_that_is_given_and_not_drawn_is_named() -> None:
    functions = {"sum": lambda a, n=0: a.sum() + n, "wrong": lambda a, n=0: a.sum() + (n > 0)}
    found = whichext.compare(functions, inputs=(VALUES, 1), arguments={"a": EVERY}, **QUICK)
    assert found.raw.left_out == ("n",)
    (said,) = re.findall(r"Drawn[^.]*\.", str(found))
    assert said == snapshot(
        "Drawn inputs leave out n, which cases give: no other values of it were tried."
    )


def test_drawn_inputs_that_the_reference_refuses_show_nothing() -> None:
    def refuse(a: Any) -> Any:
        if a.ndim < VALUES.ndim:
            raise ValueError("too flat")
        return a.sum()

    functions = {"refuse": refuse, "too": lambda a: refuse(a)}
    with pytest.raises(KernelError) as caught:
        whichext.compare(functions, inputs=(VALUES,), arguments={"a": EVERY}, **QUICK)
    assert re.sub(r"^\d+", "N", caught.value.got or "") == snapshot(
        "N that it refuses, the first since the reference raises ValueError: too flat"
    )


def test_what_ends_or_hangs_is_told_by_its_name_and_not_by_a_file() -> None:
    functions = {"hangs": lambda _: time.sleep(60), "ends": lambda _: os._exit(3)}
    for name, told in (("hangs", "gave no answer within 1 s"), ("ends", "exit status 3")):
        with pytest.raises(whichext.WhichextError) as error:
            whichext.compare(functions, inputs=(VALUES,), baseline=name, time_limit_s=1.0, **QUICK)
        assert told in error.value.problem
        assert error.value.next_step.endswith(f"fix {name}")


def test_a_result_of_functions_is_kept_and_read_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    functions = {"sum": np.sum, "add": lambda v: np.add.reduce(v, axis=None)}
    result = whichext.compare(functions, inputs=(VALUES,), save=path, **QUICK)
    again = whichext.read(path)
    assert document_of(again) == document_of(result)
