"""What would change the answer: what a reader whose situation is another one looks for."""

from __future__ import annotations

from collections.abc import Iterator

from whichext.judge.borders import MOST_WORTH, stretches
from whichext.judge.recommendation import Answer, Recommendation
from whichext.model.outcome import Fault, Measured, NotTried
from whichext.model.ratio import Ratio
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
    plain,
    worth_text,
)
from whichext.report.memo.speed import share_text
from whichext.report.outcome_words import Lack, find_lack
from whichext.report.ratios import speed_up_text

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
            f"{code(one.name)} is {speed_up_text(one.mean)} as fast as "
            f"{code(found.field.reference)}"
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
        other = {
            name: ratio
            for name, ratio in here.items()
            if ratio is not None and ratio.inverse.is_above(worth) is not bool(equals)
        }
        if not other:
            continue
        if not equals:  # one that is worth it will do
            best = min(other, key=lambda name: other[name].value)
            other = {best: other[best]}
        below = all(one.inverse.is_below(worth) for one in other.values())
        kind = "not worth it" if below else "perhaps not worth it" if equals else "worth it"
        listed = ", ".join(f"{code(name)} is {speed_up_text(one)}" for name, one in other.items())
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
            better = [
                (ratio, name)
                for ratio, name in rivals
                if ratio is not None and ratio.inverse.is_above(found.worth)
            ]
            if better:
                ratio, name = min(better, key=lambda rival: rival[0].value)
                yield (
                    f"**Mostly {code(case)}**: {code(name)} is {speed_up_text(ratio)} as fast as "
                    f"{code(one.name)}."
                )


def _there_already(found: Recommendation) -> Iterator[str]:
    """What those get who build with another toolchain anyway, where it is any gain."""
    field = found.field
    for one in others_best(field, found.overall):
        if found.overall.answer is Answer.UNRESOLVED or not one.mean.inverse.is_above(1):
            continue
        gain = f"{code(one.name)} is {speed_up_text(one.mean)} as fast as {code(field.reference)}"
        if one.losses:
            gain += f" (slower in {codes(one.losses)})"
        for first in found.overall.equals[:1]:
            between = field.mean_between(first.name, one.name)
            if between is not None:
                gain += f", and {code(first.name)} {speed_up_text(between)} as fast as that"
        yield f"**{capital(one.toolchain)} is there already**: {gain}."


def _undecided(found: Recommendation) -> Iterator[str]:
    """Those among the recommended of whom it is not known that they are worth it."""
    for one in found.overall.equals:
        if not one.mean.inverse.is_above(found.worth):
            yield (
                f"**{code(one.name)} known better**: now it is {speed_up_text(one.mean)} as fast "
                f"as {code(found.field.reference)}. {what_it_takes(one.mean, found.worth)}"
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
        for case, of_limit in _shares(scorecard, one.name).items():
            if case in found.field.cases and (of_limit.low or 0.0) >= _AT_THE_LIMIT:
                near.setdefault(one.name, []).append(f"{code(case)} {share_text(of_limit)}")
    if near:
        shares = "; ".join(f"{code(name)}: {', '.join(cases)}" for name, cases in near.items())
        yield (
            f"**Not another language**: this is at the limit of the machine ({shares}). "
            "Only another machine makes it faster."
        )


def _shares(scorecard: Scorecard, name: str) -> dict[str, Ratio]:
    """A contestant's shares of the limit, by case."""
    measured = {
        row.case: row.outcome.of_limit
        for row in scorecard.rows
        if row.contestant == name and isinstance(row.outcome, Measured)
    }
    return {case: share for case, share in measured.items() if share is not None}


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
