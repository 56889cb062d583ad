"""At which case of a family one contestant overtakes another: what a sweep is for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from whichext.model.contestant import Role
from whichext.model.outcome import Measured
from whichext.model.ratio import Ratio, Verdict
from whichext.model.view import View

Point = tuple[str, Ratio]
"""Name of a case, and a contestant's time over the baseline's in it."""


def crossovers(view: View) -> list[str]:
    """For each family that was raced, where each contestant overtakes the baseline or falls behind.

    Only verdicts count: between two cases with opposite verdicts lies a crossover, and cases that
    are tied or unresolved in between make the gap wider.
    """
    families = dict.fromkeys(case.family for case in view.raw.cases if case.family)
    roles = {contestant.name: contestant.role for contestant in view.raw.contestants}
    return [
        f"{family}: {sentence}"
        for family in families
        for name, role in roles.items()
        if role in (Role.ENTRY, Role.REFERENCE) and name != view.raw.baseline
        for sentence in _of_contestant(view, name, points_of(view, name, family))
    ]


def turns(points: list[Point]) -> list[tuple[Point, Point]]:
    """Between which cases of a family a contestant overtakes the baseline or falls behind."""
    resolved = [p for p in points if p[1].verdict in (Verdict.FASTER, Verdict.SLOWER)]
    return [(a, b) for a, b in pairwise(resolved) if a[1].verdict is not b[1].verdict]


def points_of(view: View, name: str, family: str) -> list[Point]:
    """What was measured of a contestant in a family, in its order, where the baseline raced."""
    in_family = [
        case.name
        for case in view.raw.cases
        if case.family == family and _has_baseline(view, case.name)
    ]
    found = {
        row.case: row.outcome.ratio
        for row in view.judged.rows
        if row.contestant == name and isinstance(row.outcome, Measured)
    }
    return [(case, found[case]) for case in in_family if case in found]


def _has_baseline(view: View, case: str) -> bool:
    """Whether the run's baseline raced in a case; where it did not, another stood in for it."""
    return any(
        (row.case, row.contestant) == (case, view.raw.baseline)
        and isinstance(row.outcome, Measured)
        for row in view.judged.rows
    )


def _of_contestant(view: View, name: str, points: list[Point]) -> Iterator[str]:
    found = turns(points)
    for before, after in found:
        verb = "overtakes" if after[1].verdict is Verdict.FASTER else "falls behind"
        yield (f"{name} {verb} {view.raw.baseline} between {_point(before)} and {_point(after)}.")
    if len(points) > 1 and not found:
        verdicts = dict.fromkeys(point[1].verdict for point in points)
        yield f"{name} against {view.raw.baseline}: {' or '.join(verdicts)} in every case."


def _point(point: Point) -> str:
    case, ratio = point
    return f"{case} ({ratio})"
