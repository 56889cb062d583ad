"""The course of one ratio over results: on each machine and in each case by itself.

A ratio is compared with the most certain one since the last change that is shown: the one with the
narrowest interval and noise. Compared with the run just before it, a slow drift would never show.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from whichext.judge.runs import (
    change_of,
    check_same_kernel,
    common_baseline,
    find_differences,
    measured_in,
    ratio_between,
    runs_of,
    without_copies,
)
from whichext.model.case import Case, identity_of
from whichext.model.errors import UnknownNameError, UsageError
from whichext.model.inline import argument
from whichext.model.ratio import Ratio
from whichext.model.raw import Machine
from whichext.model.runs import Course, History, Point, Skipped, Why
from whichext.model.view import View

_Ratios = Mapping[str, tuple[Case, Ratio]]
"""The ratio in each case of a run, by what the case is."""


def find_history(
    views: Mapping[str, View],
    of: str,
    over: str | None = None,
    case: str | None = None,
    unread: Sequence[Skipped] = (),
) -> History:
    """The course of one ratio over results, the earliest first.

    Args:
        views: The results by their names.
        of: Name of the contestant.
        over: Name of the one whose time it is compared with; by default the baseline.
        case: Name of a case; by default all of them.
        unread: Files that could not be read.

    Raises:
        UsageError: No result has the ratio, or results of several kernels have it.

    """
    kept, copies = without_copies(views)
    having = {name: view for name, view in kept.items() if of in measured_in(view)}
    if not having:
        names = dict.fromkeys(one for view in kept.values() for one in measured_in(view))
        raise UnknownNameError("of", of, "was measured in none of the results", list(names))
    kernel = check_same_kernel(having)
    against = _over(having, of, over)
    _check_case(having, case)
    found = {name: _ratios(view, of, against, case) for name, view in having.items()}
    runs = [name for name, ratios in found.items() if ratios]
    if not runs:
        raise UsageError(
            f"{of} was not measured in one round with {against}",
            f"leave out {argument('case')}, or name another baseline with {argument('over')}",
            expected="a result in which both raced in the case",
        )
    without = (Skipped(name=name, why=Why.WITHOUT) for name in kept if name not in runs)
    raced = [having[name] for name in runs]
    return History(
        kernel=kernel,
        of=of,
        over=against,
        runs=runs_of({name: having[name] for name in runs}),
        courses=tuple(_courses(raced, [found[name] for name in runs], frozenset((of, against)))),
        skipped=(*unread, *copies, *without),
    )


def _over(views: Mapping[str, View], of: str, over: str | None) -> str:
    """The contestant whose time the other's is compared with.

    Raises:
        UsageError: It is in no result or the same one, or the results have different baselines.

    """
    if over is None:
        bases = {view.raw.baseline for view in views.values()}
        over = bases.pop() if len(bases) == 1 else common_baseline(views, None, "over")
    names = dict.fromkeys(one for view in views.values() for one in measured_in(view))
    if over == of or over not in names:
        what = "is the contestant itself" if over == of else "was measured in none of the results"
        others = [name for name in names if name != of]
        raise UnknownNameError("over", over, what, others or ["none"])
    return over


def _check_case(views: Mapping[str, View], case: str | None) -> None:
    names = list(dict.fromkeys(name for view in views.values() for name in view.cases))
    if case is not None and case not in names:
        raise UnknownNameError("case", case, "is no case of the results", names)


def _ratios(view: View, of: str, over: str, asked: str | None) -> _Ratios:
    """The ratio in each case of a result that has it."""
    every = (
        (one.case, ratio_between(view, one, of, over))
        for one in view.cases.values()
        if asked in (None, one.case.name)
    )
    return {identity_of(case): (case, ratio) for case, ratio in every if ratio is not None}


def _courses(
    views: Sequence[View], found: Sequence[_Ratios], names: frozenset[str]
) -> Iterator[Course]:
    """A course for each machine and case."""
    machines: list[Machine] = []
    groups: list[list[int]] = []
    for number, view in enumerate(views):
        machine = view.raw.machine
        place = next((n for n, one in enumerate(machines) if one.is_like(machine)), len(machines))
        if place == len(machines):
            machines.append(machine)
            groups.append([])
        groups[place].append(number)
    cases = {key: case for ratios in found for key, (case, _) in ratios.items()}
    for machine, numbers in zip(machines, groups, strict=True):
        for key, case in cases.items():
            ratios = [(number, found[number][key][1]) for number in numbers if key in found[number]]
            if ratios:
                points = tuple(_points(ratios, views, names))
                yield Course(case=case, machine=machine, points=points)


def _points(
    ratios: Sequence[tuple[int, Ratio]], views: Sequence[View], names: frozenset[str]
) -> Iterator[Point]:
    since: tuple[int, Ratio] | None = None
    for number, ratio in ratios:
        change = None if since is None else change_of(*since, ratio)
        if change is not None and change.is_shown:
            differing = find_differences((views[change.since], views[number]), names)
            change = replace(change, differences=differing)
            since = None
        yield Point(run=number, ratio=ratio, change=change)
        if since is None or _uncertainty(ratio) < _uncertainty(since[1]):
            since = number, ratio


def _uncertainty(ratio: Ratio) -> float:
    return ratio.half_width + math.log1p(ratio.noise or 0.0)
