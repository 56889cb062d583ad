"""A class that ends its process or hangs in the middle of a stream, and what becomes of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from whichext.build.store import Store
from whichext.model.options import Options
from whichext.model.outcome import Crashed, Fault, TimedOut
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.pipeline import execute

pytestmark = [pytest.mark.slow, pytest.mark.compiler, pytest.mark.processes]


@pytest.fixture(scope="module")
def raced(store: Store) -> View:
    """A short race."""
    options = Options(max_time_s=1.0, time_limit_s=1.0)
    return execute(Path(__file__).parent, options, kind=Kind.RUN, store=store)


@pytest.mark.parametrize(("name", "kind"), [("crashing", Crashed), ("hanging", TimedOut)])
def test_it_is_named_with_what_became_of_it(raced: View, name: str, kind: type[Fault]) -> None:
    faults = [c.result for c in raced.raw.checks if c.contestant == name]
    assert any(isinstance(one, kind) for one in faults)
    assert name not in raced.cases["long"].measured


def test_the_others_race(raced: View) -> None:
    assert {"python", "right"} <= set(raced.cases["long"].measured)
