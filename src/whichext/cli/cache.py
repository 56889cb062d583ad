"""The command `cache`: what is kept, why a build was made again, and what to remove."""

from __future__ import annotations

from typing import Annotated

import typer

from whichext.cli.arguments import Building, Compiler, ConfigSettings, NoIsolation
from whichext.cli.screen import shown
from whichext.system.streams import put

_REMARKS = (
    "What a build required has the versions of the day on which the build was made.",
    "Next: whichext cache prune --older-than 30 removes what is older than 30 days; without an "
    "age, it removes what cannot be found again.",
)


def cache_command(context: typer.Context) -> None:
    """List builds and unfinished runs in the cache, remove them, or explain why one is made again.

    An unfinished run was asked of this machine with --on, and its results were not all collected.
    """
    if context.invoked_subcommand is not None:
        return
    from whichext.build.store import Store
    from whichext.cli.machines.kept import list_runs
    from whichext.cli.tools import cache
    from whichext.report.builds import cache_document

    put(shown(cache_document(cache(), Store().folder, _REMARKS, list_runs())))


def prune_command(
    older_than: Annotated[
        float | None,
        typer.Option(metavar="DAYS", help="Remove what was written so many days ago or more."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Remove all of it.")] = False,
) -> None:
    """Remove builds; by default those that cannot be found again, and what killed builds left.

    A build that a race is using now is removed like any other: let it end first. What --on has left
    on this machine is removed too, by default after 30 days, unless it is racing.
    """
    from whichext.cli.tools import prune_cache
    from whichext.report.builds import pruned_document

    put(shown(pruned_document(prune_cache(older_than, everything=everything))))


def explain_command(
    kernel: Annotated[
        str, typer.Argument(metavar="KERNEL", help="Name of a built-in kernel, or a kernel folder.")
    ],
    project: Annotated[
        str | None,
        typer.Argument(metavar="PROJECT", help="Name of one of its projects; by default all."),
    ] = None,
    no_isolation: NoIsolation = False,
    config_setting: ConfigSettings = None,
    compiler: Compiler = None,
) -> None:
    """Say which variable or file makes a build miss the cache; nothing is built."""
    from whichext.cli.tools import explain_cache
    from whichext.report.builds import explained_document

    found = explain_cache(kernel, project, **Building(no_isolation, config_setting, compiler).way())
    put(shown(explained_document(found)))
