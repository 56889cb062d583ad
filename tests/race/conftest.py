"""A race among fakes, which takes no time and starts no process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from support.races import Raceway
from whichext.build.store import Store
from whichext.model.kernel import Kernel
from whichext.race.visits import Visit, each_visit


@pytest.fixture
def raceway(monkeypatch: pytest.MonkeyPatch, row_sum: Kernel, store: Store) -> Raceway:
    """A race of "a" and "b", of which "b" takes twice as long."""
    return Raceway(monkeypatch, row_sum, store)


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """The time that the last visit to each case may take, s."""
    found: dict[str, float] = {}

    def noted(*asked: Any) -> Iterator[Visit]:
        for visit in each_visit(*asked):
            found[visit.case.name] = visit.share_s
            yield visit

    monkeypatch.setattr("whichext.race.each_visit", noted)
    return found
