"""The custom formats of github-action-benchmark, by a schema: their reader is an action."""

from __future__ import annotations

import jsonschema
import pytest

from support.exports import hostile, json_of, measured_elsewhere, race
from whichext.model.view import View

TEXT = {"type": "string", "minLength": 1}
ENTRIES = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {
            "name": TEXT,
            "unit": TEXT,
            "value": {"type": "number"},
            "range": TEXT,
            "extra": TEXT,
        },
        "required": ["name", "unit", "value"],
        "additionalProperties": False,
    },
}
FORMS = ["github:smaller", "github:bigger"]


@pytest.mark.parametrize("to", FORMS)
@pytest.mark.parametrize("view", [race(), hostile(), measured_elsewhere()])
def test_it_is_what_the_schema_says(view: View, to: str) -> None:
    jsonschema.Draft202012Validator(ENTRIES).validate(json_of(view, to))


def test_smaller_is_the_time_over_the_baseline_and_bigger_the_speed_up() -> None:
    smaller, bigger = (json_of(race(), to)[0] for to in FORMS)
    assert smaller["value"] == pytest.approx(0.5)
    assert bigger["value"] == pytest.approx(1 / smaller["value"])
    assert [one["unit"][:12] for one in (smaller, bigger)] == ["of the time ", "of the speed"]


def test_the_baseline_is_no_entry() -> None:
    names = [one["name"] for one in json_of(race(), "github:smaller")]
    assert names == ["total/small/cy.total[2]", "total/small/rust.total"]


def test_without_an_interval_there_is_no_range() -> None:
    assert "range" not in json_of(measured_elsewhere(), "github:bigger")[0]
