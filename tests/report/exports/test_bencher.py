"""Bencher's metric format, by its schema: its reader is part of a service."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from support.exports import hostile, json_of, measured_elsewhere, race
from whichext.model.view import View

METRIC = {
    "type": "object",
    "properties": {name: {"type": "number"} for name in ("value", "lower_value", "upper_value")},
    "required": ["value"],
    "additionalProperties": False,
}
BENCHMARKS = {
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"pattern": r"^\S(.*\S)?$", "maxLength": 1024},
    "additionalProperties": {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": "^[a-z][a-z0-9-]*$", "maxLength": 64},
        "additionalProperties": METRIC,
    },
}
"""As its documentation has it, and names as its server takes them."""


@pytest.mark.parametrize("view", [race(), hostile(), measured_elsewhere()])
def test_it_is_what_the_schema_says(view: View) -> None:
    jsonschema.Draft202012Validator(BENCHMARKS).validate(json_of(view, "bencher"))


def metrics_of(name: str) -> Any:
    return json_of(race(), "bencher")[f"total/small/{name}"]


def test_a_ratio_has_its_interval() -> None:
    found = metrics_of("cy.total[2]")["time-ratio"]
    assert found["lower_value"] <= found["value"] <= found["upper_value"]
    assert found["value"] == pytest.approx(0.5)


def test_a_time_is_in_nanoseconds_and_has_none() -> None:
    assert metrics_of("numpy") == {"latency": {"value": pytest.approx(1_000)}}


def test_a_ratio_without_an_interval_is_a_value_alone() -> None:
    found = json_of(measured_elsewhere(), "bencher")["total/small/b"]
    assert found["time-ratio"].keys() == {"value"}
