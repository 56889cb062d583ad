"""A reference that raises what is no refusal: its author sees the smallest such input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from inline_snapshot import snapshot

from whichext.model.case import Case
from whichext.model.errors import KernelError
from whichext.model.kernel import Kernel
from whichext.verify.inputs import strategies
from whichext.verify.inputs.nasty import nasty_inputs


def sums(labels: Any, n_groups: int) -> list[int]:
    counts = [0] * n_groups
    for label in labels:
        counts[label] += 1
    return counts


def kernel_of(**changes: Any) -> Kernel:
    usual: dict[str, Any] = {
        "question": "How many of each?",
        "reference": sums,
        "inputs": lambda _: (np.zeros(5, int), 3),
        "cases": (Case("small", n=5),),
        "name": "sums",
    }
    return Kernel(**{**usual, **changes})


WIDE = {
    "labels": strategies.array(dtypes="int64", min_value=0, max_value=20),
    "n_groups": strategies.just(14),
}


def test_the_smallest_input_is_shown_with_what_to_do_about_it() -> None:
    with pytest.raises(KernelError) as error:
        nasty_inputs(kernel_of(arguments=WIDE))
    assert str(error.value) == snapshot("""\
sums: the reference raises IndexError: list index out of range on an input that arguments allows:
import numpy as np

labels = np.array([14], 'int64')
n_groups = 14
Next: say with Kernel(arguments=...) what calls may be given, or make the error a refusal:
Kernel(refuses=(TypeError, ValueError, IndexError))\
""")


def test_errors_that_the_kernel_names_itself_stay_in_what_it_is_told_to_name() -> None:
    kernel = kernel_of(arguments=WIDE, refuses=(KeyError,))
    with pytest.raises(KernelError) as error:
        nasty_inputs(kernel)
    assert "Kernel(refuses=(KeyError, IndexError))" in error.value.next_step


def test_what_is_named_as_a_refusal_is_none_of_the_authors_faults() -> None:
    found = nasty_inputs(kernel_of(arguments=WIDE, refuses=(IndexError,)))
    assert any(one.refusal for one in found.values())


def test_an_input_that_is_too_long_to_read_is_not_shown() -> None:
    def reference(values: Any) -> float:
        if len(values) > 50:
            raise IndexError("too far")
        return float(values.sum())

    arguments = {"values": strategies.array(shape=(None, 300), dtypes="float64", min_value=0)}
    with pytest.raises(KernelError) as error:
        nasty_inputs(kernel_of(reference=reference, arguments=arguments))
    assert error.value.problem == snapshot(
        "sums: the reference raises IndexError: too far on an input that arguments allows"
    )
