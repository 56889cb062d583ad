"""JSON of hyperfine, by schemas of what it writes: it reads none of it itself."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from support.exports import hostile, json_of, race
from support.results import make_race
from whichext.model.view import View

NUMBER: dict[str, Any] = {"type": "number", "minimum": 0}
TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
STATUS: dict[str, Any] = {"type": ["integer", "null"]}
STATISTICS: dict[str, Any] = {
    **dict.fromkeys(("mean", "median", "min", "max"), NUMBER),
    "stddev": {"type": ["number", "null"]},
}


def exactly(properties: dict[str, Any]) -> dict[str, Any]:
    """An object with all of these properties, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


TIME = exactly({"value": NUMBER, "unit": {"const": "second"}})
SUMMARY = exactly({"unit": {"const": "second"}, "count": {"type": "integer"}, **STATISTICS})
VERSION_2 = exactly(
    {
        "schema_version": {"const": 2},
        "primary_metric": {"const": "time_wall_clock"},
        "metadata": {
            "type": "object",
            "required": ["hyperfine_version", "start_time", "platform"],
            "properties": {"platform": exactly({"os": TEXT, "architecture": TEXT})},
        },
        "results": {
            "type": "array",
            "items": exactly(
                {
                    "command": TEXT,
                    "parameters": {"additionalProperties": exactly({"value": TEXT})},
                    "measurements": {
                        "type": "array",
                        "items": exactly(
                            {"time_wall_clock": TIME, "time_cpu": TIME, "exit_code": STATUS}
                        ),
                    },
                    "summary": exactly({"time_wall_clock": SUMMARY, "time_cpu": SUMMARY}),
                }
            ),
        },
    }
)
VERSION_1 = {
    "type": "object",
    "required": ["results"],
    "properties": {
        "results": {
            "type": "array",
            "items": exactly(
                {
                    "command": TEXT,
                    **STATISTICS,
                    "user": NUMBER,
                    "system": NUMBER,
                    "times": {"type": "array", "items": NUMBER},
                    "exit_codes": {"type": "array", "items": STATUS},
                    "parameters": {"additionalProperties": TEXT},
                }
            ),
        }
    },
}


@pytest.mark.parametrize(("to", "schema"), [("hyperfine:2", VERSION_2), ("hyperfine:1", VERSION_1)])
@pytest.mark.parametrize("view", [race(), hostile(), make_race({"numpy": [1_000.0]})])
def test_it_is_what_the_schema_says(view: View, to: str, schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(schema).validate(json_of(view, to))


def test_version_2_has_every_turn_with_wall_and_processor_time() -> None:
    found = json_of(race(), "hyperfine:2")["results"][1]
    assert found["command"] == "total/small/cy.total[2]"
    assert len(found["measurements"]) == found["summary"]["time_wall_clock"]["count"] == 15
    assert found["summary"]["time_cpu"]["median"] == pytest.approx(5e-7)


def test_version_1_has_the_times_and_no_status_since_no_command_ran() -> None:
    found = json_of(race(), "hyperfine:1")["results"][1]
    assert found["times"][0] == pytest.approx(5e-7)
    assert set(found["exit_codes"]) == {None}
    assert (found["user"], found["system"]) == (pytest.approx(5e-7, rel=0.01), 0.0)


def test_both_say_how_it_was_measured() -> None:
    told = json_of(race(), "hyperfine:2")["metadata"]["whichext"]
    assert told == json_of(race(), "hyperfine:1")["whichext"]
    assert told["command"] == "whichext run total"
