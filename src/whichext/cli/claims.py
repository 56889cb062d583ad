"""Commands that hold claims against a race or a result file: `check` and `claims`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from whichext.cli.arguments import Kernel, MaxTime, Output, Precision, Quick, Resume
from whichext.cli.racing import (
    check_kernel,
    earlier,
    say_if_nothing_was_built,
    show_and_keep,
    shown,
    typed_command,
)
from whichext.cli.words import SHELL, share
from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.hold import with_claims
from whichext.judge.claims.reader import ADDITIONS, FORMS
from whichext.judge.claims.trials import Trial, load_claims, race_options, resolve_claim
from whichext.load.kernel import load_kernel
from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.model.options import Options
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.pipeline import execute
from whichext.report import result_file
from whichext.report.claims import check_document, claims_document, claims_table
from whichext.report.exit_codes import exit_code
from whichext.report.markdown import render_markdown
from whichext.system.machine import usable_cores
from whichext.system.progress import progress_for

app = typer.Typer(rich_markup_mode=None)

ResultFile = Annotated[
    Path | None, typer.Option("--result", help="Hold it against this result file; race nothing.")
]

# \b keeps the lines apart.
_FORMS = "\b\nForms of a claim:\n" + "\n".join(f"  {form}" for form in (*FORMS, ADDITIONS))
Render = Callable[[View], str]


@app.command("check", epilog=_FORMS)
def check_command(
    kernel: Kernel,
    claim: Annotated[str, typer.Argument(help="Such as 'A is 2x faster than B on CASE'.")],
    result: ResultFile = None,
    output: Output = None,
    resume: Resume = None,
    max_time: MaxTime = None,
    precision: Precision = None,
    quick: Quick = False,
) -> None:
    """Race what a claim needs and say whether it holds, is refuted or unresolved, and why.

    Exit status: 0 it holds, 1 it is refuted, 4 it is unresolved.
    """
    source = _source(result, output, resume, max_time, precision, quick=quick)
    trial = resolve_claim(parse_claim(claim), load_kernel(kernel), source.threads)
    _answer(kernel, [trial], source, lambda view: shown(check_document(view)))


@app.command("claims")
def claims_command(
    kernel: Kernel,
    result: ResultFile = None,
    output: Output = None,
    resume: Resume = None,
    max_time: MaxTime = None,
    precision: Precision = None,
    quick: Quick = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the table as Markdown.")
    ] = False,
) -> None:
    """Hold the claims of a kernel's claims.toml against one race of all that they name.

    Exit status: 0 all hold, 1 any is refuted, 4 none is and any is unresolved.
    """
    source = _source(result, output, resume, max_time, precision, quick=quick)
    trials = load_claims(load_kernel(kernel), source.threads)

    def render(view: View) -> str:
        if markdown:
            return render_markdown(claims_table(view), SHELL)
        return shown(claims_document(view))

    _answer(kernel, trials, source, render)


@dataclass(frozen=True, kw_only=True)
class _Source:
    """Where the result comes from."""

    result: View | None
    """What a file holds; None where there is to be a race."""
    threads: int
    """Threads of a parallel entry that is named without a count."""
    options: Options
    """How long a race may take."""
    output: Path | None
    """Where it is kept."""
    resume: Path | None
    """What it goes on from."""


def _source(
    result: Path | None,
    output: Path | None,
    resume: Path | None,
    max_time: float | None,
    precision: str | None,
    *,
    quick: bool,
) -> _Source:
    of_a_race = (output, resume, max_time, precision, quick or None)
    if result is not None and any(option is not None for option in of_a_race):
        raise UsageError(
            argument("result", str(result)),
            f"leave out {argument('result')}, or --output, --resume, --max-time, --precision and "
            "--quick",
            expected="no option of a race beside it, since it races nothing",
        )
    found = None if result is None else result_file.read(result)
    options = Options.quick() if quick else Options()
    if max_time is not None:
        options = replace(options, max_time_s=max_time)
    if precision is not None:
        options = replace(options, precision=share(precision))
    return _Source(
        result=found,
        threads=usable_cores() if found is None else found.raw.machine.cores,
        options=options,
        output=output,
        resume=resume,
    )


def _answer(kernel: str, trials: Sequence[Trial], source: _Source, render: Render) -> None:
    """Hold claims against a race or a file, show what becomes of them, and end with that."""

    def show(view: View) -> None:
        sys.stdout.write(render(view))
        say_if_nothing_was_built(view)

    if source.result is None:
        raced = execute(
            kernel,
            race_options(trials, source.options),
            kind=Kind.CHECK,
            command=typed_command(),
            progress=progress_for(sys.stderr, SHELL),
            output=source.output,
            earlier=earlier(source.resume),
        )
        view = with_claims(raced, trials)
        show_and_keep(view, show, source.output)
    else:
        check_kernel(load_kernel(kernel), source.result)
        view = with_claims(source.result, trials)
        show(view)
    raise typer.Exit(exit_code(view))
