"""How it was measured: all that somebody needs to doubt it, or to do it again."""

from __future__ import annotations

from collections.abc import Iterator

from whichext.judge.recommendation import Recommendation
from whichext.model.outcome import Measured
from whichext.model.scorecard import Scorecard
from whichext.model.units import time_text
from whichext.report.as_text import machine_text
from whichext.report.memo.markdown import bullets, capital, code, codes, plain, worth_text
from whichext.report.notes import limit_kind, noise, race_warnings


def measured_blocks(scorecard: Scorecard, found: Recommendation) -> Iterator[str]:
    """Machine, versions, date, command, noise, and what the intervals are."""
    yield from bullets(_points(scorecard, found))


def _points(scorecard: Scorecard, found: Recommendation) -> Iterator[str]:
    for warning in race_warnings(scorecard):
        yield f"**Warning**: {plain(warning)}"
    yield f"Machine: {plain(machine_text(scorecard))}."
    yield (
        f"{scorecard.started_at}, {time_text(scorecard.duration_ns)}, with "
        f"{code(scorecard.command)}."
    )
    cases = codes(found.field.cases) if found.field.cases else "none that was raced"
    yield f"Cases that decide: {cases}. Worth a toolchain: {worth_text(found.worth)} times as fast."
    yield (
        f"Intervals: {scorecard.confidence:.0%}, over {_epochs(scorecard)} epochs (sets of fresh "
        "processes), each from turns of the same rounds. Only the profile `release`, which is what "
        "users of a wheel get, can be recommended."
    )
    yield plain(noise(scorecard))
    yield f"{capital(limit_kind(scorecard))}."


def _epochs(scorecard: Scorecard) -> str:
    counts = {r.outcome.ratio.epochs for r in scorecard.rows if isinstance(r.outcome, Measured)}
    return " to ".join(str(n) for n in sorted({min(counts), max(counts)})) if counts else "0"
