"""Result files of the former schema version, as the present structure has them."""

from __future__ import annotations

from typing import Any

FORMER_VERSION = 2

_SAMPLE_FIELDS = 7  # an eighth counted forced switches, which nothing reads


def upgrade(content: dict[str, Any]) -> dict[str, Any]:
    """The content of a version 2 file in the present structure, without what judging finds.

    Rows and effects are left out: the samples are there, from which `judge_all` finds them again.
    What does not have the structure of a result is passed on as it is, for the reader to refuse.

    Args:
        content: The file's JSON object, which stays as it is.

    """
    return content | {
        "schema_version": 3,
        "timings": _each(content.get("timings"), _without_switches),
        "rows": [],
        "effects": [],
    }


def _each(found: Any, change: Any) -> Any:
    return [change(one) for one in found] if isinstance(found, list) else found


def _without_switches(timing: Any) -> Any:
    if not isinstance(timing, dict):
        return timing
    samples = _each(
        timing.get("samples"),
        lambda sample: sample[:_SAMPLE_FIELDS] if isinstance(sample, list) else sample,
    )
    return timing | {"samples": samples}
