"""The command `new`, which makes a kernel folder: told by flags, or asked in a terminal."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from whichext.cli.arguments import Texts, words
from whichext.cli.screen import asked
from whichext.cli.wording import SHELL
from whichext.model.errors import UsageError
from whichext.model.inline import unmarked
from whichext.system.streams import put, tell

if TYPE_CHECKING:
    from whichext.load.scaffold import Scaffold

T = TypeVar("T")


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
            help="Toolchains, comma-separated, of those that the doctor names for projects; by "
            "default all that can be built here.",
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
        made = _asked(name, into, chosen)
    else:
        made = new_kernel(name, reference, args, chosen, into)
    put(_said(made))


def _asked(name: str, into: Path, chosen: list[str] | None) -> Scaffold:
    """Make what a reader asks for; what cannot be used is said at once, and asked again."""
    from whichext.load.scaffold import free_folder, new_kernel
    from whichext.load.scaffold_toolchains import ready_toolchains

    free_folder(name, into)
    reference, args = _asked_function()
    if reference is None:
        args = _asked_arguments()
    if chosen is not None:
        return new_kernel(name, reference, args, chosen, into)

    def use(text: str) -> Scaffold:
        return new_kernel(name, reference, args, list(words([text])), into)

    return _ask("Toolchains", use, ",".join(ready_toolchains()))


def _asked_function() -> tuple[str | None, list[str]]:
    """The function to start from, if any, and the types that its annotations do not say."""
    from whichext.load.scaffold import checked_arguments
    from whichext.load.scaffold_arguments import typed_arguments, untyped_parameters
    from whichext.load.scaffold_source import read_source

    def read(text: str) -> tuple[str | None, list[str]]:
        if not text:
            return None, []
        untyped = untyped_parameters(read_source(text).function)
        args = [_ask(f"Type of {one}, such as float64[:] or int", typed(one)) for one in untyped]
        checked_arguments(text, args)
        return text, args

    def typed(parameter: str) -> Callable[[str], str]:
        def use(kind: str) -> str:
            typed_arguments([f"{parameter}={kind}"])
            return f"{parameter}={kind}"

        return use

    return _ask("Function to start from, such as filters.py:smooth (empty: none)", read)


def _asked_arguments() -> list[str]:
    """Arguments by name and type, at least one."""
    from whichext.load.scaffold import checked_arguments

    args: list[str] = []

    def take(text: str) -> bool:
        checked_arguments(None, [*args, text] if text else args)
        args.extend([text] if text else [])
        return bool(text)

    types = "float64[:], int32[:,:], int, float, bool, str or bytes"
    while _ask(f"Argument as NAME=TYPE, of type {types} (empty: no more)", take):
        pass
    return args


def _ask(question: str, use: Callable[[str], T], default: str = "") -> T:
    """Ask until an answer can be used."""
    while True:
        answer: str = asked(
            lambda: typer.prompt(question, default=default, show_default=bool(default))
        )
        try:
            return use(answer.strip())
        except UsageError as error:
            tell(error.text(SHELL))


def _said(made: Scaffold) -> str:
    lines = [f"{made.folder}: {len(made.files)} files, in {', '.join(made.toolchains)}"]
    lines += [unmarked(f"left out: {name}: {why}") for name, why in made.left_out]
    where = made.folder.as_posix() if len(made.folder.parts) > 1 else f"./{made.folder}"
    lines.append(f"Next: whichext run {shlex.quote(where)} --quick")
    return "\n".join([*lines, ""])
