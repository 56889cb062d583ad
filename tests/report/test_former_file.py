"""Result files of the former schema version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from whichext.model.errors import ResultFileError
from whichext.model.outcome import Measured
from whichext.model.ratio import Verdict
from whichext.report import result_file
from whichext.report.former import upgrade

FORMER = Path(__file__).parent / "results" / "version_2.json"


def content() -> dict[str, Any]:
    """A small result file of version 2, as the program wrote it then."""
    found = json.loads(FORMER.read_text())
    assert isinstance(found, dict)
    return found


def test_a_former_result_is_judged_again_from_its_samples() -> None:
    view = result_file.read(FORMER)
    measured = {
        row.contestant: row.outcome.ratio
        for row in view.judged.rows
        if isinstance(row.outcome, Measured)
    }
    then = content()["rows"][1]["outcome"]["estimate"]
    found = measured["cy.total"]
    assert measured["numpy"].verdict is Verdict.BASELINE
    assert (found.value, found.low, found.high) == pytest.approx(
        (then["ratio"], then["low"], then["high"])
    )


def test_in_a_former_result_everybody_has_the_outcome_that_it_had() -> None:
    rows = {
        (row.contestant, type(row.outcome).__name__) for row in result_file.read(FORMER).judged.rows
    }
    then = {(row["contestant"], row["outcome"]["type"]) for row in content()["rows"]}
    # What was skipped has a type of its own for each reason now.
    assert {(name, kind.replace("ToolchainAbsent", "Skipped")) for name, kind in rows} == then


def test_a_former_result_is_written_as_a_present_one() -> None:
    view = result_file.read(FORMER)
    text = result_file.encode(view)
    assert json.loads(text)["schema_version"] == 3
    assert result_file.parse(text, "result.json") == view


def test_samples_lose_their_count_of_forced_switches() -> None:
    (sample, *_) = upgrade(content())["timings"][0]["samples"]
    assert sample == [0, 0, 0, 100000, 200000000, 200000000, 0]


def test_the_content_that_was_read_stays_as_it_is() -> None:
    found = content()
    upgrade(found)
    assert found == content()


@pytest.mark.parametrize(
    "change", [{"timings": 1}, {"timings": [1]}, {"timings": [{"samples": 1}]}, {"cases": None}]
)
def test_a_former_file_that_is_no_whole_result_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ResultFileError, match="not a whole result"):
        result_file.parse(json.dumps({**content(), **change}), "result.json")


def test_a_kept_race_of_all_entries_is_small_enough_to_be_sent_around() -> None:
    kept = Path(__file__).parents[2] / "docs" / "results" / "find_max.json"
    assert kept.stat().st_size <= 120_000
