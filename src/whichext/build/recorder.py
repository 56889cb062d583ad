"""Records the compiler calls of a build, whatever the backend.

Small scripts with the compilers' names come first on PATH, and compilers that are run through a
wrapper are run through another. Each notes its call and becomes the program that would have been
called without it, so that what is built stays the same. Logs would not do: backends hide commands,
and each in its own way.

For a profile, they append its flags to the calls that compile. Without a profile the scripts have
no code for that, and the release is built as if they were not there.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct

from whichext.model.evidence import Code, PythonLine, Unseen
from whichext.toolchains import every_toolchain
from whichext.toolchains.base import (
    Command,
    Toolchain,
)
from whichext.toolchains.calls import Appended, Recorded
from whichext.toolchains.needs import first_line

# One file for each process: two calls cannot mix, since a process has its number for itself. The
# first word is the number of those that follow, the second of how many were appended.
_COMPILER = """#!/bin/sh
case $PATH in *{shims}:*) PATH=${{PATH%%{shims}:*}}${{PATH#*{shims}:}} ;; esac
appended=0
{append}program=$(command -v {program})
printf '%s\\000' "$(($# + 3))" "$appended" "$PWD" "$program" "$@" >>{calls}/"$$"
exec {program} "$@"
"""
# Which is given the compiler itself as the first argument.
_WRAPPER = """#!/bin/sh
appended=0
{append}printf '%s\\000' "$(($# + 2))" "$appended" "$PWD" "$@" >>{calls}/"$$"
exec {program} "$@"
"""
_APPEND = """compiles= asks=
case $PWD/ in {probes}) asks=1 ;; esac
for word do
  case $word in {compiles}) compiles=1 ;; esac
  case $word in {asks}) asks=1 ;; esac
done
if [ "$compiles" ] && [ ! "$asks" ]; then
  appended=$#
  set -- "$@" {flags}{keeps}
  appended=$(($# - appended))
fi
"""
_KEEP = """
  said=
  for word do case $word in {pattern}) said=1 ;; esac; done
  if [ ! "$said" ]; then set -- "$@" {words}; fi"""


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
        flags: Words to append to calls that compile, by the name of the toolchain.

    """

    def __init__(self, folder: Path, flags: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self._flags = flags or {}
        self._shims, self._calls = folder / "bin", folder / "calls"
        self._scratch = folder / "objects"
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
            changed |= self._kept(toolchain, before)
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

    def _kept(self, toolchain: Toolchain, before: Mapping[str, str]) -> dict[str, str]:
        """The variables that name a folder of objects, where there is one beside the sources'.

        Not else: a project's own script may look for what it has made where it is by default.
        """
        scratch = toolchain.recorded.scratch
        files = [path for path in toolchain.outside_files(before) if scratch and path.is_file()]
        texts = [path.read_text("utf-8", "replace") for path in files]
        return {
            variable: str(self._scratch)
            for variable, word in scratch.items()
            if before.get(variable) or any(word in text for text in texts)
        }

    def _write(self, toolchain: Toolchain, name: str, template: str, program: str) -> Path:
        path, calls = self._shims / name, self._calls / toolchain.name
        path.parent.mkdir(exist_ok=True)
        calls.mkdir(exist_ok=True)
        text = template.format(
            shims=shlex.quote(str(self._shims)),
            calls=shlex.quote(str(calls)),
            program=shlex.quote(program) if program else "",
            append=_append(toolchain.recorded.appended, self._flags.get(toolchain.name, ())),
        )
        path.write_text(text, "utf-8")
        path.chmod(0o755)
        return path


def _append(where: Appended | None, flags: tuple[str, ...]) -> str:
    """The lines of a script that append words where a call compiles; none without words."""
    if where is None or not flags:
        return ""
    return _APPEND.format(
        probes=_either(*where.probes),
        compiles=_either(*where.compiles),
        asks=_either(*where.compiles_not, *where.probes),
        flags=shlex.join(flags),
        keeps="".join(_keeps(where, flags)),
    )


def _keeps(where: Appended, flags: tuple[str, ...]) -> Iterator[str]:
    """The lines that append words which keep what the flags would change."""
    if any(fnmatchcase(flag, where.keeps_beside) for flag in flags):
        for pattern, words in where.keeps.items():
            yield _KEEP.format(pattern=_either(pattern), words=shlex.join(words))


def _either(*patterns: str) -> str:
    """A pattern of the shell for any of these; all but their stars is meant as it stands."""
    parts = ([shlex.quote(part) if part else "" for part in one.split("*")] for one in patterns)
    return "|".join("*".join(part) for part in parts) or "''"


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
        noted = [next(words) for _ in range(int(count))]
        added, directory, program, *arguments = noted
        appended = tuple(arguments[len(arguments) - int(added) :])
        told = tuple(word for argument in arguments for word in _unfolded(argument, directory))
        launcher = Path(program).name in toolchain.recorded.launchers
        if launcher and told and not told[0].startswith("-"):
            program, told = shutil.which(told[0]) or told[0], told[1:]
        version = first_line((program, "--version"))
        yield Command(toolchain.name, directory, program, version, told, appended)


def _unfolded(argument: str, directory: str) -> list[str]:
    """The words in a response file; the argument itself where no such file exists."""
    if argument.startswith("@"):
        try:
            return shlex.split((Path(directory) / argument[1:]).read_text("utf-8"))
        except (OSError, ValueError):
            pass
    return [argument]
