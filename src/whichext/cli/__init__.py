"""The command line: words -> options -> exit code, nothing else.

Exit codes: 0 done, or the claim holds; 1 something was wrong, or the claim is refuted; 2 usage;
3 nothing could be built; 4 the claim is unresolved.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from whichext import __version__
from whichext.cli import claims, memo
from whichext.cli.arguments import (
    Baseline,
    Cases,
    Entries,
    Factors,
    Kernel,
    MaxTime,
    MemoryLimit,
    Output,
    Precision,
    Profiles,
    Quick,
    Resume,
    Threads,
    TimeLimit,
)
from whichext.cli.racing import (
    NOTHING_BUILT,
    WRONG,
    console,
    exit_code,
    race,
    say_if_nothing_was_built,
    show_and_keep,
    terminal,
    typed_command,
)
from whichext.cli.words import SHELL, bytes_of, counts, settings, share, words
from whichext.judge import judge_again
from whichext.judge.selfcheck import FEWEST_CELLS, selfcheck
from whichext.load.kernel import built_in_kernels, load_kernel
from whichext.model.errors import WhichextError
from whichext.model.findings import is_a_surprise
from whichext.model.options import Options
from whichext.model.outcome import BuildFailed, Built
from whichext.model.scorecard import Scorecard
from whichext.pipeline import audit, verify
from whichext.report import as_json, as_text
from whichext.report.audit_table import render_audit
from whichext.report.diagnosis_table import render_findings
from whichext.report.listing import render_kernel
from whichext.report.selfcheck_text import render_selfcheck
from whichext.report.verification import render_verification
from whichext.system.doctor import examine
from whichext.system.progress import progress_for
from whichext.system.signals import interruptible

app = typer.Typer(
    help="Which way of writing a Python extension is faster on your machine, and why?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(claims.app)
app.add_typer(memo.app)


@app.command("run")
def run_command(
    kernel: Kernel,
    case: Cases = None,
    entry: Entries = None,
    threads: Threads = None,
    profile: Profiles = None,
    factor: Factors = None,
    baseline: Baseline = None,
    max_time: MaxTime = None,
    time_limit: TimeLimit = Options.time_limit_s,
    memory_limit: MemoryLimit = None,
    precision: Precision = None,
    quick: Quick = False,
    output: Output = None,
    resume: Resume = None,
) -> None:
    """Build, audit, verify and race a kernel's contestants, and print the table."""
    usual = Options.quick() if quick else Options()
    options = Options(
        cases=words(case),
        entries=words(entry),
        threads=counts(threads),
        profiles=words(profile),
        factors=settings(factor),
        baseline=baseline,
        max_time_s=usual.max_time_s if max_time is None else max_time,
        time_limit_s=time_limit,
        memory_limit_bytes=bytes_of(memory_limit),
        precision=usual.precision if precision is None else share(precision),
        min_epochs=usual.min_epochs,
    )
    scorecard = race(kernel, options, _show, output, resume)
    raise typer.Exit(exit_code(scorecard))


@app.command("audit")
def audit_command(
    kernel: Kernel, entry: Entries = None, profile: Profiles = None, factor: Factors = None
) -> None:
    """Build a kernel's projects and show how they were really compiled, and who is built unlike.

    Exit status 1: a project did not build, an entry is not there, or something spoils a comparison
    and no profile's name says so.
    """
    options = Options(entries=words(entry), profiles=words(profile), factors=settings(factor))
    builds, found = audit(kernel, options, progress=progress_for(sys.stderr, SHELL))
    console().print(render_audit(builds, found))
    if builds and not any(isinstance(build.result, Built) for build in builds):
        raise typer.Exit(NOTHING_BUILT)
    failed = any(isinstance(build.result, BuildFailed) for build in builds)
    absent = any(one.import_ns is None for one in found.probes)  # no module or no such function
    raise typer.Exit(WRONG if failed or absent or any(map(is_a_surprise, found.findings)) else 0)


@app.command("verify")
def verify_command(
    kernel: Kernel,
    case: Cases = None,
    entry: Entries = None,
    threads: Threads = None,
    profile: Profiles = None,
    factor: Factors = None,
    time_limit: TimeLimit = Options.time_limit_s,
    memory_limit: MemoryLimit = None,
    output: Output = None,
) -> None:
    """Build and verify a kernel's contestants, and print what each is right and wrong on."""
    if output is not None:
        as_json.check_writable(output)
    options = Options(
        cases=words(case),
        entries=words(entry),
        threads=counts(threads),
        profiles=words(profile),
        factors=settings(factor),
        time_limit_s=time_limit,
        memory_limit_bytes=bytes_of(memory_limit),
    )
    scorecard = verify(
        kernel, options, progress=progress_for(sys.stderr, SHELL), command=typed_command()
    )
    show_and_keep(scorecard, _show, output)
    raise typer.Exit(exit_code(scorecard))


@app.command("list")
def list_command(
    kernel: Annotated[
        str | None,
        typer.Argument(help="A built-in name or a kernel folder; all built-in ones if not given."),
    ] = None,
) -> None:
    """Show kernels with their cases, entries and factors."""
    screen = console()
    for name in (kernel,) if kernel else built_in_kernels():
        screen.print(render_kernel(load_kernel(name)))


@app.command("show")
def show_command(
    file: Annotated[Path, typer.Argument(help="A result file that run -o wrote.")],
    baseline: Annotated[
        str | None, typer.Option(help="Another contestant for the ratios to refer to.")
    ] = None,
) -> None:
    """Print the report of a result file again, from its raw samples where the baseline differs."""
    scorecard = as_json.read(file)
    _show(scorecard if baseline is None else judge_again(scorecard, baseline))


@app.command("doctor")
def doctor_command() -> None:
    """Show toolchains and what disturbs a race on this machine, and what to do about each."""
    console().print(render_findings(examine()))


@app.command("selfcheck")
def selfcheck_command(
    cells: Annotated[
        int, typer.Option(min=FEWEST_CELLS, max=100, help="Pairs of identical code to compare.")
    ] = 100,
    max_time: Annotated[float, typer.Option(min=0, help="Seconds that it may take.")] = 240.0,
) -> None:
    """Race identical code against itself: how often is it called different on this machine?"""
    options = Options(max_time_s=max_time)
    found = selfcheck(cells, options, progress_for(sys.stderr, SHELL))
    print(render_selfcheck(found))
    raise typer.Exit(0 if found.passed else WRONG)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"whichext {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def _show(scorecard: Scorecard) -> None:
    width, colour = terminal()
    render = as_text.render if scorecard.raced else render_verification
    sys.stdout.write(render(scorecard, width, colour=colour))
    say_if_nothing_was_built(scorecard)


def main() -> None:
    """Run the command line; an error with a next step is shown without a traceback."""
    try:
        with interruptible():
            app()
    except WhichextError as error:
        print(f"whichext: {error.text(SHELL)}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
