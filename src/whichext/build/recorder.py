"""What the compilers of a build were really told, whatever the backend.

Small scripts with the compilers' names come first on PATH, and cargo runs rustc through another.
Each notes its call and becomes the program that would have been called without it, so that what is
built stays the same. Logs would not do: backends hide commands, and each in its own way.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from whichext.model.evidence import PythonLine, Unseen
from whichext.toolchains.programs import first_line

# Also under names such as x86_64-linux-gnu-gcc-12. A compiler cache may answer without a compiler.
_RECORDED = re.compile(
    r"([\w.]+-)*(cc|c89|c99|gcc|g\+\+|c\+\+|clang|clang\+\+|icx|icpx|ar|ccache|sccache)(-[\d.]+)?"
)
_NAMED = ("CC", "CXX", "AR")
_LAUNCHERS = {"ccache", "sccache"}  # what they are told begins with the compiler
_ARCHIVER = re.compile(r"(.*-)?ar(-[\d.]+)?")

# One file for each process: two calls cannot mix, since a process has its number for itself.
_COMPILER = """#!/bin/sh
case $PATH in *{shims}:*) PATH=${{PATH%%{shims}:*}}${{PATH#*{shims}:}} ;; esac
printf '%s\\000' "$(($# + 2))" "$PWD" "$(command -v {program})" "$@" >>{calls}/"$$"
exec {program} "$@"
"""
# cargo gives rustc's own name as the first argument.
_RUSTC = """#!/bin/sh
printf '%s\\000' "$(($# + 1))" "$PWD" "$@" >>{calls}/"$$"
exec {program} "$@"
"""


class Command(Struct, frozen=True):
    """One call of a compiler, a linker or an archiver."""

    directory: str
    """The folder that it was called in."""
    program: str
    """The program, as it was found."""
    version: str
    """The first line that the program prints about itself; empty for an archiver."""
    arguments: tuple[str, ...]
    """What it was told, with the content of @files in their place."""


class Record(Struct, frozen=True, kw_only=True):
    """What was noted of a build beside its wheel."""

    commands: tuple[Command, ...] = ()
    """What the compilers were told."""
    python_lines: tuple[PythonLine, ...] = ()
    """Lines in Cython's loops that call Python."""
    unseen: tuple[Unseen, ...] = ()
    """Sources of which nothing could be said."""


class Recorder:
    """Notes the calls of one build.

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
        for name in _names_on(path):
            self._write(name, _COMPILER, name)
        wrapper = before.get("RUSTC_WRAPPER") or before.get("CARGO_BUILD_RUSTC_WRAPPER", "")
        rustc = self._write("rustc-recorder", _RUSTC, wrapper)
        return {
            **before,
            **self._named(before),
            "PATH": f"{self._shims}{os.pathsep}{path}",
            "RUSTC_WRAPPER": str(rustc),
        }

    def commands(self) -> tuple[Command, ...]:
        """All calls so far, in the order of their ends; ask before the build's files go."""
        notes = sorted(self._calls.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return tuple(command for path in notes for command in _parse(path.read_bytes()))

    def _named(self, before: Mapping[str, str]) -> dict[str, str]:
        """Compilers that a variable names by their whole path, which PATH has no say in."""
        changed = {}
        for variable in _NAMED:
            program, *arguments = shlex.split(before.get(variable, "")) or [""]
            if os.sep in program:
                shim = self._write(f"{variable}.d/{Path(program).name}", _COMPILER, program)
                changed[variable] = shlex.join([str(shim), *arguments])
        return changed

    def _write(self, name: str, template: str, program: str) -> Path:
        path = self._shims / name
        path.parent.mkdir(exist_ok=True)
        text = template.format(
            shims=shlex.quote(str(self._shims)),
            calls=shlex.quote(str(self._calls)),
            program=shlex.quote(program) if program else "",
        )
        path.write_text(text, "utf-8")
        path.chmod(0o755)
        return path


def _names_on(path: str) -> list[str]:
    """Names of compilers, archivers and compiler caches in the folders of a PATH."""
    found = set()
    for folder in path.split(os.pathsep):
        try:
            names = [path.name for path in Path(folder or ".").iterdir()]
        except OSError:
            continue
        found |= {name for name in names if _RECORDED.fullmatch(name)}
    return sorted(found)


def _parse(note: bytes) -> Iterator[Command]:
    """The calls in one file: the number of words, then the words, each with a zero behind it."""
    words = iter(note.decode("utf-8", errors="replace").split("\0")[:-1])
    for count in words:
        directory, program, *arguments = (next(words) for _ in range(int(count)))
        told = tuple(word for argument in arguments for word in _unfolded(argument, directory))
        if Path(program).name in _LAUNCHERS and told and not told[0].startswith("-"):
            program, told = shutil.which(told[0]) or told[0], told[1:]
        yield Command(directory, program, _version(program), told)


def _unfolded(argument: str, directory: str) -> list[str]:
    """The words in a response file; the argument itself where it names none that is there."""
    if argument.startswith("@"):
        try:
            return shlex.split((Path(directory) / argument[1:]).read_text("utf-8"))
        except (OSError, ValueError):
            pass
    return [argument]


def _version(program: str) -> str:
    return "" if _ARCHIVER.fullmatch(Path(program).name) else first_line((program, "--version"))
