"""The command that writes the decision memo, from a race or from a result file."""

from __future__ import annotations

from typing import Annotated

import typer

from whichext.cli.arguments import (
    Building,
    Cases,
    CleanEnv,
    Compiler,
    ConfigSettings,
    Entries,
    Kernel,
    MaxTime,
    MemoryLimit,
    NoIsolation,
    Output,
    Precision,
    Quick,
    ResultFile,
    Resume,
    Set,
    Threads,
    TimeLimit,
    bytes_of,
    counts,
    instead_of_a_race,
    race_options,
    words,
)
from whichext.cli.screen import finish, typed
from whichext.model.decision import MIN_SPEEDUP
from whichext.model.options import Options


def memo_command(
    kernel: Kernel,
    worth: Annotated[
        float, typer.Option(metavar="SPEED-UP", help="Smallest speed-up that is worth a toolchain.")
    ] = MIN_SPEEDUP,
    result: ResultFile = None,
    case: Cases = None,
    entry: Entries = None,
    entry_set: Set = None,
    threads: Threads = None,
    compiler: Compiler = None,
    clean_env: CleanEnv = False,
    no_isolation: NoIsolation = False,
    config_setting: ConfigSettings = None,
    max_time: MaxTime = None,
    time_limit: TimeLimit = Options.time_limit_s,
    memory_limit: MemoryLimit = None,
    precision: Precision = None,
    quick: Quick = False,
    output: Output = None,
    resume: Resume = None,
) -> None:
    """Recommend what to use, as a memo in Markdown.

    It races the candidates. By default these are raced on the cases without a family and on the
    smallest case, with one thread and with one thread per processor.
    """
    from whichext import pipeline
    from whichext.load.kernel import load_kernel

    building = Building(no_isolation, config_setting, compiler, clean_env)
    options = race_options(
        max_time,
        precision,
        quick=quick,
        cases=words(case),
        entries=words(entry),
        set=entry_set,
        threads=counts(threads),
        **building.options(),
        time_limit_s=time_limit,
        memory_limit_bytes=bytes_of(memory_limit),
    )
    said = building.said() | {"cases": case, "entries": entry, "set": entry_set, "threads": threads}
    said |= {"max_time_s": max_time, "precision": precision, "quick": quick, "resume": resume}
    said["time_limit_s"] = None if time_limit == Options.time_limit_s else time_limit
    source = instead_of_a_race(result, **said, memory_limit_bytes=memory_limit)
    view = pipeline.memo(load_kernel(kernel), worth, options, source, **typed(output, resume))
    finish(view, output, to="markdown")
