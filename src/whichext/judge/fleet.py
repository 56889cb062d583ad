"""Results of many machines, judged together: which verdicts hold on how many.

A verdict belongs to the machine on which it was measured, so none is made from all samples at once.
Several results of one machine are one: their ratios' mean. What may be said of machines that were
not asked is the mean over machines with its prediction interval (`random_effect`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from msgspec.structs import replace

from whichext.judge.claims.measured import hold_in
from whichext.judge.random_effect import between_groups, fit, further_machine, mean_over
from whichext.judge.ratios import CONFIDENCE
from whichext.judge.runs import (
    check_raced,
    check_same_kernel,
    common_baseline,
    find_differences,
    ratio_between,
    runs_of,
    without_copies,
)
from whichext.model.case import Case, identity_of, in_order
from whichext.model.claim import ClaimResult, Extent, Standing, together
from whichext.model.contestant import Contestant
from whichext.model.errors import UsageError
from whichext.model.fleet import (
    Fleet,
    FleetCase,
    FleetCell,
    FleetClaim,
    FleetMachine,
    Kind,
    KindEffect,
)
from whichext.model.inline import call
from whichext.model.ratio import Ratio, mean_of
from whichext.model.raw import Machine
from whichext.model.runs import RunDifference, Skipped
from whichext.model.view import View
from whichext.system.machine import LABEL

ALL = "[all]"
"""The thread count of a contestant that has as many threads as each machine has processors."""


@dataclass(frozen=True)
class _Group:
    """The results of one machine."""

    machine: Machine
    """The machine."""
    runs: tuple[int, ...]
    """Numbers of its results."""
    views: tuple[View, ...]
    """The results."""
    shared: Mapping[str, str]
    """Own name of each contestant, by the name that it has on all machines."""
    baseline: str
    """The baseline's name on all machines."""

    @cached_property
    def ratios(self) -> Mapping[tuple[str, str], Ratio]:
        """The ratio of each contestant, by what the case is; of several results, the mean."""
        found: dict[tuple[str, str], list[Ratio]] = {}
        for view in self.views:
            for case in view.cases.values():
                for name, own in self.shared.items():
                    ratio = ratio_between(view, case, own, self.shared[self.baseline])
                    if ratio is not None:
                        found.setdefault((identity_of(case.case), name), []).append(ratio)
        return {key: mean_of(its) for key, its in found.items()}


def find_fleet(
    views: Mapping[str, View],
    baseline: str | None = None,
    claims: Sequence[str] = (),
    unread: Sequence[Skipped] = (),
) -> Fleet:
    """Judge the results of many machines together.

    Args:
        views: At least one result, by their names.
        baseline: Name of the contestant that ratios refer to; by default that of the results.
        claims: Claims to test with each of them; by default those that they answer.
        unread: Files that could not be read.

    Raises:
        UsageError: There is none, one has no race, they share no kernel or baseline, or one
            label is of different machines.
        ClaimError: A claim cannot be read, or names what none of them has.

    """
    if not views:
        raise UsageError(
            "there is nothing to judge",
            call("fleet", "FOLDER"),
            expected="at least one result",
            got="none",
        )
    check_raced(views)
    kept, copies = without_copies(views)
    kernel = check_same_kernel(kept)
    _check_labels(kept)
    every = tuple(kept.values())
    groups = _groups(every, common_baseline(kept, baseline, "baseline"))
    kinds = _kinds(groups)
    # in the order of files, not of starts: parts of a race are numbered as the kernel's cases are
    cases = {identity_of(c.case): c.case for v in views.values() for c in v.cases.values()}
    found = (_case(groups, kinds, identity_of(one), one) for one in in_order(cases.values()))
    return Fleet(
        kernel=kernel,
        question=every[-1].raw.question,
        baseline=groups[0].baseline,
        runs=runs_of(kept),
        machines=tuple(FleetMachine(machine=one.machine, runs=one.runs) for one in groups),
        alike=_alike(groups),
        kinds=kinds,
        cases=tuple(one for one in found if one.cells),
        claims=tuple(_claims(groups, claims)),
        skipped=(*unread, *copies),
    )


def _check_labels(views: Mapping[str, View]) -> None:
    """Refuse one label for two processors: their ratios would become one machine's mean."""
    first: dict[str | None, tuple[str, str]] = {}
    for name, view in views.items():
        machine = view.raw.machine
        other, cpu = first.setdefault(machine.label, (name, machine.cpu))
        if machine.label is not None and cpu != machine.cpu:
            raise UsageError(
                f"{machine.label} is the label of different machines",
                f"race one of them again with another {LABEL}, or leave it out",
                where=name,
                expected=f"{cpu}, as in {other}",
                got=machine.cpu,
            )


def _groups(views: Sequence[View], baseline: str) -> tuple[_Group, ...]:
    """The results of each machine, in the order in which machines come."""
    numbers: dict[tuple[object, ...], list[int]] = {}
    for number, view in enumerate(views):
        numbers.setdefault(view.raw.machine.identity, []).append(number)
    unlike = len({view.raw.machine.cores for view in views}) > 1
    groups = []
    for its in numbers.values():
        own = tuple(views[number] for number in its)
        shared = {_shared(c, own[0], unlike=unlike): c.name for v in own for c in v.competing}
        name = next(of_all for of_all, its_own in shared.items() if its_own == baseline)
        groups.append(_Group(own[0].raw.machine, tuple(its), own, shared, name))
    return tuple(groups)


def _shared(contestant: Contestant, view: View, *, unlike: bool) -> str:
    """The name of a contestant on all machines: "as many threads as there are" is one setting."""
    if unlike and contestant.parallel and contestant.threads == view.raw.machine.cores:
        return f"{contestant.name.rpartition('[')[0]}{ALL}"
    return contestant.name


def _kinds(groups: Sequence[_Group]) -> tuple[Kind, ...]:
    found: dict[str, list[int]] = {}
    for number, group in enumerate(groups):
        found.setdefault(group.machine.cpu, []).append(number)
    return tuple(Kind(cpu=cpu, machines=tuple(its)) for cpu, its in found.items())


def _alike(groups: Sequence[_Group]) -> tuple[tuple[int, int], ...]:
    """Pairs that may be one machine: alike but for their boot, and not told apart by labels."""
    return tuple(
        (one, other)
        for (one, first), (other, second) in combinations(enumerate(groups), 2)
        if first.machine.is_like(second.machine)
    )


def _case(groups: Sequence[_Group], kinds: Sequence[Kind], key: str, case: Case) -> FleetCase:
    names = dict.fromkeys(name for group in groups for name in group.shared)
    cells = []
    for name in names:
        ratios = tuple(group.ratios.get((key, name)) for group in groups)
        if name != groups[0].baseline and any(one is not None for one in ratios):
            cells.append(_cell(groups, kinds, name, ratios))
    return FleetCase(case=case, cells=tuple(cells))


def _cell(
    groups: Sequence[_Group],
    kinds: Sequence[Kind],
    name: str,
    ratios: tuple[Ratio | None, ...],
) -> FleetCell:
    known = [one for one in ratios if one is not None]
    found = fit([known], CONFIDENCE)
    cell = FleetCell(
        contestant=name,
        ratios=ratios,
        mean=None if found is None else mean_over(found, CONFIDENCE, known),
        further=None if found is None else further_machine(found, CONFIDENCE, known),
        kinds=_kind_effects(kinds, ratios),
    )
    return replace(cell, shared=_shared_by_exceptions(groups, cell)) if cell.exceptions else cell


def _kind_effects(kinds: Sequence[Kind], ratios: Sequence[Ratio | None]) -> tuple[KindEffect, ...]:
    """What each other processor makes of a ratio, against the first that has it."""
    having = {
        number: its
        for number, kind in enumerate(kinds)
        if (its := [one for n in kind.machines if (one := ratios[n]) and one.low is not None])
    }
    if len(having) < 2:
        return ()
    found = fit(list(having.values()), CONFIDENCE)
    if found is None:
        return ()
    (base, first), *others = having.items()
    return tuple(
        KindEffect(
            kind=kind,
            base=base,
            ratio=between_groups(found, place, 0, CONFIDENCE, [*first, *its]),
        )
        for place, (kind, its) in enumerate(others, start=1)
    )


def _shared_by_exceptions(groups: Sequence[_Group], cell: FleetCell) -> tuple[RunDifference, ...]:
    """What all machines with another verdict have in common, and none with the usual one has."""
    compared = (*cell.on, *cell.exceptions)
    names = (cell.contestant, groups[0].baseline)
    own = frozenset(groups[n].shared[name] for n in compared for name in names)
    differences = find_differences([groups[number].views[0] for number in compared], own)
    usual = len(cell.on)
    found = []
    for one in differences:
        here, there = set(one.values[:usual]), set(one.values[usual:])
        if len(there) == 1 and not there & (here | {None}):
            found.append(replace(one, values=tuple(there)))
    return tuple(found)


def _claims(groups: Sequence[_Group], texts: Sequence[str]) -> Iterator[FleetClaim]:
    """Each claim on all machines: those that are asked, or those that the results answer."""
    every = [view for group in groups for view in group.views]
    answered = [view.judged.claims for view in every]
    found = iter(_asked(texts, every) if texts else answered)
    answers = [[claim for _ in group.views for claim in next(found)] for group in groups]
    for text in dict.fromkeys(claim.text for its in answers for claim in its):
        yield _claim([[claim for claim in its if claim.text == text] for its in answers])


def _asked(texts: Sequence[str], views: Sequence[View]) -> list[tuple[ClaimResult, ...]]:
    """What each result says of each claim that names what it has."""
    by_text = [hold_in(text, views) for text in texts]
    return [
        tuple(claim for claim in its if claim is not None) for its in zip(*by_text, strict=True)
    ]


def _claim(answers: Sequence[Sequence[ClaimResult]]) -> FleetClaim:
    one = next(claim for its in answers for claim in its)
    standings = tuple(_on_one_machine(its) for its in answers)
    extent = Extent.EVERY if one.extent is Extent.HERE else one.extent
    return FleetClaim(
        text=one.text, extent=extent, standing=together(extent, standings), standings=standings
    )


def _on_one_machine(claims: Sequence[ClaimResult]) -> Standing | None:
    """What several results of a machine say of a claim: unresolved where they disagree."""
    found = {claim.here for claim in claims}
    return found.pop() if len(found) == 1 else Standing.UNRESOLVED if found else None
