"""What crosses stage borders, up to a judged result; a test states only what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from support.contestants import BYTES_MOVED, INPUT_BYTES, SMALL, make_contestant, profile_of
from whichext.judge import view_of
from whichext.judge.factors import vectors
from whichext.judge.insights import find_insights, find_noise, find_warnings
from whichext.model.case import Case
from whichext.model.check import Check
from whichext.model.judged import CaseJudged, Judged, Row, SelfCheck
from whichext.model.outcome import (
    Appended,
    BuildFailed,
    Built,
    Crashed,
    Measured,
    Outcome,
    TimedOut,
    Tool,
    ToolchainAbsent,
    Unsupported,
    Wrong,
)
from whichext.model.ratio import Ratio, Verdict
from whichext.model.raw import Build, CaseSize, Kind, Machine, Raw, Sample, Timing
from whichext.model.view import View

WRONG = Wrong("float64 NaN", "nan at (1,)", "3.0 (2 of 7 values differ)")


BUILD_FAILED = BuildFailed("sum.c:3:1: error: unknown type", "install gcc", "the whole log")


CRASHED = Crashed("small", "killed by SIGSEGV", "about to read address 0")


TIMED_OUT = TimedOut("small", 2_000_000_000)


UNSUPPORTED = Unsupported("ValueError: expected C order")


SKIPPED = ToolchainAbsent("Rust's cargo", "install Rust from https://rustup.rs")


NOT_RACED: Mapping[str, Outcome] = {
    "WRONG": WRONG,
    "BUILD FAILED": BUILD_FAILED,
    "CRASHED": CRASHED,
    "TIMED OUT": TIMED_OUT,
    "unsupported": UNSUPPORTED,
    "skipped": SKIPPED,
}
"""Every way of not being measured, by the word that the table has for it."""


_ROUNDS = 3


_CALLS = 100_000


def make_samples(
    per_call_ns: Sequence[Sequence[float]], calls: int = _CALLS, first_epoch: int = 0
) -> tuple[Sample, ...]:
    """Samples of the given times, (n_epochs, n_rounds)."""
    return tuple(
        Sample(epoch, number, 0, calls, round(time_ns * calls), round(time_ns * calls))
        for epoch, times in enumerate(per_call_ns, start=first_epoch)
        for number, time_ns in enumerate(times)
    )


def stolen_from(timing: Timing, stolen: Mapping[tuple[int, int], float]) -> Timing:
    """The timing with these shares of its turns' wall times stolen, by epoch and round."""
    samples = tuple(
        replace(
            sample, stolen_ns=round(stolen.get((sample.epoch, sample.round), 0.0) * sample.wall_ns)
        )
        for sample in timing.samples
    )
    return replace(timing, samples=samples)


def make_timing(
    contestant: str,
    epochs_ns: Sequence[float],
    case: str = "small",
    ended: Outcome | None = None,
    *,
    rounds: int = _ROUNDS,
    first_epoch: int = 0,
) -> Timing:
    """A timing with one time per epoch, the same in each of its rounds."""
    per_call_ns = [[time_ns] * rounds for time_ns in epochs_ns]
    return Timing(
        contestant=contestant,
        case=case,
        samples=make_samples(per_call_ns, first_epoch=first_epoch),
        import_ns=(1_000_000,) * len(epochs_ns),
        first_call_ns=(2_000,) * len(epochs_ns),
        ended=ended,
    )


def make_ratio(
    value: float = 1.0,
    low: float | None = None,
    high: float | None = None,
    verdict: Verdict = Verdict.BASELINE,
    noise: float | None = None,
) -> Ratio:
    """A ratio over five epochs; without an interval unless given."""
    return Ratio(value=value, low=low, high=high, epochs=5, noise=noise, verdict=verdict)


def around(centre: float, half_width: float, epochs: int = 5, noise: float | None = None) -> Ratio:
    """A ratio whose logarithm is known within half a width."""
    return Ratio.of(centre, half_width, epochs, noise)


def make_measured(
    ratio: Ratio | None = None, of_limit: Ratio | None = None, median_ns: float = 1_500.0
) -> Measured:
    """What was measured, of the baseline unless told otherwise."""
    return Measured(
        ratio=ratio or make_ratio(),
        median_ns=median_ns,
        bytes_per_s=BYTES_MOVED / (median_ns / 1e9),
        of_limit=of_limit,
    )


def make_built(key: str = "0123456789abcdef01234567", *, cached: bool = False) -> Built:
    """The receipt of a build with one compiler and one flag."""
    return Built(
        key=key,
        wheel="total-0.1.0-cp312-cp312-linux_x86_64.whl",
        wheel_bytes=81_920,
        code_lines=1_234,
        build_ns=12_300_000_000,
        tools=(Tool("cc", "gcc 12.2.0"), Tool("maturin", "1.9.4")),
        environment=(),
        appended=(Appended("c", ("-O0",), 2),),
        cached=cached,
    )


def make_build(project: str, result: Outcome | None = None, profile: str = "release") -> Build:
    """A build that went well unless told otherwise."""
    return Build(project=project, profile=profile_of(profile), result=result or make_built())


def built_of(build: Build) -> Built:
    """The receipt of a build that went well."""
    assert isinstance(build.result, Built), build.result
    return build.result


def make_check(contestant: str, result: Outcome, where: str = "small") -> Check:
    """What verify found of a contestant on one input."""
    return Check(contestant=contestant, input=where, result=result)


def make_machine() -> Machine:
    """A machine with round numbers."""
    return Machine(
        cpu="Testium 9000",
        cores=2,
        memory_bytes=8_000_000_000,
        l2_cache_bytes=1_048_576,
        l3_cache_bytes=33_554_432,
        isa="avx2",
        virtual=True,
        system="Linux 6.1 x86_64",
        python="CPython 3.12.1",
        numpy="2.3.0",
    )


def make_size(
    case: str = "small", bytes_moved: int = BYTES_MOVED, input_bytes: int | None = INPUT_BYTES
) -> CaseSize:
    """How much a call moves in a case."""
    return CaseSize(case=case, bytes_moved=bytes_moved, input_bytes=input_bytes)


def make_course(
    case: str = "small",
    rounds: int = 0,
    rounds_dropped: int = 0,
    rounds_spoiled: int = 0,
    twin: Ratio | None = None,
    noise: float | None = None,
) -> CaseJudged:
    """A case's race as a whole: with so many rounds dropped, and no twin unless given."""
    return CaseJudged(
        case=case,
        rounds=rounds,
        dropped=tuple((0, number) for number in range(rounds_dropped)),
        rounds_spoiled=rounds_spoiled,
        twin=twin,
        noise=noise,
    )


def make_view(
    rows: Sequence[Row] = (),
    timings: Sequence[Timing] = (),
    cases: Sequence[Case] = (SMALL,),
    builds: Sequence[Build] = (),
    checks: Sequence[Check] = (),
    names: Sequence[str] = (),
    courses: Sequence[CaseJudged] = (),
) -> View:
    """A result whose contestants are `names` or those of its rows, the baseline first.

    Nothing of it is judged but what is given, and what `changed` finds.
    """
    names = list(names) or list(dict.fromkeys(row.contestant for row in rows))
    raw = make_raw(timings=timings, cases=cases, builds=builds, checks=checks, names=names)
    known = {course.case: course for course in courses}
    judged = tuple(known.get(case.name, make_course(case.name)) for case in cases)
    return changed(View(raw, Judged(confidence=0.95, cases=judged)), rows=tuple(rows))


def make_raw(
    timings: Sequence[Timing] = (),
    cases: Sequence[Case] = (SMALL,),
    builds: Sequence[Build] = (),
    checks: Sequence[Check] = (),
    names: Sequence[str] = (),
) -> Raw:
    """What was measured in a run of these contestants, the baseline first."""
    return Raw(
        whichext_version="0.1.0",
        kernel="total",
        kernel_digest="d" * 24,
        question="How fast is a sum?",
        command="whichext run total",
        started_at="2025-01-02T03:04:05+00:00",
        duration_ns=60_000_000_000,
        kind=Kind.RUN,
        seed=0,
        precision=0.01,
        baseline=names[0] if names else "numpy",
        machine=make_machine(),
        cases=tuple(cases),
        sizes=tuple(make_size(case.name) for case in cases),
        contestants=tuple(make_contestant(name) for name in names),
        builds=tuple(builds),
        checks=tuple(checks),
        timings=tuple(timings),
    )


def rejudged(view: View) -> View:
    """The same samples, judged anew."""
    return view_of(view.raw)


def changed(view: View, **parts: Any) -> View:
    """The result with other parts, measured ones or judged ones; `courses` are judged cases.

    Factors, noise and warnings are found anew: they follow from single parts.
    """
    raw = {name: part for name, part in parts.items() if name in Raw.__struct_fields__}
    judged = {name: part for name, part in parts.items() if name not in raw | {"courses": ()}}
    judged |= {"cases": parts["courses"]} if "courses" in parts else {}
    made = View(replace(view.raw, **raw), replace(view.judged, **judged))
    found: dict[str, Any] = {"noise": find_noise(made), "warnings": find_warnings(made)}
    found["factors"] = vectors(made.raw)
    return View(made.raw, replace(made.judged, **(found | judged)))


def explained(view: View) -> View:
    """The result with its insights found anew, from the rows and effects that it has."""
    return View(view.raw, find_insights(view))


def make_row(contestant: str, outcome: Outcome, case: str = "small") -> Row:
    """A row of the report."""
    return Row(case=case, contestant=contestant, outcome=outcome)


def make_race(
    times_ns: Mapping[str, Sequence[float]], absent: Mapping[str, Outcome] | None = None
) -> View:
    """A race in one case as it is really judged.

    Args:
        times_ns: One time per epoch for each contestant, the baseline first.
        absent: Who was not measured, and why.

    """
    reasons = absent or {}
    timings = [make_timing(name, epochs_ns) for name, epochs_ns in times_ns.items()]
    view = view_of(make_raw(timings=timings, names=[*times_ns, *reasons]))
    rows = [row for row in view.judged.rows if row.contestant not in reasons]
    rows += [make_row(name, outcome) for name, outcome in reasons.items()]
    return changed(view, rows=tuple(rows))


def measured_of(view: View, contestant: str, case: str = "small") -> Measured:
    """What was measured of a contestant that must have been in the case."""
    (outcome,) = (
        row.outcome for row in view.judged.rows if (row.contestant, row.case) == (contestant, case)
    )
    assert isinstance(outcome, Measured), outcome
    return outcome


def ratio_of(view: View, contestant: str, case: str = "small") -> Ratio:
    """Its time over the baseline's."""
    return measured_of(view, contestant, case).ratio


def steady(time_ns: float, epochs: int = 5) -> list[float]:
    """Times that differ by a part in a thousand from epoch to epoch, (n_epochs,)."""
    return [time_ns * (1 + 0.001 * (epoch % 2)) for epoch in range(epochs)]


def noisy(time_ns: float, epochs: int = 5) -> list[float]:
    """Times that differ by a fifth from epoch to epoch, (n_epochs,)."""
    return [time_ns * (1 + 0.2 * (epoch % 2)) for epoch in range(epochs)]


def make_selfcheck(**changes: float | str | None) -> SelfCheck:
    """A check that passes unless told otherwise."""
    values = {
        "asked": 100,
        "cells": 100,
        "excluded": 5,
        "miscalled": 0,
        "noise_floor": 0.012,
        "half_width": 0.008,
        "rounds": 400,
        "rounds_dropped": 7,
        "rounds_spoiled": 7,
    }
    return SelfCheck(**(values | changes))  # type: ignore[arg-type]  # one dict of two kinds
