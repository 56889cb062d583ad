"""What a maintainer should do: the answer that a race gives, and how sure it is.

The question is not which one is fastest. It is whether any candidate is so much faster than the
reference, which every user has already, that it is worth a toolchain or a dependency. Among
candidates that differ by less, the cheapest is named, and first one that takes no more memory than
the reference by half of the inputs. The threshold is the speed-up that is worth it.

    worthy     = candidates whose mean speed-up over the reference is above the threshold, without a
                 slower case; the fastest of them is the leader
    equals     = per toolchain, the fastest candidate that does not stay below the threshold, and
                 that the leader does not beat by the threshold
    answer     = USE the only one, NO_DIFFERENCE among several: the cheapest is named
    no worthy  = USE_REFERENCE if all candidates stay below the threshold, else UNRESOLVED

Intervals are not widened for the number of candidates. "All stay below" requires each one to. And a
candidate that clears the threshold by luck is close to it, where either answer costs little.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, permutations

from msgspec.structs import replace

from whichext.judge import circumstances
from whichext.judge.candidates import Basis, Least, find_basis, weight_of
from whichext.judge.insights import beyond_limit, remembered
from whichext.model.contestant import Role
from whichext.model.decision import (
    GREATEST_MIN_SPEEDUP,
    LOW_DOUBTS,
    Answer,
    Candidate,
    Choice,
    Confidence,
    Decision,
    Doubt,
    DoubtKind,
    Grounds,
    Threshold,
)
from whichext.model.finding import is_a_surprise
from whichext.model.insight import AnswersRemembered, BeyondLimit
from whichext.model.ratio import Side
from whichext.model.view import View

_NARROW = 1.01
_BEYOND = 1 + 1e-9  # just beyond a threshold, all that changes at it has changed


@dataclass(frozen=True)
class _Pick:
    """An answer for a threshold."""

    answer: Answer
    """What to do."""
    contestant: str | None
    """What to use; where that is unresolved, the most promising."""
    equals: tuple[Candidate, ...] = ()
    """Between which no difference is worth a toolchain."""

    @property
    def toolchain(self) -> str | None:
        """That of the first of the equals; None where there is none."""
        return self.equals[0].toolchain if self.equals else None


def decide(view: View, min_speedup: float) -> Decision | None:
    """The decision after a race; None without a race, or without the reference in it.

    Args:
        view: A judged result, whatever its baseline is.
        min_speedup: How many times as fast something must be to be worth a toolchain; at least 1.

    """
    if not view.raw.raced or all(c.role is not Role.REFERENCE for c in view.raw.contestants):
        return None
    basis = find_basis(view, min_speedup)
    overall = _choose(basis)
    serial = None
    if any(view.contestants[one.contestant].parallel for one in basis.candidates):
        alone = tuple(one for one in basis.candidates if one.threads == 1)
        serial = _choose(replace(basis, candidates=alone, unseen=basis.never_alone))
    shown = circumstances.find_shown(basis, overall, serial)
    return Decision(
        **{name: getattr(basis, name) for name in Grounds.__struct_fields__},
        overall=overall,
        serial=serial,
        thresholds=_find_thresholds(basis),
        changes=circumstances.find_changes(basis, overall, serial),
        shown=shown,
        crossings=circumstances.find_crossings(basis, shown),
        call_cost=circumstances.find_call_cost(basis, shown),
        checked=circumstances.find_checked(view, shown),
        telling=circumstances.find_telling(basis),
        epochs=circumstances.find_epochs(view),
    )


def _choose(basis: Basis) -> Choice:
    pick = _pick(basis, Least(basis.min_speedup))
    against = tuple(dict.fromkeys(_against(basis, pick)))
    doubts = tuple(_doubts(basis, pick, against))
    equals, compared = tuple(one.contestant for one in pick.equals), basis.speeds.compared
    rivals = [one.contestant for one in basis.candidates if one.toolchain != pick.toolchain]
    ahead_of = compared(equals[0], rivals[0]) if rivals and len(equals) == 1 else None
    return Choice(
        answer=pick.answer,
        confidence=_confidence(pick.answer, doubts),
        doubts=doubts,
        contestant=pick.contestant,
        equals=equals,
        against=against,
        best=basis.candidates[0].contestant if basis.candidates else None,
        toolchains=tuple(dict.fromkeys(one.toolchain for one in basis.candidates)),
        between=tuple(filter(None, (compared(equals[0], other) for other in equals[1:]))),
        ahead_of=ahead_of,
        unseen=basis.unseen,
        spared=tuple(_spared(basis, pick)),
    )


def _spared(basis: Basis, pick: _Pick) -> Iterator[str]:
    """Candidates that take more memory than an equally fast one that is named in their place."""
    least, lean = Least(basis.min_speedup), [one for one in pick.equals if not one.takes_more]
    for other in basis.candidates:
        if other.takes_more and any(
            one.toolchain == other.toolchain
            and not least.parts(basis.speeds.in_the_mean(one.contestant, other.contestant))
            for one in lean
        ):
            yield other.contestant


def _pick(basis: Basis, least: Least) -> _Pick:
    worthy = [one for one in basis.candidates if least.is_above(one.mean.inverse)]
    worthy = [one for one in worthy if not one.losses] or worthy
    if not worthy:
        return _pick_without_worthy(basis, least)
    equals = _find_equals(basis, worthy, least)
    answer = Answer.NO_DIFFERENCE if len(equals) > 1 else Answer.USE
    return _Pick(answer, equals[0].contestant, equals)


def _pick_without_worthy(basis: Basis, least: Least) -> _Pick:
    """Use the reference, unless an unknown might clear the threshold."""
    open_ = [one for one in basis.candidates if not least.is_below(one.mean.inverse)]
    nothing_known = not (basis.cases and (basis.candidates or basis.is_all_at_fault))
    if open_ or basis.unseen or basis.missing or nothing_known:
        leader = next(iter(open_ or basis.candidates), None)
        return _Pick(Answer.UNRESOLVED, leader.contestant if leader else None)
    return _Pick(Answer.USE_REFERENCE, basis.reference)


def _find_equals(basis: Basis, worthy: Sequence[Candidate], least: Least) -> tuple[Candidate, ...]:
    """The equals of the leader: per toolchain, a contestant that it does not clearly beat."""
    speeds, leader = basis.speeds, worthy[0].contestant
    names = {one.contestant for one in worthy}

    def may_be_worth_it(one: Candidate) -> bool:
        return one.contestant in names or not (one.losses or least.is_below(one.mean.inverse))

    # Of one of which it is not known whether it is worth it, another cannot be said to be better.
    near = [
        one
        for one in basis.candidates
        if one.contestant == leader
        or (
            may_be_worth_it(one) and not least.is_gained(speeds.in_the_mean(leader, one.contestant))
        )
    ]
    toolchains: dict[str, list[Candidate]] = {}
    for one in near:
        toolchains.setdefault(one.toolchain, []).append(one)
    equals = (_of_toolchain(basis, own, least) for own in toolchains.values())

    def rank(one: Candidate) -> tuple[bool, bool, tuple[int, ...]]:
        return not least.is_above(one.mean.inverse), one.takes_more, weight_of(one.cost)

    return tuple(sorted(equals, key=rank))


def _of_toolchain(basis: Basis, own: Sequence[Candidate], least: Least) -> Candidate:
    """The fastest of a toolchain, or an equally fast one with less memory or fewer threads."""
    speeds, first = basis.speeds, own[0]
    as_good = [
        one
        for one in own[1:]
        if not least.parts(speeds.in_the_mean(first.contestant, one.contestant))
    ]
    return min((first, *as_good), key=lambda one: (one.takes_more, one.threads))


def _against(basis: Basis, pick: _Pick) -> Iterator[str]:
    """Cases that speak against an answer."""
    least = Least(basis.min_speedup)
    yield from (case for one in pick.equals for case in one.losses)
    for one, other in permutations(pick.equals, 2):
        for case in basis.cases:
            if least.is_gained(basis.speeds.in_case(one.contestant, other.contestant, case)):
                yield case
    if pick.answer is Answer.USE_REFERENCE:
        for case in basis.cases:
            if any(least.is_gained(one.by_case[case]) for one in basis.candidates):
                yield case


def _doubts(basis: Basis, pick: _Pick, against: tuple[str, ...]) -> Iterator[Doubt]:
    """The reasons against high confidence, most serious first."""
    equals = pick.equals
    found = {
        DoubtKind.NOT_KNOWN: _names(equals, lambda one: one.side is not Side.ABOVE),
        DoubtKind.BUILT_FOR: _names(equals, lambda one: one.built_for),
        DoubtKind.AGAINST: against,
        DoubtKind.NOT_TOLD_APART: _not_told_apart(basis, equals),
        DoubtKind.MISSING: basis.missing,
        DoubtKind.NOT_ALONE: basis.unseen if equals else (),
        DoubtKind.DISTURBED: basis.doubtful,
        DoubtKind.NOT_ASKED: basis.unasked or (),
        DoubtKind.MEMORY: _names(equals, lambda one: one.takes_more),
        DoubtKind.TAIL: _names(equals, lambda one: one.longer_tails),
        DoubtKind.REMEMBERED: _named(equals, remembered(basis.view.raw)),
        DoubtKind.BEYOND_LIMIT: _named(equals, beyond_limit(basis.view)),
    }
    doubts = [Doubt(kind=kind, names=names) for kind, names in found.items() if names]
    doubts += [Doubt(kind=DoubtKind.STOPPED)] * bool(basis.view.raw.stopped)
    doubts += [Doubt(kind=DoubtKind.UNLIKE_BUILDS)] * any(
        map(is_a_surprise, basis.view.raw.findings)
    )
    yield from doubts
    grave = any(doubt.kind in LOW_DOUBTS for doubt in doubts)
    if not grave and not _holds_everywhere(basis, pick):
        yield Doubt(kind=DoubtKind.IN_THE_MEAN)


def _names(equals: Sequence[Candidate], which: Callable[[Candidate], object]) -> tuple[str, ...]:
    return tuple(one.contestant for one in equals if which(one))


def _named(
    equals: Sequence[Candidate], warnings: Iterable[AnswersRemembered | BeyondLimit]
) -> tuple[str, ...]:
    """Those of the recommended that a warning is about."""
    names = {name for one in warnings for name in one.contestants}
    return _names(equals, lambda one: one.contestant in names)


def _not_told_apart(basis: Basis, equals: Sequence[Candidate]) -> tuple[str, ...]:
    """Equals that may differ by more than the threshold."""
    least = Least(basis.min_speedup)
    pairs = [
        (one, other)
        for one, other in permutations((one.contestant for one in equals), 2)
        if least.parts(basis.speeds.in_the_mean(one, other))
    ]
    return tuple(dict.fromkeys(name for pair in pairs for name in pair))


def _holds_everywhere(basis: Basis, pick: _Pick) -> bool:
    """Whether an answer holds in every deciding case on its own."""
    least = Least(basis.min_speedup)
    if pick.answer is Answer.UNRESOLVED:
        return True
    side = Side.ABOVE if pick.equals else Side.BELOW
    return all(
        one.by_case[case].inverse.side_of(basis.min_speedup) is side
        for one in pick.equals or basis.candidates
        for case in basis.cases
    ) and not any(
        least.parts(basis.speeds.in_case(one.contestant, other.contestant, case))
        for one, other in permutations(pick.equals, 2)
        for case in basis.cases
    )


def _confidence(answer: Answer, doubts: tuple[Doubt, ...]) -> Confidence:
    if answer is Answer.UNRESOLVED or any(doubt.kind in LOW_DOUBTS for doubt in doubts):
        return Confidence.LOW
    return Confidence.MEDIUM if doubts else Confidence.HIGH


def _find_thresholds(basis: Basis) -> tuple[Threshold, ...]:
    """The answers for all thresholds, without those that hold for less than `_NARROW`.

    That narrow is only where several intervals end beside each other. The answer for the threshold
    that was asked for is always there.
    """
    everywhere = [next(alike) for _, alike in groupby(_all_thresholds(basis), key=_to_do)]
    ends = [*(one.min_speedup for one in everywhere[1:]), math.inf]
    found: list[Threshold] = []
    for one, end in zip(everywhere, ends, strict=True):
        narrow = found and end < one.min_speedup * _NARROW
        asked = one.min_speedup <= basis.min_speedup < end
        if (asked or not narrow) and (not found or _to_do(found[-1]) != _to_do(one)):
            found.append(one)
    return tuple(found)


def _all_thresholds(basis: Basis) -> Iterator[Threshold]:
    """The answers for all thresholds from 1 on, recomputed where the previous may end."""
    value = 1.0
    while value <= GREATEST_MIN_SPEEDUP:
        least = Least(value)
        pick = _pick(basis, least)
        names = tuple(one.contestant for one in pick.equals)
        if pick.answer is Answer.USE_REFERENCE:
            names = (basis.reference,)
        yield Threshold(min_speedup=value, answer=pick.answer, contestants=names)
        value = least.next * _BEYOND


def _to_do(one: Threshold) -> tuple[Answer, tuple[str, ...]]:
    return one.answer, one.contestants
