"""`whichext.tools`: commands that are no verb of a race, as functions.

They import what they need when they are called, as in `whichext` itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from whichext.cli.bundle_tools import bundle, reproduce
from whichext.cli.run_on import run_on
from whichext.cli.runs import diff, fleet, history
from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.system.signals import interruptible_once

if TYPE_CHECKING:
    from whichext.cli.keywords import Names, RunOptions
    from whichext.load.scaffold import Scaffold
    from whichext.model.cache import CachedBuild, Explained, Pruned
    from whichext.report.result import Result
    from whichext.system.doctor import MachineNote
    from whichext.system.progress import Progress

__all__ = [
    "bundle",
    "cache",
    "diff",
    "doctor",
    "explain_cache",
    "fleet",
    "history",
    "memo",
    "new",
    "prune_cache",
    "reproduce",
    "run_on",
    "schema",
    "selfcheck",
]

_MOST_DAYS = 36_500


def doctor() -> tuple[MachineNote, ...]:
    """Find out what is missing on this machine and what disturbs a race; takes about a second.

    Returns:
        One note per subject: what was found, how much it matters, and what to do.

    Example:
        >>> [note.advice for note in whichext.tools.doctor() if note.level == "warning"]

    """
    from whichext.system.doctor import examine

    return examine()


def new(
    name: str,
    *,
    reference: str | None = None,
    args: Names = (),
    toolchains: Names | None = None,
    into: str | Path = ".",
) -> Scaffold:
    """Make a kernel folder that runs at once, with a project for each toolchain.

    Args:
        name: Name of the kernel, and of its folder.
        reference: A function whose source is the reference, as "module:function" or
            "file.py:function". It is read and not run.
        args: Arguments such as "values=float64[:]" and "window=int"; by default the annotations of
            the function.
        toolchains: Names of toolchains; by default all that can be built here.
        into: The folder in which the kernel's is made.

    Returns:
        The folder, its files, the toolchains of its projects, and those that were left out.

    Example:
        >>> whichext.tools.new("smooth", reference="filters.py:smooth").folder

    Raises:
        UsageError: One of them cannot be used, or the folder is there already.

    """
    from whichext.cli.keywords import each
    from whichext.load.scaffold import new_kernel

    chosen = None if toolchains is None else each(toolchains)
    return new_kernel(name, reference, each(args), chosen, into)


@interruptible_once()
def memo(
    on: str | Path | Kernel | Result,
    *,
    min_speedup: float = 1.2,
    kernel: str | Path | Kernel | None = None,
    cases: Names = "*",
    entries: Names = "*",
    set: str | None = None,  # noqa: A002  # as the command has it
    threads: int | Sequence[int] | None = None,
    **options: Unpack[RunOptions],
) -> Result:
    """Recommend what to use, from a race of the candidates or from an existing result.

    Args:
        on: A kernel, which is raced, or the result of an earlier race.
        min_speedup: Smallest speed-up over the reference that is worth a toolchain.
        kernel: The kernel of a result, unless it is a built-in one.
        cases: Names or globs; "*" for the cases without a family and the smallest case.
        entries: Names or globs; "*" for all.
        set: Name of the set of entries; see `whichext.run`.
        threads: Thread counts; by default 1 and one thread per usable processor.
        **options: Options of the race; see `whichext.run`.

    Returns:
        A result whose report is the memo; `judged.decision` holds the parts of the decision.

    Example:
        >>> print(whichext.tools.memo("path/to/kernel", min_speedup=2, save="result.json"))

    Raises:
        UsageError: The threshold is not usable, options of a race were given with a result, or a
            name matches nothing.
        KernelError: The kernel's author has something to fix.

    """
    from whichext import pipeline
    from whichext.cli.keywords import asked, source_of, split
    from whichext.report.result import Result

    source, result = source_of(on, kernel, options)
    told, how = split(asked(cases, entries, threads, entry_set=set), options)
    view = pipeline.memo(source, min_speedup, told, result, **how)
    return Result.kept(view, options.get("save"))


@interruptible_once()
def selfcheck(
    cells: int = 100,
    *,
    max_time_s: float = 240.0,
    save: str | Path | None = None,
    progress: Progress | bool | None = None,
) -> Result:
    """Race identical code against itself, and count how often it is called different.

    Args:
        cells: Number of pairs to compare, 25 to 100.
        max_time_s: Most seconds that it may take.
        save: Path of the result file to write.
        progress: As for `whichext.run`.

    Example:
        >>> whichext.tools.selfcheck(cells=50).ok

    Raises:
        UsageError: `cells` is out of range, or the file cannot be written.

    """
    from whichext import pipeline
    from whichext.load.asked import is_whole, path_of
    from whichext.model.judged import FEWEST_CELLS, MOST_CELLS
    from whichext.report.result import Result
    from whichext.system.notebook import progress_in_python

    if not (is_whole(cells) and FEWEST_CELLS <= cells <= MOST_CELLS):
        raise UsageError(
            argument("cells", cells),
            argument("cells", MOST_CELLS),
            expected=f"{FEWEST_CELLS} to {MOST_CELLS} pairs",
        )
    output = None if save is None else path_of("save", save)
    told, shown = Options(max_time_s=max_time_s), progress_in_python(progress)
    return Result.kept(pipeline.selfcheck(cells, told, progress=shown, output=output), save)


def cache() -> tuple[CachedBuild, ...]:
    """List the builds that are kept, the newest first.

    Returns:
        One for each: project, profile, size, when it was made, and its uses.

    Example:
        >>> sum(build.size_bytes for build in whichext.tools.cache())

    Raises:
        CacheError: The folder of the cache cannot be used.

    """
    from whichext.build.kept import list_builds
    from whichext.build.store import Store

    return list_builds(Store())


def prune_cache(older_than_days: float | None = None, *, everything: bool = False) -> Pruned:
    """Remove builds, what killed builds left, and what is kept of runs on machines.

    Args:
        older_than_days: What was written so many days ago or more; None for builds alone that
            cannot be found again, and runs of 30 days ago.
        everything: All builds and runs, but for a run that is under way.

    Returns:
        What was removed.

    Example:
        >>> len(whichext.tools.prune_cache(30).builds)

    Raises:
        UsageError: The age is none.
        CacheError: The folder of the cache cannot be used.

    """
    from msgspec.structs import replace

    from whichext.build.kept import prune
    from whichext.build.store import Store
    from whichext.cli.machines.kept import OLD_DAYS, prune_runs
    from whichext.load.asked import is_number

    days, example = older_than_days, argument("older_than_days", 30)
    if days is not None and not (is_number(days) and 0 <= days <= _MOST_DAYS):
        expected = f"0 to {_MOST_DAYS:,} days"
        raise UsageError(argument("older_than_days", days), example, expected=expected)
    found = prune(Store(), days, everything=everything)
    return replace(found, runs=prune_runs(0 if everything else OLD_DAYS if days is None else days))


def explain_cache(
    kernel: str | Path | Kernel,
    project: str | None = None,
    *,
    isolation: bool = True,
    config_settings: Sequence[str] = (),
    compiler: str | None = None,
) -> tuple[Explained, ...]:
    """Say for each build of a kernel whether it is kept, and which change makes it miss.

    Args:
        kernel: The kernel.
        project: Name of one of its projects; None for all.
        isolation: As builds are asked for; see `whichext.run`, also for the next two.
        config_settings: Settings for the backends.
        compiler: The compiler.

    Returns:
        One for each project and profile: the profiles of its entries, and those that are kept.

    Example:
        >>> [one.because for one in whichext.tools.explain_cache("path/to/kernel")]

    Raises:
        UsageError: The kernel has no project of that name, or a setting is no KEY=VALUE.
        KernelError: The kernel's author has something to fix.
        CacheError: The folder of the cache cannot be used.

    """
    from whichext.build import explain_all
    from whichext.build.store import Store
    from whichext.build.way import Way
    from whichext.load.asked import check_options
    from whichext.load.kernel import load_kernel
    from whichext.model.options import Options

    options = Options(isolation=isolation, config_settings=(*config_settings,), compiler=compiler)
    check_options(options)
    found = kernel if isinstance(kernel, Kernel) else load_kernel(kernel)
    names = [one.name for one in found.projects]
    if project is not None and project not in names:
        raise UsageError(
            f"the project {project} is not in the kernel {found.name}",
            "name one of them, or none for all" if names else "name another kernel",
            choices=names,
            expected="" if names else "a kernel with projects",
        )
    projects = [one for one in found.projects if project in (None, one.name)]
    return explain_all(projects, Store(), Way.of(options))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of result files.

    Example:
        >>> jsonschema.validate(json.loads(path.read_text()), whichext.tools.schema())

    """
    import msgspec

    from whichext.report import result_file

    found: dict[str, Any] = msgspec.json.decode(result_file.schema())
    return found
