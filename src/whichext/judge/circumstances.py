"""The context of a decision: what would change it, and what its tables also show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from whichext.judge.candidates import Basis
from whichext.judge.insights import BEYOND_LIMIT, beyond_limit, find_turns
from whichext.model.circumstances import (
    AnotherMachine,
    BetterInCase,
    CallCost,
    Change,
    Checked,
    Crossing,
    FewerCases,
    KnownBetter,
    Mended,
    MostlyCase,
    NotTriedYet,
    Share,
    ToolchainThere,
    WithOneThread,
)
from whichext.model.decision import Answer, Candidate, Choice
from whichext.model.insight import Point
from whichext.model.outcome import (
    Crashed,
    Fault,
    Measured,
    NotTried,
    Right,
    TimedOut,
    Unsupported,
    Wrong,
)
from whichext.model.ratio import Comparison, Ratio, Side, Verdict
from whichext.model.view import View

_AT_THE_LIMIT = 0.9
_TELLING_NS = 100_000
"""A call that takes longer than this says nothing about what a call costs by itself, which is
rarely more than a few microseconds."""


def find_changes(basis: Basis, overall: Choice, serial: Choice | None) -> tuple[Change, ...]:
    """The situations in which the answer changes or may change."""
    by_name = {one.contestant: one for one in basis.candidates}
    equals = [by_name[name] for name in overall.equals]
    found: list[Change] = []
    if serial is not None and any(one.threads > 1 for one in equals):
        gains = (_gain(basis, by_name[name], by_name[name].mean) for name in serial.equals)
        found.append(WithOneThread(gains=tuple(gains)))
    found += _mostly(basis, equals)
    found += _better_in_case(basis, equals)
    found += _toolchains_there(basis, overall)
    found += [
        KnownBetter(contestant=one.contestant) for one in equals if one.side is not Side.ABOVE
    ]
    found += _without_bars(basis)
    shares = tuple(_shares(basis, overall))
    return (*found, AnotherMachine(shares=shares)) if shares else tuple(found)


def find_shown(basis: Basis, *choices: Choice | None) -> tuple[str, ...]:
    """The contestants to show: the best of each toolchain, and the recommended ones."""
    shown = {name for choice in choices if choice is not None for name in choice.equals}
    best: dict[tuple[str, bool], str] = {}
    for one in basis.candidates:
        best.setdefault((one.toolchain, one.threads > 1), one.contestant)
    shown.update(best.values())
    return tuple(one.contestant for one in basis.candidates if one.contestant in shown)


def find_crossings(basis: Basis, shown: tuple[str, ...]) -> tuple[Crossing, ...]:
    """Where contestants overtake the reference or fall behind it, family by family."""
    families: dict[str, list[str]] = {}
    for case in basis.view.raw.cases:
        if case.family:
            families.setdefault(case.family, []).append(case.name)
    candidates = [one for one in basis.candidates if one.contestant in shown]
    return tuple(
        crossing
        for cases in families.values()
        for one in candidates
        for crossing in _crossings(one, cases)
    )


def _crossings(one: Candidate, cases: list[str]) -> Iterator[Crossing]:
    points = (Point(case=case, ratio=one.by_case[case]) for case in cases if case in one.by_case)
    for turn in find_turns(points):
        yield Crossing(
            contestant=one.contestant,
            before=turn.before.case,
            after=turn.after.case,
            overtakes=turn.overtakes,
        )


def find_call_cost(basis: Basis, shown: tuple[str, ...]) -> CallCost | None:
    """The cost of a call: in the smallest case, and the first call in a fresh process."""
    raced = [basis.view.cases[name] for name in (*basis.cases, *basis.other_cases)]
    if not raced:
        return None
    smallest = min(raced, key=lambda case: case.amount)
    names = [name for name in (basis.reference, *shown) if name in smallest.measured]
    return CallCost(
        case=smallest.case.name,
        shows=min(one.median_ns for one in smallest.measured.values()) <= _TELLING_NS,
        contestants=tuple(names),
    )


def find_checked(view: View, shown: tuple[str, ...]) -> tuple[Checked, ...]:
    """Counts of their checks, and all faults; empty if nothing was checked."""
    counts: dict[str, Counter[type]] = {name: Counter() for name in shown}
    for check in view.raw.checks:
        if isinstance(check.result, Fault):
            counts.setdefault(check.contestant, Counter())
    for check in view.raw.checks:
        if check.contestant in counts:
            counts[check.contestant][type(check.result)] += check.count
    if not any(counts.values()):
        return ()
    return tuple(
        Checked(
            contestant=name,
            right=count[Right],
            refused=count[Unsupported],
            wrong=count[Wrong],
            crashed=count[Crashed],
            timed_out=count[TimedOut],
        )
        for name, count in counts.items()
    )


def find_telling(basis: Basis) -> tuple[tuple[str, str], ...]:
    """Pairs whose only factor makes a difference of the threshold or more in one of the cases."""
    pairs = (
        (effect.contestant_before, effect.contestant_after)
        for effect in basis.view.judged.effects
        if effect.case in basis.cases
        and effect.ratio.verdict in (Verdict.FASTER, Verdict.SLOWER)
        and not 1 / basis.min_speedup < effect.ratio.value < basis.min_speedup
    )
    return tuple(dict.fromkeys(pairs))


def find_epochs(view: View) -> tuple[int, int] | None:
    """The fewest and the most epochs behind a ratio of the race."""
    outcomes = (row.outcome for row in view.judged.rows)
    counts = [outcome.ratio.epochs for outcome in outcomes if isinstance(outcome, Measured)]
    return (min(counts), max(counts)) if counts else None


def _mostly(basis: Basis, equals: list[Candidate]) -> Iterator[MostlyCase]:
    """Cases in which the answer is different, deciding or not."""
    for case in basis.view.cases:
        other = {
            one.contestant: (one, one.by_case[case])
            for one in equals or basis.candidates
            if case in one.by_case
            and (one.by_case[case].inverse.side_of(basis.min_speedup) is Side.ABOVE)
            is not bool(equals)
        }
        if not other:
            continue
        found = list(other.values())
        if not equals:  # one that is worth it will do
            found = [min(found, key=lambda one: one[1].value)]
        below = all(ratio.inverse.side_of(basis.min_speedup) is Side.BELOW for _, ratio in found)
        otherwise = Side.OPEN if equals else Side.ABOVE
        yield MostlyCase(
            case=case,
            side=Side.BELOW if below else otherwise,
            gains=tuple(_gain(basis, one, ratio) for one, ratio in found),
        )


def _better_in_case(basis: Basis, equals: list[Candidate]) -> Iterator[BetterInCase]:
    """Cases in which another candidate clears the threshold over the recommended one."""
    for one in equals:
        for case in one.by_case:
            rivals = (
                (other.contestant, basis.speeds.in_case(other.contestant, one.contestant, case))
                for other in basis.candidates
            )
            better = [
                Comparison(contestant=name, other=one.contestant, ratio=ratio)
                for name, ratio in rivals
                if ratio is not None and ratio.inverse.side_of(basis.min_speedup) is Side.ABOVE
            ]
            if better:
                yield BetterInCase(case=case, gain=min(better, key=lambda c: c.ratio.value))


def _toolchains_there(basis: Basis, overall: Choice) -> Iterator[ToolchainThere]:
    """The best candidate for users that have another toolchain already, if it gains anything."""
    if overall.answer is Answer.UNRESOLVED:
        return
    best: dict[str, Candidate] = {}
    for one in basis.candidates:
        best.setdefault(one.toolchain, one)
    taken = {one.toolchain for one in basis.candidates if one.contestant in overall.equals}
    for toolchain, one in best.items():
        if toolchain in taken or one.mean.inverse.side_of(1) is not Side.ABOVE:
            continue
        yield ToolchainThere(
            toolchain=toolchain,
            gain=_gain(basis, one, one.mean),
            losses=one.losses,
            recommended=basis.speeds.compared(overall.equals[0], one.contestant)
            if overall.equals
            else None,
        )


def _without_bars(basis: Basis) -> Iterator[Change]:
    """What the excluded contestants might bring: not tried, refusing, or at fault."""
    found: dict[type[NotTriedYet | FewerCases | Mended], list[str]]
    found = {NotTriedYet: [], FewerCases: [], Mended: []}
    for one in basis.barred:
        if isinstance(one.outcome, NotTried):
            found[NotTriedYet].append(one.contestant)
        else:
            found[Mended if isinstance(one.outcome, Fault) else FewerCases].append(one.contestant)
    yield from (change(contestants=tuple(names)) for change, names in found.items() if names)


def _shares(basis: Basis, overall: Choice) -> Iterator[Share]:
    """The recommended contestant's shares of the limit; none of one that did not do all the work.

    A share far beyond the limit says no more than that the limit is not known.
    """
    doubtful = {name for one in beyond_limit(basis.view) for name in one.contestants}
    for name in (one for one in overall.equals if one not in doubtful):
        for case in basis.cases:
            of_limit = basis.view.cases[case].measured[name].of_limit
            if of_limit is not None and _AT_THE_LIMIT <= (of_limit.low or 0.0) <= BEYOND_LIMIT:
                yield Share(contestant=name, case=case, of_limit=of_limit)


def _gain(basis: Basis, one: Candidate, ratio: Ratio) -> Comparison:
    return Comparison(contestant=one.contestant, other=basis.reference, ratio=ratio)
