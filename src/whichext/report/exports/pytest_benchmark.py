"""JSON of pytest-benchmark, which its `compare` reads, and several services do as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whichext.model.view import View
from whichext.report.exports.json_text import to_json
from whichext.report.exports.measured import Series, about, judgement, measured

if TYPE_CHECKING:
    from whichext.judge.summary import Summary

OURS = "whichext"
"""The key that a file of ours has beside those of pytest-benchmark."""


def to_pytest_benchmark(view: View) -> str:
    """One benchmark for each contestant and case; a case is a group."""
    raw = view.raw
    return to_json(
        {
            "machine_info": _machine(view),
            "commit_info": {
                "id": "unknown",
                "time": None,
                "author_time": None,
                "dirty": False,
                "project": raw.kernel,
                "branch": "unknown",
            },
            "benchmarks": [_benchmark(series) for series in measured(view)],
            "datetime": raw.started_at,
            "version": f"{OURS} {raw.whichext_version}",
            OURS: about(view),
        }
    )


def _machine(view: View) -> dict[str, Any]:
    machine = view.raw.machine
    system, _, rest = machine.system.partition(" ")
    release, _, architecture = rest.rpartition(" ")
    implementation, _, version = machine.python.partition(" ")
    return {
        "node": "",
        "processor": machine.cpu,
        "machine": architecture,
        "python_compiler": "",
        "python_implementation": implementation,
        "python_implementation_version": version,
        "python_version": version,
        "python_build": [],
        "release": release,
        "system": system,
        "cpu": {"brand_raw": machine.cpu, "count": machine.cores},
    }


def _benchmark(series: Series) -> dict[str, Any]:
    from whichext.judge.summary import summarise  # here, since other forms need no judge

    case, times_s = series.case.case.name, series.times_s
    return {
        "group": case,
        "name": series.contestant,
        "fullname": series.title,
        "params": {"case": case, "contestant": series.contestant},
        "param": case,
        "extra_info": judgement(series),
        "options": {"disable_gc": True, "timer": "perf_counter_ns", "warmup": True},
        "stats": {
            **_statistics(summarise(times_s)),
            "data": times_s,
            "iterations": min(sample.calls for sample in series.samples),
        },
    }


def _statistics(found: Summary) -> dict[str, Any]:
    first, third = found.quartiles
    return {
        "min": found.least,
        "max": found.most,
        "mean": found.mean,
        "stddev": found.deviation or 0.0,
        "rounds": found.count,
        "median": found.median,
        "iqr": third - first,
        "q1": first,
        "q3": third,
        "iqr_outliers": found.outliers,
        "stddev_outliers": found.beyond_deviation,
        "outliers": f"{found.beyond_deviation};{found.outliers}",
        "ld15iqr": found.fences[0],
        "hd15iqr": found.fences[1],
        "ops": 1 / found.mean,
        "total": found.total,
    }
