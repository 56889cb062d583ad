"""The command that writes the decision memo, from a race or from a result file."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from whichext.cli.arguments import (
    Cases,
    Entries,
    Kernel,
    MaxTime,
    MemoryLimit,
    Output,
    Precision,
    Quick,
    Resume,
    Threads,
    TimeLimit,
)
from whichext.cli.racing import (
    check_kernel,
    earlier,
    say_if_nothing_was_built,
    show_and_keep,
    typed_command,
)
from whichext.cli.words import SHELL, bytes_of, counts, share, words
from whichext.judge import judge_again
from whichext.load.kernel import asked_as, load_kernel
from whichext.load.select import cases_of_a_decision
from whichext.model.decision import GREATEST_MIN_SPEEDUP, MIN_SPEEDUP
from whichext.model.errors import UsageError
from whichext.model.inline import argument, call
from whichext.model.kernel import Kernel as LoadedKernel
from whichext.model.options import Options
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.pipeline import execute
from whichext.report import result_file
from whichext.report.exit_codes import exit_code
from whichext.report.markdown import render_markdown
from whichext.report.memo import memo_document
from whichext.system.machine import usable_cores
from whichext.system.progress import progress_for

app = typer.Typer(rich_markup_mode=None)


ResultFile = Annotated[
    Path | None, typer.Option("--result", help="Write it from this result file; race nothing.")
]
Worth = Annotated[float, typer.Option(help="How many times as fast is worth a toolchain.")]


@app.command("memo")
def memo_command(
    kernel: Kernel,
    worth: Worth = MIN_SPEEDUP,
    result: ResultFile = None,
    case: Cases = None,
    entry: Entries = None,
    threads: Threads = None,
    max_time: MaxTime = None,
    time_limit: TimeLimit = Options.time_limit_s,
    memory_limit: MemoryLimit = None,
    precision: Precision = None,
    quick: Quick = False,
    output: Output = None,
    resume: Resume = None,
) -> None:
    """Race what a decision needs, and print the memo for an issue or a pull request, as Markdown.

    Without --case: the usual cases and the smallest. Without --threads: 1 and one per processor.
    """
    _check_worth(worth)
    loaded = load_kernel(kernel)
    usual = Options.quick() if quick else Options()
    options = replace(
        usual,
        cases=words(case) or cases_of_a_decision(loaded),
        entries=words(entry),
        threads=counts(threads) or tuple(sorted({1, usable_cores()})),
        max_time_s=usual.max_time_s if max_time is None else max_time,
        time_limit_s=time_limit,
        memory_limit_bytes=bytes_of(memory_limit),
        precision=usual.precision if precision is None else share(precision),
    )
    if result is None:
        found = execute(
            kernel,
            options,
            kind=Kind.MEMO,
            command=typed_command(),
            progress=progress_for(sys.stderr, SHELL),
            output=output,
            earlier=earlier(resume),
        )
    else:
        of_a_race = (case, entry, threads, max_time, memory_limit, precision, output, resume)
        if quick or time_limit != usual.time_limit_s or any(o is not None for o in of_a_race):
            raise _raceless(result)
        found = _read(result, loaded)
    view = judge_again(found, found.reference.name, worth)
    show_and_keep(view, _show, output)
    raise typer.Exit(exit_code(view))


def _check_worth(worth: float) -> None:
    """Refuse a number of times that no answer could depend on."""
    if not 1 <= worth <= GREATEST_MIN_SPEEDUP:
        raise UsageError(
            argument("min_speedup", worth),
            argument("min_speedup", MIN_SPEEDUP),
            expected=f"a number of times from 1 to {GREATEST_MIN_SPEEDUP:g}",
        )


def _raceless(path: Path) -> UsageError:
    """Options of a race beside a result file."""
    return UsageError(
        argument("result", str(path)),
        f"leave out {argument('result')}, or all other options but {argument('min_speedup')}",
        expected="no option of a race beside it, since it races nothing",
    )


def _read(path: Path, kernel: LoadedKernel) -> View:
    """What a result file of a race of that kernel holds."""
    view = result_file.read(path)
    check_kernel(kernel, view)
    if not view.raw.raced:
        raise UsageError(
            argument("result", str(path)),
            f"make one with {call('memo', asked_as(kernel), save='FILE.json')}",
            expected="the result of a race",
            got=f"one of {call('verify')}",
        )
    return view


def _show(view: View) -> None:
    sys.stdout.write(render_markdown(memo_document(view), SHELL))
    say_if_nothing_was_built(view)
