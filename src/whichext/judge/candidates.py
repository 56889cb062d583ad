"""The candidates for a recommendation, their speed and cost, and why others are excluded.

Ratios are to the reference, whatever the run's baseline was.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from whichext.judge.insights import doubtful_cases
from whichext.judge.memory import find_extra
from whichext.judge.ratios import CONFIDENCE, ratio_in
from whichext.judge.tails import tail_ratio
from whichext.model.contestant import RELEASE, Contestant, Role
from whichext.model.decision import Barred, Candidate, Cost, Grounds
from whichext.model.evidence import Compiling
from whichext.model.outcome import (
    Built,
    Crashed,
    Measured,
    NotReached,
    NotTried,
    Outcome,
    TimedOut,
    Wrong,
)
from whichext.model.ratio import Comparison, Ratio, Verdict, mean_of
from whichext.model.view import View
from whichext.toolchains import companions, compilers, foreign_libraries


class Speeds:
    """Contestants measured against each other, each pair once."""

    def __init__(self, view: View, deciding: tuple[str, ...]) -> None:
        self._view, self._deciding = view, deciding
        self._found: dict[tuple[str, str, str], Ratio | None] = {}

    def in_case(self, one: str, other: str, case: str) -> Ratio | None:
        """Time of one over that of another; None where they share no round of the case."""
        key = (one, other, case)
        if key not in self._found:
            self._found[key] = self._measured(*key)
        return self._found[key]

    def in_the_mean(self, one: str, other: str) -> Ratio | None:
        """The same over the deciding cases; None where they share no round in one of them."""
        found = [self.in_case(one, other, case) for case in self._deciding]
        known = [ratio for ratio in found if ratio is not None]
        return mean_of(known) if known and len(known) == len(found) else None

    def compared(self, one: str, other: str) -> Comparison | None:
        """The same with the names of the two."""
        ratio = self.in_the_mean(one, other)
        if ratio is None:
            return None
        return Comparison(contestant=one, other=other, ratio=ratio)

    def _measured(self, one: str, other: str, name: str) -> Ratio | None:
        case = self._view.cases[name]
        if not {one, other} <= case.measured.keys():
            return None
        if case.measured[other].ratio.verdict is Verdict.BASELINE:
            return case.measured[one].ratio
        return ratio_in(case, one, other, CONFIDENCE)


@dataclass
class Least:
    """A threshold that notes at which larger threshold an answer would change."""

    value: float
    """How many times as fast."""
    next: float = math.inf
    """The nearest greater one at which an answer given here would be another one."""

    def is_above(self, speed_up: Ratio) -> bool:
        """Whether a speed-up is above it."""
        self._note(speed_up.above_up_to)
        return speed_up.is_above(self.value)

    def is_below(self, speed_up: Ratio) -> bool:
        """Whether a speed-up is below it."""
        self._note(speed_up.below_from)
        return speed_up.is_below(self.value)

    def is_gained(self, ratio: Ratio | None) -> bool:
        """Whether the first of two is that many times as fast; False without a common round."""
        return ratio is not None and self.is_above(ratio.inverse)

    def parts(self, ratio: Ratio | None) -> bool:
        """Whether one of two may be that many times as fast; True without a common round."""
        if ratio is None:
            return True
        self._note(ratio.below_from)
        self._note(ratio.inverse.below_from)
        return not ratio.is_within(self.value)

    def _note(self, threshold: float | None) -> None:
        if threshold is not None and self.value < threshold < self.next:
            self.next = threshold


class Basis(Grounds, frozen=True, kw_only=True):
    """Everything that a recommendation depends on."""

    view: View
    """The result."""
    speeds: Speeds
    """What it compares by."""
    unseen: tuple[str, ...] = ()
    """Entries that might be better than what is chosen from, and did not race with one thread."""

    @property
    def is_all_at_fault(self) -> bool:
        """Whether no candidate is eligible because none is right."""
        faults = (Wrong, Crashed, TimedOut)
        return bool(self.barred) and all(isinstance(one.outcome, faults) for one in self.barred)


def find_basis(view: View, min_speedup: float) -> Basis:
    """Find the eligible candidates, and why the others are excluded."""
    reference = view.reference.name
    asked = deciding_cases(view)
    raced = tuple(name for name, case in view.cases.items() if reference in case.measured)
    cases = _among(asked, raced)
    speeds = Speeds(view, cases)
    shippable = _shippable(view)
    times = {c.name: _times(speeds, c.name, reference, raced) for c in shippable}
    barred = tuple(one for c in shippable for one in _barred(view, c.name, cases or asked, times))
    out = {one.contestant for one in barred}
    eligible = [c for c in shippable if cases and c.name not in out]
    candidates = [_candidate(view, c, times[c.name], cases, min_speedup) for c in eligible]
    return Basis(
        view=view,
        speeds=speeds,
        min_speedup=min_speedup,
        reference=reference,
        cases=cases,
        other_cases=_apart_from(cases, raced),
        missing=_apart_from(cases, asked),
        candidates=tuple(sorted(candidates, key=lambda one: one.mean.value)),
        barred=barred,
        faults=find_faults(view, barred),
        never_alone=_never_alone(eligible, shippable),
        doubtful=_among(doubtful_cases(view), cases),
        unasked=_unasked(view),
    )


def _shippable(view: View) -> tuple[Contestant, ...]:
    """The contestants under the release profile, which is what users of a wheel get."""
    entries = (c for c in view.raw.contestants if c.role is Role.ENTRY)
    return tuple(c for c in entries if c.profile == RELEASE)


def _never_alone(
    eligible: Iterable[Contestant], shippable: Iterable[Contestant]
) -> tuple[str, ...]:
    """Entries of eligible candidates that did not race with one thread."""
    alone = [contestant.entry for contestant in shippable if contestant.threads == 1]
    return tuple(dict.fromkeys(_apart_from(alone, (c.entry for c in eligible))))


def _among(names: Iterable[str], these: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in these)


def _apart_from(these: Collection[str], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in these)


def deciding_cases(view: View) -> tuple[str, ...]:
    """The cases that decide: those of no family, where there are any.

    A family shows how times go with one thing, such as the size. It has as many cases as its author
    found telling, which must not outweigh those that the question is about.
    """
    plain = tuple(case.name for case in view.raw.cases if not case.family)
    return plain or tuple(case.name for case in view.raw.cases)


def find_faults(view: View, barred: Iterable[Barred]) -> tuple[Barred, ...]:
    """The faulty contestants other than the excluded ones that were tried."""
    told = {one.contestant for one in barred if not isinstance(one.outcome, NotTried)}
    cases: dict[str, tuple[Outcome, list[str]]] = {}
    for row in view.judged.rows:  # of the race as well as of what came before it
        if row.contestant not in told and isinstance(row.outcome, Crashed | TimedOut | Wrong):
            outcome, where = cases.setdefault(row.contestant, (row.outcome, []))
            where += [row.case] * (outcome == row.outcome)
    return tuple(
        Barred(contestant=name, outcome=outcome, cases=tuple(where))
        for name, (outcome, where) in cases.items()
    )


def weight_of(cost: Cost) -> tuple[int, int, int, int]:
    """Sort key of a cost, most important part first.

    A toolchain costs every build, on every platform and permanently; a package costs every user.
    Seconds and kilobytes come after both.
    """
    return len(cost.toolchains), len(cost.requires), cost.build_ns or 0, cost.wheel_bytes or 0


def find_cost(view: View, contestant: Contestant) -> Cost:
    """What a contestant costs under the release's settings, whatever its own are."""
    contestant = replace(contestant, profile=RELEASE)
    build, evidence = view.build_of(contestant), view.evidence_of(contestant)
    built = build.result if build is not None and isinstance(build.result, Built) else None
    tools = {tool.name: tool for tool in built.tools} if built else {}
    programs = compilers() | companions()
    found = _among(tools, programs)
    # A project of several libraries names them all, and each entry requires its own.
    required = (one.requires for one in view.raw.contestants if one.project == contestant.project)
    packages = _apart_from(programs.union(*required), tools)
    requires = _among(tools, contestant.requires)
    return Cost(
        toolchains=_apart_from(companions(), found),
        compilers=tuple(map(tools.__getitem__, found)),
        packages=tuple(map(tools.__getitem__, packages)),
        requires=tuple(map(tools.__getitem__, requires)),
        libraries=foreign_libraries(evidence.libraries) if evidence else (),
        build_ns=built.build_ns if built else None,
        wheel_bytes=built.wheel_bytes if built else None,
        code_lines=built.code_lines if built else None,
        compiling=_find_compiling(view, contestant),
    )


def _find_compiling(view: View, contestant: Contestant) -> Compiling | None:
    """What was seen of an entry under its settings, with whatever thread count."""
    seen = ((view.contestants[one.contestant], one) for one in view.raw.probes)
    wanted = (contestant.entry, contestant.profile)
    return next((p.compiling for one, p in seen if (one.entry, one.profile) == wanted), None)


def _candidate(
    view: View,
    contestant: Contestant,
    times: Mapping[str, Ratio],
    cases: tuple[str, ...],
    min_speedup: float,
) -> Candidate:
    mean = mean_of([times[case] for case in cases])
    evidence = (one for one in view.raw.evidence if one.is_of(contestant))
    return Candidate(
        contestant=contestant.name,
        threads=contestant.threads,
        toolchain=contestant.toolchain,
        by_case=times,
        least=max(cases, key=lambda case: times[case].value),
        most=min(cases, key=lambda case: times[case].value),
        mean=mean,
        side=mean.inverse.side_of(min_speedup),
        growth_to_tell=_growth_to_tell(view, mean, cases, min_speedup),
        losses=tuple(case for case in cases if times[case].verdict is Verdict.SLOWER),
        cost=find_cost(view, contestant),
        built_for=next((one.isa for one in evidence), ()),
        longer_tails=dict(_longer_tails(view, contestant.name, cases)),
        memory=find_extra(view, contestant.name, cases),
    )


def _longer_tails(view: View, name: str, cases: Iterable[str]) -> Iterator[tuple[str, Ratio]]:
    """The cases in which its tail is longer than the reference's, whatever its mean time is."""
    for case in map(view.cases.__getitem__, cases):
        one, reference = case.timings[name], case.timings[view.reference.name]
        ratio = tail_ratio(one, reference, case.tail_noise)
        if ratio is not None and ratio.verdict is Verdict.SLOWER:
            yield case.case.name, ratio


def _growth_to_tell(
    view: View, mean: Ratio, cases: Iterable[str], min_speedup: float
) -> float | None:
    """By how many times the epochs must grow; those of a twin with few as well."""
    needed = [view.cases[case].noise_needs or 0 for case in cases]
    return mean.inverse.growth_to_tell(min_speedup) or max(needed) / mean.epochs or None


def _times(speeds: Speeds, name: str, reference: str, cases: Iterable[str]) -> Mapping[str, Ratio]:
    """A contestant's time over the reference's, in each case in which they share a round."""
    found = ((case, speeds.in_case(name, reference, case)) for case in cases)
    return {case: ratio for case, ratio in found if ratio is not None}


def _barred(
    view: View, name: str, cases: Iterable[str], times: Mapping[str, Mapping[str, Ratio]]
) -> Iterator[Barred]:
    """The first reason why a contestant cannot be recommended, with all its cases."""
    not_reached = NotReached(view.raw.stopped)
    found: dict[str, Outcome] = {}
    for case in cases:
        outcome = view.cases[case].outcomes.get(name, not_reached)
        if not isinstance(outcome, Measured):
            found[case] = outcome
        elif view.reference.name in view.cases[case].measured and case not in times[name]:
            found[case] = not_reached
    if found:
        reason = next(iter(found.values()))
        alike = tuple(case for case, outcome in found.items() if outcome == reason)
        yield Barred(contestant=name, outcome=reason, cases=alike)


def _unasked(view: View) -> tuple[str, ...] | None:
    """Entries of the kernel that were not selected; None if that is not known."""
    if view.raw.entries is None:
        return None
    return _apart_from([contestant.entry for contestant in view.raw.contestants], view.raw.entries)
