"""What a maintainer should do: the answer that a race gives, and how sure it is.

The question is not who is fastest. It is whether anything is so much faster than what everybody has
already that it is worth a toolchain or a dependency, and then, which costs least of those that
differ by less. `worth` is that border: how many times as fast.

    worthy     = candidates whose mean speed-up over the reference is above worth, without a slower
                 case
    equals     = of each toolchain, the fastest that does not stay below worth, and than whom the
                 fastest of the worthy is not worth more
    answer     = USE the only one, NO_DIFFERENCE among several: the cheapest is named
    no worthy  = USE_REFERENCE if all candidates stay below worth, else UNRESOLVED

Intervals are not widened for the number of candidates. That everybody stays below needs all of them
to; and whoever clears it by luck is close to a border where either answer costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from whichext.judge.candidates import Candidate, Field, find_field
from whichext.model.outcome import Crashed, TimedOut, Wrong
from whichext.model.ratio import Ratio
from whichext.model.scorecard import Scorecard

WORTH = 1.2
"""How many times as fast is worth a toolchain, unless somebody says otherwise: less than a fifth
is what the next compiler or the next processor may give or take."""


class Answer(StrEnum):
    """What to do."""

    USE_REFERENCE = "use the reference"
    """Nothing is worth what it costs."""
    USE = "use it"
    """One toolchain is worth it, and no other comes near."""
    NO_DIFFERENCE = "no difference worth a toolchain"
    """Several are worth it, and which of them does not matter."""
    UNRESOLVED = "unresolved"
    """Too little is known for any of these."""


class Confidence(StrEnum):
    """How far an answer can be relied on."""

    HIGH = "high"
    """It holds in every case with the whole interval, and neither the race nor the audit
    says anything against it."""
    MEDIUM = "medium"
    """It holds in the geometric mean of the cases with the whole interval."""
    LOW = "low"
    """A case speaks against it, something that could change it is not known, or the build is not
    what users of a wheel could get."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The answer for a field, or for those of it with one thread."""

    answer: Answer
    """What to do."""
    confidence: Confidence
    """How sure that is."""
    contestant: str
    """Whom to use; where that is unresolved, the most promising; empty where nobody is."""
    equals: tuple[Candidate, ...] = ()
    """Among whom no difference is worth a toolchain: the cheapest first, and last those of whom it
    is not known that they are worth it themselves."""
    against: tuple[str, ...] = ()
    """Cases that speak against the answer."""


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """What to do, with any number of threads and with one."""

    worth: float
    """How many times as fast something must be to be worth a toolchain."""
    field: Field
    """What it was chosen from."""
    overall: Choice
    """With as many threads as raced."""
    serial: Choice
    """Where a call may use one thread only."""


def recommend(
    scorecard: Scorecard, worth: float = WORTH, entries: tuple[str, ...] = ()
) -> Recommendation:
    """What to do.

    Args:
        scorecard: A judged result, whatever its baseline is.
        worth: How many times as fast something must be to be worth a toolchain; at least 1.
        entries: All entries that the kernel has: no answer without all of them is sure.

    """
    return recommend_from(find_field(scorecard, entries), worth)


def recommend_from(field: Field, worth: float) -> Recommendation:
    """The same, from a field that is known already."""
    alone = [one for one in field.candidates if one.contestant.threads == 1]
    return Recommendation(
        worth=worth,
        field=field,
        overall=_choose(field, field.candidates, worth, unseen=()),
        serial=_choose(field, alone, worth, unseen=field.never_alone),
    )


def are_equal(ratio: Ratio | None, worth: float) -> bool:
    """Whether neither of two is worth more than the other; not where they share no round."""
    return ratio is not None and ratio.is_within(worth)


def _is_worth(ratio: Ratio | None, worth: float) -> bool:
    """Whether the first of two is that many times as fast; not where they share no round."""
    return ratio is not None and ratio.inverse.is_above(worth)


def _choose(
    field: Field, candidates: Sequence[Candidate], worth: float, unseen: tuple[str, ...]
) -> Choice:
    """The answer for some of a field.

    Args:
        field: What is compared, and in which cases.
        candidates: Of these, the fastest first.
        worth: The border.
        unseen: Who might be better than any of them and did not race.

    """
    worthy = [one for one in candidates if one.mean.inverse.is_above(worth)]
    worthy = [one for one in worthy if not one.losses] or worthy
    if worthy:
        return _use(field, candidates, worthy, worth, unseen=bool(unseen))
    open_ = [one for one in candidates if not one.mean.inverse.is_below(worth)]
    unknown = unseen or field.missing or not (candidates or _all_at_fault(field))
    if open_ or not field.cases or unknown:
        leader = next(iter(open_ or candidates), None)
        return Choice(
            answer=Answer.UNRESOLVED,
            confidence=Confidence.LOW,
            contestant=leader.name if leader else "",
        )
    against = [
        case
        for case in field.cases
        for one in candidates
        if one.by_case[case].inverse.is_above(worth)
    ]
    below = all(
        found.inverse.is_below(worth) for one in candidates for found in one.by_case.values()
    )
    return Choice(
        answer=Answer.USE_REFERENCE,
        confidence=_confidence(field, everywhere=below, contradicted=bool(against)),
        contestant=field.reference,
        against=tuple(dict.fromkeys(against)),
    )


def _use(
    field: Field,
    candidates: Sequence[Candidate],
    worthy: Sequence[Candidate],
    worth: float,
    *,
    unseen: bool,
) -> Choice:
    leader = worthy[0]
    # Of whom it is not known whether they are worth it, nobody may say that another is better.
    near = [
        one
        for one in candidates
        if one is leader
        or (
            (one in worthy or not (one.losses or one.mean.inverse.is_below(worth)))
            and not _is_worth(field.mean_between(leader.name, one.name), worth)
        )
    ]
    toolchains = dict.fromkeys(one.toolchain for one in near)
    equals = sorted(
        (_of_toolchain(field, near, name, worth) for name in toolchains),
        key=lambda one: (not one.mean.inverse.is_above(worth), one.cost.order),
    )
    known = all(one.mean.inverse.is_above(worth) for one in equals)
    pairs = [(one, other) for one in equals for other in equals if one is not other]
    lost = [case for one in equals for case in one.losses]
    apart = [
        case
        for one, other in pairs
        for case in field.cases
        if _is_worth(field.between(one.name, other.name, case), worth)
    ]
    told = all(are_equal(field.mean_between(a.name, b.name), worth) for a, b in pairs)
    everywhere = all(
        found.inverse.is_above(worth) for one in equals for found in one.by_case.values()
    ) and (
        all(
            are_equal(field.between(a.name, b.name, case), worth)
            for a, b in pairs
            for case in field.cases
        )
    )
    return Choice(
        answer=Answer.NO_DIFFERENCE if len(equals) > 1 else Answer.USE,
        confidence=_confidence(
            field,
            everywhere=everywhere and not unseen,
            contradicted=bool(lost or apart or field.missing)
            or not (told and known)
            or any(one.built_for for one in equals),
        ),
        contestant=equals[0].name,
        equals=tuple(equals),
        against=tuple(dict.fromkeys((*lost, *apart))),
    )


def _of_toolchain(
    field: Field, near: Sequence[Candidate], toolchain: str, worth: float
) -> Candidate:
    """The fastest of a toolchain, or one that needs fewer threads and is shown to lose nothing."""
    own = [one for one in near if one.toolchain == toolchain]
    as_good = (
        one
        for one in own
        if one is own[0] or are_equal(field.mean_between(own[0].name, one.name), worth)
    )
    return min(as_good, key=lambda one: one.contestant.threads)


def _confidence(field: Field, *, everywhere: bool, contradicted: bool) -> Confidence:
    if contradicted:
        return Confidence.LOW
    undisturbed = not (field.doubtful or field.stopped or field.spoiled or field.unasked)
    return Confidence.HIGH if everywhere and undisturbed else Confidence.MEDIUM


def _all_at_fault(field: Field) -> bool:
    """Whether nobody is eligible since nobody is right, which is an answer too."""
    faults = (Wrong, Crashed, TimedOut)
    return bool(field.barred) and all(isinstance(one.outcome, faults) for one in field.barred)
