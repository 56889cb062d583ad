"""The recommendation: what to do, why, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from whichext.judge.candidates import Candidate, Field
from whichext.judge.costs import Cost
from whichext.judge.recommendation import (
    Answer,
    Choice,
    Confidence,
    Recommendation,
    are_equal,
)
from whichext.model.ratio import Ratio
from whichext.report.memo.markdown import capital, code, codes, listed, worth_text
from whichext.report.memo.shown import best_of, toolchains
from whichext.report.ratios import speed_up_text

_DEFINITION = (
    "_High: the answer holds in every case with the whole interval, by more than the noise, and "
    "nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a "
    "case speaks against it, something that could change it is not known, or its build does not "
    "run on every processor._"
)


def answer_blocks(found: Recommendation) -> Iterator[str]:
    """The answer with any number of threads, then the one with a single thread."""
    yield f"**{_sentence(found, found.overall)}** {_advice(found.overall)}".rstrip()
    yield reason(found, found.overall)
    yield f"Confidence: **{found.overall.confidence}**{_why_not_high(found, found.overall)}."
    if is_parallel(found):
        serial = _sentence(found, found.serial)
        yield (
            f"Where a call may use one thread only: **{serial}** {reason(found, found.serial)} "
            f"Confidence: **{found.serial.confidence}**{_why_not_high(found, found.serial)}."
        )
    yield _DEFINITION


def is_parallel(found: Recommendation) -> bool:
    """Whether threads make a difference to who takes part."""
    return any(one.contestant.parallel for one in found.field.candidates)


def what_to_do(choice: Choice) -> str:
    """The answer in a few words."""
    if choice.answer is Answer.UNRESOLVED:
        return "unresolved"
    return f"use {codes([one.name for one in choice.equals] or [choice.contestant], 'or')}"


def reason(found: Recommendation, choice: Choice) -> str:
    """What the answer rests on, every ratio with its interval."""
    match choice.answer:
        case Answer.USE | Answer.NO_DIFFERENCE:
            return " ".join(_why_use(found, choice))
        case Answer.USE_REFERENCE:
            return _why_reference(found, choice)
        case Answer.UNRESOLVED:
            return _why_unresolved(found, choice)


def where(field: Field) -> str:
    """Over what a mean is taken."""
    if len(field.cases) == 1:
        return f"in {code(field.cases[0])}, the only case that decides,"
    return f"in the geometric mean of {len(field.cases)} cases"


def what_it_takes(mean: Ratio, worth: float) -> str:
    """What would tell on which side of the border a speed-up lies; a sentence.

    Args:
        mean: Time of a candidate over that of the reference.
        worth: The border.

    """
    if mean.low is None:
        return "One epoch gives no interval: race longer, with `--max-time`."
    more = mean.inverse.growth_to_tell(worth)
    if more is None:
        return (
            f"That is as close to {worth_text(worth)} as two copies of the same code are to each "
            "other here: more epochs will not tell."
        )
    return (
        f"About {max(2, round(more)):,} times as many epochs as there were would probably tell "
        f"(a case had {mean.epochs} at least)."
    )


def needs(cost: Cost) -> str:
    """What one must have, in a few words."""
    brought = [code(tool.name) for tool in cost.requires]
    compilers = [code(name) for name in cost.toolchains]
    parts = [*compilers, *(f"the package {name}" for name in brought)]
    return f"needs {listed(parts)}" if parts else "needs no compiler"


def _sentence(found: Recommendation, choice: Choice) -> str:
    match choice.answer:
        case Answer.USE:
            return f"Use {code(choice.contestant)}."
        case Answer.NO_DIFFERENCE:
            names = codes((one.name for one in choice.equals), "or")
            return f"Use {names}: no difference worth a toolchain was found between them."
        case Answer.USE_REFERENCE:
            return f"Use {code(found.field.reference)}."
        case Answer.UNRESOLVED:
            return f"Unresolved: whether anything is worth it cannot be told from {_this(found)}."


def _this(found: Recommendation) -> str:
    return "this race" if found.field.cases else "this result"


def _advice(choice: Choice) -> str:
    """Whom to take of several, for those who build with none of their toolchains."""
    if choice.answer is not Answer.NO_DIFFERENCE:
        return ""
    costs = "; ".join(f"{code(one.name)} {needs(one.cost)}" for one in choice.equals)
    return (
        f"Take the one that your project builds already; if it builds none, "
        f"{code(choice.contestant)} costs least ({costs})."
    )


def _why_use(found: Recommendation, choice: Choice) -> Iterator[str]:
    field = found.field
    first, *others = choice.equals
    times = [f"{code(one.name)} {speed_up_text(one.mean)}" for one in others]
    also = f" ({', '.join(times)})" if times else ""
    yield (
        f"{capital(where(field))} {code(first.name)} is {speed_up_text(first.mean)} as fast as "
        f"{code(field.reference)}{also}."
    )
    if len(field.cases) > 1:
        (least, low), *_, (most, high) = sorted(
            first.by_case.items(), key=lambda item: -item[1].value
        )
        yield (
            f"Least in {code(least)}: {speed_up_text(low)}; "
            f"most in {code(most)}: {speed_up_text(high)}."
        )
    for one in others:
        between = field.mean_between(first.name, one.name)
        if between is not None:
            yield (
                f"Measured against each other, {code(first.name)} is {speed_up_text(between)} as "
                f"fast as {code(one.name)}."
            )
    if not others:
        yield from _ahead_of_others(field, first)
    for one in choice.equals:
        for case in one.losses:
            yield (
                f"But in {code(case)}, {code(one.name)} is slower than {code(field.reference)}: "
                f"{speed_up_text(one.by_case[case])}."
            )


def _ahead_of_others(field: Field, first: Candidate) -> Iterator[str]:
    others = [one for one in field.candidates if one.toolchain != first.toolchain]
    between = field.mean_between(first.name, others[0].name) if others else None
    if between is not None:
        yield (
            f"It is {speed_up_text(between)} as fast as {code(others[0].name)}, the best with "
            "another toolchain."
        )
    elif len(toolchains(field)) == 1:
        yield "Nobody with another toolchain could be compared."


def _why_reference(found: Recommendation, choice: Choice) -> str:
    field = found.field
    best = _field_of(found, choice)
    if not best:
        return "Nothing else that was asked for gives the right answer in all cases."
    text = (
        f"{capital(where(field))} nothing is {worth_text(found.worth)} times as fast. "
        f"The best, {code(best[0].name)}, is {speed_up_text(best[0].mean)} as fast as "
        f"{code(field.reference)}."
    )
    if choice.against:
        text += f" But something is in {codes(choice.against)}; see below."
    return text


def _field_of(found: Recommendation, choice: Choice) -> tuple[Candidate, ...]:
    """Among whom a choice was made, the fastest first."""
    if choice is found.overall:
        return found.field.candidates
    return tuple(one for one in found.field.candidates if one.contestant.threads == 1)


def _why_unresolved(found: Recommendation, choice: Choice) -> str:
    field = found.field
    if not field.cases:
        return f"{code(field.reference)} itself was not measured in any case that decides."
    one = next((c for c in field.candidates if c.name == choice.contestant), None)
    unseen = field.never_alone if choice is not found.overall else ()
    alone = (
        f"{codes(unseen)} can use any number of threads and did not race with one: race again "
        "with `--threads 1` beside the other counts."
    )
    if one is None:
        return alone if unseen else "Nobody was there to compare: see *Safety* for the reasons."
    text = (
        f"{capital(where(field))} the best that raced, {code(one.name)}, is "
        f"{speed_up_text(one.mean)} as fast as {code(field.reference)}."
    )
    if not one.mean.inverse.is_below(found.worth):
        return f"{text} {what_it_takes(one.mean, found.worth)}"
    if unseen:
        return f"{text} But {alone}"
    verbs = ("decides", "was") if len(field.missing) == 1 else ("decide", "were")
    return f"{text} But {codes(field.missing)} {verbs[0]} as well and {verbs[1]} not measured."


def _why_not_high(found: Recommendation, choice: Choice) -> str:
    """What speaks against more confidence, in few words."""
    if choice.confidence is Confidence.HIGH:
        return ""
    field = found.field
    apart = [
        one
        for one in choice.equals[1:]
        if not are_equal(field.mean_between(choice.contestant, one.name), found.worth)
    ]
    unseen = choice.equals and choice is not found.overall and field.never_alone
    verb = "was" if len(field.missing) == 1 else "were"
    unknown = [one.name for one in choice.equals if not one.mean.inverse.is_above(found.worth)]
    bound = [one for one in choice.equals if one.built_for]
    reasons = [
        *[f"whether {codes(unknown)} is worth it is not known"] * bool(unknown),
        *[
            f"{code(one.name)} is built for {listed(one.built_for)}, so that its wheel may crash "
            "on other processors"
            for one in bound
        ],
        *[f"{codes(choice.against)} speaks against it"] * bool(choice.against),
        *["these cannot be told apart well enough"] * bool(apart),
        *[f"{codes(field.missing)} {verb} not measured"] * bool(field.missing),
        *[f"{codes(field.never_alone)} did not race with one thread"] * bool(unseen),
        *[f"the race of {codes(field.doubtful)} was disturbed"] * bool(field.doubtful),
        *[f"{codes(field.unasked)} did not race"] * bool(field.unasked),
        *["the run ended before it was done"] * field.stopped,
        *["some are built unlike others, see *Safety*"] * field.spoiled,
    ]
    if not reasons and choice.answer is not Answer.UNRESOLVED:
        reasons = ["it does not hold in every case by itself"]
    return f": {'; '.join(reasons)}" if reasons else ""


def others_best(field: Field, choice: Choice) -> tuple[Candidate, ...]:
    """The best of each toolchain that is not recommended."""
    taken = {one.toolchain for one in choice.equals}
    return tuple(
        one
        for toolchain in toolchains(field)
        if toolchain not in taken
        for one in sorted(
            (
                *best_of(field, toolchain, parallel=False),
                *best_of(field, toolchain, parallel=True),
            ),
            key=lambda candidate: candidate.mean.value,
        )[:1]
    )
