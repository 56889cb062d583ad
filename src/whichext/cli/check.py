"""The command that tests claims with a race or a result file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from whichext.cli.arguments import Kernel, Output, ResultFile, Resume
from whichext.cli.racing import Race, with_race
from whichext.cli.screen import add_summary, finish, typed
from whichext.cli.wording import SHELL
from whichext.model.claim import ADDITIONS, FORMS
from whichext.model.errors import WhichextError
from whichext.model.view import View
from whichext.system.progress import KeptNotes

# \b keeps the lines apart.
FORMS_HELP = "\b\nForms of a claim:\n" + "\n".join(f"  {form}" for form in (*FORMS, ADDITIONS))


@with_race
def check_command(
    kernel: Kernel,
    claims: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CLAIM",
            help="Such as 'A is 2x faster than B on CASE'; by default all of claims.toml.",
        ),
    ] = None,
    result: ResultFile = None,
    output: Output = None,
    summary: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Add the answers as a table in Markdown to this file, such as "
            '"$GITHUB_STEP_SUMMARY".',
        ),
    ] = None,
    resume: Resume = None,
    *,
    race: Race,
) -> None:
    """Check claims such as 'A is 2x faster than B', with a race.

    Exit status: 0 if all claims hold, 1 if any is refuted or names what is broken, 4 if any is
    unresolved.
    """
    from whichext.report.claims_tables import refused_summary
    from whichext.report.target import check_report

    if summary is not None:
        check_report(summary, added=True)
    try:
        view, notes = _answer(kernel, claims or (), result, output, resume, race)
    except WhichextError as error:
        if summary is not None:
            add_summary(refused_summary(error.text(SHELL)), summary)
        raise
    finish(view, output, summary=summary, notes=notes)


@with_race
def claims_command(
    kernel: Kernel,
    result: ResultFile = None,
    output: Output = None,
    resume: Resume = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown.")] = False,
    *,
    race: Race,
) -> None:
    """Former name of `check` without a claim."""
    view, _ = _answer(kernel, (), result, output, resume, race)
    finish(view, output, to="markdown" if markdown else "text")


def _answer(
    kernel: str,
    claims: Sequence[str],
    result: Path | None,
    output: Path | None,
    resume: Path | None,
    race: Race,
) -> tuple[View, Sequence[str]]:
    """The answers, and what was said on the way that a reader of them must know."""
    from whichext import pipeline
    from whichext.load.kernel import load_kernel

    source, how = race.or_result(result, resume=resume), typed(output, resume)
    kept = KeptNotes(how["progress"])
    how["progress"] = kept
    return pipeline.check(load_kernel(kernel), claims, race.options(), source, **how), kept.notes
