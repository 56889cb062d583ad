"""`whichext.tools`: the commands that are not about one race, as functions.

What they need is imported when they are called, as in `whichext` itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.view import View

if TYPE_CHECKING:
    from whichext.report.result import Result, RunOptions
    from whichext.system.doctor import MachineNote
    from whichext.system.progress import Progress

__all__ = ["doctor", "memo", "schema", "selfcheck"]

Names = str | Sequence[str]


def doctor() -> tuple[MachineNote, ...]:
    """Find out what is missing on this machine and what disturbs a race; takes about a second.

    Returns:
        One note per subject, each with what was found, how much that matters, and what to do.

    Example:
        >>> [note.advice for note in whichext.tools.doctor() if note.level == "warning"]

    """
    from whichext.system.doctor import examine

    return examine()


def memo(
    on: str | Path | Kernel | Result,
    *,
    min_speedup: float = 1.2,
    kernel: str | Path | Kernel | None = None,
    cases: Names = "*",
    entries: Names = "*",
    threads: int | Sequence[int] | None = None,
    **options: Unpack[RunOptions],
) -> Result:
    """Race what a decision needs, or take the result of a race, and say what to use.

    Args:
        on: A kernel, which is raced, or a result of one.
        min_speedup: How many times as fast as the reference is worth a toolchain.
        kernel: The kernel of a result, where it is no built-in one.
        cases: Names or patterns; "*" for the usual cases and the smallest.
        entries: Names or patterns.
        threads: Thread counts; by default 1 and one per usable processor.
        **options: Of the race; see `whichext.run`.

    Returns:
        What was found; as text and as Markdown it is the memo. `judged.decision` has its parts.

    Example:
        >>> print(whichext.tools.memo("path/to/kernel", min_speedup=2, save="result.json"))

    Raises:
        UsageError: No answer could depend on such a threshold, options of a race beside a result,
            or a name that fits nothing.
        KernelError: The kernel's author has something to fix.

    """
    from whichext import pipeline
    from whichext.report.result import Result, split

    source, result = source_of(on, kernel, options)
    told, how = split(asked(cases, entries, threads), options)
    view = pipeline.memo(source, min_speedup, told, result, **how)
    return Result.kept(view, options.get("save"))


def selfcheck(
    cells: int = 100,
    *,
    max_time_s: float = 240.0,
    save: str | Path | None = None,
    progress: Progress | None = None,
) -> Result:
    """Race identical code against itself: how often is it called different on this machine?

    Args:
        cells: Pairs to compare, 25 to 100.
        max_time_s: Seconds that it may take.
        save: The result file to write.
        progress: Told how far it is.

    Example:
        >>> whichext.tools.selfcheck(cells=50).ok

    Raises:
        UsageError: There is no such number of cells, or the file cannot be written.

    """
    from whichext import pipeline
    from whichext.load.asked import is_whole, path_of
    from whichext.model.judged import FEWEST_CELLS, MOST_CELLS
    from whichext.report.result import Result

    if not (is_whole(cells) and FEWEST_CELLS <= cells <= MOST_CELLS):
        raise UsageError(
            argument("cells", cells),
            argument("cells", MOST_CELLS),
            expected=f"{FEWEST_CELLS} to {MOST_CELLS} pairs",
        )
    output = None if save is None else path_of("save", save)
    told = Options(max_time_s=max_time_s)
    return Result.kept(pipeline.selfcheck(cells, told, progress=progress, output=output), save)


def schema() -> dict[str, Any]:
    """The JSON Schema of result files.

    Example:
        >>> jsonschema.validate(json.loads(path.read_text()), whichext.tools.schema())

    """
    import msgspec

    from whichext.report import result_file

    found: dict[str, Any] = msgspec.json.decode(result_file.schema())
    return found


def asked(
    cases: Names = "*",
    entries: Names = "*",
    threads: int | Sequence[int] | None = None,
    profiles: Names | None = None,
    factors: Names = (),
    baseline: str | None = None,
) -> Options:
    """What a verb of Python is asked for, as options."""
    return Options(
        cases=_names(cases),
        entries=_names(entries),
        threads=() if threads is None else _each(threads),
        profiles=_names("*" if profiles is None else profiles),
        factors=_names(factors),
        baseline=baseline,
    )


def source_of(
    on: str | Path | Kernel | Result,
    kernel: str | Path | Kernel | None,
    options: RunOptions,
) -> tuple[Kernel, View | None]:
    """The kernel that is asked about, and the result that answers instead of a race.

    Raises:
        UsageError: Options of a race beside a result.

    """
    from whichext.load.kernel import load_kernel

    result = on if isinstance(on, View) else None
    of_a_race = [name for name in options if name not in ("save", "progress")]
    if result is not None and of_a_race:
        raise UsageError(
            argument("on"),
            f"leave out {' and '.join(argument(name) for name in of_a_race)}",
            expected="no options of a race beside a result",
            got=", ".join(of_a_race),
        )
    named = kernel or (on.raw.kernel if isinstance(on, View) else on)
    return named if isinstance(named, Kernel) else load_kernel(named), result


def _names(names: Names) -> tuple[str, ...]:
    """Names one by one; none stands for all."""
    found = _each(names)
    return () if found == ("*",) else found


def _each(values: Any) -> tuple[Any, ...]:
    """The values one by one, where there are several; what is in them is checked later."""
    several = isinstance(values, Iterable) and not isinstance(values, str | bytes)
    return tuple(values) if several else (values,)
