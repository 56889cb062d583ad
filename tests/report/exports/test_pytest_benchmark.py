"""JSON of pytest-benchmark, as pytest-benchmark itself reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.logger import Logger
from pytest_benchmark.storage.file import FileStorage

from support.exports import exported, hostile, json_of, race, run_python
from support.results import make_race
from whichext.model.view import View

FORM = "pytest-benchmark"


def compared(view: View, folder: Path, *more: str) -> str:
    """What pytest-benchmark prints of an export, also beside a second one."""
    for name in ("one.json", "two.json"):
        (folder / name).write_text(exported(view, FORM))
    return run_python("pytest_benchmark", "compare", "one.json", *more, cwd=folder)


@pytest.mark.slow
@pytest.mark.processes
def test_its_compare_shows_each_contestant_in_the_group_of_its_case(tmp_path: Path) -> None:
    printed = compared(race(), tmp_path)
    assert "benchmark 'small': 3 tests" in printed
    assert printed.index("cy.total[2]") < printed.index("rust.total")


@pytest.mark.slow
@pytest.mark.processes
def test_its_compare_finds_the_same_contestants_in_two_files(tmp_path: Path) -> None:
    printed = compared(race(), tmp_path, "two.json", "--between=median")
    assert "ERROR" not in printed
    assert "cy.total[2]" in printed


def test_odd_names_come_back_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(exported(hostile(), FORM))
    storage = FileStorage(str(tmp_path / "storage"), Logger(Logger.NORMAL))
    found = list(storage.load_benchmarks(str(tmp_path / "one.json")))
    measured = hostile().cases[found[0]["group"]].measured
    assert {one["name"] for one in found} == {*measured}


def test_statistics_are_those_of_the_times_in_seconds() -> None:
    view = make_race({"numpy": [1_000.0, 3_000.0]})
    (found,) = json_of(view, FORM)["benchmarks"]
    stats = found["stats"]
    assert (stats["rounds"], stats["iterations"]) == (6, 100_000)
    assert stats["median"] == pytest.approx(2e-6)
    assert stats["ops"] == pytest.approx(1 / stats["mean"])
    assert stats["data"] == pytest.approx([1e-6] * 3 + [3e-6] * 3)


def test_the_judgement_goes_along() -> None:
    found = {one["name"]: one["extra_info"] for one in json_of(race(), FORM)["benchmarks"]}
    ours = found["cy.total[2]"]
    assert (ours["baseline"], ours["verdict"]) == ("numpy", "faster")
    assert ours["low"] <= ours["time_ratio"] <= ours["high"]


def test_the_machine_is_that_of_the_race() -> None:
    content = json_of(race(), FORM)
    info = content["machine_info"]
    assert (info["system"], info["release"], info["machine"]) == ("Linux", "6.1", "x86_64")
    assert (info["python_implementation"], info["python_version"]) == ("CPython", "3.12.1")
    assert info["cpu"] == {"brand_raw": "Testium 9000", "count": 2}
    assert content["whichext"]["command"] == "whichext run total"
