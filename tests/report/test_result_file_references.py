"""A result file that speaks of what it has not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from inline_snapshot import snapshot

from support.results import make_race, steady
from whichext.model.errors import ResultFileError
from whichext.report import result_file


def content() -> Any:
    """What the file of a race holds."""
    race = make_race({"numpy": steady(1_000), "cy.total": steady(500)})
    return json.loads(result_file.encode(race))


def twice(part: str) -> Callable[[Any], None]:
    def change(raw: Any) -> None:
        raw[part].append(raw[part][-1])

    return change


def without(part: str) -> Callable[[Any], None]:
    def change(raw: Any) -> None:
        raw[part] = raw[part][:-1]

    return change


def turn(place: int, value: Any) -> Callable[[Any], None]:
    def change(raw: Any) -> None:
        raw["timings"][1]["samples"][0][place] = value

    return change


def renamed(raw: Any) -> None:
    raw["timings"][1]["contestant"] = "rust.total"


def elsewhere(raw: Any) -> None:
    raw["timings"][1]["case"] = "nowhere"


def without_baseline(raw: Any) -> None:
    raw["baseline"] = "rust.total"


def early(raw: Any) -> None:
    raw["timings"][1]["import_ns"][0] = -1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (twice("contestants"), snapshot("the contestant cy.total is in it twice")),
        (twice("cases"), snapshot("the case small is in it twice")),
        (twice("timings"), snapshot("the race of cy.total in small is in it twice")),
        (without("contestants"), snapshot("the contestant cy.total is not in it")),
        (without("cases"), snapshot("the case small is not in it")),
        (without("sizes"), snapshot("the size of the case small is not in it")),
        (renamed, snapshot("the contestant rust.total is not in it")),
        (elsewhere, snapshot("the case nowhere is not in it")),
        (without_baseline, snapshot("the baseline rust.total is not in it")),
        (early, snapshot("a time of cy.total is below 0")),
        (turn(3, 0), snapshot("a turn of cy.total has no time or no calls")),
        (turn(4, 0), snapshot("a turn of cy.total has no time or no calls")),
        (turn(4, -5), snapshot("a turn of cy.total has no time or no calls")),
        (turn(4, 10**400), snapshot("a number in it is too large")),
        (turn(5, -5), snapshot("a time of cy.total is below 0")),
        (turn(6, -5), snapshot("a time of cy.total is below 0")),
    ],
)
def test_a_file_whose_samples_are_none_is_refused(change: Callable[[Any], None], said: str) -> None:
    bent = content()
    change(bent["raw"])
    with pytest.raises(ResultFileError) as caught:
        result_file.parse(json.dumps(bent).encode(), "bent.json")
    assert caught.value.what.endswith(said)


def test_what_a_file_says_of_others_counts_as_little_as_the_rest_that_follows() -> None:
    """Verdicts of what is not in it are told, and are in no report."""
    bent = content()
    bent["judged"]["rows"][1]["contestant"] = "rust.total"
    bent["judged"]["cases"] = []
    view = result_file.parse(json.dumps(bent), "bent.json")
    assert [row.contestant for row in view.judged.rows] == ["numpy", "cy.total"]
    assert view.altered_verdict == snapshot(
        "rust.total in small: its samples give nothing, it says faster"
    )


def test_json_that_is_nested_without_end_is_refused() -> None:
    with pytest.raises(ResultFileError, match="a result file"):
        result_file.parse(b"[" * 100_000, "deep.json")
