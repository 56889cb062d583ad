"""Tables of a result as plain rows, for pandas, files and whatever else reads dictionaries."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from whichext.model.outcome import Measured
from whichext.model.raw import Sample
from whichext.model.view import View

Row = dict[str, Any]

_GREATEST = 2**63


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
    """One for each turn, in the order in which they were taken; nothing is left out.

    What no ratio rests on is marked: a turn of a round that was dropped, or of a contestant that
    was not measured in the end.
    """
    for timing in view.raw.timings:
        case = view.cases[timing.case]
        dropped = frozenset(case.judged.dropped)
        is_measured = isinstance(case.outcomes.get(timing.contestant), Measured)
        for sample in timing.samples:
            fields = {name: getattr(sample, name) for name in Sample.__struct_fields__}
            counted = is_measured and (sample.epoch, sample.round) not in dropped
            yield {
                "case": timing.case,
                "contestant": timing.contestant,
                **fields,
                "counted": counted,
            }


TABLES: Mapping[str, Callable[[View], Iterator[Row]]] = {"rows": _rows, "samples": _samples}
"""What makes the rows of each table, by its name."""


def columns_of(rows: Iterable[Row]) -> dict[str, list[Any]]:
    """The columns of a table, each of one kind, as a file has them.

    A value that no column of a file holds, such as a shape, is its JSON; and so are all values of a
    column that has texts and numbers in it.
    """
    found = list(rows)
    columns = {name: [row[name] for row in found] for name in (found[0] if found else {})}
    return {name: _of_one_kind(values) for name, values in columns.items()}


def _of_one_kind(values: list[Any]) -> list[Any]:
    kinds = {_kind(value) for value in values if value is not None}
    if kinds == {int, float}:
        return [None if value is None else float(value) for value in values]
    if len(kinds) < 2 and None not in kinds:
        return values
    return [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]


def _kind(value: Any) -> type | None:
    """The kind of column that holds a value; None where none does."""
    if isinstance(value, str):  # also a member of an enum
        return str
    kind = type(value)
    if kind is int and not -_GREATEST <= value < _GREATEST:
        return None
    return kind if kind in (bool, int, float) else None
