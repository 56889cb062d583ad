"""JSON of pytest-benchmark as a result: what is compared with what, and what may be said of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import whichext
from support.exports import exported, run_python
from support.results import measured_of
from whichext.model.errors import ResultFileError
from whichext.model.insight import MeasuredElsewhere
from whichext.model.ratio import Verdict
from whichext.model.view import View
from whichext.report import render, result_file
from whichext.report.result_file import parse

BENCHMARKS = """
import pytest

@pytest.mark.parametrize("n", [10, 100])
def test_sum(benchmark, n):
    benchmark(sum, range(n))

@pytest.mark.parametrize("n", [10, 100])
def test_sorted(benchmark, n):
    benchmark(sorted, range(n))
"""


def benchmark(name: str, *times_s: float, group: str | None = None, **more: Any) -> dict[str, Any]:
    """A benchmark with a call of each of these times in every round."""
    stats = {"rounds": len(times_s), "total": sum(times_s), "data": times_s, "iterations": 1}
    found = {"name": name, "fullname": f"bench.py::{name}", "group": group, "stats": stats}
    return {**found, **more}


def content(*benchmarks: dict[str, Any], **more: Any) -> str:
    machine = {
        "python_implementation": "CPython",
        "python_version": "3.12.1",
        "system": "Linux",
        "release": "6.1",
        "machine": "x86_64",
        "cpu": {"brand_raw": "Testium 9000", "count": 4, "flags": ["avx2", "hypervisor"]},
    }
    found = {"machine_info": machine, "benchmarks": benchmarks, "version": "5.3.1"}
    return json.dumps({**found, "datetime": "2026-01-02T03:04:05+00:00", **more})


def read(*benchmarks: dict[str, Any]) -> View:
    return parse(content(*benchmarks), "some/where/bench.json")


def names(view: View) -> dict[str, list[str]]:
    """The contestants of each case."""
    return {name: [*case.outcomes] for name, case in view.cases.items()}


TWO = (benchmark("test_a", 1.0, 1.0, 4.0), benchmark("test_b", 0.5, 0.5, 0.5))


def test_a_ratio_from_one_process_has_no_interval_and_no_verdict() -> None:
    ratio = measured_of(read(*TWO), "test_b", "all").ratio
    assert (ratio.value, ratio.low, ratio.high) == (pytest.approx(0.5), None, None)
    assert (ratio.epochs, ratio.verdict) == (1, Verdict.UNRESOLVED)


def test_the_first_warning_names_the_program() -> None:
    assert read(*TWO).judged.warnings[0] == MeasuredElsewhere(program="pytest-benchmark 5.3.1")


def test_the_median_is_that_of_the_rounds() -> None:
    assert measured_of(read(*TWO), "test_a", "all").median_ns == 1e9


def test_a_group_is_a_case() -> None:
    found = read(
        benchmark("test_a", 1.0, group="large"),
        benchmark("test_b", 1.0, group="large"),
        benchmark("test_c", 1.0, group="small"),
    )
    assert names(found) == {"large": ["test_a", "test_b"], "small": ["test_c"]}


def test_without_groups_functions_with_the_same_parameter_are_compared() -> None:
    found = read(
        *(benchmark(f"test_{f}[{n}]", 1.0, param=n) for f in ("a", "b") for n in ("10", "100"))
    )
    assert names(found) == {"10": ["test_a", "test_b"], "100": ["test_a", "test_b"]}


def test_the_parameters_of_one_function_are_compared() -> None:
    found = read(*(benchmark(f"test_a[{name}]", 1.0, param=name) for name in ("numpy", "rust")))
    assert names(found) == {"test_a": ["numpy", "rust"]}


def test_benchmarks_of_one_name_are_told_by_their_files() -> None:
    found = read(
        benchmark("test_a", 1.0, fullname="one.py::test_a"),
        benchmark("test_a", 1.0, fullname="two.py::test_a"),
    )
    assert names(found) == {"all": ["one.py::test_a", "two.py::test_a"]}


def test_benchmarks_are_paired_by_how_far_each_had_come() -> None:
    slow = benchmark("test_slow", 2.0, 4.0)
    drifting = benchmark("test_fast", *([1.0] * 50), *([2.0] * 50))
    assert measured_of(read(slow, drifting), "test_fast", "all").ratio.value == pytest.approx(0.5)


def test_a_file_with_statistics_alone_has_one_turn_of_all_rounds() -> None:
    stats = {"rounds": 4, "iterations": 10, "total": 8.0}
    found = read(benchmark("test_a", stats=stats), benchmark("test_b", stats=stats))
    (sample,) = found.raw.timings[0].samples
    assert (sample.calls, sample.wall_ns) == (40, 80_000_000_000)
    assert measured_of(found, "test_b", "all").ratio.value == 1.0


def test_the_machine_is_known_as_far_as_the_file_tells() -> None:
    machine = read(*TWO).raw.machine
    assert (machine.cpu, machine.cores, machine.virtual) == ("Testium 9000", 4, True)
    assert (machine.system, machine.python) == ("Linux 6.1 x86_64", "CPython 3.12.1")
    assert (machine.isa, machine.memory_bytes, machine.numpy) == (None, None, None)


def test_it_can_be_kept_as_a_result_file(tmp_path: Path) -> None:
    (tmp_path / "bench.json").write_text(content(*TWO))
    found = whichext.read(tmp_path / "bench.json")
    found.save(tmp_path / "result.json")
    again = result_file.read(tmp_path / "result.json")
    assert (again.raw, again.judged) == (found.raw, found.judged)
    assert (found.exit_code, found.raw.measured_by) == (0, "pytest-benchmark 5.3.1")


def test_its_page_does_not_speak_of_intervals_over_fresh_processes() -> None:
    assert "over 1 epochs" not in render(read(*TWO), "html")


def test_it_can_be_exported_and_says_where_it_comes_from() -> None:
    told = json.loads(exported(read(*TWO), "hyperfine:1"))["whichext"]
    assert told["program"] == "pytest-benchmark 5.3.1"


@pytest.mark.parametrize(
    "text",
    [
        content(),
        content({"name": "test_a"}),
        content(benchmark("test_a", -1.0)),
        content(benchmark("test_a", stats={"rounds": 0, "total": 1.0})),
        content(*TWO, machine_info=[]),
    ],
)
def test_json_that_is_not_whole_is_an_error_with_a_next_step(text: str) -> None:
    with pytest.raises(ResultFileError, match=r"bench\.json: not whole .*\nNext: "):
        parse(text, "bench.json")


@pytest.mark.slow
@pytest.mark.processes
def test_what_pytest_benchmark_writes_is_read(tmp_path: Path) -> None:
    (tmp_path / "test_made.py").write_text(BENCHMARKS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    without = ("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:codspeed")
    saved = ("--benchmark-json=made.json", "--benchmark-max-time=0.01", "--benchmark-save=short")
    run_python("pytest", "-q", *without, *saved, cwd=tmp_path)
    (short,) = tmp_path.glob(".benchmarks/*/*_short.json")
    for path in (tmp_path / "made.json", short):
        found = result_file.read(path)
        assert names(found) == {name: ["test_sum", "test_sorted"] for name in ("10", "100")}
        assert found.raw.measured_by is not None
