"""JSON of hyperfine, as version 2 writes it (schema 2) and as those before it did (schema 1).

No command was run: a contestant's name stands in its place, and there are no exit statuses. The
race does not tell the time of the kernel from that of the program: processor time is all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whichext.model.raw import Sample
from whichext.model.view import View
from whichext.report.exports.json_text import to_json
from whichext.report.exports.measured import NS_PER_S, Series, about, measured

_WALL, _CPU = "time_wall_clock", "time_cpu"
_SECOND = "second"


def to_version_2(view: View) -> str:
    """JSON with every turn as a measurement: wall time and processor time of a call."""
    found, told = measured(view), about(view)
    system, _, rest = view.raw.machine.system.partition(" ")
    return to_json(
        {
            "schema_version": 2,
            "metadata": {
                "hyperfine_version": f"whichext {view.raw.whichext_version}",
                "start_time": view.raw.started_at,
                "platform": {"os": system, "architecture": rest.rpartition(" ")[2]},
                "whichext": told,
            },
            "primary_metric": _WALL,
            "results": [_result_2(series) for series in found],
        }
    )


def to_version_1(view: View) -> str:
    """JSON with the wall time of a call in every turn."""
    results = [_result_1(series) for series in measured(view)]
    return to_json({"results": results, "whichext": about(view)})


def _cpu_times_s(samples: Sequence[Sample]) -> list[float]:
    return [sample.cpu_ns / sample.calls / NS_PER_S for sample in samples]


def _result_2(series: Series) -> dict[str, Any]:
    times = {_WALL: series.times_s, _CPU: _cpu_times_s(series.samples)}
    return {
        "command": series.title,
        "parameters": {name: {"value": value} for name, value in _parameters(series).items()},
        "measurements": [
            {
                _WALL: {"value": wall_s, "unit": _SECOND},
                _CPU: {"value": cpu_s, "unit": _SECOND},
                "exit_code": None,
            }
            for wall_s, cpu_s in zip(times[_WALL], times[_CPU], strict=True)
        ],
        "summary": {
            name: {"unit": _SECOND, "count": len(found), **_statistics(found)}
            for name, found in times.items()
        },
    }


def _result_1(series: Series) -> dict[str, Any]:
    times_s, cpu_s = series.times_s, _statistics(_cpu_times_s(series.samples))
    return {
        "command": series.title,
        **_statistics(times_s),
        "user": cpu_s["mean"],
        "system": 0.0,
        "times": times_s,
        "exit_codes": [None] * len(times_s),
        "parameters": _parameters(series),
    }


def _parameters(series: Series) -> dict[str, str]:
    return {"case": series.case.case.name, "contestant": series.contestant}


def _statistics(times_s: Sequence[float]) -> dict[str, Any]:
    from whichext.judge.summary import summarise  # here, since other forms need no judge

    found = summarise(times_s)
    return {
        "mean": found.mean,
        "stddev": found.deviation,
        "median": found.median,
        "min": found.least,
        "max": found.most,
    }
