"""The command that judges results of many machines together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from whichext.cli import runs
from whichext.cli.diff import PictureForm, picture_form, put_pictured
from whichext.model.inline import call


def fleet_command(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Result files, or folders with them (*.json)."),
    ],
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Contestant that ratios refer to; by default that of the results."
        ),
    ] = None,
    claims: Annotated[
        list[str] | None,
        typer.Option(
            "--claim",
            metavar="CLAIM",
            help="Such as 'A is faster than B on every machine'; by default those that the "
            "results answer.",
        ),
    ] = None,
    to: PictureForm = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", metavar="PATH", help="File to write; by default standard output."),
    ] = None,
) -> None:
    """Judge results of many machines together: which verdicts hold on how many.

    It says where a verdict does not hold, what these machines have in common, and within which
    interval a further machine probably lies.

    Exit status: as that of check, for the claims together.
    """
    from whichext.model.claim import worst
    from whichext.report.result import STATUSES

    form = picture_form(to, output, lambda end: call("fleet", "FOLDER", save=f"PATH.{end}", to=end))
    found = runs.fleet(*files, baseline=baseline, claims=claims or ())
    put_pictured(found.pictured(), form, output)
    raise typer.Exit(STATUSES[worst(claim.standing for claim in found.claims)])
