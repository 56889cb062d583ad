"""The call of compare that a report shows above its tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from whichext.load.as_called import compare_call
from whichext.load.functions import state
from whichext.model.options import Options


def total(values: Any) -> Any:
    return values.sum()


def added(values: Any) -> Any:
    return sum(values)


def ones(size: int) -> tuple[Any]:
    return (np.ones(size),)


def shown(*functions: Any, options: Options | None = None, **told: Any) -> str:
    usual = {
        "inputs": (np.ones(3),),
        "sizes": (),
        "baseline": None,
        "equal": None,
        "mutates": (),
        "arguments": None,
    }
    return compare_call(state(functions, **{**usual, **told}), options or Options())


def test_functions_stand_as_they_were_given_and_values_are_left_out() -> None:
    assert shown(total, added) == "compare(total, added, inputs=...)"


def test_functions_with_other_names_are_a_dictionary() -> None:
    given = {"before": total, "after": added}
    assert shown(given) == "compare({'before': ..., 'after': ...}, inputs=...)"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"mutates": "values"}, "mutates=('values',)"),
        ({"inputs": ones, "sizes": (10,)}, "inputs=ones, sizes=(10,)"),
        ({"inputs": lambda _: 1, "sizes": (1, 2, 3, 4)}, "inputs=..., sizes=(1, 2, 3, ...)"),
        ({"inputs": {"few": (1,), "more": (2,)}}, "inputs={'few': ..., 'more': ...}"),
        ({"equal": np.allclose}, "equal=..."),
        ({"options": Options(precision=0.05)}, "precision=0.05"),
        ({"options": Options(max_time_s=2)}, "max_time_s=2"),
    ],
)
def test_what_was_given_is_said_in_short(told: dict[str, Any], said: str) -> None:
    assert said in shown(total, added, **told)
