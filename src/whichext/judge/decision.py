"""What a maintainer should do: the answer that a race gives, and how sure it is.

The question is not which one is fastest. It is whether anything is so much faster than what every
reader has already that it is worth a toolchain or a dependency, and then, which costs least of
those that differ by less. The threshold is how many times as fast that must be.

    worthy     = candidates whose mean speed-up over the reference is above the threshold, without a
                 slower case
    equals     = of each toolchain, the fastest that does not stay below the threshold, and over
                 which the fastest of the worthy is not above it
    answer     = USE the only one, NO_DIFFERENCE among several: the cheapest is named
    no worthy  = USE_REFERENCE if all candidates stay below the threshold, else UNRESOLVED

Intervals are not widened for the number of candidates. That all of them stay below needs each one
to; and one that clears the threshold by luck is close to where either answer costs next to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, permutations, product

from whichext.judge import circumstances
from whichext.judge.candidates import Basis, Least, find_basis, find_faults, weight_of
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
    Threshold,
)
from whichext.model.ratio import Comparison, Side
from whichext.model.view import View

_NARROW = 1.01
_BEYOND = 1 + 1e-9  # just beyond a threshold, all that changes at it has changed


@dataclass(frozen=True, kw_only=True)
class _Contest:
    """What one choice is made from."""

    basis: Basis
    """What is known of all."""
    candidates: tuple[Candidate, ...]
    """What may be chosen, the fastest in the mean first."""
    unseen: tuple[str, ...] = ()
    """Entries that might be better, and did not race with one thread."""


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
    """What to do after a race; None where no race was asked for, or none with a reference.

    Args:
        view: A judged result, whatever its baseline is.
        min_speedup: How many times as fast something must be to be worth a toolchain; at least 1.

    """
    if not view.raw.raced or all(c.role is not Role.REFERENCE for c in view.raw.contestants):
        return None
    basis = find_basis(view, min_speedup)
    contest = _Contest(basis=basis, candidates=basis.candidates)
    overall = _choose(contest, min_speedup)
    serial = None
    if any(view.contestants[one.contestant].parallel for one in basis.candidates):
        alone = tuple(one for one in basis.candidates if one.threads == 1)
        only = _Contest(basis=basis, candidates=alone, unseen=basis.never_alone)
        serial = _choose(only, min_speedup)
    shown = circumstances.find_shown(basis, overall, serial)
    return Decision(
        min_speedup=min_speedup,
        reference=basis.reference,
        cases=basis.cases,
        other_cases=basis.other_cases,
        missing=basis.missing,
        candidates=basis.candidates,
        barred=basis.barred,
        faults=find_faults(view, basis.barred),
        never_alone=basis.never_alone,
        doubtful=basis.doubtful,
        unasked=basis.unasked,
        overall=overall,
        serial=serial,
        thresholds=_find_thresholds(contest, min_speedup),
        changes=circumstances.find_changes(basis, overall, serial, min_speedup),
        shown=shown,
        crossings=circumstances.find_crossings(basis, shown),
        call_cost=circumstances.find_call_cost(basis, shown),
        checked=circumstances.find_checked(view, shown),
        telling=circumstances.find_telling(view, basis.cases, min_speedup),
        epochs=circumstances.find_epochs(view),
    )


def _choose(contest: _Contest, min_speedup: float) -> Choice:
    pick = _pick(contest, Least(min_speedup))
    against = tuple(dict.fromkeys(_against(contest, pick, min_speedup)))
    doubts = tuple(_doubts(contest, pick, against, min_speedup))
    between = tuple(_compared(contest, pick.equals[:1], pick.equals[1:]))
    alone = len(pick.equals) == 1
    rivals = [one for one in contest.candidates if one.toolchain != pick.toolchain]
    return Choice(
        answer=pick.answer,
        confidence=_confidence(pick.answer, doubts),
        doubts=doubts,
        contestant=pick.contestant,
        equals=tuple(one.contestant for one in pick.equals),
        against=against,
        best=contest.candidates[0].contestant if contest.candidates else None,
        toolchains=tuple(dict.fromkeys(one.toolchain for one in contest.candidates)),
        between=between,
        ahead_of=next(_compared(contest, pick.equals, rivals[:1]), None) if alone else None,
        unseen=contest.unseen,
    )


def _compared(
    contest: _Contest, ones: Sequence[Candidate], others: Sequence[Candidate]
) -> Iterator[Comparison]:
    """Each of the ones against each of the others in the mean, where they share rounds."""
    for one, other in product(ones, others):
        ratio = contest.basis.speeds.in_the_mean(one.contestant, other.contestant)
        if ratio is not None:
            yield Comparison(contestant=one.contestant, other=other.contestant, ratio=ratio)


def _pick(contest: _Contest, least: Least) -> _Pick:
    worthy = [one for one in contest.candidates if least.is_above(one.mean.inverse)]
    worthy = [one for one in worthy if not one.losses] or worthy
    if not worthy:
        return _pick_without_worthy(contest, least)
    equals = _find_equals(contest, worthy, least)
    answer = Answer.NO_DIFFERENCE if len(equals) > 1 else Answer.USE
    return _Pick(answer, equals[0].contestant, equals)


def _pick_without_worthy(contest: _Contest, least: Least) -> _Pick:
    """The reference, unless something that is not known might be worth it."""
    basis, candidates = contest.basis, contest.candidates
    open_ = [one for one in candidates if not least.is_below(one.mean.inverse)]
    nothing_known = not (basis.cases and (candidates or basis.is_all_at_fault))
    if open_ or contest.unseen or basis.missing or nothing_known:
        leader = next(iter(open_ or candidates), None)
        return _Pick(Answer.UNRESOLVED, leader.contestant if leader else None)
    return _Pick(Answer.USE_REFERENCE, basis.reference)


def _find_equals(
    contest: _Contest, worthy: Sequence[Candidate], least: Least
) -> tuple[Candidate, ...]:
    """Of each toolchain the one over which the fastest of the worthy is not worth it."""
    speeds, leader = contest.basis.speeds, worthy[0].contestant
    names = {one.contestant for one in worthy}

    def may_be_worth_it(one: Candidate) -> bool:
        return one.contestant in names or not (one.losses or least.is_below(one.mean.inverse))

    # Of one of which it is not known whether it is worth it, another cannot be said to be better.
    near = [
        one
        for one in contest.candidates
        if one.contestant == leader
        or (
            may_be_worth_it(one) and not least.is_gained(speeds.in_the_mean(leader, one.contestant))
        )
    ]
    toolchains: dict[str, list[Candidate]] = {}
    for one in near:
        toolchains.setdefault(one.toolchain, []).append(one)
    equals = (_of_toolchain(contest, own, least) for own in toolchains.values())
    return tuple(
        sorted(equals, key=lambda one: (not least.is_above(one.mean.inverse), weight_of(one.cost)))
    )


def _of_toolchain(contest: _Contest, own: Sequence[Candidate], least: Least) -> Candidate:
    """The fastest of a toolchain, or one that needs fewer threads and is shown to lose nothing."""
    speeds, first = contest.basis.speeds, own[0]
    as_good = [
        one
        for one in own[1:]
        if not least.parts(speeds.in_the_mean(first.contestant, one.contestant))
    ]
    return min((first, *as_good), key=lambda one: one.threads)


def _against(contest: _Contest, pick: _Pick, min_speedup: float) -> Iterator[str]:
    """Cases that speak against an answer."""
    basis, least = contest.basis, Least(min_speedup)
    yield from (case for one in pick.equals for case in one.losses)
    for one, other in permutations(pick.equals, 2):
        for case in basis.cases:
            if least.is_gained(basis.speeds.in_case(one.contestant, other.contestant, case)):
                yield case
    if pick.answer is Answer.USE_REFERENCE:
        for case in basis.cases:
            if any(least.is_gained(one.by_case[case]) for one in contest.candidates):
                yield case


def _doubts(
    contest: _Contest, pick: _Pick, against: tuple[str, ...], min_speedup: float
) -> Iterator[Doubt]:
    """All that keeps an answer from high confidence, the gravest first."""
    basis, equals = contest.basis, pick.equals
    found = {
        DoubtKind.NOT_KNOWN: tuple(
            one.contestant
            for one in equals
            if one.mean.inverse.side_of(min_speedup) is not Side.ABOVE
        ),
        DoubtKind.BUILT_FOR: tuple(one.contestant for one in equals if one.built_for),
        DoubtKind.AGAINST: against,
        DoubtKind.NOT_TOLD_APART: _not_told_apart(basis, equals, min_speedup),
        DoubtKind.MISSING: basis.missing,
        DoubtKind.NOT_ALONE: contest.unseen if equals else (),
        DoubtKind.DISTURBED: basis.doubtful,
        DoubtKind.NOT_ASKED: basis.unasked or (),
    }
    doubts = [Doubt(kind=kind, names=names) for kind, names in found.items() if names]
    doubts += [Doubt(kind=DoubtKind.STOPPED)] * basis.stopped
    doubts += [Doubt(kind=DoubtKind.UNLIKE_BUILDS)] * basis.spoiled
    yield from doubts
    grave = any(doubt.kind in LOW_DOUBTS for doubt in doubts)
    if not grave and not _holds_everywhere(contest, pick, min_speedup):
        yield Doubt(kind=DoubtKind.IN_THE_MEAN)


def _not_told_apart(
    basis: Basis, equals: Sequence[Candidate], min_speedup: float
) -> tuple[str, ...]:
    """Those of the equals that may be worth more than another one of them, or less."""
    least = Least(min_speedup)
    pairs = [
        (one, other)
        for one, other in permutations((one.contestant for one in equals), 2)
        if least.parts(basis.speeds.in_the_mean(one, other))
    ]
    return tuple(dict.fromkeys(name for pair in pairs for name in pair))


def _holds_everywhere(contest: _Contest, pick: _Pick, min_speedup: float) -> bool:
    """Whether an answer holds in every case that decides by itself; so does one that says none."""
    basis, least = contest.basis, Least(min_speedup)
    if pick.answer is Answer.UNRESOLVED:
        return True
    side = Side.ABOVE if pick.equals else Side.BELOW
    return all(
        one.by_case[case].inverse.side_of(min_speedup) is side
        for one in pick.equals or contest.candidates
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


def _find_thresholds(contest: _Contest, min_speedup: float) -> tuple[Threshold, ...]:
    """The answers for all thresholds, without those that hold for less than `_NARROW`.

    That narrow is only where several intervals end beside each other. The answer for the threshold
    that was asked for is always there.
    """
    everywhere = [next(alike) for _, alike in groupby(_all_thresholds(contest), key=_to_do)]
    ends = [*(one.min_speedup for one in everywhere[1:]), math.inf]
    found: list[Threshold] = []
    for one, end in zip(everywhere, ends, strict=True):
        narrow = found and end < one.min_speedup * _NARROW
        asked = one.min_speedup <= min_speedup < end
        if (asked or not narrow) and (not found or _to_do(found[-1]) != _to_do(one)):
            found.append(one)
    return tuple(found)


def _all_thresholds(contest: _Contest) -> Iterator[Threshold]:
    """The answers from 1 on, each asked for where the one before cannot hold any longer."""
    value = 1.0
    while value <= GREATEST_MIN_SPEEDUP:
        least = Least(value)
        pick = _pick(contest, least)
        names = tuple(one.contestant for one in pick.equals)
        if pick.answer is Answer.USE_REFERENCE:
            names = (contest.basis.reference,)
        yield Threshold(min_speedup=value, answer=pick.answer, contestants=names)
        value = least.next * _BEYOND


def _to_do(one: Threshold) -> tuple[Answer, tuple[str, ...]]:
    return one.answer, one.contestants
