"""What a run can be told, and what it does untold."""

from __future__ import annotations

import dataclasses

from whichext.model.options import Options


def test_a_quick_run_has_a_fifth_of_the_time_and_fewer_epochs_and_is_else_as_usual() -> None:
    expected = dataclasses.replace(Options(), max_time_s=Options().max_time_s / 5, min_epochs=5)
    assert Options.quick() == expected
