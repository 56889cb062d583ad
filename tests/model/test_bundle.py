"""The line of a bundle depends on everything in it, and on nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from whichext.model.bundle import (
    BUILDS,
    REST,
    SAMPLES,
    VERDICT,
    line_of,
    manifest_of,
    parts_of_result,
)

PARTS = {"files/a.py": "1", SAMPLES: "2"}


def result(**raw: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"schema_version": 4, "judged": {"rows": [1.5]}}
    return found | {"raw": {"kernel": "sums", "builds": [1], "timings": [2]} | raw}


def hashes(content: dict[str, Any], **how: Any) -> dict[str, str]:
    return parts_of_result(json.dumps(content, **how).encode())


def test_the_order_of_parts_and_of_keys_does_not_count() -> None:
    turned = dict(reversed(PARTS.items()))
    assert manifest_of("a", PARTS) == manifest_of("a", turned)
    assert hashes(result()) == hashes(result(), sort_keys=True, indent=2)


@pytest.mark.parametrize(
    "changes",
    [{"kernel": "b"}, {"whichext_version": "9"}, {"parts": {"files/a.py": "1"}}],
    ids=["kernel", "version", "parts"],
)
def test_the_line_is_another_one_for_another_manifest(changes: dict[str, Any]) -> None:
    manifest = manifest_of("a", PARTS)
    assert line_of(manifest) == manifest.line
    assert line_of(replace(manifest, **changes)) != manifest.line


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        (result(builds=[]), BUILDS),
        (result(timings=[]), SAMPLES),
        (result() | {"judged": {}}, VERDICT),
        (result(kernel="means"), REST),
        (result(later_field=1), REST),
        (result() | {"schema_version": 5}, REST),
    ],
)
def test_what_was_changed_in_a_result_is_one_part(changed: dict[str, Any], part: str) -> None:
    before, after = hashes(result()), hashes(changed)
    assert {name for name in before if before[name] != after[name]} == {part}
