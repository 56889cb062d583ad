"""What several results have in common, what differs between them, and when a ratio changed.

Two runs share no round, so each has an interval of its own. On the scale of logarithms the change
is the difference of the two centres. Its half-width is the root of the sum of their squares, since
processes of two runs are independent. The noise is the greater of the two: a change must exceed it
and 1 %, as a difference within a run must. Names of verdicts are not compared: they differ between
races of the same contestants far more often than a change is shown (`benchmarks/changes.py`).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from whichext.judge.ratios import ratio_in
from whichext.model.errors import UsageError
from whichext.model.inline import argument, call
from whichext.model.outcome import Built
from whichext.model.ratio import Ratio
from whichext.model.raw import Machine, Raw, Timing
from whichext.model.runs import Change, Run, RunDifference, Skipped, Subject, Why
from whichext.model.view import CaseView, View

_NAMES = ("boot", "label")  # of a machine: they tell which one it is, and not what it is
Values = tuple[str | int | bool | None, ...]
"""What something is in each run."""
Part = tuple[tuple[str, str], str]
"""The name of something that a run has several of, what it is of, and its value."""


def runs_of(views: Mapping[str, View]) -> tuple[Run, ...]:
    """Where results came from, and which of them hold the race of an earlier one."""
    raws = [view.raw for view in views.values()]
    return tuple(
        Run(
            name=name,
            started_at=view.raw.started_at,
            machine=view.raw.machine,
            whichext_version=view.raw.whichext_version,
            kernel_digest=view.raw.kernel_digest,
            copy_of=next((n for n in range(number) if is_same_race(raws[n], view.raw)), None),
            altered=view.altered_verdict,
            stopped=view.raw.stopped,
        )
        for number, (name, view) in enumerate(views.items())
    )


def is_same_race(one: Raw, other: Raw) -> bool:
    """Whether two results hold the samples of one race, in whichever order."""
    return (
        bool(one.timings)
        and one.started_at == other.started_at
        and one.machine == other.machine
        and _timings(one) == _timings(other)
    )


def without_copies(views: Mapping[str, View]) -> tuple[dict[str, View], list[Skipped]]:
    """The results in the order in which they began, each race once: a memo of a race holds it."""
    kept: dict[str, View] = {}
    copies: list[Skipped] = []
    for name, view in sorted(views.items(), key=lambda item: item[1].raw.started_at):
        same = (other for other, one in kept.items() if is_same_race(one.raw, view.raw))
        original = next(same, None)
        if original is None:
            kept[name] = view
        else:
            copies.append(Skipped(name=name, why=Why.COPY, detail=original))
    return kept, copies


def _timings(raw: Raw) -> dict[tuple[str, str], Timing]:
    return {(timing.case, timing.contestant): timing for timing in raw.timings}


def check_raced(views: Mapping[str, View]) -> None:
    """Refuse results that have no ratios.

    Raises:
        UsageError: One is of a verb that does not race.

    """
    for name, view in views.items():
        if not view.raw.raced:
            raise UsageError(
                "there are no ratios in it",
                f"give a result of {call('run', 'KERNEL', save='FILE.json')}",
                where=name,
                expected="a result with a race",
                got=f"one of {view.raw.kind}",
            )


def check_same_kernel(views: Mapping[str, View]) -> str:
    """The name of the kernel that all of them raced.

    Raises:
        UsageError: They raced several.

    """
    kernels: dict[str, str] = {}
    for name, view in views.items():
        kernels.setdefault(view.raw.kernel, name)
    if len(kernels) > 1:
        (first, name), (second, other), *_ = kernels.items()
        raise UsageError(
            "the results are of different kernels",
            "give results of one kernel; a folder of its own for each keeps them apart",
            expected="one kernel",
            got=f"{first} in {name}, {second} in {other}",
        )
    return next(iter(kernels))


def common_baseline(views: Mapping[str, View], asked: str | None, name: str) -> str:
    """The baseline that was asked for, or the one that all results have.

    Args:
        views: The results.
        asked: Name of the contestant; None for that of the results.
        name: The argument by which it is asked for.

    Raises:
        UsageError: The results have different ones, or not all of them have that contestant.

    """
    common = _in_all(views.values())
    found = {view.raw.baseline for view in views.values()} if asked is None else {asked}
    if len(found) == 1 and found <= {*common}:
        return found.pop()
    which = f"{argument(name, asked)}: " if asked is not None else ""
    if not common:
        raise UsageError(
            f"{which}the results have no contestant in common",
            "race one contestant in all of them",
            expected="a baseline that all of them raced",
        )
    raise UsageError(
        f"{which}ratios need a baseline that all results raced",
        argument(name, common[0]),
        choices=common,
        got=", ".join(sorted(map(str, found))),
    )


def _in_all(views: Iterable[View]) -> list[str]:
    """Names of the contestants that all results measured, in the order of the first."""
    found = [measured_in(view) for view in views]
    return [name for name in found[0] if all(name in other for other in found)]


def measured_in(view: View) -> dict[str, None]:
    """Names of the contestants that were measured in some case, in their order."""
    names = {name for case in view.cases.values() for name in case.measured}
    return {one.name: None for one in view.competing if one.name in names}


def ratio_between(view: View, case: CaseView, one: str, other: str) -> Ratio | None:
    """Time of one contestant over that of another; None unless both were measured in one round."""
    if one not in case.measured or other not in case.measured:
        return None
    if other == case.judged.baseline:
        return case.measured[one].ratio
    return ratio_in(case, one, other, view.judged.confidence)


def change_of(since: int, before: Ratio, after: Ratio) -> Change:
    """What became of a ratio.

    Args:
        since: Number of the run that it is compared with.
        before: The ratio in that run.
        after: The later one.

    """
    noises = [noise for noise in (before.noise, after.noise) if noise is not None]
    ratio = Ratio.of(
        after.centre - before.centre,
        math.hypot(before.half_width, after.half_width),
        min(before.epochs, after.epochs),
        max(noises, default=None),
    )
    return Change(since=since, before=before.verdict, after=after.verdict, ratio=ratio)


def are_one_machine(machines: Sequence[Machine]) -> bool:
    """Whether all of them are the same machine, as far as its description says."""
    return all(machine.is_like(machines[0]) for machine in machines)


def find_differences(
    views: Sequence[View], contestants: frozenset[str] | None = None
) -> tuple[RunDifference, ...]:
    """What is not the same in all runs: the machine, versions, settings, and what was built.

    Args:
        views: The results.
        contestants: Names of those that matter; None for all.

    """
    raws = [view.raw for view in views]
    projects = None if contestants is None else _projects(raws, contestants)
    found = chain(
        _of_the_run(raws),
        _of_parts(Subject.REVISION, [dict(_commits(raw, projects)) for raw in raws]),
        _of_parts(Subject.TOOL, [dict(_tools(raw, projects)) for raw in raws]),
        _of_parts(Subject.FACTOR, [dict(_factors(view, contestants)) for view in views]),
        _of_parts(Subject.MACHINE_CODE, [dict(_code(raw, projects)) for raw in raws]),
    )
    return tuple(found)


def same_code(views: Sequence[View]) -> tuple[str, ...]:
    """Labels of the builds whose machine code is the same in all runs that have them."""
    found: dict[str, list[str]] = {}
    for view in views:
        for (label, _), digest in _code(view.raw, None):
            found.setdefault(label, []).append(digest)
    return tuple(label for label, its in found.items() if len(its) > 1 and len({*its}) == 1)


def _of_the_run(raws: Sequence[Raw]) -> Iterator[RunDifference]:
    """What is one value for the whole of a run."""
    values: dict[Subject, Values] = {
        Subject(name): tuple(getattr(raw.machine, name) for raw in raws)
        for name in Machine.__struct_fields__
        if name not in _NAMES
    }
    if all(raw.machine.has_memory_of(raws[0].machine) for raw in raws):
        del values[Subject.MEMORY]  # what a kernel keeps for itself differs from start to start
    values[Subject.WHICHEXT] = tuple(raw.whichext_version for raw in raws)
    values[Subject.KERNEL] = tuple(raw.kernel_digest for raw in raws)
    for subject, its in values.items():
        if len({*its}) > 1:
            yield RunDifference(subject=subject, values=its)


def _of_parts(
    subject: Subject, runs: Sequence[Mapping[tuple[str, str], str]]
) -> Iterator[RunDifference]:
    """What differs of things that runs have several of, by their name and what they are of.

    Only where at least two runs know it: what one run alone has is listed elsewhere. What differs
    in the same way of several is said once.
    """
    alike: dict[tuple[str, Values], list[str]] = {}
    for name, of in dict.fromkeys(chain.from_iterable(runs)):
        values = tuple(run.get((name, of)) for run in runs)
        known = [value for value in values if value is not None]
        if len(known) > 1 and len({*known}) > 1:
            alike.setdefault((name, values), []).append(of)
    for (name, its), names in alike.items():
        told = tuple(filter(None, names))
        yield RunDifference(subject=subject, name=name, of=told, values=its)


def _projects(raws: Sequence[Raw], contestants: frozenset[str]) -> frozenset[str]:
    """The projects of these contestants."""
    every = chain.from_iterable(raw.contestants for raw in raws)
    return frozenset(one.project for one in every if one.name in contestants and one.project)


def _commits(raw: Raw, projects: frozenset[str] | None) -> Iterator[Part]:
    for one in raw.revisions:
        if one.commit is not None and (projects is None or one.project in projects):
            yield (one.project, ""), f"{one.commit}{'-changed' if one.changed else ''}"


def _tools(raw: Raw, projects: frozenset[str] | None) -> Iterator[Part]:
    for build in raw.builds:
        if isinstance(build.result, Built) and (projects is None or build.project in projects):
            for tool in build.result.tools:
                yield (tool.name, build.project), tool.version


def _factors(view: View, contestants: frozenset[str] | None) -> Iterator[Part]:
    for contestant, factors in view.judged.factors.items():
        if contestants is None or contestant in contestants:
            for name, value in factors.items():
                yield (name, contestant), value


def _code(raw: Raw, projects: frozenset[str] | None) -> Iterator[Part]:
    """A hash of all machine code of each build, where all of it was seen."""
    for one in raw.evidence:
        found = sorted((library.file, library.code_digest or "") for library in one.libraries)
        if (
            found
            and all(digest for _, digest in found)
            and (projects is None or one.project in projects)
        ):
            yield (one.label, ""), hashlib.sha256(repr(found).encode()).hexdigest()
