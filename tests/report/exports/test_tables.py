"""CSV and Parquet, as pandas and PyArrow read them."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

from support.exports import HOSTILE, exported, hostile, race, with_dropped_round
from support.results import make_measured, make_row, make_view
from whichext.model.case import Case
from whichext.model.view import View
from whichext.report.exports import EXPORTS
from whichext.report.frames import columns_of


def parquet(view: View, table: str) -> bytes:
    content = EXPORTS[f"parquet:{table}"](view)
    assert isinstance(content, bytes)
    return content


def test_csv_has_every_turn_and_marks_those_of_a_dropped_round() -> None:
    view = with_dropped_round()
    found = pd.read_csv(io.StringIO(exported(view, "csv:samples")))
    assert len(found) == sum(len(timing.samples) for timing in view.raw.timings)
    left = found[~found["counted"]]
    assert {(one["epoch"], one["round"]) for _, one in left.iterrows()} == {(1, 1)}
    assert set(left["contestant"]) == {"numpy", "cy.total"}


def test_csv_keeps_a_name_with_commas_quotes_and_line_breaks() -> None:
    rows = list(csv.DictReader(io.StringIO(exported(hostile(), "csv:rows"))))
    assert HOSTILE in {row["contestant"] for row in rows}
    assert {"WRONG", "CRASHED"} <= {row["contestant"] for row in rows}


def test_csv_has_a_row_with_the_interval_for_each_case_and_contestant() -> None:
    rows = {
        one["contestant"]: one for one in csv.DictReader(exported(race(), "csv:rows").split("\n"))
    }
    ours = rows["cy.total[2]"]
    assert float(ours["low"]) <= float(ours["ratio"]) <= float(ours["high"])
    assert json.loads(ours["shape"]) == [20, 30]


@pytest.mark.parametrize("table", ["rows", "samples"])
def test_parquet_has_what_csv_has(table: str) -> None:
    for view in (race(), hostile()):
        text = io.StringIO(exported(view, f"csv:{table}"))
        stored = pd.read_parquet(io.BytesIO(parquet(view, table)))
        pd.testing.assert_frame_equal(pd.read_csv(text), stored, check_dtype=False)


def test_parquet_says_where_it_was_measured() -> None:
    metadata = pq.read_schema(io.BytesIO(parquet(race(), "samples"))).metadata
    assert json.loads(metadata[b"whichext"])["command"] == "whichext run total"


def test_a_parameter_of_several_kinds_is_json_in_a_file() -> None:
    cases = (Case("one", n=1), Case("two", n="many"), Case("huge", n=2**70), Case("none"))
    view = make_view([make_row("numpy", make_measured(), one.name) for one in cases], cases=cases)
    stored = pd.read_parquet(io.BytesIO(parquet(view, "rows")))
    assert stored["n"].tolist()[:3] == ["1", '"many"', str(2**70)]
    assert stored["n"].isna().tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ([1, 2, None], [1, 2, None]),
        ([1, 2.5, None], [1.0, 2.5, None]),
        (["a", None], ["a", None]),
        ([True, None], [True, None]),
        ([True, 2], ["true", "2"]),
        ([(2, 3), None], ["[2, 3]", None]),
        ([None, None], [None, None]),
    ],
)
def test_a_column_is_of_one_kind(values: list[object], column: list[object]) -> None:
    assert columns_of({"n": value} for value in values) == {"n": column}


def test_a_table_without_rows_has_no_columns() -> None:
    assert columns_of([]) == {}
