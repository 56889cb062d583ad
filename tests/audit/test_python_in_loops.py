"""Python in the loop, from the build to the ladder: two such loops, each beside its good twin."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from support.builds import build_here
from whichext.build.store import Store
from whichext.judge.ladders import Ladders
from whichext.model.contestant import PYTHON_IN_LOOP
from whichext.model.evidence import PythonCause
from whichext.model.finding import PythonInLoop
from whichext.model.options import Options
from whichext.model.view import View
from whichext.pipeline import execute

pytestmark = [pytest.mark.slow, pytest.mark.compiler, pytest.mark.processes]

KERNEL = Path(__file__).parents[1] / "kernels" / "python_calls"
TWINS = {"calls_numpy": "calls_c", "imports_helper": "cimports_helper"}


@pytest.fixture(scope="module")
def raced(store: Store) -> View:
    """A race of all four; what is far from the fastest takes part in every third epoch."""
    build_here(KERNEL, store)
    with warnings.catch_warnings():
        # Setuptools warns of its extension table, and pytest would make an error of it.
        warnings.simplefilter("default")
        return execute(KERNEL, Options(max_time_s=60.0, min_epochs=4, max_epochs=4), store=store)


@pytest.mark.parametrize(("slow", "fast"), TWINS.items())
def test_it_is_the_one_step_between_two_that_differ_in_nothing_else(
    raced: View, slow: str, fast: str
) -> None:
    ladder = Ladders(raced, raced.cases["long"]).between(f"{slow}.beyond_one", f"{fast}.beyond_one")
    assert ladder is not None
    assert [(rung.factor, rung.before, rung.after) for rung in ladder.rungs] == [
        (PYTHON_IN_LOOP, "yes", "none seen")
    ]


def test_those_at_fault_are_named_with_their_lines_and_nobody_else(raced: View) -> None:
    findings = {f.contestants: f for f in raced.raw.findings if isinstance(f, PythonInLoop)}
    assert set(findings) == {(f"{name}.beyond_one",) for name in TWINS}

    numpys = findings["calls_numpy.beyond_one",]
    assert (numpys.function, numpys.causes) == ("beyond_one", (PythonCause.MODULE,))
    assert numpys.texts == ("if np.abs(values[i]) > 1.0:",)

    helpers = findings["imports_helper.beyond_one",]
    assert (helpers.function, helpers.causes) == ("counted", (PythonCause.IMPORTED,))
    assert helpers.lines == ("imports_helper/walk.pyx:11",)
