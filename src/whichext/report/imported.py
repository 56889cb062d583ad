"""Reads JSON of pytest-benchmark as a result, and has it judged as far as that goes.

A group is a case, and its benchmarks are the contestants. Without groups, benchmarks that share a
parameter are compared with each other; where none do, the parameters of one function are.

All rounds come from one process, so they are one epoch: a ratio then has no interval, and its
verdict is "unresolved". The rounds of two benchmarks were not taken in turns. They are paired by
how far each benchmark had come, so that all of its rounds have a say, and not the first ones alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from whichext.model import __version__
from whichext.model.case import Case
from whichext.model.contestant import RELEASE, Contestant
from whichext.model.errors import ResultFileError
from whichext.model.inline import call
from whichext.model.raw import CaseSize, Kind, Machine, Raw, Sample, Timing
from whichext.report.exports.measured import NS_PER_S
from whichext.report.exports.pytest_benchmark import OURS

NAME = "pytest-benchmark"
_ALL = "all"

_Seconds = Annotated[float, Meta(ge=0)]
_Count = Annotated[int, Meta(ge=1)]


class _Stats(Struct, frozen=True):
    rounds: _Count
    total: _Seconds
    iterations: _Count = 1
    data: tuple[_Seconds, ...] = ()


class _Benchmark(Struct, frozen=True):
    name: str
    fullname: str
    stats: _Stats
    group: str | None = None
    param: str | None = None

    @property
    def function(self) -> str:
        """Its name without the parameter."""
        return self.name.removesuffix(f"[{self.param}]")


class _Processor(Struct, frozen=True):
    brand_raw: str = "unknown processor"
    count: int = 1
    flags: tuple[str, ...] = ()


class _MachineInfo(Struct, frozen=True):
    python_implementation: str = "Python"
    python_version: str = ""
    system: str = ""
    release: str = ""
    machine: str = ""
    cpu: _Processor = _Processor()


class _Content(Struct, frozen=True):
    benchmarks: Annotated[tuple[_Benchmark, ...], Meta(min_length=1)]
    machine_info: _MachineInfo = _MachineInfo()
    datetime: str = ""
    version: str = ""


def is_foreign(content: object) -> bool:
    """Whether what was read looks like JSON of pytest-benchmark."""
    return isinstance(content, dict) and {"benchmarks", "machine_info"} <= content.keys()


def imported(content: Mapping[str, Any], source: str) -> Raw:
    """The raw result in JSON of pytest-benchmark.

    Args:
        content: The JSON.
        source: Where it came from.

    Raises:
        ResultFileError: Something is missing, or it was exported from a result of ours.

    """
    if OURS in content:
        raise ResultFileError(
            "an export for pytest-benchmark, in which the rounds are no more",
            "give the result from which it was made",
            where=source,
            expected="a result file, or JSON that pytest-benchmark wrote",
        )
    try:
        found = msgspec.convert(content, _Content)
    except msgspec.ValidationError as error:
        raise ResultFileError(
            f"not whole JSON of {NAME}: {error}",
            f"make it again with its option for JSON, or race with {call('run', 'KERNEL')}",
            where=source,
        ) from error
    return _raw(found, source)


def _raw(found: _Content, source: str) -> Raw:
    placed = _placed(found.benchmarks)
    has_all = all(one.stats.data for one in found.benchmarks)
    cases: dict[str, list[tuple[str, tuple[Sample, ...]]]] = {}
    for (case, contestant), benchmark in placed.items():
        turns = _turns(benchmark.stats) if has_all else (_total(benchmark.stats),)
        cases.setdefault(case, []).append((contestant, turns))
    names = tuple(dict.fromkeys(contestant for _, contestant in placed))
    return Raw(
        whichext_version=__version__,
        measured_by=f"{NAME} {found.version}".strip(),
        kernel=Path(source).name,
        kernel_digest="",
        question="Which benchmark of a group is faster?",
        entries=names,
        command="pytest",
        started_at=found.datetime,
        duration_ns=round(sum(_total(one.stats).wall_ns for one in found.benchmarks)),
        kind=Kind.COMPARE,
        seed=0,
        precision=0.01,
        baseline=names[0],
        machine=_machine(found.machine_info),
        cases=tuple(Case(name) for name in cases),
        sizes=tuple(CaseSize(case=name) for name in cases),
        contestants=tuple(
            Contestant(entry=name, project=None, module=None, function=None, profile=RELEASE)
            for name in names
        ),
        timings=tuple(
            Timing(contestant=contestant, case=case, samples=_spread(turns, its))
            for case, its in cases.items()
            for contestant, turns in its
        ),
    )


def _placed(benchmarks: Sequence[_Benchmark]) -> dict[tuple[str, str], _Benchmark]:
    """The benchmarks by case and contestant; by full names where two would be in one place."""
    pairs = [(one, *_place(one, _share(benchmarks))) for one in benchmarks]
    found = {(case, contestant): one for one, case, contestant in pairs}
    if len(found) == len(pairs):
        return found
    return {(case, one.fullname): one for one, case, _ in pairs}


def _share(benchmarks: Sequence[_Benchmark]) -> bool:
    """Whether several functions have a parameter in common, by which they are compared."""
    functions: dict[str | None, set[str]] = {}
    for one in benchmarks:
        functions.setdefault(one.param, set()).add(one.function)
    return any(len(those) > 1 for param, those in functions.items() if param is not None)


def _place(one: _Benchmark, share: bool) -> tuple[str, str]:
    """The case and the contestant of a benchmark."""
    if one.group is not None:
        return one.group, one.name
    if one.param is None:
        return _ALL, one.name
    return (one.param, one.function) if share else (one.function, one.param)


def _turns(stats: _Stats) -> tuple[Sample, ...]:
    """A turn for each round."""
    calls = stats.iterations
    return tuple(_sample(number, calls, time_s) for number, time_s in enumerate(stats.data))


def _total(stats: _Stats) -> Sample:
    """All rounds as one turn: what is left where the file has statistics alone."""
    return _sample(0, stats.rounds * stats.iterations, stats.total / stats.rounds)


def _sample(number: int, calls: int, time_s: float) -> Sample:
    wall_ns = max(1, round(time_s * calls * NS_PER_S))
    return Sample(epoch=0, round=number, slot=0, calls=calls, wall_ns=wall_ns, cpu_ns=wall_ns)


def _spread(
    turns: tuple[Sample, ...], others: Sequence[tuple[str, tuple[Sample, ...]]]
) -> tuple[Sample, ...]:
    """The turns in rounds that are as far apart as those of the one with most turns."""
    most, own = max(len(those) for _, those in others), len(turns)
    placed = ((turn.round * most // own, turn) for turn in turns)
    return tuple(msgspec.structs.replace(turn, round=place) for place, turn in placed)


def _machine(found: _MachineInfo) -> Machine:
    parts = (found.system, found.release, found.machine)
    return Machine(
        cpu=found.cpu.brand_raw,
        cores=found.cpu.count,
        memory_bytes=None,
        l2_cache_bytes=None,
        l3_cache_bytes=None,
        isa=None,
        virtual="hypervisor" in found.cpu.flags,
        system=" ".join(filter(None, parts)),
        python=f"{found.python_implementation} {found.python_version}".strip(),
        numpy=None,
    )
