"""Claims about imaginary contestants, and races that they are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from builders import SMALL, TALL, make_contestant, make_scorecard, make_timing
from whichext.judge import judge_all
from whichext.judge.claims.finding import Finding
from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.hold import hold
from whichext.judge.claims.trial import Trial
from whichext.model.contestant import Factor
from whichext.model.scorecard import Scorecard

OURS, OTHER, DEBUG = "rust.total", "cy.total", "cy.total@debug"


def trial_of(text: str) -> Trial:
    """A claim whose contestants are the imaginary ones of these names; in "small" by default."""
    claim = parse_claim(text)
    return Trial(
        claim=claim,
        one=make_contestant(claim.one.text),
        other=None if claim.other is None else make_contestant(claim.other.text),
        cases=tuple(word.text for word in claim.cases) or ("small",),
    )


def make_races(times_ns: Mapping[str, Mapping[str, Sequence[float]]]) -> Scorecard:
    """A race in "small" and "tall": one time per epoch for each contestant, by case."""
    timings = [
        make_timing(name, epochs_ns, case)
        for case, contestants in times_ns.items()
        for name, epochs_ns in contestants.items()
    ]
    names = list(dict.fromkeys(timing.contestant for timing in timings))
    return judge_all(make_scorecard(timings=timings, cases=(SMALL, TALL), names=names))


def with_factors(scorecard: Scorecard, **values: str) -> Scorecard:
    """The scorecard with the same declared factors for all contestants, beside their toolchains."""
    factors = tuple(Factor(name, value) for name, value in values.items())
    contestants = tuple(
        msgspec.structs.replace(contestant, factors=(*contestant.factors, *factors))
        for contestant in scorecard.contestants
    )
    return msgspec.structs.replace(scorecard, contestants=contestants)


def held(text: str, scorecard: Scorecard) -> Finding:
    """What becomes of a claim."""
    return hold(trial_of(text), scorecard)
