"""How it was measured."""

from __future__ import annotations

from msgspec.structs import replace

from decisions import CY, NUMPY, decide
from whichext.judge.recommendation import recommend
from whichext.model.scorecard import Scorecard
from whichext.report.memo.measured import measured_blocks


def text_of(result: Scorecard, worth: float = 1.5) -> str:
    return "\n".join(measured_blocks(result, recommend(result, worth)))


def test_all_that_is_needed_to_do_it_again_is_there() -> None:
    times = {NUMPY: 4000, "numpy (A/A twin)": 4000, CY: 1000}
    text = text_of(decide({"wide": times}, epochs=6))
    parts = (
        "- Machine: Testium 9000",
        "- 2025-01-02T03:04:05+00:00, 60.0 s, with `whichext run total`.",
        "- Cases that decide: `wide`. Worth a toolchain: 1.5 times as fast.",
        "- Intervals: 95%, over 6 epochs (sets of fresh processes)",
        "- Noise floor: a second copy of numpy",
        "- Limit: the inputs read once",
    )
    assert [part for part in parts if part not in text] == []


def test_epochs_that_differ_from_case_to_case_are_a_range() -> None:
    one, other = decide({"wide": {NUMPY: 2, CY: 1}}), decide({"tall": {NUMPY: 2, CY: 1}}, epochs=3)
    both = replace(one, rows=one.rows + other.rows)
    assert "over 3 to 10 epochs" in text_of(both)


def test_a_warning_stands_first() -> None:
    result = replace(decide({"wide": {NUMPY: 4000, CY: 1000}}), stopped="it was interrupted")
    assert text_of(result).startswith("- **Warning**: The run ended before it was done")


def test_without_a_case_that_was_raced_this_is_said() -> None:
    text = text_of(decide({"wide": {}}))
    assert "- Cases that decide: none that was raced." in text
    assert "over 0 epochs" in text
