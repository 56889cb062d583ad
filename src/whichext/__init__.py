"""Which way of writing a Python extension is faster on your machine, why, and is the claim true?

Every verb returns a `Result`, prints nothing, and raises `WhichextError` for what it was asked
wrongly. What a contestant does wrong is part of the result.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, TypedDict, Unpack

__version__ = "0.1.0"

from whichext import pipeline
from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.hold import with_claims
from whichext.judge.claims.trials import load_claims, race_options, resolve_claim
from whichext.load.kernel import asked_as, load_kernel
from whichext.model import errors
from whichext.model import kernel as _kernel
from whichext.model.contestant import Case, Layout
from whichext.model.errors import UsageError, WhichextError
from whichext.model.inline import argument, call, worded
from whichext.model.kernel import Kernel, Tolerance
from whichext.model.options import Options
from whichext.model.ratio import Ratio
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report import render, result_file
from whichext.report.result import Result
from whichext.system.machine import usable_cores
from whichext.system.progress import Progress

__all__ = [
    "Case",
    "Kernel",
    "Layout",
    "Ratio",
    "Result",
    "Tolerance",
    "WhichextError",
    "audit",
    "check",
    "compare",
    "errors",
    "load_kernel",
    "read",
    "render",
    "run",
    "verify",
]

# Names from before the modules had folders, which a kernel.py may still import.
sys.modules |= {f"{__name__}.kernel": _kernel, f"{__name__}.errors": errors}

Names = str | Sequence[str]
"""Names or patterns such as "rustpy.*"; "*" for all."""


class RunOptions(TypedDict, total=False):
    """What a race may be told besides what it is about; see `run`."""

    precision: float
    max_time_s: float
    seed: int
    save: str | Path | None
    resume: str | Path | None
    progress: Progress | None


def run(
    kernel: str | Path | Kernel,
    *,
    cases: Names = "*",
    entries: Names = "*",
    threads: int | Sequence[int] | None = None,
    profiles: Names | None = None,
    factors: Names = (),
    baseline: str | None = None,
    **options: Unpack[RunOptions],
) -> Result:
    """Build, audit, verify and race what a kernel compares, and judge what was measured.

    Args:
        kernel: Name of a built-in kernel, a kernel folder, or a kernel that was loaded.
        cases: Names or patterns of cases; "*" for all that belong to no family.
        entries: Names or patterns of entries.
        threads: Thread counts of parallel entries; one per usable processor by default.
        profiles: Compiler settings for every entry; by default those that each entry declares.
        factors: Single settings, such as "isa=native", under which every entry races as well.
        baseline: The contestant that ratios refer to; the reference by default.
        **options: `precision`: half-width of an interval near a tie at which a case is done (0.01
            is 1 %). `max_time_s`: seconds that the race may take over all cases. `seed`: of the
            order of turns. `save`: the result file to write; what is measured is kept beside it
            meanwhile. `resume`: the result file to go on from. `progress`: told how far it is.

    Raises:
        UsageError: A name fits nothing, or a file does not fit.
        KernelError: The kernel's author has something to fix.

    """
    found = Options(
        cases=_names(cases),
        entries=_names(entries),
        threads=(threads,) if isinstance(threads, int) else tuple(threads or ()),
        profiles=_names(profiles or "*"),
        factors=_names(factors),
        baseline=baseline,
    )
    return _kept(_passed(kernel, found, Kind.RUN, options), options)


def verify(
    kernel: str | Path | Kernel,
    *,
    cases: Names = "*",
    entries: Names = "*",
    profiles: Names | None = None,
    factors: Names = (),
    save: str | Path | None = None,
    progress: Progress | None = None,
) -> Result:
    """Build and audit a kernel's entries, and find out what each is right and wrong on.

    Its arguments are those of `run`.
    """
    found = Options(
        cases=_names(cases),
        entries=_names(entries),
        profiles=_names(profiles or "*"),
        factors=_names(factors),
    )
    options: RunOptions = {"save": save, "progress": progress}
    return _kept(_passed(kernel, found, Kind.VERIFY, options), options)


def audit(
    kernel: str | Path | Kernel,
    *,
    entries: Names = "*",
    profiles: Names | None = None,
    factors: Names = (),
    save: str | Path | None = None,
    progress: Progress | None = None,
) -> Result:
    """Build a kernel's entries, and find out how they were really compiled.

    Its arguments are those of `run`.
    """
    found = Options(
        entries=_names(entries), profiles=_names(profiles or "*"), factors=_names(factors)
    )
    options: RunOptions = {"save": save, "progress": progress}
    return _kept(_passed(kernel, found, Kind.AUDIT, options), options)


def check(
    on: str | Path | Kernel | Result,
    *claims: str,
    kernel: str | Path | Kernel | None = None,
    **options: Unpack[RunOptions],
) -> Result:
    """Hold claims against a race of all that they name, or against a result.

    Args:
        on: A kernel, which is raced, or a result of one.
        *claims: Such as "A is 2x faster than B on CASE"; without any, those of the `claims.toml`
            in the kernel's folder.
        kernel: The kernel of a result, where it is no built-in one.
        **options: Of the race; see `run`.

    Raises:
        ClaimError: A claim cannot be read, or names what is not there.
        UsageError: Options of a race beside a result, or a name that fits nothing.
        KernelError: The kernel's author has something to fix.

    """
    result = on if isinstance(on, Result) else None
    if result is not None and options:
        raise UsageError(
            argument("on"),
            f"leave out {' and '.join(argument(name) for name in options)}",
            expected="no options of a race beside a result",
            got=", ".join(options),
        )
    source = _loaded(kernel or (on.raw.kernel if isinstance(on, Result) else on))
    threads = usable_cores() if result is None else result.raw.machine.cores
    trials = (
        tuple(resolve_claim(parse_claim(claim), source, threads) for claim in claims)
        if claims
        else load_claims(source, threads)
    )
    if result is not None:
        return _result(with_claims(result, trials))
    raced = _passed(source, race_options(trials, Options()), Kind.CHECK, options)
    return _kept(with_claims(raced, trials), options)


def compare(*functions: Any, **options: Any) -> NoReturn:  # noqa: ARG001  # the signature that a later version answers
    """Compare functions; until this can be done, say what can.

    Raises:
        UsageError: Always.

    """
    raise UsageError(
        argument("functions"),
        f"put them in a kernel's folder and call {call('run', 'FOLDER')}",
        expected="a later version, which compares functions",
        got="this one, which compares the entries of a kernel",
    )


def read(path: str | Path) -> Result:
    """Read a result file, or what was kept of a race that did not come to its end.

    Raises:
        ResultFileError: There is none, or it is not a result.

    """
    return _result(result_file.read(Path(path)))


def _passed(kernel: str | Path | Kernel, asked: Options, kind: Kind, options: RunOptions) -> View:
    loaded = _loaded(kernel)
    save, resume = options.get("save"), options.get("resume")
    asked = replace(
        asked,
        precision=options.get("precision", asked.precision),
        max_time_s=options.get("max_time_s", asked.max_time_s),
        seed=options.get("seed", asked.seed),
    )
    return pipeline.execute(
        loaded,
        asked,
        kind=kind,
        command=worded(call(kind, asked_as(loaded))),
        progress=options.get("progress"),
        output=None if save is None else Path(save),
        earlier=None if resume is None else result_file.read(Path(resume)).raw,
    )


def _kept(view: View, options: RunOptions) -> Result:
    """The result, written where that was asked for."""
    found, save = _result(view), options.get("save")
    if save is not None:
        found.save(save)
    return found


def _loaded(kernel: str | Path | Kernel) -> Kernel:
    return kernel if isinstance(kernel, Kernel) else load_kernel(kernel)


def _result(view: View) -> Result:
    return Result(view.raw, view.judged)


def _names(names: Names) -> tuple[str, ...]:
    """Names one by one; none stands for all."""
    found = (names,) if isinstance(names, str) else tuple(names)
    return () if found == ("*",) else found
