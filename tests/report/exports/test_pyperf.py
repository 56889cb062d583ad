"""JSON of pyperf, as pyperf itself reads it."""

from __future__ import annotations

from pathlib import Path

import pyperf
import pytest

from support.exports import exported, hostile, race, run_python
from support.results import make_race, noisy, steady
from whichext.model.view import View


def read(view: View) -> pyperf.BenchmarkSuite:
    """An export as pyperf has it."""
    return pyperf.BenchmarkSuite.loads(exported(view, "pyperf"))


def test_a_run_is_an_epoch_and_its_values_are_times_of_a_call() -> None:
    suite = read(race())
    assert suite.get_benchmark_names() == [
        "total/small/numpy",
        "total/small/cy.total[2]",
        "total/small/rust.total",
    ]
    found = suite.get_benchmark("total/small/cy.total[2]")
    assert (found.get_nrun(), found.get_nvalue()) == (5, 15)
    assert found.median() == pytest.approx(5e-7)
    assert found.get_loops() == 100_000


def test_the_ratio_and_the_machine_are_metadata() -> None:
    told = read(race()).get_benchmark("total/small/cy.total[2]").get_metadata()
    assert told["whichext_ratio"].endswith(" (faster)")
    assert (told["cpu_model_name"], told["cpu_count"]) == ("Testium 9000", 2)
    assert told["whichext_command"] == "whichext run total"


def test_odd_names_are_names_of_one_line() -> None:
    names = read(hostile()).get_benchmark_names()
    assert len(names) == 2
    assert all("\n" not in name and "<b>" in name for name in names)


@pytest.mark.slow
@pytest.mark.processes
def test_its_compare_to_compares_two_results(tmp_path: Path) -> None:
    for name, time_ns in (("before", 1_000), ("after", 500)):
        view = make_race({"numpy": noisy(1_000), "cy.total": steady(time_ns)})
        (tmp_path / f"{name}.json").write_text(exported(view, "pyperf"))
    printed = run_python("pyperf", "compare_to", "before.json", "after.json", cwd=tmp_path)
    assert "2.00x faster" in printed
    assert "not significant (1): total/small/numpy" in printed
