"""A race among fakes, which takes no time and starts no process."""

from __future__ import annotations

import pytest

from support.races import Raceway
from whichext.build.store import Store
from whichext.model.kernel import Kernel


@pytest.fixture
def raceway(monkeypatch: pytest.MonkeyPatch, row_sum: Kernel, store: Store) -> Raceway:
    """A race of "a" and "b", of which "b" takes twice as long."""
    return Raceway(monkeypatch, row_sum, store)
