"""The custom formats of github-action-benchmark: ratios, which may be charted over commits."""

from __future__ import annotations

from typing import Any

from whichext.model.ratio import Ratio
from whichext.model.units import interval_text, time_text
from whichext.model.view import View
from whichext.report.exports.json_text import to_json
from whichext.report.exports.measured import Series, about, compared, one_line


def to_smaller_is_better(view: View) -> str:
    """The time of every contestant over that of the baseline: `customSmallerIsBetter`."""
    return to_json([_entry(view, one, one.outcome.ratio, "the time") for one in compared(view)])


def to_bigger_is_better(view: View) -> str:
    """How many times as fast every contestant is: `customBiggerIsBetter`."""
    inverses = ((one, one.outcome.ratio.inverse) for one in compared(view))
    return to_json([_entry(view, one, inverse, "the speed") for one, inverse in inverses])


def _entry(view: View, series: Series, ratio: Ratio, of_what: str) -> dict[str, Any]:
    baseline = one_line(series.case.judged.baseline or "")
    known = ratio.low is not None and ratio.high is not None
    return {
        "name": series.title,
        "unit": f"of {of_what} of {baseline}",
        "value": ratio.value,
        **({"range": interval_text(ratio.low, ratio.high)} if known else {}),
        "extra": _extra(view, series),
    }


def _extra(view: View, series: Series) -> str:
    """What a chart shows beside a point."""
    outcome = series.outcome
    said = {"verdict": outcome.ratio.verdict, "time": time_text(outcome.median_ns), **about(view)}
    return "\n".join(f"{name}: {text}" for name, text in said.items())
