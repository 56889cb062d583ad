"""Records the compiler calls of a build, whatever the backend.

Small scripts with the compilers' names come first on PATH, and compilers that are run through a
wrapper are run through another. Each notes its call and becomes the program that would have been
called without it, so that what is built stays the same. Logs would not do: backends hide commands,
and each in its own way.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from whichext.model.evidence import Code, PythonLine, Unseen
from whichext.toolchains import every_toolchain
from whichext.toolchains.base import Command, Recorded, Toolchain
from whichext.toolchains.needs import first_line

# One file for each process: two calls cannot mix, since a process has its number for itself.
_COMPILER = """#!/bin/sh
case $PATH in *{shims}:*) PATH=${{PATH%%{shims}:*}}${{PATH#*{shims}:}} ;; esac
printf '%s\\000' "$(($# + 2))" "$PWD" "$(command -v {program})" "$@" >>{calls}/"$$"
exec {program} "$@"
"""
# Which is given the compiler itself as the first argument.
_WRAPPER = """#!/bin/sh
printf '%s\\000' "$(($# + 1))" "$PWD" "$@" >>{calls}/"$$"
exec {program} "$@"
"""


class Record(Struct, frozen=True, kw_only=True):
    """The calls of a build, stored with its wheel."""

    commands: tuple[Command, ...] = ()
    """The recorded compiler calls."""
    python_lines: tuple[PythonLine, ...] = ()
    """Lines in loops that call Python."""
    codes: tuple[Code, ...] = ()
    """What its functions run."""
    unseen: tuple[Unseen, ...] = ()
    """Sources of which nothing could be said."""


class Recorder:
    """Records the calls of one build.

    Args:
        folder: A new folder for its scripts and notes, on a file system that may hold programs.

    """

    def __init__(self, folder: Path) -> None:
        self._shims, self._calls = folder / "bin", folder / "calls"
        self._shims.mkdir(parents=True)
        self._calls.mkdir()

    def environment(self, before: Mapping[str, str]) -> dict[str, str]:
        """The environment of a build step, with the recorder in it."""
        path = before.get("PATH", os.defpath)
        changed: dict[str, str] = {}
        for toolchain in every_toolchain():
            for name in _names_on(path, toolchain.recorded):
                self._write(toolchain, name, _COMPILER, name)
            changed |= self._named(toolchain, before)
            changed |= self._wrapped(toolchain, before)
        return {**before, **changed, "PATH": f"{self._shims}{os.pathsep}{path}"}

    def commands(self) -> tuple[Command, ...]:
        """All calls so far, in the order of their ends; valid while the build's files exist."""
        notes = sorted(self._calls.glob("*/*"), key=lambda path: path.stat().st_mtime_ns)
        toolchains = {toolchain.name: toolchain for toolchain in every_toolchain()}
        return tuple(
            command
            for path in notes
            for command in _parse(toolchains[path.parent.name], path.read_bytes())
        )

    def _named(self, toolchain: Toolchain, before: Mapping[str, str]) -> dict[str, str]:
        """Compilers that a variable names by an absolute path, so that PATH does not matter."""
        changed = {}
        for variable in toolchain.recorded.variables:
            program, *arguments = shlex.split(before.get(variable, "")) or [""]
            if os.sep in program:
                name = f"{variable}.d/{Path(program).name}"
                shim = self._write(toolchain, name, _COMPILER, program)
                changed[variable] = shlex.join([str(shim), *arguments])
        return changed

    def _wrapped(self, toolchain: Toolchain, before: Mapping[str, str]) -> dict[str, str]:
        """The variable that wraps a compiler, with the user's own wrapper in it."""
        variables = toolchain.recorded.wrapped
        if not variables:
            return {}
        own = next(filter(None, (before.get(variable) for variable in variables)), "")
        return {variables[0]: str(self._write(toolchain, f"{variables[0]}.d/wrap", _WRAPPER, own))}

    def _write(self, toolchain: Toolchain, name: str, template: str, program: str) -> Path:
        path, calls = self._shims / name, self._calls / toolchain.name
        path.parent.mkdir(exist_ok=True)
        calls.mkdir(exist_ok=True)
        text = template.format(
            shims=shlex.quote(str(self._shims)),
            calls=shlex.quote(str(calls)),
            program=shlex.quote(program) if program else "",
        )
        path.write_text(text, "utf-8")
        path.chmod(0o755)
        return path


def _names_on(path: str, recorded: Recorded) -> list[str]:
    """Names of the programs to record in the folders of a PATH."""
    if recorded.programs is None:
        return []
    found = set()
    for folder in path.split(os.pathsep):
        try:
            names = [path.name for path in Path(folder or ".").iterdir()]
        except OSError:
            continue
        found |= {name for name in names if recorded.programs.fullmatch(name)}
    return sorted(found)


def _parse(toolchain: Toolchain, note: bytes) -> Iterator[Command]:
    """The calls in one file: the number of words, then the words, each with a zero behind it."""
    words = iter(note.decode("utf-8", errors="replace").split("\0")[:-1])
    for count in words:
        directory, program, *arguments = (next(words) for _ in range(int(count)))
        told = tuple(word for argument in arguments for word in _unfolded(argument, directory))
        launcher = Path(program).name in toolchain.recorded.launchers
        if launcher and told and not told[0].startswith("-"):
            program, told = shutil.which(told[0]) or told[0], told[1:]
        version = first_line((program, "--version"))
        yield Command(toolchain.name, directory, program, version, told)


def _unfolded(argument: str, directory: str) -> list[str]:
    """The words in a response file; the argument itself where no such file exists."""
    if argument.startswith("@"):
        try:
            return shlex.split((Path(directory) / argument[1:]).read_text("utf-8"))
        except (OSError, ValueError):
            pass
    return [argument]
