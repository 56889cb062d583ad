"""Which way of writing a Python extension is faster on your machine, why, and is the claim true?

Every verb returns a `Result`, prints nothing, and raises `WhichextError` for misuse. A fault of a
contestant is part of the result. Ctrl-C ends a stage, and the result holds what there is by then. A
verb imports what it needs when it is called, so a kernel.py that imports only `Kernel` and `Case`
loads quickly.

Example:
    >>> from whichext import run
    >>> result = run("path/to/kernel", cases="small", save="result.json")
    >>> print(result)
    >>> print(result.leaders("small"))

"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Unpack

from whichext.cli import keywords as _keywords
from whichext.cli import tools as tools
from whichext.model import __version__ as __version__
from whichext.model import errors as errors
from whichext.model import kernel as _kernel
from whichext.model.call import Call
from whichext.model.case import Case
from whichext.model.case import Layout as Layout
from whichext.model.errors import UsageError, WhichextError
from whichext.model.forms import Stateful
from whichext.model.inline import argument, call
from whichext.model.kernel import Kernel, Tolerance
from whichext.model.ratio import Ratio
from whichext.system.signals import interruptible_once

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from whichext.cli.keywords import Names, RunOptions
    from whichext.model.view import View
    from whichext.report.result import Result

__all__ = [
    "Call",
    "Case",
    "Kernel",
    "Ratio",
    "Result",
    "Stateful",
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


class _Strategies(ModuleType):
    """Stands for the module of strategies until it is used: Hypothesis takes a while to load."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        from whichext.verify.inputs import strategies

        return getattr(strategies, name)


strategies = _Strategies(f"{__name__}.strategies", "Strategies of arguments; see `array`.")

# Modules that users import, and the former names that an older kernel.py may still import.
sys.modules |= {
    f"{__name__}.kernel": _kernel,
    f"{__name__}.errors": errors,
    f"{__name__}.strategies": strategies,
    f"{__name__}.tools": tools,
}


class _Face(ModuleType):
    """The package itself: keeps the verbs that have the names of stages.

    Importing the package `whichext.verify`, as the first run does, would otherwise replace the
    function `verify()`.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face

Inputs = tuple[Any, ...] | Mapping[str, tuple[Any, ...]] | Callable[[Any], tuple[Any, ...]]
"""Arguments of a call, several by the name of their case, or what makes them for a size."""


@interruptible_once()
def run(
    kernel: str | Path | Kernel,
    *,
    cases: Names = "*",
    entries: Names = "*",
    set: str | None = None,  # noqa: A002  # as the command has it
    projects: Names = "*",
    threads: int | Sequence[int] | None = None,
    profiles: Names | None = None,
    factors: Names = (),
    baseline: str | None = None,
    **options: Unpack[RunOptions],
) -> Result:
    """Build, audit, verify and race the entries of a kernel, and judge the measurements.

    Args:
        kernel: Name of a built-in kernel, a kernel folder, or the result of `load_kernel`.
        cases: Names or globs of cases; "*" for all that belong to no family.
        entries: Names or globs of entries; "*" for all.
        set: Name of the set of entries, as pyproject.toml has it. By default all that are named by
            `entries` or `projects`, or else the set "default".
        projects: Names or globs of projects; "*" for all. Each may have a revision behind an @, as
            git knows it, or "@working" for the folder as it is, such as `"mine@HEAD~3"`.
        threads: Thread counts of parallel entries; by default one thread per usable processor.
        profiles: Profiles for every entry; by default those that each entry declares.
        factors: Single settings, such as "isa=native", under which every entry races as well.
        baseline: Name of the contestant that ratios refer to; the reference by default.
        **options: `precision`: a case is done once its interval near a tie has this half-width
            (0.01 is 1 %). `max_time_s`: most seconds of the race, over all cases; 84 by default.
            `time_limit_s`: most seconds for one answer. `memory_limit_bytes`: most bytes by which a
            contestant's process may grow. `isolation`: whether each build gets an environment of
            its own, or the packages that are installed here. `config_settings`: settings for
            backends, such as {"setup-args": "-Dfast=true"}. `compiler`: "zig" compiles with the
            package ziglang, as is done where no other compiler is. `clean_env`: True builds without
            the variables of this environment that compilers and backends read. `seed`: of the order
            of turns. `save`: path of the result file to write; a race keeps its epochs beside it.
            `resume`: path of the result file to continue. `progress`: True for a bar, False for
            none, or an object that is notified; by default one in notebooks.

    Raises:
        UsageError: A name matches nothing, or the file to resume is of another run.
        KernelError: The kernel's author has something to fix.

    """
    from whichext import pipeline
    from whichext.report.result import Result

    asked = _keywords.asked(cases, entries, threads, profiles, factors, baseline, projects, set)
    told, how = _keywords.split(asked, options)
    return Result.kept(pipeline.execute(kernel, told, **how), options.get("save"))


@interruptible_once()
def verify(
    kernel: str | Path | Kernel,
    *,
    cases: Names = "*",
    entries: Names = "*",
    set: str | None = None,  # noqa: A002  # as the command has it
    projects: Names = "*",
    threads: int | Sequence[int] | None = None,
    profiles: Names | None = None,
    factors: Names = (),
    **options: Unpack[RunOptions],
) -> Result:
    """Build and audit a kernel's entries, and check their answers against the reference.

    The arguments are those of `run`. Arguments that concern only the race have no effect.
    """
    from whichext import pipeline
    from whichext.model.raw import Kind
    from whichext.report.result import Result

    asked = _keywords.asked(
        cases, entries, threads, profiles, factors, projects=projects, entry_set=set
    )
    told, how = _keywords.split(asked, options)
    view = pipeline.execute(kernel, told, kind=Kind.VERIFY, **how)
    return Result.kept(view, options.get("save"))


@interruptible_once()
def audit(
    kernel: str | Path | Kernel,
    *,
    entries: Names = "*",
    set: str | None = None,  # noqa: A002  # as the command has it
    projects: Names = "*",
    profiles: Names | None = None,
    factors: Names = (),
    **options: Unpack[RunOptions],
) -> Result:
    """Build a kernel's entries, and find out how they were really compiled.

    The arguments are those of `run`. Arguments that concern only the race have no effect.
    """
    from whichext import pipeline
    from whichext.model.raw import Kind
    from whichext.report.result import Result

    asked = _keywords.asked("*", entries, None, profiles, factors, projects=projects, entry_set=set)
    told, how = _keywords.split(asked, options)
    view = pipeline.execute(kernel, told, kind=Kind.AUDIT, **how)
    return Result.kept(view, options.get("save"))


@interruptible_once()
def check(
    on: str | Path | Kernel | Result,
    *claims: str,
    kernel: str | Path | Kernel | None = None,
    **options: Unpack[RunOptions],
) -> Result:
    """Test claims with a race of the contestants that they name, or with an existing result.

    Args:
        on: A kernel, which is raced, or the result of an earlier race.
        *claims: Sentences such as "A is 2x faster than B on CASE"; if there are none, the claims
            of `claims.toml` in the kernel's folder.
        kernel: The kernel of a result, unless it is a built-in one.
        **options: Options of the race; see `run`.

    Raises:
        ClaimError: A claim cannot be read, or names something that does not exist.
        UsageError: Options of a race were given with a result, or a name matches nothing.
        KernelError: The kernel's author has something to fix.

    """
    from whichext import pipeline
    from whichext.model.options import Options
    from whichext.report.result import Result

    source, result = _keywords.source_of(on, kernel, options)
    told, how = _keywords.split(Options(), options)
    view = pipeline.check(source, claims, told, result, **how)
    return Result.kept(view, options.get("save"))


@interruptible_once()
def compare(
    *functions: Callable[..., Any] | Mapping[str, Callable[..., Any]],
    inputs: Inputs,
    sizes: Sequence[Any] = (),
    baseline: str | None = None,
    equal: Tolerance | Callable[[Any, Any], bool] | None = None,
    mutates: Sequence[str | int] = (),
    arguments: SearchStrategy[Any] | Mapping[str, SearchStrategy[Any]] | None = None,
    **options: Unpack[RunOptions],
) -> Result:
    """Verify functions against each other on some inputs, and race them in fresh processes.

    Functions of a module are imported there by name; lambdas, closures and those of a notebook are
    sent as what they do. Answers on the inputs are compared with the first function's, and so are
    those after an error, a change of the input, and from several threads.

    Args:
        *functions: Two or more, or one mapping of functions by name.
        inputs: A tuple of arguments; several of them by the name of their case; or a function that
            makes them for a size.
        sizes: The sizes, where `inputs` is a function.
        baseline: Name of the function that ratios refer to; by default the first one.
        equal: How closely answers must agree, or a function of two answers; exactly by default.
        mutates: Names or numbers, from 0, of the arguments that a call may change. Every call then
            gets fresh copies of them, and these are compared as well.
        arguments: Strategy of further arguments, from which inputs are drawn; see `strategies`.
        **options: Options of the race; see `run`.

    Raises:
        UsageError: An argument cannot be used: a name that is given twice, sizes without a function
            of size, or something that cannot be sent to another process.

    Example:
        >>> print(compare(sorted, numpy.sort, inputs=([3, 1, 2],), equal=numpy.array_equal))

    """
    from whichext import pipeline
    from whichext.load.functions import state
    from whichext.model.options import Options
    from whichext.report.result import Result

    stated = state(functions, inputs, sizes, baseline, equal, mutates, arguments)
    told, how = _keywords.split(Options(), options)
    return Result.kept(pipeline.compare(stated, told, **how), options.get("save"))


def load_kernel(name_or_folder: str | Path) -> Kernel:
    """Load a kernel, a built-in one by name or any other by its folder; this runs `kernel.py`.

    Raises:
        UsageError: There is no such kernel.
        KernelError: The kernel's author has something to fix.

    """
    from whichext.load.kernel import load_kernel

    return load_kernel(name_or_folder)


def read(path: str | Path) -> Result:
    """Read a result file, the epochs kept of an interrupted race, or JSON of pytest-benchmark.

    Raises:
        ResultFileError: There is no such file, or it is not a result.

    """
    from whichext.load.asked import path_of
    from whichext.report import result_file
    from whichext.report.result import Result

    return Result.kept(result_file.read(path_of("path", path)), None)


def render(result: View, to: str = "text") -> str:
    """Render the report of a result.

    Args:
        result: Result of a verb.
        to: "text", "markdown", "summary" for a short one, "html" for a page that loads nothing, a
            plot such as "svg:speedup", or what another program reads, such as "pytest-benchmark".

    Raises:
        UsageError: `to` is no form that is text, or does not go with the result.

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
    """Import `Result`, and with it the reports, on first use."""
    if name != "Result":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from whichext.report.result import Result

    return Result
