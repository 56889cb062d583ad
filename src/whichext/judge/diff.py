"""Ratios of several results side by side: ratios and not times, since machines differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from whichext.judge.runs import (
    are_one_machine,
    change_of,
    check_raced,
    check_same_kernel,
    common_baseline,
    find_differences,
    ratio_between,
    runs_of,
    same_code,
)
from whichext.model.case import Case, identity_of
from whichext.model.errors import UsageError
from whichext.model.inline import call
from whichext.model.outcome import Outcome
from whichext.model.ratio import Ratio
from whichext.model.runs import CaseDiff, Cell, Change, Diff, Partial
from whichext.model.view import CaseView, View


@dataclass(frozen=True)
class _Shared:
    """A case with what each run has of it."""

    case: Case
    """The case, as the first of these runs has it."""
    runs: tuple[CaseView | None, ...]
    """What each run has; None where that is nothing."""


def find_diff(views: Mapping[str, View], baseline: str | None = None) -> Diff:
    """The ratios of several results, side by side.

    Args:
        views: At least two results by their names, in the order in which they are shown.
        baseline: Name of the contestant that ratios refer to; by default that of the results.

    Raises:
        UsageError: There are fewer than two, one has no race, or they have no kernel, case or
            baseline in common.

    """
    _check(views)
    kernel = check_same_kernel(views)
    against = common_baseline(views, baseline, "baseline")
    found = tuple(views.values())
    cases = tuple(_cases(found))
    shared = [one for one in cases if sum(run is not None for run in one.runs) > 1]
    if not shared:
        raise UsageError(
            "the results have no case in common",
            "race one case in all of them",
            choices=[],
            expected="a case that at least two of them have, with the same parameters",
            got=", ".join(dict.fromkeys(one.case.name for one in cases)),
        )
    alike = are_one_machine([view.raw.machine for view in found])
    return Diff(
        kernel=kernel,
        question=found[-1].raw.question,
        baseline=against,
        runs=runs_of(views),
        one_machine=alike,
        differences=find_differences(found),
        same_code=same_code(found),
        cases=tuple(_case_diff(found, one, against, alike=alike) for one in shared),
        partial=(*_partial_cases(cases), *_partial_contestants(found, shared, against)),
    )


def _check(views: Mapping[str, View]) -> None:
    if len(views) < 2:
        raise UsageError(
            "there is nothing to compare",
            call("diff", "BEFORE.json", "AFTER.json"),
            expected="at least two results",
            got="one" if views else "none",
        )
    check_raced(views)


def _cases(views: Sequence[View]) -> Iterator[_Shared]:
    """Every case of the results, the same one where parameters are the same as well."""
    own = [{identity_of(one.case): one for one in view.cases.values()} for view in views]
    for key in dict.fromkeys(key for of_run in own for key in of_run):
        runs = tuple(of_run.get(key) for of_run in own)
        yield _Shared(next(one.case for one in runs if one is not None), runs)


def _case_diff(views: Sequence[View], shared: _Shared, baseline: str, *, alike: bool) -> CaseDiff:
    names = dict.fromkeys(one.name for view in views for one in view.competing)
    cells = (
        _cell(views, shared, name, baseline, alike=alike) for name in names if name != baseline
    )
    return CaseDiff(
        case=shared.case,
        cells=tuple(cell for cell in cells if sum(one is not None for one in cell.ratios) > 1),
        leaders=tuple(
            () if run is None or run.judged.leaders is None else run.judged.leaders.names
            for run in shared.runs
        ),
        baseline_ns=_medians(shared, baseline) if alike else (),
    )


def _cell(views: Sequence[View], shared: _Shared, name: str, baseline: str, *, alike: bool) -> Cell:
    ratios = tuple(
        None if run is None else ratio_between(view, run, name, baseline)
        for view, run in zip(views, shared.runs, strict=True)
    )
    return Cell(
        contestant=name,
        ratios=ratios,
        changes=tuple(_changes(ratios)),
        medians_ns=_medians(shared, name) if alike else (),
    )


def _changes(ratios: Sequence[Ratio | None]) -> Iterator[Change | None]:
    first: tuple[int, Ratio] | None = None
    for number, ratio in enumerate(ratios):
        yield None if first is None or ratio is None else change_of(*first, ratio)
        if first is None and ratio is not None:
            first = number, ratio


def _medians(shared: _Shared, name: str) -> tuple[float | None, ...]:
    return tuple(
        None if run is None or name not in run.measured else run.measured[name].median_ns
        for run in shared.runs
    )


def _partial_cases(cases: Sequence[_Shared]) -> Iterator[Partial]:
    for one in cases:
        runs = tuple(number for number, run in enumerate(one.runs) if run is not None)
        if len(runs) < len(one.runs):
            yield Partial(case=one.case, runs=runs)


def _partial_contestants(
    views: Sequence[View], shared: Sequence[_Shared], baseline: str
) -> Iterator[Partial]:
    """Contestants that fewer runs measured than have one of the cases that are compared."""
    for name in dict.fromkeys(one.name for view in views for one in view.competing):
        runs = tuple(
            number
            for number in range(len(views))
            if any(name in run.measured for one in shared if (run := one.runs[number]))
        )
        if name != baseline and len(runs) < len(views):
            outcomes = (_outcome(shared, number, name) for number in range(len(views)))
            yield Partial(contestant=name, runs=runs, outcomes=tuple(outcomes))


def _outcome(shared: Sequence[_Shared], number: int, name: str) -> Outcome | None:
    """What became of a contestant in the first case of a run in which something did."""
    runs = (one.runs[number] for one in shared)
    return next((run.outcomes[name] for run in runs if run and name in run.outcomes), None)
