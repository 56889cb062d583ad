"""The command `new`, which makes a kernel folder: told by flags, or asked in a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from whichext.cli.arguments import Texts, words
from whichext.model.inline import unmarked
from whichext.system.streams import put

if TYPE_CHECKING:
    from whichext.load.scaffold import Scaffold


def new_command(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the kernel, and of its folder.")
    ],
    reference: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODULE:FUNCTION",
            help="A function whose source is the reference, or FILE.py:FUNCTION; it is not run.",
        ),
    ] = None,
    arg: Annotated[
        Texts,
        typer.Option(
            metavar="NAME=TYPE",
            help="An argument: values=float64[:], table=int32[:,:], or int, float, bool, str, "
            "bytes; may be repeated. By default, the annotations of the function.",
        ),
    ] = None,
    toolchains: Annotated[
        Texts,
        typer.Option(
            metavar="NAMES",
            help="Toolchains, comma-separated; by default all that can be built here.",
        ),
    ] = None,
    into: Annotated[
        Path, typer.Option(metavar="FOLDER", help="The folder in which the kernel's is made.")
    ] = Path(),
) -> None:
    """Make a kernel folder that runs at once, with a project for each toolchain.

    Without --from and --arg, a terminal asks for them. Nothing is written over.
    """
    from whichext.load.scaffold import new_kernel

    chosen = list(words(toolchains)) if toolchains else None
    args: list[str] = list(arg or ())
    if reference is None and not args and sys.stdin.isatty() and sys.stdout.isatty():
        reference, args, chosen = _asked(chosen)
    put(_said(new_kernel(name, reference, args, chosen, into)))


def _asked(chosen: list[str] | None) -> tuple[str | None, list[str], list[str] | None]:
    """The reference, else the arguments, and the toolchains, as a reader types them."""
    from whichext.load.scaffold import ready_toolchains

    reference = typer.prompt(
        "Function to start from, such as filters.py:smooth (empty: none)",
        default="",
        show_default=False,
    )
    args: list[str] = []
    while not reference or args:
        example = "window=int" if args else "values=float64[:]"
        more = typer.prompt(
            f"Argument, such as {example} (empty: no more)", default="", show_default=False
        )
        if not more:
            break
        args.append(more)
    if chosen is None:
        text = typer.prompt("Toolchains", default=",".join(ready_toolchains()))
        chosen = list(words([text]))
    return reference or None, args, chosen


def _said(made: Scaffold) -> str:
    lines = [f"{made.folder}: {len(made.files)} files, in {', '.join(made.toolchains)}"]
    lines += [unmarked(f"left out: {name}: {why}") for name, why in made.left_out]
    where = made.folder.as_posix() if len(made.folder.parts) > 1 else f"./{made.folder}"
    lines.append(f"Next: whichext run {where} --quick")
    return "\n".join([*lines, ""])
