"""The JSON Schema of result files, which readers without our code go by."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from support.results import make_race, make_view, steady
from whichext.model.view import View
from whichext.report.result_file import encode, schema


def content(view: View) -> Any:
    """What a file with that result holds."""
    return json.loads(encode(view))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    """Judges the content of a file by the schema."""
    found = json.loads(schema())
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def test_a_file_is_what_the_schema_says(validator: jsonschema.Draft202012Validator) -> None:
    for view in (make_view(), make_race({"numpy": steady(1_000), "cy.total": steady(500)})):
        validator.validate(content(view))


@pytest.mark.parametrize("missing", ["raw", "judged", "schema_version"])
def test_a_file_that_lacks_something_is_refused(
    validator: jsonschema.Draft202012Validator, missing: str
) -> None:
    found = content(make_view())
    del found[missing]
    assert not validator.is_valid(found)


def test_another_version_is_refused(validator: jsonschema.Draft202012Validator) -> None:
    assert not validator.is_valid({**content(make_view()), "schema_version": 2})
