"""Write the reference of commands and projects: from `--help`, and from the fields of tables.

    python benchmarks/reference.py

A test compares the pages with what they are made from. The reference of Python is made by Sphinx.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from typer.main import get_command

from whichext.cli.app import app
from whichext.load.project import ProjectTable
from whichext.model.kernel import Entry
from whichext.toolchains import every_toolchain

FOLDER = Path(__file__).parents[1] / "docs" / "reference"

ATTRIBUTES = re.compile(r"^Attributes:\n", re.MULTILINE)
ITEM = re.compile(r"^    (\S[^\n:]*): (.*(?:\n {8}.*)*)", re.MULTILINE)
IN_TOML = {
    "str": "string",
    "str | None": "string",
    "tuple[str, ...]": "list of strings",
    "tuple[str, ...] | None": "list of strings",
    "tuple[Profile, ...]": "list of strings",
    "tuple[Entry, ...]": "tables, see [Entry](#entry)",
    "dict[str, str]": "table of strings",
}


def main() -> None:
    """Write the pages."""
    for name, page in pages().items():
        (FOLDER / name).write_text(page, "utf-8")


def pages() -> dict[str, str]:
    """The pages by their file names."""
    commands_page = [
        "# Commands",
        "",
        "Written by `python benchmarks/reference.py` from the help of the commands.",
        "`whichext COMMAND --help` shows the same.",
        "",
        *commands(),
    ]
    projects_page = [
        "# Projects and entries",
        "",
        "Written by `python benchmarks/reference.py` from the fields of the tables. A project's",
        "`pyproject.toml` has them.",
        "",
        *project(),
        *entry(),
    ]
    made = {"commands.md": commands_page, "projects.md": projects_page}
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in made.items()}


def commands() -> Iterator[str]:
    """The sections of all commands that help lists, and of the commands below them."""
    group: Any = get_command(app)
    for name, command in group.commands.items():
        if not command.hidden:
            yield from section(f"whichext {name}", command)
            for below, inner in getattr(command, "commands", {}).items():
                yield from section(f"whichext {name} {below}", inner)


def section(name: str, command: Any) -> Iterator[str]:
    """The section of a command: its text, its arguments and its options."""
    needed = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    words = " ".join((name, *map(placed, needed)))
    yield from (f"## {name}", "", "```text", words, "```", "")
    yield from (*inspect.cleandoc(command.help).splitlines(), "")
    if needed:
        yield from table(("argument", "meaning"), [(placed(one), cell(one)) for one in needed])
    if options:
        yield from table(("option", "meaning"), [(spelled(one), cell(one)) for one in options])
    if command.epilog:
        yield from ("```text", *inspect.cleandoc(command.epilog).splitlines(), "```", "")


def placed(argument: Any) -> str:
    """An argument as a usage line has it."""
    name = (argument.metavar or argument.name.upper()).strip("[]").removesuffix("...")
    dots = "..." if argument.nargs == -1 else ""
    return f"{name}{dots}" if argument.required else f"[{name}]{dots}"


def spelled(option: Any) -> str:
    """An option with its other spellings and its value."""
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    return names if option.is_flag else f"{names} {option.metavar or option.name.upper()}"


def cell(parameter: Any) -> str:
    """What a parameter means, in a cell of a table."""
    return joined(parameter.help or "").replace("|", "\\|").replace("*", "\\*")


def project() -> Iterator[str]:
    """The section of a project's table in a pyproject.toml, with what it may need."""
    yield from in_toml("Project", ProjectTable)
    yield from ("All but `needs` are required. These are known:", "")
    found = [(f"`{one.name}`", one.what) for kind in every_toolchain() for one in kind.needs]
    yield from table(("need", "what it is"), found)
    names = ", ".join(f"`{kind.name}`" for kind in every_toolchain())
    yield from ("Toolchains of whichext:", f"{names}.", "")


def entry() -> Iterator[str]:
    """The section of an entry's table in a pyproject.toml."""
    yield from in_toml("Entry", Entry)
    yield from ("Only `function` is required.", "")


def in_toml(title: str, kind: type) -> Iterator[str]:
    """The section of a table in a pyproject.toml, up to its keys."""
    summary, attributes = ATTRIBUTES.split(inspect.getdoc(kind) or "")
    types = inspect.get_annotations(kind)
    yield from (f"## {title}", "", summary.strip(), "")
    rows = [
        (f"`{name}`", IN_TOML[unconstrained(types[name])], joined(text))
        for name, text in ITEM.findall(attributes)
    ]
    yield from table(("key", "value", "meaning"), rows)


def joined(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def unconstrained(annotation: str) -> str:
    """An annotation without its constraints."""
    return re.sub(r"Annotated\[(.*), Meta\([^)]*\)\]", r"\1", annotation)


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """A table in Markdown, and an empty line."""
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


if __name__ == "__main__":
    main()
