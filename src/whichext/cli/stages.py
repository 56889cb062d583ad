"""The commands `run`, `verify`, `audit` and `selfcheck`, which run the stages of the flow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from whichext.cli.arguments import (
    Baseline,
    Building,
    Cases,
    CleanEnv,
    Cluster,
    Compiler,
    ConfigSettings,
    Entries,
    Factors,
    Kernel,
    MaxTime,
    MemoryLimit,
    NoIsolation,
    Output,
    Precision,
    Profiles,
    Projects,
    Quick,
    ResumeRun,
    Set,
    Spread,
    Threads,
    TimeLimit,
    bytes_of,
    counts,
    race_options,
    settings,
    words,
)
from whichext.cli.screen import finish, shown, typed
from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.model.judged import FEWEST_CELLS, MOST_CELLS
from whichext.model.options import Options
from whichext.model.raw import Kind
from whichext.system.signals import interruptible_once
from whichext.system.streams import put


def run_command(
    kernel: Kernel,
    case: Cases = None,
    entry: Entries = None,
    entry_set: Set = None,
    project: Projects = None,
    threads: Threads = None,
    profile: Profiles = None,
    factor: Factors = None,
    compiler: Compiler = None,
    clean_env: CleanEnv = False,
    no_isolation: NoIsolation = False,
    config_setting: ConfigSettings = None,
    baseline: Baseline = None,
    max_time: MaxTime = None,
    time_limit: TimeLimit = Options.time_limit_s,
    memory_limit: MemoryLimit = None,
    precision: Precision = None,
    quick: Quick = False,
    output: Output = None,
    resume: ResumeRun = None,
    on: Cluster = None,
    spread: Spread = False,
) -> None:
    """Build, audit, verify and race a kernel's entries."""
    options = race_options(
        max_time,
        precision,
        quick=quick,
        cases=words(case),
        entries=words(entry),
        set=entry_set,
        projects=words(project),
        threads=counts(threads),
        profiles=words(profile),
        factors=settings(factor),
        **Building(no_isolation, config_setting, compiler, clean_env).options(),
        baseline=baseline,
        time_limit_s=time_limit,
        memory_limit_bytes=bytes_of(memory_limit),
    )
    if on is not None:
        _race_on_machines(kernel, options, output, resume, on, spreads=spread)
    _check_here(spreads=spread)
    from whichext import pipeline

    # Right here, so that few frames lie between a command and the clock.
    finish(pipeline.execute(kernel, options, **typed(output, resume)), output)


def _check_here(*, spreads: bool) -> None:
    if spreads:
        raise UsageError(
            argument("spread"),
            f"name them with {argument('cluster', 'tcp://scheduler:8786')}",
            expected="machines to spread cases over",
        )


def _race_on_machines(
    kernel: str,
    options: Options,
    output: Path | None,
    resume: Path | None,
    on: str,
    *,
    spreads: bool,
) -> NoReturn:
    """Race on machines, and list what came of each of them."""
    from whichext.cli.machines import run_on_machines
    from whichext.cli.machines.listing import exit_code, machines_document

    how = typed()
    told = (output, resume, how["progress"], how["command"])
    # An impatient second Ctrl-C would leave machines that still end their races.
    with interruptible_once():
        found = run_on_machines(kernel, options, on, *told, spreads=spreads)
    put(shown(machines_document(found)))
    raise typer.Exit(exit_code(found))


def audit_command(
    kernel: Kernel,
    entry: Entries = None,
    entry_set: Set = None,
    project: Projects = None,
    profile: Profiles = None,
    factor: Factors = None,
    compiler: Compiler = None,
    clean_env: CleanEnv = False,
    no_isolation: NoIsolation = False,
    config_setting: ConfigSettings = None,
    output: Output = None,
) -> None:
    """Build a kernel's projects and show how they were compiled.

    Exit status 1: a project did not build, an entry does not exist, or the builds are not
    comparable for a reason other than their profiles.
    """
    from whichext import pipeline

    options = Options(
        entries=words(entry),
        set=entry_set,
        projects=words(project),
        profiles=words(profile),
        factors=settings(factor),
        **Building(no_isolation, config_setting, compiler, clean_env).options(),
    )
    finish(pipeline.execute(kernel, options, kind=Kind.AUDIT, **typed(output)), output)


def verify_command(
    kernel: Kernel,
    case: Cases = None,
    entry: Entries = None,
    entry_set: Set = None,
    project: Projects = None,
    threads: Threads = None,
    profile: Profiles = None,
    factor: Factors = None,
    compiler: Compiler = None,
    clean_env: CleanEnv = False,
    no_isolation: NoIsolation = False,
    config_setting: ConfigSettings = None,
    time_limit: TimeLimit = Options.time_limit_s,
    memory_limit: MemoryLimit = None,
    output: Output = None,
) -> None:
    """Build a kernel's entries and check their answers."""
    from whichext import pipeline

    options = Options(
        cases=words(case),
        entries=words(entry),
        set=entry_set,
        projects=words(project),
        threads=counts(threads),
        profiles=words(profile),
        factors=settings(factor),
        **Building(no_isolation, config_setting, compiler, clean_env).options(),
        time_limit_s=time_limit,
        memory_limit_bytes=bytes_of(memory_limit),
    )
    finish(pipeline.execute(kernel, options, kind=Kind.VERIFY, **typed(output)), output)


def selfcheck_command(
    cells: Annotated[
        int,
        typer.Option(
            min=FEWEST_CELLS, max=MOST_CELLS, help="Number of pairs of identical code to compare."
        ),
    ] = MOST_CELLS,
    max_time: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Most time that it may take.")
    ] = 240.0,
    output: Output = None,
) -> None:
    """Count how often identical code is called different here."""
    from whichext import pipeline

    finish(pipeline.selfcheck(cells, Options(max_time_s=max_time), **typed(output)), output)
