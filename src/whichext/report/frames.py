"""Tables of a result as plain rows, for pandas or anything else that reads dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from whichext.model.outcome import Measured
from whichext.model.raw import Sample
from whichext.model.view import View

Row = dict[str, Any]


def _rows(view: View) -> Iterator[Row]:
    """One for each case and contestant; times in ns, ratios to the baseline of the case."""
    params = {case.name: case.params for case in view.raw.cases}
    names = dict.fromkeys(name for its in params.values() for name in its)
    for row in view.judged.rows:
        outcome = row.outcome
        own = ("contestant", "outcome", "median_ns", "ratio", "low", "high", "epochs", "verdict")
        found: Row = {"case": row.case}
        # A parameter with the name of a column of ours gets another one.
        found |= {f"case_{n}" if n in own else n: params[row.case].get(n) for n in names}
        found |= dict.fromkeys(own)
        found |= {"contestant": row.contestant, "outcome": type(outcome).__name__}
        if isinstance(outcome, Measured):
            ratio = outcome.ratio
            found |= {"median_ns": outcome.median_ns, "ratio": ratio.value, "low": ratio.low}
            found |= {"high": ratio.high, "epochs": ratio.epochs, "verdict": str(ratio.verdict)}
        yield found


def _samples(view: View) -> Iterator[Row]:
    """One for each turn, in the order in which they were taken; nothing is left out."""
    for timing in view.raw.timings:
        for sample in timing.samples:
            fields = {name: getattr(sample, name) for name in Sample.__struct_fields__}
            yield {"case": timing.case, "contestant": timing.contestant, **fields}


TABLES: Mapping[str, Callable[[View], Iterator[Row]]] = {"rows": _rows, "samples": _samples}
"""What makes the rows of each table, by its name."""
