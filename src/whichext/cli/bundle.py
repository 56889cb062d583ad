"""The commands `bundle` and `reproduce`, for a reviewer on another machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from whichext.cli.arguments import Kernel, Output, ResultFile
from whichext.cli.racing import Race, with_race
from whichext.cli.screen import asked, shown, typed
from whichext.system.streams import put, tell

if TYPE_CHECKING:
    from whichext.report.bundle import Plan


@with_race
def bundle_command(
    kernel: Kernel,
    claims: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CLAIM",
            help="Such as 'A is 2x faster than B on CASE'; by default those of the result, or "
            "without one all of claims.toml.",
        ),
    ] = None,
    result: ResultFile = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The bundle to write, a new file; by default KERNEL-bundle.zip.",
        ),
    ] = None,
    *,
    race: Race,
) -> None:
    """Write a kernel with a result into an archive that a reviewer can reproduce.

    It prints one line that can be verified: a hash over files, builds, samples and verdicts. It
    shows that nothing was changed since, and not that anything was measured.
    """
    from whichext.cli.bundling import make_bundle
    from whichext.report.bundle import written_document

    written = make_bundle(
        kernel,
        claims or (),
        race.options(),
        race.or_result(result),
        output,
        **typed(),
    )
    put(shown(written_document(written)))


@with_race
def reproduce_command(
    bundle: Annotated[
        Path, typer.Argument(metavar="BUNDLE", help="An archive that whichext bundle wrote.")
    ],
    line: Annotated[
        str | None,
        typer.Option(
            metavar="LINE", help="The line that its author gave elsewhere, such as in a paper."
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Build and run what is in it without a question.")
    ] = False,
    output: Output = None,
    *,
    race: Race,
) -> None:
    """Check a bundle, repeat its race here, and show both results side by side.

    It shows what it would build and run, and asks. Exit status: as of `check`, for the claims of
    the bundle here.
    """
    from whichext.cli.bundling import reproduce_bundle
    from whichext.report import result_file
    from whichext.report.reproduced import reproduced_document

    found = reproduce_bundle(
        bundle,
        line,
        race.options(),
        lambda plan: _agree(plan, yes=yes),
        **typed(output),
    )
    try:
        put(shown(reproduced_document(found)))
    finally:
        if output is not None:
            result_file.write(found, output)
    raise typer.Exit(found.exit_code)


def _agree(plan: Plan, *, yes: bool) -> None:
    """Show what would be done, and ask."""
    from whichext.cli.bundling import not_agreed
    from whichext.report.bundle import plan_document

    put(shown(plan_document(plan)))
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise not_agreed(plan)
    if not asked(lambda: typer.confirm("Build and run it?")):
        tell("whichext: nothing was built or run")
        raise typer.Exit(2)
