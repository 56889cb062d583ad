"""The commands that ask about this machine: `doctor` and `selfcheck`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from whichext.cli.arguments import Output
from whichext.cli.screen import finish, shown, typed
from whichext.model.judged import FEWEST_CELLS, MOST_CELLS
from whichext.model.options import Options


def doctor_command() -> None:
    """Show toolchains and what disturbs a race on this machine, and what to do about each."""
    from whichext.report.machine import doctor_document
    from whichext.system.doctor import examine

    sys.stdout.write(shown(doctor_document(examine())))


def selfcheck_command(
    cells: Annotated[
        int,
        typer.Option(min=FEWEST_CELLS, max=MOST_CELLS, help="Pairs of identical code to compare."),
    ] = MOST_CELLS,
    max_time: Annotated[float, typer.Option(min=0, help="Seconds that it may take.")] = 240.0,
    output: Output = None,
) -> None:
    """Race identical code against itself: how often is it called different on this machine?"""
    from whichext import pipeline

    finish(pipeline.selfcheck(cells, Options(max_time_s=max_time), **typed(output)), output)
