"""Small builders of what crosses stage borders; a test states only what it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from whichext.judge import estimate
from whichext.kernel import Kernel
from whichext.machine import Machine
from whichext.scorecard import (
    SCHEMA_VERSION,
    Build,
    BuildFailed,
    Built,
    Case,
    Check,
    Contestant,
    Crashed,
    Estimate,
    Factor,
    Layout,
    Measured,
    Outcome,
    Row,
    Sample,
    Scorecard,
    Skipped,
    TimedOut,
    Timing,
    Tool,
    Unsupported,
    Verdict,
    Wrong,
)

SMALL = Case(name="small", shape=(20, 30), dtype="float64", summary="fits in the first cache")
TALL = Case(name="tall", shape=(1_000_000, 4), dtype="int64", layout=Layout.F)

WRONG = Wrong("float64 NaN", "nan at (1,)", "3.0 (2 of 7 values differ)")
BUILD_FAILED = BuildFailed("sum.c:3:1: error: unknown type", "install gcc", "the whole log")
CRASHED = Crashed("small", "killed by SIGSEGV", "about to read address 0")
TIMED_OUT = TimedOut("small", 2_000_000_000)
UNSUPPORTED = Unsupported("ValueError: expected C order")
SKIPPED = Skipped("Rust's cargo", "install Rust from https://rustup.rs")

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


def make_contestant(name: str) -> Contestant:
    """A contestant of that name: "numpy", "cy.total", "rust.total@debug[2]"."""
    found = re.fullmatch(r"(?P<entry>[^@\[]+)(@(?P<profile>\w+))?(\[(?P<threads>\d+)\])?", name)
    assert found is not None, f"{name!r} is no contestant's name"
    module, _, function = found["entry"].rpartition(".")
    return Contestant(
        entry=found["entry"],
        project=module,
        module=module,
        function=function if module else "",
        profile=found["profile"] or "release",
        threads=int(found["threads"] or 1),
        parallel=found["threads"] is not None,
        factors=(Factor("toolchain", module or "numpy"),),
    )


def make_samples(per_call_ns: Sequence[Sequence[float]], calls: int = _CALLS) -> tuple[Sample, ...]:
    """Samples of the given times, (n_epochs, n_rounds)."""
    return tuple(
        Sample(epoch, number, 0, calls, round(time_ns * calls), round(time_ns * calls))
        for epoch, times in enumerate(per_call_ns)
        for number, time_ns in enumerate(times)
    )


def make_timing(
    contestant: str,
    epochs_ns: Sequence[float],
    case: str = "small",
    ended: Crashed | TimedOut | None = None,
) -> Timing:
    """A timing with one time per epoch, the same in each of its rounds."""
    return Timing(
        contestant=contestant,
        case=case,
        samples=make_samples([[time_ns] * _ROUNDS for time_ns in epochs_ns]),
        import_ns=(1_000_000,) * len(epochs_ns),
        first_call_ns=(2_000,) * len(epochs_ns),
        ended=ended,
    )


def make_estimate(
    ratio: float = 1.0,
    low: float | None = None,
    high: float | None = None,
    verdict: Verdict = Verdict.BASELINE,
    median_ns: float = 1_500.0,
) -> Estimate:
    """An estimate over five epochs; without an interval unless given."""
    return Estimate(
        ratio=ratio,
        low=low,
        high=high,
        verdict=verdict,
        epochs=5,
        median_ns=median_ns,
        best_ns=0.9 * median_ns,
        bytes_per_s=4_800 / (median_ns / 1e9),
    )


def make_built(key: str = "0123456789abcdef01234567", *, cached: bool = False) -> Built:
    """The receipt of a build with one compiler and one flag."""
    return Built(
        key=key,
        wheel="total-0.1.0-cp312-cp312-linux_x86_64.whl",
        wheel_bytes=81_920,
        build_ns=12_300_000_000,
        tools=(Tool("cc", "gcc 12.2.0"), Tool("maturin", "1.9.4")),
        environment=(Factor("CFLAGS", "-O0"),),
        cached=cached,
    )


def make_build(
    project: str, result: Built | BuildFailed | Skipped | None = None, profile: str = "release"
) -> Build:
    """A build that went well unless told otherwise."""
    return Build(project=project, profile=profile, result=result or make_built())


def make_check(contestant: str, result: Outcome, where: str = "small") -> Check:
    """What verify found of a contestant on one input."""
    assert isinstance(result, Unsupported | Wrong | Crashed | TimedOut)
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
        governor="performance",
        virtual=True,
        system="Linux 6.1 x86_64",
        python="CPython 3.12.1",
        numpy="2.3.0",
    )


def make_kernel(*cases: Case) -> Kernel:
    """A kernel without a folder whose calls move 4,800 bytes."""
    return Kernel(
        name="total",
        question="How fast is a sum?",
        reference=lambda values: values.sum(axis=1),
        inputs=lambda case: (np.zeros(case.shape, case.dtype),),
        cases=cases or (SMALL,),
        dtypes=("float64",),
        bytes_moved=lambda _: 4_800,
    )


def make_scorecard(
    rows: Sequence[Row] = (),
    timings: Sequence[Timing] = (),
    cases: Sequence[Case] = (SMALL,),
    builds: Sequence[Build] = (),
    checks: Sequence[Check] = (),
) -> Scorecard:
    """A scorecard whose contestants are those of its rows, the baseline first."""
    names = list(dict.fromkeys(row.contestant for row in rows))
    return Scorecard(
        schema_version=SCHEMA_VERSION,
        whichext_version="0.1.0",
        kernel="total",
        question="How fast is a sum?",
        command="whichext run total",
        started_at="2025-01-02T03:04:05+00:00",
        duration_ns=60_000_000_000,
        seed=0,
        confidence=0.95,
        tie_zone=0.03,
        baseline=names[0] if names else "numpy",
        machine=make_machine(),
        cases=tuple(cases),
        bytes_moved={case.name: 4_800 for case in cases},
        contestants=tuple(make_contestant(name) for name in names),
        builds=tuple(builds),
        checks=tuple(checks),
        timings=tuple(timings),
        rows=tuple(rows),
    )


def make_row(contestant: str, outcome: Outcome | Estimate, case: str = "small") -> Row:
    """A row; an estimate stands for `Measured`."""
    result = Measured(outcome) if isinstance(outcome, Estimate) else outcome
    return Row(case=case, contestant=contestant, outcome=result)


def make_race(
    times_ns: Mapping[str, Sequence[float]], absent: Mapping[str, Outcome] | None = None
) -> Scorecard:
    """A race in one case with real estimates.

    Args:
        times_ns: One time per epoch for each contestant, the baseline first.
        absent: Who was not measured, and why.

    """
    timings = [make_timing(name, epochs_ns) for name, epochs_ns in times_ns.items()]
    rows = [make_row(t.contestant, estimate(t, timings[0], bytes_moved=4_800)) for t in timings]
    rows += [make_row(name, outcome) for name, outcome in (absent or {}).items()]
    return make_scorecard(rows, timings)


def steady(time_ns: float, epochs: int = 5) -> list[float]:
    """Times that differ by a part in a thousand from epoch to epoch, (n_epochs,)."""
    return [time_ns * (1 + 0.001 * (epoch % 2)) for epoch in range(epochs)]


def noisy(time_ns: float, epochs: int = 5) -> list[float]:
    """Times that differ by a fifth from epoch to epoch, (n_epochs,)."""
    return [time_ns * (1 + 0.2 * (epoch % 2)) for epoch in range(epochs)]
