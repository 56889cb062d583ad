"""The program `whichext`: its commands, and how it ends.

Exit status. 0: done, or the claim holds. 1: something was wrong, or the claim is refuted or broken.
2: misuse. 3: nothing could be built. 4: the claim is unresolved.
130: Ctrl-C before there was a report.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from whichext import __version__
from whichext.cli.bundle import bundle_command, reproduce_command
from whichext.cli.cache import cache_command, explain_command, prune_command
from whichext.cli.check import FORMS_HELP, check_command, claims_command
from whichext.cli.compare import compare_command
from whichext.cli.diff import diff_command, history_command
from whichext.cli.fleet import fleet_command
from whichext.cli.main import main as main
from whichext.cli.memo import memo_command
from whichext.cli.new import new_command
from whichext.cli.show import doctor_command, list_command, schema_command, show_command
from whichext.cli.stages import audit_command, run_command, selfcheck_command, verify_command


class _Command(TyperCommand):
    """A command whose usage errors all say how to get its help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse them; an option without its value is an error that knows of no command."""
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            if getattr(error, "ctx", ctx) is None:
                error.ctx = ctx  # type: ignore[attr-defined]  # it has one
            raise


app = typer.Typer(
    help="Which way of writing a Python extension is faster on your machine, and why?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("run", cls=_Command)(run_command)
app.command("verify", cls=_Command)(verify_command)
app.command("audit", cls=_Command)(audit_command)
app.command("compare", cls=_Command)(compare_command)
app.command("check", cls=_Command, epilog=FORMS_HELP)(check_command)
app.command("claims", cls=_Command, hidden=True)(claims_command)
app.command("memo", cls=_Command)(memo_command)
app.command("show", cls=_Command)(show_command)
app.command("diff", cls=_Command)(diff_command)
app.command("history", cls=_Command)(history_command)
app.command("fleet", cls=_Command)(fleet_command)
app.command("bundle", cls=_Command)(bundle_command)
app.command("reproduce", cls=_Command)(reproduce_command)
app.command("new", cls=_Command)(new_command)
app.command("list", cls=_Command)(list_command)
app.command("doctor", cls=_Command)(doctor_command)
cache = typer.Typer(rich_markup_mode=None)
cache.callback(invoke_without_command=True)(cache_command)
cache.command("prune", cls=_Command)(prune_command)
cache.command("explain", cls=_Command)(explain_command)
app.add_typer(cache, name="cache")
app.command("selfcheck", cls=_Command)(selfcheck_command)
app.command("schema", cls=_Command)(schema_command)


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
