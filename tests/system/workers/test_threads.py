from __future__ import annotations

import os

import pytest

from whichext.system.workers.subject import VARIABLES, limit_threads


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.setenv(variable, "to be replaced")


@pytest.mark.parametrize("variable", VARIABLES)
def test_each_variable_gets_the_thread_count(variable: str) -> None:
    limit_threads(3)
    assert os.environ[variable] == "3"


def test_a_variable_that_the_user_had_not_set_is_set_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS")
    limit_threads(1)
    assert os.environ["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize("library", ["OMP", "RAYON", "NUMBA", "OPENBLAS", "MKL"])
def test_the_pools_that_extensions_use_are_all_covered(library: str) -> None:
    assert f"{library}_NUM_THREADS" in VARIABLES


def test_no_other_variable_is_touched() -> None:
    before = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    limit_threads(5)
    after = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    assert before == after
