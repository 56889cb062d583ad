"""Judges a result again, to find out whether its verdicts are those that its samples give."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from whichext.judge import judge
from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.hold import hold
from whichext.judge.claims.trials import Trial
from whichext.model.claim import ClaimResult
from whichext.model.contestant import RELEASE, Contestant, Profile, parse_name
from whichext.model.decision import MIN_SPEEDUP
from whichext.model.errors import ClaimError, describe_error
from whichext.model.view import View

_NEAR = 1e-6
"""Numbers that differ by less are the same: another NumPy may round otherwise."""

_TELLING = ("claims", "rows")  # what a reader looks for


def judged_again(view: View) -> View:
    """The samples of a result with all that follows from them, the results of its claims too.

    Raises:
        ClaimError: A claim is none.

    """
    decided = view.judged.decision
    judged = judge(view.raw, MIN_SPEEDUP if decided is None else decided.min_speedup)
    found = View(view.raw, judged)
    claims = tuple(hold(_trial(claim), found) for claim in view.judged.claims)
    return View(view.raw, replace(judged, claims=claims))


def find_altered(view: View) -> str | None:
    """Where a result says something else than its samples give; None where it says the same."""
    try:
        again = judged_again(view)
    except ClaimError as error:
        return f"claims: {error.what}"
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # of altered samples
        return f"its samples cannot be judged: {describe_error(error)}"
    then, now = (msgspec.to_builtins(one.judged) for one in (view, again))
    first = {name: then[name] for name in _TELLING}
    return next(_differences(first | then, now, ""), None)


def _trial(claim: ClaimResult) -> Trial:
    """A claim as it was tested; which contestants it names was found out then."""
    one, *others = map(_named, claim.names)
    return Trial(
        claim=parse_claim(claim.text),
        one=one,
        other=others[0] if others else None,
        cases=tuple(case.case for case in claim.cases),
        source=claim.source,
        published=claim.published,
        note=claim.note,
    )


def _named(text: str) -> Contestant:
    """A contestant of which the name alone is known: it need not be in the result."""
    name = parse_name(text)
    profile = RELEASE if name is None or name.profile is None else Profile(name.profile)
    return Contestant(
        entry=text if name is None else name.entry,
        project=None,
        module=None,
        function=None,
        profile=profile,
        threads=1 if name is None or name.threads is None else name.threads,
        threads_by=None if name is None or name.threads is None else "threads",
    )


def _differences(then: Any, now: Any, place: str) -> Iterator[str]:
    """Where two contents differ, and what both say there."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys((*then, *now)):
            inner = f"{place}.{name}" if place else str(name)
            yield from _differences(then.get(name), now.get(name), inner)
    elif _is_list(then) and _is_list(now) and len(then) == len(now):
        for number, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from _differences(one, other, f"{place}[{number}]")
    elif not _is_same(then, now):
        yield f"{place}: its samples give {_short(now)}, it says {_short(then)}"


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        both = math.isnan(one) and math.isnan(other)
        return both or math.isclose(one, other, rel_tol=_NEAR, abs_tol=_NEAR)
    return bool(one == other)


def _short(value: Any) -> str:
    """A value as an error shows it."""
    if _is_list(value):
        return f"{len(value)} of them"
    return f"{value:.4g}" if isinstance(value, float) else repr(value)[:60]
