"""What keeps a profile's directives from the code that Cython writes."""

from __future__ import annotations

import re
from pathlib import Path

from whichext.toolchains.base import Command, Sources

_HEAD = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*(?:#[^\n]*)?")
_SWITCH = r"^[ \t]*(?:@|with[ \t]+)(?:\w+\.)*{}[ \t]*\([ \t]*(True|False)[ \t]*\)"
_DIRECTIVES = re.compile(r"^[ \t]*#[ \t]*cython[ \t]*:([^\n]*)", re.MULTILINE)


def find_obstacle(
    wanted: dict[str, str], commands: tuple[Command, ...], sources: Sources
) -> tuple[str, str, str] | None:
    """The first directive that reached no code, with the reason and what lets it through.

    Args:
        wanted: Values of directives.
        commands: The calls of Cython that were given them.
        sources: The project's own files.

    """
    if not commands:
        return (next(iter(wanted)), *_out_of_reach(wanted, sources))
    compiled = {Path(word).name for command in commands for word in command.asked}
    texts = {
        path.name: path.read_text("utf-8", "replace")
        for path in sources.files
        if path.name in compiled and path.suffix in (".pyx", ".py")
    }
    for name, value in wanted.items():
        found = [_own_value(file, text, name, value) for file, text in texts.items()]
        if found and all(found):
            return (
                name,
                f"{', '.join(found)}, which wins over what Cython is given from outside",
                f"move {name} from the source to the build files, as an argument -X of Cython",
            )
    return None


def _own_value(file: str, text: str, name: str, value: str) -> str:
    """Where a source has another value of a directive; empty where it has none."""
    head = head_directives(text).get(name, value)
    if head != value:
        return f"the head of {file} says {name}={head}"
    for found in re.finditer(_SWITCH.format(name), text, re.MULTILINE):
        if found[1] != value:
            return f"{file}:{text.count(chr(10), 0, found.start(1)) + 1} says {name}({found[1]})"
    return ""


def _out_of_reach(wanted: dict[str, str], sources: Sources) -> tuple[str, str]:
    """Why directives cannot be given from outside, and what can be done instead."""
    script = any(path == sources.folder / "setup.py" for path in sources.files)
    told = ", ".join(f"{name!r}: {value}" for name, value in wanted.items())
    if script:
        return (
            "setup.py runs Cython in its own process, which takes directives from its "
            "compiler_directives and from the heads of .pyx files",
            f"compare a second project with compiler_directives={{{told}}} in its setup.py",
        )
    return (
        "the build did not call the program cython, which is where directives can be given",
        "compare a second project whose .pyx files have the directives in their heads",
    )


def head_directives(text: str) -> dict[str, str]:
    """Directives in the comments at the head of a file."""
    head = _HEAD.match(text)
    items = (
        item.partition("=")
        for line in _DIRECTIVES.findall(head[0] if head else "")
        for item in line.split(",")
    )
    return {name.strip(): value.strip() for name, _, value in items}
