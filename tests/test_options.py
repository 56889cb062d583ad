"""What a run can be told, and what it does untold."""

from __future__ import annotations

import pytest

from whichext import options as options_module
from whichext.options import Options


def test_without_thread_counts_there_is_one_of_all_usable_processors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(options_module, "usable_cores", lambda: 12)
    assert Options().thread_counts == (12,)


def test_thread_counts_given_are_used_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options_module, "usable_cores", lambda: 12)
    assert Options(threads=(4, 1)).thread_counts == (4, 1)


def test_untold_a_run_leaves_nothing_out_and_compares_with_the_reference() -> None:
    options = Options()
    chosen = (options.cases, options.entries, options.profiles, options.baseline)
    assert chosen == ((), (), (), None)
