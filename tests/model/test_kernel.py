"""What a kernel says of itself where its author leaves it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from inline_snapshot import snapshot

from whichext.model.case import Case
from whichext.model.forms import Stateful
from whichext.model.kernel import Kernel


class Detector:
    """A reference that is a class."""


class Weighted:
    """A reference that is made from something."""

    def __init__(self, weight: float) -> None:
        self.weight = weight


def loop(values: Any) -> Any:
    """Give a reference that is a function."""
    return values


def limit(values: Any) -> Any:
    """Have the name of another contestant."""
    return values


def kernel_of(reference: Callable[..., Any], **named: str) -> Kernel:
    return Kernel(
        question="Which?",
        reference=reference,
        inputs=lambda case: (case.n,),
        cases=(Case("one", n=1),),
        **named,
    )


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        (loop, "loop"),
        (Detector, "Detector"),
        (sorted, "sorted"),
        (np.sum, "numpy"),
        (np.add, "numpy"),
        (np.linalg.norm, "numpy"),
        (np.poly1d, "poly1d"),
        (lambda values: values, "reference"),
        (partial(loop, 1), "reference"),
        (limit, "reference"),
    ],
)
def test_a_reference_without_a_name_is_called_as_python_does(
    reference: Callable[..., Any], name: str
) -> None:
    assert kernel_of(reference).reference_name == name


def test_a_name_that_is_given_stays_also_with_another_reference() -> None:
    named = kernel_of(loop, reference_name="python")
    assert named.reference_name == replace(named, reference=sorted).reference_name == "python"


@pytest.mark.parametrize(
    ("reference", "made", "text"),
    [
        (
            loop,
            np.ones(3),
            snapshot(
                "expected inputs(case) to return a tuple or a Call, got an ndarray: "
                "return (values,)"
            ),
        ),
        (
            max,
            1.5,
            snapshot(
                "expected inputs(case) to return a tuple or a Call, got a float: return (values,)"
            ),
        ),
    ],
    ids=["an array", "a number for a function without known arguments"],
)
def test_a_single_value_for_inputs_has_the_tuple_as_its_next_step(
    reference: Callable[..., Any], made: object, text: str
) -> None:
    kernel = replace(kernel_of(reference), inputs=lambda _: made)
    with pytest.raises(TypeError) as caught:
        kernel.arguments_of(kernel.cases[0])
    assert str(caught.value) == text


def test_a_single_value_for_what_makes_an_object_has_the_tuple_as_its_next_step() -> None:
    stateful = Stateful(method="update", init=lambda _: 0.5)
    kernel = replace(kernel_of(Weighted), inputs=lambda _: [1, 2], stateful=stateful)
    with pytest.raises(TypeError) as caught:
        kernel.arguments_of(kernel.cases[0])
    assert str(caught.value) == snapshot(
        "expected init(case) to return a tuple or a Call, got a float: return (weight,)"
    )
