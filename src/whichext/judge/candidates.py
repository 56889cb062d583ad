"""Among whom somebody chooses who has to ship it: who is eligible, who is not, and how fast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from whichext.judge import judge_again
from whichext.judge.costs import Cost, find_cost
from whichext.judge.doubts import doubtful_cases
from whichext.judge.ratios import direct_ratio
from whichext.judge.steal import counted
from whichext.judge.verdicts import CONFIDENCE
from whichext.model.contestant import Contestant, Role
from whichext.model.findings import is_a_surprise
from whichext.model.outcome import Measured, NotReached, Outcome
from whichext.model.ratio import Ratio, Verdict, mean_of
from whichext.model.scorecard import Scorecard, Timing
from whichext.toolchains.profiles import Profile


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Who may be recommended: right in every case, and built as users of a wheel get it."""

    contestant: Contestant
    """Who."""
    by_case: Mapping[str, Ratio]
    """Its time over the reference's in each case that decides."""
    mean: Ratio
    """The geometric mean over these."""
    cost: Cost
    """What it takes to have it."""
    built_for: tuple[str, ...] = ()
    """Instructions that all of its code may use and not every processor has, such as "native":
    its wheel may crash elsewhere, whatever the profile's name."""

    @property
    def name(self) -> str:
        """The contestant's name."""
        return self.contestant.name

    @property
    def toolchain(self) -> str:
        """What a project would take on with it; the project's name where it is not declared."""
        factors = {factor.name: factor.value for factor in self.contestant.factors}
        return factors.get("toolchain") or self.contestant.project or self.contestant.entry

    @property
    def losses(self) -> tuple[str, ...]:
        """Cases in which it is slower than the reference."""
        slower = Verdict.SLOWER
        return tuple(case for case, ratio in self.by_case.items() if ratio.verdict is slower)


@dataclass(frozen=True, kw_only=True)
class Barred:
    """Somebody who is never recommended, and why."""

    name: str
    """The contestant's name."""
    outcome: Outcome
    """What became of it."""
    cases: tuple[str, ...]
    """The cases in which that became of it."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """All that a choice is made from."""

    reference: str
    """What everybody has already."""
    cases: tuple[str, ...]
    """The cases that decide."""
    missing: tuple[str, ...]
    """Cases that should decide, and in which the reference was not measured."""
    candidates: tuple[Candidate, ...]
    """Who may be recommended, the fastest in the mean first."""
    barred: tuple[Barred, ...]
    """Who may not, though it was asked for."""
    never_alone: tuple[str, ...]
    """Entries of candidates that take a thread count and were not to race with one thread."""
    doubtful: tuple[str, ...]
    """Of the cases that decide, those whose race was disturbed."""
    stopped: bool
    """Whether the run ended before it was done."""
    spoiled: bool
    """Whether the audit found what a comparison cannot be read without."""
    timings: Mapping[str, Mapping[str, Timing]]
    """What counts of the samples of those that stayed in the race, by case and contestant, for all
    cases in which the reference was measured."""
    noise: Mapping[str, float | None]
    """Each case's noise floor."""
    unasked: tuple[str, ...] = ()
    """Entries of the kernel that were left out of the race; any of them might be better."""

    @cached_property
    def _found(self) -> dict[tuple[str, str, str], Ratio | None]:
        return {}

    def between(self, one: str, other: str, case: str) -> Ratio | None:
        """Time of one over time of another in a case; None where they share no round of it."""
        key = (one, other, case)
        if key not in self._found:
            raced = self.timings[case]
            noise = self.noise[case]
            self._found[key] = direct_ratio(raced[one], raced[other], CONFIDENCE, noise)
        return self._found[key]

    def mean_between(self, one: str, other: str) -> Ratio | None:
        """The same over the cases that decide, for two candidates."""
        found = [self.between(one, other, case) for case in self.cases]
        known = [ratio for ratio in found if ratio is not None]
        return mean_of(known) if len(known) == len(found) else None


def find_field(scorecard: Scorecard, entries: tuple[str, ...] = ()) -> Field:
    """Who may be recommended, whatever the run's baseline was.

    Args:
        scorecard: A judged result.
        entries: All entries that the kernel has, as far as they are known.

    """
    reference = next(c.name for c in scorecard.contestants if c.role is Role.REFERENCE)
    if scorecard.baseline != reference:
        scorecard = judge_again(scorecard, reference)
    outcomes = {(row.case, row.contestant): row.outcome for row in scorecard.rows}
    asked = deciding_cases(scorecard)
    noise = {course.case: course.noise_floor for course in scorecard.courses}
    timings = {
        case: {
            name: timing
            for name, timing in counted(scorecard.timings, case).items()
            if isinstance(outcomes.get((case, name)), Measured)
        }
        for case in noise
        if _is_baseline(outcomes.get((case, reference)))
    }
    cases = tuple(case for case in asked if case in timings)
    shippable = [
        contestant
        for contestant in scorecard.contestants
        if contestant.role is Role.ENTRY and contestant.profile == Profile.RELEASE
    ]
    barred = tuple(one for c in shippable for one in _barred(c.name, cases or asked, outcomes))
    out = {one.name for one in barred}
    candidates = [
        _candidate(scorecard, contestant, _ratios(contestant.name, cases, outcomes))
        for contestant in shippable
        if cases and contestant.name not in out
    ]
    alone = {contestant.entry for contestant in shippable if contestant.threads == 1}
    return Field(
        reference=reference,
        cases=cases,
        missing=tuple(case for case in asked if case not in cases),
        candidates=tuple(sorted(candidates, key=lambda one: one.mean.value)),
        barred=barred,
        never_alone=tuple(
            dict.fromkeys(
                one.contestant.entry for one in candidates if one.contestant.entry not in alone
            )
        ),
        doubtful=tuple(case for case in doubtful_cases(scorecard) if case in cases),
        stopped=bool(scorecard.stopped),
        spoiled=any(map(is_a_surprise, scorecard.findings)),
        unasked=tuple(
            entry
            for entry in entries
            if entry not in {contestant.entry for contestant in scorecard.contestants}
        ),
        timings=timings,
        noise=noise,
    )


def _candidate(
    scorecard: Scorecard, contestant: Contestant, by_case: Mapping[str, Ratio]
) -> Candidate:
    return Candidate(
        contestant=contestant,
        by_case=by_case,
        mean=mean_of(by_case.values()),
        cost=find_cost(scorecard, contestant),
        built_for=next((one.isa for one in scorecard.evidence if one.is_of(contestant)), ()),
    )


def deciding_cases(scorecard: Scorecard) -> tuple[str, ...]:
    """The cases that decide: those of no family, where there are any.

    A family shows how times go with one thing, such as the size. It has as many cases as its author
    found telling, which must not outweigh those that the question is about.
    """
    plain = tuple(case.name for case in scorecard.cases if not case.family)
    return plain or tuple(case.name for case in scorecard.cases)


def _is_baseline(outcome: Outcome | None) -> bool:
    """Whether ratios of the case refer to it: where it was lost, another stood in for it."""
    return isinstance(outcome, Measured) and outcome.ratio.verdict is Verdict.BASELINE


def _ratios(
    name: str, cases: Iterable[str], outcomes: Mapping[tuple[str, str], Outcome]
) -> dict[str, Ratio]:
    """A contestant's time over the reference's, in each case in which it was measured."""
    found = {case: outcomes[case, name] for case in cases}
    return {case: one.ratio for case, one in found.items() if isinstance(one, Measured)}


def _barred(
    name: str, cases: Iterable[str], outcomes: Mapping[tuple[str, str], Outcome]
) -> Iterable[Barred]:
    """The first of what keeps a contestant from being recommended, with all its cases."""
    found = {case: outcomes.get((case, name), NotReached()) for case in cases}
    reasons = [outcome for outcome in found.values() if not isinstance(outcome, Measured)]
    if reasons:
        alike = tuple(case for case, outcome in found.items() if outcome == reasons[0])
        yield Barred(name=name, outcome=reasons[0], cases=alike)
