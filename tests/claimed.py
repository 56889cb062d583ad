"""Claims about imaginary contestants, and races that they are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from builders import SMALL, TALL, changed, make_contestant, make_timing, make_view, rejudged
from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.hold import hold, with_claims
from whichext.judge.claims.trials import Trial
from whichext.model.claim import ClaimResult
from whichext.model.contestant import Factor
from whichext.model.view import View

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


def make_races(times_ns: Mapping[str, Mapping[str, Sequence[float]]]) -> View:
    """A race in "small" and "tall": one time per epoch for each contestant, by case."""
    timings = [
        make_timing(name, epochs_ns, case)
        for case, contestants in times_ns.items()
        for name, epochs_ns in contestants.items()
    ]
    names = list(dict.fromkeys(timing.contestant for timing in timings))
    return rejudged(make_view(timings=timings, cases=(SMALL, TALL), names=names))


def with_factors(view: View, **values: str) -> View:
    """The view with the same declared factors for all contestants, beside their toolchains."""
    factors = tuple(Factor(name, value) for name, value in values.items())
    contestants = tuple(
        msgspec.structs.replace(contestant, factors=(*contestant.factors, *factors))
        for contestant in view.raw.contestants
    )
    return changed(view, contestants=contestants)


def held(text: str, view: View) -> ClaimResult:
    """What becomes of a claim."""
    return hold(trial_of(text), view)


def with_held(view: View, *texts: str) -> View:
    """The result with what becomes of these claims."""
    return with_claims(view, [trial_of(text) for text in texts])
