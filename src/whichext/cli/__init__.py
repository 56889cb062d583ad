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
    earlier,
    say_if_nothing_was_built,
    show_and_keep,
    shown,
    typed_command,
)
from whichext.cli.words import SHELL, bytes_of, counts, settings, share, words
from whichext.judge import judge_again
from whichext.load.kernel import built_in_kernels, load_kernel
from whichext.model.errors import WhichextError
from whichext.model.judged import FEWEST_CELLS
from whichext.model.options import Options
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.pipeline import execute, selfcheck
from whichext.report import document_of, result_file
from whichext.report.doctor import doctor_document
from whichext.report.exit_codes import exit_code
from whichext.report.listing import kernel_document
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
    view = execute(
        kernel,
        options,
        command=typed_command(),
        progress=progress_for(sys.stderr, SHELL),
        output=output,
        earlier=earlier(resume),
    )
    show_and_keep(view, _show, output)
    raise typer.Exit(exit_code(view))


@app.command("audit")
def audit_command(
    kernel: Kernel,
    entry: Entries = None,
    profile: Profiles = None,
    factor: Factors = None,
    output: Output = None,
) -> None:
    """Build a kernel's projects and show how they were really compiled, and who is built unlike.

    Exit status 1: a project did not build, an entry is not there, or something spoils a comparison
    and no profile's name says so.
    """
    options = Options(entries=words(entry), profiles=words(profile), factors=settings(factor))
    view = execute(
        kernel,
        options,
        kind=Kind.AUDIT,
        command=typed_command(),
        progress=progress_for(sys.stderr, SHELL),
        output=output,
    )
    show_and_keep(view, _show, output)
    raise typer.Exit(exit_code(view))


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
    options = Options(
        cases=words(case),
        entries=words(entry),
        threads=counts(threads),
        profiles=words(profile),
        factors=settings(factor),
        time_limit_s=time_limit,
        memory_limit_bytes=bytes_of(memory_limit),
    )
    view = execute(
        kernel,
        options,
        kind=Kind.VERIFY,
        command=typed_command(),
        progress=progress_for(sys.stderr, SHELL),
        output=output,
    )
    show_and_keep(view, _show, output)
    raise typer.Exit(exit_code(view))


@app.command("list")
def list_command(
    kernel: Annotated[
        str | None,
        typer.Argument(help="A built-in name or a kernel folder; all built-in ones if not given."),
    ] = None,
) -> None:
    """Show kernels with their cases, entries and factors."""
    for name in (kernel,) if kernel else built_in_kernels():
        print(shown(kernel_document(load_kernel(name))))


@app.command("show")
def show_command(
    file: Annotated[Path, typer.Argument(help="A result file that -o wrote, whichever command.")],
    baseline: Annotated[
        str | None, typer.Option(help="Another contestant for the ratios to refer to.")
    ] = None,
) -> None:
    """Print the report of a result file again, from its raw samples where the baseline differs."""
    view = result_file.read(file)
    _show(view if baseline is None else judge_again(view, baseline))


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of result files, for other programs that read them."""
    print(result_file.schema().decode())


@app.command("doctor")
def doctor_command() -> None:
    """Show toolchains and what disturbs a race on this machine, and what to do about each."""
    sys.stdout.write(shown(doctor_document(examine())))


@app.command("selfcheck")
def selfcheck_command(
    cells: Annotated[
        int, typer.Option(min=FEWEST_CELLS, max=100, help="Pairs of identical code to compare.")
    ] = 100,
    max_time: Annotated[float, typer.Option(min=0, help="Seconds that it may take.")] = 240.0,
    output: Output = None,
) -> None:
    """Race identical code against itself: how often is it called different on this machine?"""
    view = selfcheck(
        cells,
        Options(max_time_s=max_time),
        command=typed_command(),
        progress=progress_for(sys.stderr, SHELL),
        output=output,
    )
    show_and_keep(view, _show, output)
    raise typer.Exit(exit_code(view))


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


def _show(view: View) -> None:
    """Print the report that goes with what was asked for."""
    sys.stdout.write(shown(document_of(view)))
    say_if_nothing_was_built(view)


def main() -> None:
    """Run the command line; an error with a next step is shown without a traceback."""
    try:
        with interruptible():
            app()
    except WhichextError as error:
        print(f"whichext: {error.text(SHELL)}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
