"""The arguments that verbs of Python are called with, as options of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from whichext.model.errors import UsageError, closest
from whichext.model.inline import argument
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.view import View

if TYPE_CHECKING:
    from whichext.build.session import How
    from whichext.report.result import Result
    from whichext.system.progress import Progress

Names = str | Sequence[str]
"""Names, or globs such as "rustpy.*"; "*" for all."""


class RunOptions(TypedDict, total=False):
    """Keyword options that all verbs share; `whichext.run` explains them."""

    precision: float
    max_time_s: float
    time_limit_s: float
    memory_limit_bytes: int | None
    isolation: bool
    config_settings: Mapping[str, str | Sequence[str]] | Sequence[str]
    compiler: str | None
    clean_env: bool
    seed: int
    save: str | Path | None
    resume: str | Path | None
    progress: Progress | bool | None


def split(asked: Options, options: RunOptions) -> tuple[Options, How]:
    """Split into the options of a run, and the options that do not change what it finds."""
    from whichext.load.asked import path_of, settings_of
    from whichext.report import result_file
    from whichext.system.notebook import progress_in_python

    _check_known(options)
    save, resume = options.get("save"), options.get("resume")
    told = replace(
        asked,
        precision=options.get("precision", asked.precision),
        max_time_s=options.get("max_time_s", asked.max_time_s),
        time_limit_s=options.get("time_limit_s", asked.time_limit_s),
        memory_limit_bytes=options.get("memory_limit_bytes"),
        isolation=options.get("isolation", asked.isolation),
        config_settings=settings_of(options.get("config_settings", ())),
        compiler=options.get("compiler", asked.compiler),
        clean_env=options.get("clean_env", asked.clean_env),
        seed=options.get("seed", asked.seed),
    )
    how: How = {
        "progress": progress_in_python(options.get("progress")),
        "output": None if save is None else path_of("save", save),
        "earlier": None if resume is None else result_file.read(path_of("resume", resume)).raw,
    }
    return told, how


def _check_known(options: RunOptions) -> None:
    """Python takes any keyword here, and a misspelt one would change nothing."""
    known = sorted(RunOptions.__annotations__)
    for name in options:
        if name not in known:
            raise UsageError(
                f"there is no argument {name}", f"write {closest(name, known)}=...", choices=known
            )


def asked(
    cases: Names = "*",
    entries: Names = "*",
    threads: int | Sequence[int] | None = None,
    profiles: Names | None = None,
    factors: Names = (),
    baseline: str | None = None,
    projects: Names = "*",
    entry_set: str | None = None,
) -> Options:
    """The arguments of a verb as options."""
    return Options(
        cases=_names(cases),
        entries=_names(entries),
        set=entry_set,
        projects=_names(projects),
        threads=() if threads is None else each(threads),
        profiles=_names("*" if profiles is None else profiles),
        factors=_names(factors),
        baseline=baseline,
    )


def source_of(
    on: str | Path | Kernel | Result,
    kernel: str | Path | Kernel | None,
    options: RunOptions,
) -> tuple[Kernel, View | None]:
    """The kernel, and the result to use instead of a race, if one was given.

    Raises:
        UsageError: Options of a race were given with a result.

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
    """The names as a tuple; an empty one stands for all."""
    found = each(names)
    return () if found == ("*",) else found


def each(values: Any) -> tuple[Any, ...]:
    """The values one by one, where there are several; what is in them is checked later."""
    several = isinstance(values, Iterable) and not isinstance(values, str | bytes)
    return tuple(values) if several else (values,)
