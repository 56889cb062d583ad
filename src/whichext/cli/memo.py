"""The command that writes the decision memo, from a race or from a result file."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
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
from whichext.cli.racing import check_kernel, exit_code, race, say_if_nothing_was_built
from whichext.cli.words import bytes_of, counts, share, words
from whichext.judge.borders import MOST_WORTH
from whichext.judge.recommendation import WORTH
from whichext.load.kernel import asked_as, load_kernel
from whichext.load.select import cases_of_a_decision
from whichext.model.errors import UsageError
from whichext.model.inline import argument, call
from whichext.model.kernel import Kernel as LoadedKernel
from whichext.model.options import Options
from whichext.model.scorecard import Scorecard
from whichext.report import as_json
from whichext.report.memo import render
from whichext.system.machine import usable_cores

app = typer.Typer(rich_markup_mode=None)


ResultFile = Annotated[
    Path | None, typer.Option("--result", help="Write it from this result file; race nothing.")
]
Worth = Annotated[float, typer.Option(help="How many times as fast is worth a toolchain.")]


@app.command("memo")
def memo_command(
    kernel: Kernel,
    worth: Worth = WORTH,
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
    if not 1 <= worth <= MOST_WORTH:
        raise UsageError(
            argument("min_speedup", worth),
            argument("min_speedup", WORTH),
            expected=f"a number of times from 1 to {MOST_WORTH:g}",
        )
    loaded = load_kernel(kernel)
    entries = tuple(f"{p.module}.{entry.function}" for p in loaded.projects for entry in p.entries)
    show = partial(_show, worth=worth, entries=entries)
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
        scorecard = race(kernel, options, show, output, resume)
    else:
        of_a_race = (case, entry, threads, max_time, memory_limit, precision, output, resume)
        if quick or time_limit != usual.time_limit_s or any(o is not None for o in of_a_race):
            raise UsageError(
                argument("result", str(result)),
                f"leave out {argument('result')}, or all other options but "
                f"{argument('min_speedup')}",
                expected="no option of a race beside it, since it races nothing",
            )
        scorecard = _read(result, loaded)
        show(scorecard)
    raise typer.Exit(exit_code(scorecard))


def _read(path: Path, kernel: LoadedKernel) -> Scorecard:
    """What a result file of a race of that kernel holds."""
    scorecard = as_json.read(path)
    check_kernel(kernel, scorecard)
    if not scorecard.raced:
        raise UsageError(
            argument("result", str(path)),
            f"make one with {call('memo', asked_as(kernel), save='FILE.json')}",
            expected="the result of a race",
            got=f"one of {call('verify')}",
        )
    return scorecard


def _show(scorecard: Scorecard, worth: float, entries: tuple[str, ...]) -> None:
    sys.stdout.write(render(scorecard, worth, entries))
    say_if_nothing_was_built(scorecard)
