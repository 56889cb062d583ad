"""Bencher's metric format, the only one among these that has a place for an interval."""

from __future__ import annotations

from typing import Any

from whichext.model.ratio import Ratio
from whichext.model.view import View
from whichext.report.exports.json_text import to_json
from whichext.report.exports.measured import Series, measured

TIME, RATIO = "latency", "time-ratio"
"""Measures: Bencher's own for a time in ns, and one for the ratio to the baseline."""


def to_bencher(view: View) -> str:
    """The median time of every contestant, and its ratio to the baseline with the interval."""
    return to_json({series.title: _measures(series) for series in measured(view)})


def _measures(series: Series) -> dict[str, Any]:
    found: dict[str, Any] = {TIME: {"value": series.outcome.median_ns}}
    if not series.is_baseline:
        found[RATIO] = _metric(series.outcome.ratio)
    return found


def _metric(ratio: Ratio) -> dict[str, float]:
    if ratio.low is None or ratio.high is None:
        return {"value": ratio.value}
    return {"value": ratio.value, "lower_value": ratio.low, "upper_value": ratio.high}
