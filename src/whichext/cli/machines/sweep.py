"""The parts that machines of one kind took of a sweep, as one result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from whichext.model.check import Check, Property
from whichext.model.outcome import Built, Right
from whichext.model.raw import Raw

_OF_CASES = ("cases", "sizes", "timings", "hidden", "uncompared", "unchanging")
_THE_SAME = attrgetter(
    *("whichext_version", "kernel", "kernel_digest", "baseline", "seed", "precision"),
    *("contestants", "stopped"),
)


def joined(parts: Sequence[Raw]) -> Raw | None:
    """One run of the cases of all parts, in their order.

    Each ratio is of one machine. What spans cases, such as a crossover, takes machines of one kind
    for one machine.

    Args:
        parts: At least one, each with cases of its own.

    Returns:
        The run; None where a part did not come to its end, or where kernels, contestants, builds or
        kinds of machines differ.

    """
    first = parts[0]
    if not all(_fits(part, first) for part in parts):
        return None
    starts = [datetime.fromisoformat(part.started_at) for part in parts]
    ends = [
        start + timedelta(microseconds=part.duration_ns / 1e3)
        for start, part in zip(starts, parts, strict=True)
    ]
    of_cases: dict[str, Any] = {
        name: tuple(chain.from_iterable(getattr(part, name) for part in parts))
        for name in _OF_CASES
    }
    return replace(
        first,
        machine=replace(first.machine, boot=None, label=None),
        started_at=min(part.started_at for part in parts),
        duration_ns=round((max(ends) - min(starts)) / timedelta(microseconds=1) * 1e3),
        findings=tuple(dict.fromkeys(chain.from_iterable(part.findings for part in parts))),
        checks=tuple(_checks(parts)),
        **of_cases,
    )


def _fits(part: Raw, first: Raw) -> bool:
    """Whether it measured what the first one did, but for the cases, on a machine of its kind."""
    one, other = (replace(raw.machine, label=None) for raw in (part, first))
    return (
        part.stopped is None
        and _THE_SAME(part) == _THE_SAME(first)
        and _keys(part) == _keys(first)
        and one.is_like(other)
    )


def _keys(raw: Raw) -> dict[tuple[str, str], object]:
    """What each build was made of; of one that failed, why."""
    return {
        (build.project, build.profile.name): build.result.key
        if isinstance(build.result, Built)
        else build.result
        for build in raw.builds
    }


def _checks(parts: Iterable[Raw]) -> Iterable[Check]:
    """Each part verifies on the same drawn inputs, and on its own cases: both once."""
    seen: set[tuple[object, ...]] = set()
    for check in chain.from_iterable(part.checks for part in parts):
        what = None if isinstance(check.result, Right) else check.result
        place = (check.contestant, check.property, check.input, what)
        if check.property is Property.CASES or place not in seen:
            seen.add(place)
            yield check
