"""Reads calls of compilers and archivers: what went in, what came out, what they were told."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from whichext.build.recorder import Command
from whichext.model.evidence import Language

LANGUAGES = {
    ".c": Language.C,
    **dict.fromkeys((".C", ".cc", ".cpp", ".cxx", ".c++"), Language.CPP),
}

_ARCHIVER = re.compile(r"(.*-)?ar(-[\d.]+)?")
_TAKES_A_WORD = re.compile(
    r"-[IDULlxuzeT]|-M[FTQ]|-include|-i(system|quote|dirafter|sysroot)"
    r"|-X(linker|clang|preprocessor|assembler)|-arch|-framework|-target|--param"
)
_LINKS_NOT = {"-c", "-E", "-S", "-M", "-MM", "-fsyntax-only"}
_SHARED = {"-shared", "--shared", "-bundle", "-dynamiclib"}


@dataclass(frozen=True)
class CCall:
    """A call of a C or C++ compiler, which may link as well."""

    program: str
    """Name of the program."""
    version: str
    """What it says of itself."""
    arguments: tuple[str, ...]
    """All that it was told."""
    sources: tuple[Path, ...]
    """Sources that it compiled."""
    objects: tuple[Path, ...]
    """Object files and archives that it linked."""
    output: Path | None
    """What it was told to write."""
    shared: bool
    """Whether it linked a library that can be loaded."""

    def writes(self) -> dict[Path, Path]:
        """Object files that it wrote, each with its source."""
        if "-c" not in self.arguments:
            return {}
        if self.output is not None and self.sources:
            return {self.output: self.sources[0]}  # compilers take one at most with -o
        return {source.with_suffix(".o"): source for source in self.sources}


@dataclass(frozen=True)
class ArchiverCall:
    """A call that put object files into an archive."""

    archive: Path
    """The archive."""
    members: tuple[Path, ...]
    """The object files."""


@dataclass(frozen=True)
class RustcCall:
    """A call of rustc that compiled a crate."""

    version: str
    """What it says of itself."""
    crate: str
    """Name of the crate."""
    file_stem: str
    """Name of its files, with the hash that tells two versions apart."""
    shared: bool
    """Whether it linked a library that can be loaded."""
    code: tuple[tuple[str, str], ...]
    """Its options for generating code, `-C name=value`, in order."""
    sanitizers: tuple[str, ...]
    """Checkers that were asked for."""
    uses: tuple[str, ...]
    """Names of the files of the crates that it uses."""


Call = CCall | ArchiverCall | RustcCall


def read_calls(commands: tuple[Command, ...]) -> Iterator[Call]:
    """What the commands of a build were; without those that asked a compiler about itself."""
    for command in commands:
        call = _read(command)
        if call is not None:
            yield call


def _read(command: Command) -> Call | None:
    name = Path(command.program).name
    if name.startswith("rustc"):
        return _rustc(command)
    if _ARCHIVER.fullmatch(name):
        return _archiver(command)
    return _c(command, name)


def _c(command: Command, name: str) -> CCall | None:
    directory = Path(command.directory)
    output: Path | None = None
    sources: list[Path] = []
    objects: list[Path] = []
    words = iter(command.arguments)
    for word in words:
        if _TAKES_A_WORD.fullmatch(word):
            next(words, None)
        elif word == "-o":
            output = _place(directory, next(words, ""))
        elif not word.startswith("-"):
            path = _place(directory, word)
            (sources if path.suffix in LANGUAGES else objects).append(path)
    if output is None and not sources:
        return None
    told = set(command.arguments)
    return CCall(
        program=name,
        version=command.version,
        arguments=command.arguments,
        sources=tuple(sources),
        objects=tuple(objects),
        output=output,
        shared=bool(told & _SHARED) and not told & _LINKS_NOT,
    )


def _place(directory: Path, name: str) -> Path:
    """Two names of one file are to be the same; not by links, since the files may be gone."""
    return Path(os.path.normpath(directory / name))


def _archiver(command: Command) -> ArchiverCall | None:
    directory = Path(command.directory)
    _operation, *paths = [word for word in command.arguments if not word.startswith("--")] or [""]
    if len(paths) < 2:
        return None
    archive, *members = (_place(directory, path) for path in paths)
    return ArchiverCall(archive, tuple(members))


def _rustc(command: Command) -> RustcCall | None:
    crate = ""
    kinds: set[str] = set()
    code: list[tuple[str, str]] = []
    uses: list[str] = []
    sanitizers: list[str] = []
    for option, value in _rustc_options(command.arguments):
        name, _, text = value.partition("=")
        match option:
            case "--crate-name":
                crate = value
            case "--crate-type":
                kinds |= set(value.split(","))
            case "--extern" if text:
                uses.append(Path(text).name)
            case "-C" | "--codegen":
                code.append((name.replace("_", "-"), text))
            case "-Z" if name == "sanitizer":
                sanitizers += text.split(",")
            case "-g":
                code.append(("debuginfo", "2"))
            case "-O":
                code.append(("opt-level", "3"))
            case _:
                pass  # where things lie, what is warned of
    if not kinds or crate == "___":  # what cargo calls the crate of its questions
        return None
    return RustcCall(
        version=command.version,
        crate=crate,
        file_stem=f"lib{crate}{dict(code).get('extra-filename', '')}",
        shared="cdylib" in kinds,
        code=tuple(code),
        sanitizers=tuple(sanitizers),
        uses=tuple(uses),
    )


def _rustc_options(arguments: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Options with their values, however they are written: "-C a=b", "-Ca=b", "--codegen=a=b"."""
    words = iter(arguments)
    for word in words:
        long, equals, value = word.partition("=")
        if word in ("-g", "-O"):
            yield word, ""
        elif word.startswith("--") and equals:
            yield long, value
        elif word.startswith("--") or word in ("-C", "-Z", "-L", "-l", "-A", "-W", "-D", "-o"):
            yield word, next(words, "")
        elif word.startswith(("-C", "-Z")):
            yield word[:2], word[2:]
