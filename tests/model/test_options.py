"""What a run can be told, and what it does untold."""

from __future__ import annotations

import dataclasses

import pytest

from whichext.model.options import Options


def test_untold_a_run_is_precise_to_a_hundredth_and_freezes_who_waits() -> None:
    options = Options()
    assert (options.precision, options.freeze) == (0.01, True)


def test_a_quick_run_has_a_fifth_of_the_time_and_fewer_epochs_and_is_else_as_usual() -> None:
    expected = dataclasses.replace(Options(), max_time_s=Options().max_time_s / 5, min_epochs=5)
    assert Options.quick() == expected


def test_options_cannot_be_changed_on_the_way() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(Options(), "seed", 1)  # noqa: B010  # the checker would see through the plain way


def test_untold_a_run_leaves_nothing_out_and_compares_with_the_reference() -> None:
    options = Options()
    chosen = (options.cases, options.entries, options.profiles, options.baseline)
    assert chosen == ((), (), (), None)
