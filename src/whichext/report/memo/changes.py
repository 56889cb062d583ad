"""What would change the answer: what a reader whose situation is another one looks for."""

from __future__ import annotations

from collections.abc import Iterator

from whichext.judge.borders import MOST_WORTH, stretches
from whichext.judge.recommendation import Answer, Recommendation
from whichext.model.estimate import Estimate
from whichext.model.outcome import Fault, Measured, NotTried
from whichext.model.scorecard import Scorecard
from whichext.model.units import ratio_text
from whichext.report.memo.answer import (
    others_best,
    what_it_takes,
    what_to_do,
)
from whichext.report.memo.markdown import (
    bullets,
    capital,
    code,
    codes,
    margin_text,
    plain,
    worth_text,
)
from whichext.report.memo.speed import share_text
from whichext.report.outcome_words import Lack, find_lack

_AT_THE_LIMIT = 0.9


def change_blocks(scorecard: Scorecard, found: Recommendation) -> Iterator[str]:
    """One point for each thing that would."""
    checks = (_one_thread, _other_sizes, _better_elsewhere, _there_already, _undecided, _barred)
    points = [point for check in checks for point in check(found)]
    points += [*_at_the_limit(scorecard, found), *_worth(found)]
    yield from bullets(points)


def _one_thread(found: Recommendation) -> Iterator[str]:
    if any(one.contestant.threads > 1 for one in found.overall.equals):
        serial = found.serial
        gains = [
            f"{code(one.name)} is {margin_text(one.mean)} as fast as {code(found.field.reference)}"
            for one in serial.equals
        ]
        text = ", ".join([what_to_do(serial), *gains])
        yield f"**No threads allowed**: {text} (confidence: {serial.confidence})."


def _other_sizes(found: Recommendation) -> Iterator[str]:
    """Cases in which the answer is another one, be it that they decide or not."""
    field, worth = found.field, found.worth
    equals = found.overall.equals
    for case, raced in field.timings.items():
        here = {
            one.name: field.between(one.name, field.reference, case)
            for one in equals or field.candidates
            if one.name in raced
        }
        other = {name: one for name, one in here.items() if one.clears(worth) is not bool(equals)}
        if not other:
            continue
        if not equals:  # one that is worth it will do
            best = max(other, key=lambda name: other[name].times)
            other = {best: other[best]}
        below = all(one.stays_below(worth) for one in other.values())
        kind = "not worth it" if below else "perhaps not worth it" if equals else "worth it"
        listed = ", ".join(f"{code(name)} is {margin_text(one)}" for name, one in other.items())
        yield f"**Mostly {code(case)}**: {kind}, {listed} as fast as {code(field.reference)}."


def _better_elsewhere(found: Recommendation) -> Iterator[str]:
    """Cases in which somebody else is worth it instead of one that is recommended."""
    field = found.field
    for one in found.overall.equals:
        for case in field.timings:
            rivals = [
                (field.between(other.name, one.name, case), other.name)
                for other in field.candidates
                if {one.name, other.name} <= field.timings[case].keys()
            ]
            better = [rival for rival in rivals if rival[0].clears(found.worth)]
            if better:
                margin, name = max(better, key=lambda rival: rival[0].times)
                yield (
                    f"**Mostly {code(case)}**: {code(name)} is {margin_text(margin)} as fast as "
                    f"{code(one.name)}."
                )


def _there_already(found: Recommendation) -> Iterator[str]:
    """What those get who build with another toolchain anyway, where it is any gain."""
    field = found.field
    for one in others_best(field, found.overall):
        if found.overall.answer is Answer.UNRESOLVED or not one.mean.clears(1):
            continue
        gain = f"{code(one.name)} is {margin_text(one.mean)} as fast as {code(field.reference)}"
        if one.losses:
            gain += f" (slower in {codes(one.losses)})"
        for first in found.overall.equals[:1]:
            between = margin_text(field.mean_between(first.name, one.name))
            gain += f", and {code(first.name)} {between} as fast as that"
        yield f"**{capital(one.toolchain)} is there already**: {gain}."


def _undecided(found: Recommendation) -> Iterator[str]:
    """Those among the recommended of whom it is not known that they are worth it."""
    for one in found.overall.equals:
        if not one.mean.clears(found.worth):
            yield (
                f"**{code(one.name)} known better**: now it is {margin_text(one.mean)} as fast as "
                f"{code(found.field.reference)}. {what_it_takes(one.mean, found.worth)}"
            )


def _barred(found: Recommendation) -> Iterator[str]:
    absent: dict[Lack, list[str]] = {}
    refusing, faulty = [], []
    for one in found.field.barred:
        if isinstance(one.outcome, NotTried):
            absent.setdefault(find_lack(one.outcome), []).append(one.name)
        elif isinstance(one.outcome, Fault):
            faulty.append(one.name)
        else:
            refusing.append(one.name)
    if absent:
        lacking = (
            f"{codes(names)} for want of {plain(lack.missing)} ({plain(lack.remedy)})"
            for lack, names in absent.items()
        )
        yield f"**Who did not race** might be faster: {'; '.join(lacking)}."
    if refusing:
        yield f"**Not all cases needed**: then {codes(refusing)} might do, see *Safety*."
    if faulty:
        yield f"**{codes(faulty)} mended**: how fast that would be, nobody knows yet."


def _at_the_limit(scorecard: Scorecard, found: Recommendation) -> Iterator[str]:
    near: dict[str, list[str]] = {}
    for one in found.overall.equals:
        for case, estimate in _estimates(scorecard, one.name).items():
            if case in found.field.cases and (estimate.share_low or 0.0) >= _AT_THE_LIMIT:
                near.setdefault(one.name, []).append(f"{code(case)} {share_text(estimate)}")
    if near:
        shares = "; ".join(f"{code(name)}: {', '.join(cases)}" for name, cases in near.items())
        yield (
            f"**Not another language**: this is at the limit of the machine ({shares}). "
            "Only another machine makes it faster."
        )


def _estimates(scorecard: Scorecard, name: str) -> dict[str, Estimate]:
    return {
        row.case: row.outcome.estimate
        for row in scorecard.rows
        if row.contestant == name and isinstance(row.outcome, Measured)
    }


def _worth(found: Recommendation) -> Iterator[str]:
    """The answers for other values of `--worth`."""
    first, *rest = stretches(found.field)
    courses = [what_to_do(first.choice)]
    courses += [
        f"from about {ratio_text(part.worth)} on, {what_to_do(part.choice)}" for part in rest
    ]
    if not rest:
        courses[0] += f", from 1 to {worth_text(MOST_WORTH)}"
    yield f"**Another `--worth`** (here {worth_text(found.worth)}): {'; '.join(courses)}."
