"""Judges a result that was read again: what its samples give counts, whatever its file says."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from whichext.judge import judge
from whichext.judge.claims.grammar import Claim, parse_claim
from whichext.judge.claims.hold import hold
from whichext.judge.claims.reader import Word
from whichext.judge.claims.trials import Trial
from whichext.model.claim import ClaimResult
from whichext.model.contestant import RELEASE, Contestant, Profile, parse_name
from whichext.model.decision import MIN_SPEEDUP
from whichext.model.errors import ClaimError
from whichext.model.judged import Judged
from whichext.model.outcome import Measured
from whichext.model.raw import Raw
from whichext.model.view import Altered, View

_NEAR = 1e-6
"""Numbers that differ by less are the same: another NumPy may round otherwise."""


def judged_again(then: View) -> View:
    """The samples of a result with all that follows from them, and where it said otherwise.

    Raises:
        ClaimError: A claim is none, or is not about the contestants that it was tested with.

    """
    decided = then.judged.decision
    judged = judge(then.raw, MIN_SPEEDUP if decided is None else decided.min_speedup)
    view = View(then.raw, judged)
    claims = tuple(hold(_trial(claim, then.raw), view) for claim in then.judged.claims)
    judged = replace(judged, claims=claims)
    return View(then.raw, judged, find_altered(then.judged, judged))


def find_altered(then: Judged, now: Judged) -> Altered | None:
    """What a result says otherwise than its samples give; None where it says the same."""
    if then == now:
        return None
    said, given = dict(_verdicts(then)), dict(_verdicts(now))
    for what in dict.fromkeys((*said, *given)):
        one, other = (its.get(what, "nothing") for its in (said, given))
        if one != other:
            return Altered(f"{what}: its samples give {other}, it says {one}", True)
    every = _differences(msgspec.to_builtins(then), msgspec.to_builtins(now), "")
    return next((Altered(what, False) for what in every), None)


def _verdicts(judged: Judged) -> Iterator[tuple[str, str]]:
    """What a reader looks for: of claims, of contestants in each case, and which of them leads."""
    for claim in judged.claims:
        yield repr(claim.text), str(claim.standing)
    for row in judged.rows:
        outcome = row.outcome
        word = outcome.ratio.verdict if isinstance(outcome, Measured) else type(outcome).__name__
        yield f"{row.contestant} in {row.case}", str(word)
    for case in judged.cases:
        if case.leaders is not None:
            yield f"the fastest in {case.case}", ", ".join(case.leaders.names)


def _trial(claim: ClaimResult, raw: Raw) -> Trial:
    """A claim as it was tested; which contestants it names was found out then."""
    parsed = parse_claim(claim.text)
    words = tuple(word for word in (parsed.one, parsed.other) if word is not None)
    if len(words) != len(claim.names) or not all(map(_is_name, words, claim.names)):
        what, next_step = f"it is not about {' and '.join(claim.names)}", "check it again"
        raise ClaimError(claim.text, words[0].start, len(words[0].text), what, next_step)
    one, *others = map(_named, claim.names)
    return Trial(
        claim=parsed,
        one=one,
        other=others[0] if others else None,
        cases=tuple(dict.fromkeys((*(one.case for one in claim.cases), *_meant(parsed, raw)))),
        source=claim.source,
        published=claim.published,
        note=claim.note,
    )


def _is_name(word: Word, name: str) -> bool:
    """Whether a word of a claim means that contestant; it may leave out the thread count."""
    said, full = parse_name(word.text), parse_name(name)
    if said is None or full is None:
        return word.text == name
    usual = RELEASE.name
    same = (said.entry, said.profile or usual) == (full.entry, full.profile or usual)
    return same and said.threads in (None, full.threads)


def _meant(claim: Claim, raw: Raw) -> Iterator[str]:
    """The cases of a result in which a claim must hold: those that it names, or the usual ones."""
    words = {word.text for word in claim.cases}
    for case in raw.cases:
        if {case.name, case.family} & words or not (words or case.family):
            yield case.name


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
