"""A result file that speaks of what it has not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.results import make_race, steady
from whichext.model.errors import ResultFileError
from whichext.report import result_file


def damaged(**judged: Any) -> bytes:
    """A result file whose judged part was changed by hand."""
    content = json.loads(
        result_file.encode(make_race({"numpy": steady(1_000), "cy.total": steady(500)}))
    )
    content["judged"] |= judged
    return json.dumps(content).encode()


def test_a_file_that_names_what_is_not_in_it_is_refused() -> None:
    row = json.loads(result_file.encode(make_race({"numpy": steady(1_000)})))["judged"]["rows"][0]
    with pytest.raises(ResultFileError, match="whole result"):
        result_file.parse(damaged(rows=[{**row, "case": "nowhere"}]), "bent.json")


def test_a_file_without_its_judged_cases_is_refused() -> None:
    with pytest.raises(ResultFileError, match="whole result"):
        result_file.parse(damaged(cases=[]), "bent.json")


def test_json_that_is_nested_without_end_is_refused() -> None:
    with pytest.raises(ResultFileError, match="a result file"):
        result_file.parse(b"[" * 100_000, "deep.json")


@pytest.mark.parametrize("wall_ns", [0, -5])
def test_a_turn_that_took_no_time_is_refused(wall_ns: int) -> None:
    content = json.loads(result_file.encode(make_race({"numpy": steady(1_000)})))
    content["raw"]["timings"][0]["samples"][0][4] = wall_ns
    with pytest.raises(ResultFileError, match="whole result"):
        result_file.parse(json.dumps(content).encode(), "bent.json")
