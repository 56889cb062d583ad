"""What an author is told to look at: kernel.py, or the functions that were given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from support.contestants import make_kernel
from whichext.model.author import (
    choose_smaller,
    either_of,
    fix_either,
    fix_inputs,
    fix_reference,
    reference_of,
    what_of,
    where_of,
)
from whichext.model.case import Case
from whichext.model.inline import worded

WRITTEN = replace(make_kernel(Case("one", n=1)), name="tiny", folder=Path("/some/tiny"))
GIVEN = replace(WRITTEN, is_given=True, reference=np.sum, reference_name="boom")
SIZED = Case("size 3", size=3)


def test_of_a_kernel_it_is_its_file() -> None:
    assert (where_of(WRITTEN), what_of(WRITTEN, SIZED)) == ("tiny", "case size 3")
    assert reference_of(WRITTEN) == either_of(WRITTEN, SIZED) == "the reference"
    for fix in (fix_reference(WRITTEN), fix_inputs(WRITTEN), fix_either(WRITTEN, None)):
        assert fix == "fix /some/tiny/kernel.py"


def test_of_functions_that_were_given_it_is_these_by_name() -> None:
    assert (where_of(GIVEN), what_of(GIVEN, SIZED)) == ("", "size 3")
    assert reference_of(GIVEN) == "boom"
    assert worded(either_of(GIVEN, SIZED)) == "inputs or boom"
    assert either_of(GIVEN, Case("inputs")) == either_of(GIVEN, None) == "boom"


@pytest.mark.parametrize("tell", [fix_reference, fix_inputs, choose_smaller])
def test_no_next_step_names_a_file_that_nobody_wrote(tell: object) -> None:
    assert callable(tell)
    assert "kernel.py" not in tell(GIVEN)
    assert "cases" not in tell(GIVEN)


def test_inputs_of_no_case_have_a_name_too() -> None:
    assert what_of(GIVEN, None) == what_of(WRITTEN, None) == "the nasty inputs"
