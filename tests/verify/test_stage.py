"""The stage: what it is given and what it leaves, rather than what it asks."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from support.contestants import REFERENCE, imaginary
from support.processes import PATIENCE_S
from support.results import make_raw
from whichext.build.session import Session
from whichext.build.store import Store
from whichext.judge.schedule import Schedule
from whichext.model.check import Property
from whichext.model.contestant import Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import Right
from whichext.model.raw import Raw
from whichext.pipeline import INPUTS
from whichext.system.workers.crew import Crew
from whichext.verify import verify

pytestmark = [pytest.mark.slow, pytest.mark.processes]

OPTIONS = Options(time_limit_s=PATIENCE_S, thorough=True)


def known_after(kernel: Kernel, store: Store, *contestants: Contestant) -> Raw:
    """What is known after the stage, of contestants of which none was built."""
    raw = replace(make_raw(cases=kernel.cases), contestants=contestants)
    with Crew(kernel, INPUTS) as crew:
        schedule = Schedule(0.01, 5)
        session = Session(kernel=kernel, options=OPTIONS, store=store, crew=crew, schedule=schedule)
        return verify(session, raw)


def test_a_contestant_that_was_not_built_is_left_out(faulty: Kernel, store: Store) -> None:
    assert known_after(faulty, store, imaginary("absent", "run")).checks == ()


def test_right_answers_are_counted_by_property_but_for_those_on_cases(
    faulty: Kernel, store: Store
) -> None:
    checks = known_after(faulty, store, REFERENCE).checks
    right = [(check.property, check.input) for check in checks if check.result == Right()]
    assert len(set(right)) == len(right)
    assert {place: where for place, where in right if where is not None} == {
        Property.CASES: "small"
    }
    (values,) = (c for c in checks if c.property is Property.VALUES and c.result == Right())
    assert values.count > 1
