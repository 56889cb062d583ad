"""Races that not all were measured in, with what was seen of those: they can be judged again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from support.results import changed, make_build, make_check, make_race, rejudged
from whichext.model.outcome import Crashed, Outcome, TimedOut, Unsupported, Wrong
from whichext.model.view import View

_SEEN = (Crashed, TimedOut, Unsupported, Wrong)


def race_without(
    times_ns: Mapping[str, Sequence[float]], absent: Mapping[str, Outcome], **parts: Any
) -> View:
    """A race in which some did not build or were not right.

    Args:
        times_ns: One time per epoch for each contestant, the baseline first.
        absent: Who was not measured, and why.
        **parts: Other parts of what was measured.

    """
    view = make_race(times_ns, absent)
    unbuilt = {name for name, one in absent.items() if not isinstance(one, _SEEN)}
    contestants = tuple(
        replace(one, project=one.project or one.name) if one.name in unbuilt else one
        for one in view.raw.contestants
    )
    builds = tuple(
        make_build(one.project or one.name, absent[one.name])
        for one in contestants
        if one.name in unbuilt
    )
    checks = tuple(make_check(name, one) for name, one in absent.items() if name not in unbuilt)
    found = {"contestants": contestants, "builds": builds, "checks": checks} | parts
    return rejudged(changed(view, **found))
