"""Which way of writing a Python extension is faster on your machine, why, and is the claim true?

Every verb returns a `Result`, prints nothing, and raises `WhichextError` for what it was asked
wrongly. What a contestant does wrong is part of the result. What a verb needs is imported when it
is called, so that a kernel.py which imports `Kernel` and `Case` waits for none of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn, Unpack

from whichext.cli import tools as tools
from whichext.model import __version__ as __version__
from whichext.model import errors as errors
from whichext.model import kernel as _kernel
from whichext.model.contestant import Case, Layout
from whichext.model.errors import UsageError, WhichextError
from whichext.model.inline import argument, call
from whichext.model.kernel import Kernel, Tolerance
from whichext.model.ratio import Ratio

if TYPE_CHECKING:
    from whichext.model.view import View
    from whichext.report.result import Result, RunOptions

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
    "load_kernel",
    "read",
    "render",
    "run",
    "verify",
]

# Modules that users import, and by other names those that a kernel.py of before may still import.
sys.modules |= {
    f"{__name__}.kernel": _kernel,
    f"{__name__}.errors": errors,
    f"{__name__}.tools": tools,
}


class _Face(ModuleType):
    """The package as its users have it: two of its verbs have the names of stages.

    The first run imports the package `whichext.verify`, which Python would otherwise put in the
    place of `verify()`.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face

Names = str | Sequence[str]
"""Names or patterns such as "rustpy.*"; "*" for all."""


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
            is 1 %). `max_time_s`: seconds that the race may take over all cases. `time_limit_s`:
            seconds for one answer. `memory_limit_bytes`: by which a contestant's process may grow.
            `seed`: of the order of turns. `save`: the result file to write; what is measured is
            kept beside it meanwhile. `resume`: the result file to go on from. `progress`: told how
            far it is.

    Raises:
        UsageError: A name fits nothing, or a file does not fit.
        KernelError: The kernel's author has something to fix.

    """
    from whichext import pipeline
    from whichext.report.result import Result, split

    asked = tools.asked(cases, entries, threads, profiles, factors, baseline)
    told, how = split(asked, options)
    return Result.kept(pipeline.execute(kernel, told, **how), options.get("save"))


def verify(
    kernel: str | Path | Kernel,
    *,
    cases: Names = "*",
    entries: Names = "*",
    threads: int | Sequence[int] | None = None,
    profiles: Names | None = None,
    factors: Names = (),
    **options: Unpack[RunOptions],
) -> Result:
    """Build and audit a kernel's entries, and find out what each is right and wrong on.

    Its arguments are those of `run`; those that only a race has change nothing.
    """
    from whichext import pipeline
    from whichext.model.raw import Kind
    from whichext.report.result import Result, split

    told, how = split(tools.asked(cases, entries, threads, profiles, factors), options)
    view = pipeline.execute(kernel, told, kind=Kind.VERIFY, **how)
    return Result.kept(view, options.get("save"))


def audit(
    kernel: str | Path | Kernel,
    *,
    entries: Names = "*",
    profiles: Names | None = None,
    factors: Names = (),
    **options: Unpack[RunOptions],
) -> Result:
    """Build a kernel's entries, and find out how they were really compiled.

    Its arguments are those of `run`; those that only a race has change nothing.
    """
    from whichext import pipeline
    from whichext.model.raw import Kind
    from whichext.report.result import Result, split

    told, how = split(tools.asked("*", entries, None, profiles, factors), options)
    view = pipeline.execute(kernel, told, kind=Kind.AUDIT, **how)
    return Result.kept(view, options.get("save"))


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
    from whichext import pipeline
    from whichext.model.options import Options
    from whichext.report.result import Result, split

    source, result = tools.source_of(on, kernel, options)
    told, how = split(Options(), options)
    view = pipeline.check(source, claims, told, result, **how)
    return Result.kept(view, options.get("save"))


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


def load_kernel(name_or_folder: str | Path) -> Kernel:
    """Load a kernel: a built-in one by its name, or any by its folder. Runs its `kernel.py`.

    Raises:
        UsageError: There is no such kernel.
        KernelError: The kernel's author has something to fix.

    """
    from whichext.load.kernel import load_kernel

    return load_kernel(name_or_folder)


def read(path: str | Path) -> Result:
    """Read a result file, or what was kept of a race that did not come to its end.

    Raises:
        ResultFileError: There is none, or it is not a result.

    """
    from whichext.load.asked import path_of
    from whichext.report import result_file
    from whichext.report.result import Result

    return Result.kept(result_file.read(path_of("path", path)), None)


def render(result: View, to: str = "text") -> str:
    """The report that goes with what was asked for.

    Args:
        result: What a verb found.
        to: "text" or "markdown".

    Raises:
        UsageError: `to` is no such form.

    """
    from whichext.model.view import View
    from whichext.report import render

    if not isinstance(result, View):
        raise UsageError(
            argument("result"),
            f"give what {call('run')} returns",
            expected="a Result",
            got=repr(result),
        )
    return render(result, to)


def __getattr__(name: str) -> Any:
    """`Result`, which brings the reports along, when it is first asked for."""
    if name != "Result":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from whichext.report.result import Result

    return Result
