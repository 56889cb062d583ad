"""CSV and Parquet, as pandas and PyArrow read them."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

from support.exports import HOSTILE, exported, hostile, race, renamed, with_dropped_round
from support.results import make_measured, make_race, make_row, make_view, steady
from whichext.model.case import Case
from whichext.model.view import View
from whichext.report.exports import EXPORTS
from whichext.report.frames import columns_of

FORMULAS = (
    "=1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\uff1d1+1",
    "'=1+1",
    "'",
)
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")


def named(name: str) -> View:
    """A race in which a contestant and a case have an odd name."""
    view = make_race({"numpy": steady(1_000), "cy.total": steady(500)})
    view = renamed(view, json.dumps("cy.total"), json.dumps(name))
    return renamed(view, json.dumps("small"), json.dumps(name))


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


def as_read(cell: object) -> object:
    """A cell of CSV as the how-to guide says to read it."""
    return cell.removeprefix("'") if isinstance(cell, str) else cell


@pytest.mark.parametrize("table", ["rows", "samples"])
def test_parquet_has_what_csv_has(table: str) -> None:
    for view in (race(), hostile(), *map(named, FORMULAS)):
        text = io.StringIO(exported(view, f"csv:{table}"), newline="")
        stored = pd.read_parquet(io.BytesIO(parquet(view, table)))
        read = pd.read_csv(text).map(as_read)
        pd.testing.assert_frame_equal(read, stored, check_dtype=False)


@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_of_csv_is_a_formula_to_a_spreadsheet(name: str) -> None:
    cells = list(csv.reader(io.StringIO(exported(named(name), "csv:rows"), newline="")))
    assert [one for row in cells for one in row if one.startswith(STARTS)] == []
    assert f"'{name}" in {one for row in cells for one in row}


def test_a_name_of_a_parameter_is_no_formula_either() -> None:
    cases = (Case("small", **{"=1+1": 2}),)
    view = make_view([make_row("numpy", make_measured())], cases=cases)
    assert "'=1+1" in exported(view, "csv:rows").splitlines()[0].split(",")


def test_a_negative_number_of_csv_stays_a_number() -> None:
    cases = (Case("small", shift=-3),)
    view = make_view([make_row("numpy", make_measured())], cases=cases)
    (row,) = csv.DictReader(io.StringIO(exported(view, "csv:rows")))
    assert row["shift"] == "-3"


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
