"""The command that tests claims with a race or a result file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from whichext.cli.arguments import (
    USUAL,
    Building,
    CleanEnv,
    Compiler,
    ConfigSettings,
    Kernel,
    MaxTime,
    NoIsolation,
    Output,
    Precision,
    Quick,
    ResultFile,
    Resume,
    instead_of_a_race,
    race_options,
)
from whichext.cli.screen import finish, typed
from whichext.model.claim import ADDITIONS, FORMS

# \b keeps the lines apart.
FORMS_HELP = "\b\nForms of a claim:\n" + "\n".join(f"  {form}" for form in (*FORMS, ADDITIONS))


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
    max_time: MaxTime = None,
    precision: Precision = None,
    quick: Quick = False,
    compiler: Compiler = None,
    clean_env: CleanEnv = False,
    no_isolation: NoIsolation = False,
    config_setting: ConfigSettings = None,
) -> None:
    """Check claims such as 'A is 2x faster than B', with a race.

    Exit status: 0 if all claims hold, 1 if any is refuted or names what is broken, 4 if any is
    unresolved.
    """
    asked, race = claims or (), (resume, max_time, precision)
    building = Building(no_isolation, config_setting, compiler, clean_env)
    _answer(kernel, asked, result, output, *race, building, quick=quick, summary=summary)


def claims_command(
    kernel: Kernel,
    result: ResultFile = None,
    output: Output = None,
    resume: Resume = None,
    max_time: MaxTime = None,
    precision: Precision = None,
    quick: Quick = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown.")] = False,
) -> None:
    """Former name of `check` without a claim."""
    to = "markdown" if markdown else "text"
    _answer(kernel, (), result, output, resume, max_time, precision, quick=quick, to=to)


def _answer(
    kernel: str,
    claims: Sequence[str],
    result: Path | None,
    output: Path | None,
    resume: Path | None,
    max_time: float | None,
    precision: str | None,
    building: Building = USUAL,
    *,
    quick: bool,
    to: str = "text",
    summary: Path | None = None,
) -> None:
    from whichext import pipeline
    from whichext.load.kernel import load_kernel
    from whichext.report.target import check_report

    if summary is not None:
        check_report(summary, added=True)
    said = {"resume": resume, "max_time_s": max_time, "precision": precision, **building.said()}
    view = pipeline.check(
        load_kernel(kernel),
        claims,
        race_options(max_time, precision, quick=quick, **building.options()),
        instead_of_a_race(result, quick=quick, **said),
        **typed(output, resume),
    )
    finish(view, output, to=to, summary=summary)
