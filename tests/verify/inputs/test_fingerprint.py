"""Fingerprints of arrays: the same for the same elements, another for one that changed."""

from __future__ import annotations

import numpy as np
import pytest

from whichext.verify.inputs.fingerprint import fingerprint, fingerprints

LARGE = 1 << 18
"""Elements of eight bytes that are more than are kept whole."""


@pytest.mark.parametrize("size", [3, LARGE, LARGE + 5])
@pytest.mark.parametrize("place", [0, -1])
def test_one_changed_element_changes_it(size: int, place: int) -> None:
    values = np.arange(size)
    before = fingerprint(values)
    assert fingerprint(values) == before
    values[place] += 1
    assert fingerprint(values) != before


def test_neighbours_that_change_places_change_it() -> None:
    values = np.arange(LARGE)
    before = fingerprint(values)
    values[[6, 7]] = values[[7, 6]]
    assert fingerprint(values) != before


def test_it_is_small_for_a_large_array() -> None:
    kept = fingerprint(np.arange(4 * LARGE + 5))
    assert isinstance(kept, tuple)
    assert sum(len(part) for part in kept) < 30_000


def test_of_arguments_only_arrays_have_one() -> None:
    values = np.arange(3)
    assert fingerprints((values, "axis", 1)) == (fingerprint(values),)
