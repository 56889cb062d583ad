"""Calls of C's compiler and its relatives: what each reads, what it writes, and what it links.

Starting from a library that was linked, `Objects` goes back through archives and object files to
the calls that compiled them. What no recorded call wrote is found on the way.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from whichext.toolchains.base import Command

TOOLCHAINS = frozenset({"c", "c++", "fortran"})
"""Whose calls are read: any of these compilers may link what another of them compiled."""

ASSEMBLY = "assembly"
"""What compilers take as it is: no flag changes its code."""

_FORTRAN = ("f", "for", "ftn", "f77", "f90", "f95", "f03", "f08")
LANGUAGES = {
    **dict.fromkeys((".c", ".i"), "c"),
    **dict.fromkeys((".C", ".cc", ".cpp", ".cxx", ".c++", ".ii"), "c++"),
    **dict.fromkeys((".m", ".mm"), "objective-c"),
    **dict.fromkeys((".s", ".S", ".sx"), ASSEMBLY),
    **{f".{name}": "fortran" for ending in _FORTRAN for name in (ending, ending.upper())},
}
"""What sources are written in, by their suffix."""
_SAID = {"c++": "c++", "c": "c", "cpp-output": "c", "c++-cpp-output": "c++", "f95": "fortran"}
_SAID |= dict.fromkeys(("assembler", "assembler-with-cpp"), ASSEMBLY)

_ARCHIVER = re.compile(r"(.*-)?ar(-[\d.]+)?")
_INCLUDES = re.compile(r"-(?:I|isystem|iquote|idirafter|include|imacros)(.*)")
_TAKES_A_WORD = re.compile(
    r"-[DUJuzeT]|-M[FTQ]|-isysroot"
    r"|-X(clang|preprocessor|assembler)|-arch|-framework|-target|--param"
)
_LINKS_NOT = {"-c", "-E", "-S", "-M", "-MM", "-fsyntax-only"}
_SHARED = {"-shared", "--shared", "-bundle", "-dynamiclib"}
_SONAME = ("-soname", "--soname", "-h")
# Inputs of a linker that are no code: shared libraries, which are loaded, and its own scripts.
_NO_CODE = re.compile(r".*(\.so(\.\d+)*|\.dylib|\.tbd|\.(lds?|map|ver|exp|sym|syms|def|txt|res))")
_CODE = re.compile(r".*\.(o|obj|lo|a|lib)")
# What rustc gives to its linker is its own, and traced through its own calls.
_RUSTCS = (".rcgu.o", ".rlib")
# Which every system has as shared libraries, and linkers may leave out.
_SYSTEMS = re.compile(
    r"c|m|dl|rt|util|pthread|stdc\+\+|c\+\+|c\+\+abi|gcc|gcc_s|gomp|omp|iomp5|gfortran|quadmath"
    r"|atomic|python[\d.]+\w*|System"
)


@dataclass(frozen=True)
class Source:
    """A source that a call compiled."""

    path: Path
    """Its path."""
    language: str
    """What it is written in, as `LANGUAGES` names it."""


@dataclass(frozen=True)
class Call:
    """A call of a compiler, which may link as well."""

    command: Command
    """The call as it was noted."""
    words: tuple[str, ...]
    """All its arguments."""
    sources: tuple[Source, ...]
    """Sources that it compiled."""
    objects: tuple[Path, ...]
    """Object files and archives that it linked."""
    libraries: tuple[str, ...]
    """Names of libraries that the linker was to look for."""
    folders: tuple[Path, ...]
    """Folders in which it was to look."""
    includes: tuple[Path, ...]
    """Folders and files of headers."""
    output: Path | None
    """The file that it was to write."""
    shared: bool
    """Whether it linked a library that can be loaded."""
    soname: str | None = None
    """The name by which that library is loaded, where it has one beside its file's."""

    def writes(self) -> dict[Path, Source]:
        """Object files that it wrote, each with its source."""
        if "-c" not in self.words:
            return {}
        if self.output is not None and self.sources:
            return {self.output: self.sources[0]}  # compilers take one at most with -o
        folder = Path(self.command.directory)
        return {folder / f"{source.path.stem}.o": source for source in self.sources}

    @property
    def name(self) -> str:
        """What a wheel calls the library that it linked: wheels hold no symbolic links."""
        return self.soname or (self.output.name if self.output else "")

    @property
    def is_rustcs(self) -> bool:
        """Whether rustc linked with it what it had compiled itself."""
        return any(path.name.endswith(_RUSTCS) for path in self.objects)


def read_by(commands: Iterable[Command]) -> Iterator[Path]:
    """What calls read: headers, sources, object files, and libraries where they may lie."""
    for command in commands:
        if command.toolchain in TOOLCHAINS and (call := read_call(command)) is not None:
            yield from call.includes
            yield from (source.path for source in call.sources)
            yield from call.objects
            names = [f"lib{name}{end}" for name in call.libraries for end in (".a", ".so")]
            yield from (folder / name for folder in call.folders for name in names)


def words_of(command: Command) -> tuple[str, ...]:
    """All arguments of a compiler."""
    return command.arguments


def read_call(command: Command) -> Call | None:
    """The kind of a call; None where a compiler only printed information."""
    reader = _Reader(Path(command.directory))
    words = words_of(command)
    reader.read(iter(words))
    if reader.output is None and not reader.sources:
        return None
    told = set(words)
    return Call(
        command=command,
        words=words,
        sources=tuple(reader.sources),
        objects=tuple(reader.objects),
        libraries=tuple(reader.libraries),
        folders=tuple(reader.folders),
        includes=tuple(reader.includes),
        output=reader.output,
        shared=bool(told & _SHARED) and not told & _LINKS_NOT,
        soname=reader.soname,
    )


class _Reader:
    """Sorts the words of a call.

    Args:
        directory: The folder that the call was made in.

    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._language: str | None = None  # of the sources to come, whatever their suffix
        self.output: Path | None = None
        self.sources: list[Source] = []
        self.objects: list[Path] = []
        self.libraries: list[str] = []
        self.folders: list[Path] = []
        self.includes: list[Path] = []
        self.soname: str | None = None
        self._soname_follows = False

    def read(self, words: Iterator[str]) -> None:
        """Read all of them."""
        for word in words:
            if found := _INCLUDES.fullmatch(word):
                self.includes.append(_place(self._directory, found[1] or next(words, "")))
            elif word in ("-x", "-l", "-L", "-o", "-Xlinker"):
                self._with_value(word, next(words, ""))
            elif _TAKES_A_WORD.fullmatch(word):
                next(words, None)
            elif word.startswith("-x") and word[2:] in _SAID:
                self._with_value("-x", word[2:])
            elif word.startswith(("-l", "-L", "-o")):
                self._with_value(word[:2], word[2:])
            elif word.startswith("-Wl,"):
                self._to_linker(word.split(",")[1:])
            elif not word.startswith("-"):
                self._file(word)

    def _with_value(self, option: str, value: str) -> None:
        match option:
            case "-x":
                self._language = _SAID.get(value)
            case "-l":
                self.libraries.append(value)
            case "-L":
                self.folders.append(_place(self._directory, value))
            case "-o":
                self.output = _place(self._directory, value)
            case _:
                self._to_linker([value])

    def _to_linker(self, words: Iterable[str]) -> None:
        for word in words:
            option, _, value = word.partition("=")
            if self._soname_follows:
                self.soname, self._soname_follows = word, False
            elif option in _SONAME:
                self.soname, self._soname_follows = value or None, not value
            elif not word.startswith("-") and _CODE.fullmatch(word):
                self.objects.append(_place(self._directory, word))

    def _file(self, word: str) -> None:
        path = _place(self._directory, word)
        language = self._language or LANGUAGES.get(path.suffix)
        if language is not None:
            self.sources.append(Source(path, language))
        elif not _NO_CODE.fullmatch(path.name):
            self.objects.append(path)


def _place(directory: Path, name: str) -> Path:
    """Two names of one file are to be the same; not by links, since the files may be gone."""
    return Path(os.path.normpath(directory / name))


Compiled = tuple[Call, Source]
"""A source with the call that compiled it."""


class Objects:
    """What the calls of a build wrote.

    Args:
        commands: All calls of the build, in order, also those of other toolchains.

    """

    def __init__(self, commands: tuple[Command, ...]) -> None:
        self._compiled: dict[Path, Compiled] = {}
        """Object files; one that was written twice counts as the last time."""
        self._combined: dict[Path, list[Path]] = {}
        """Archives and what was linked in part, with the object files in each."""
        self._links: list[Call] = []
        for command in commands:
            if command.toolchain not in TOOLCHAINS:
                continue
            if _ARCHIVER.fullmatch(Path(command.program).name):
                self._add_archive(command)
            elif (call := read_call(command)) is not None:
                self._add_call(call)

    def _add_call(self, call: Call) -> None:
        written = call.writes()
        self._compiled |= {path: (call, source) for path, source in written.items()}
        if "-r" in call.words and call.output is not None and not written:
            self._combined[call.output] = list(call.objects)
        elif call.shared and call.output is not None:
            self._links.append(call)

    def _add_archive(self, command: Command) -> None:
        directory = Path(command.directory)
        told = [word for word in words_of(command) if not word.startswith("--")]
        if len(told) > 2:
            archive, *members = (_place(directory, path) for path in told[1:])
            # Archivers add to an archive that is there, and long lists come in several calls.
            self._combined.setdefault(archive, []).extend(members)

    def links(self, libraries: frozenset[str] | None) -> list[Call]:
        """Calls that linked libraries of these names; all of them for None."""
        return [
            link
            for link in self._links
            if link.output and (libraries is None or {link.output.name, link.name} & libraries)
        ]

    def behind(self, link: Call) -> tuple[list[Compiled], list[Path]]:
        """The sources behind a library, and the files with code that no recorded call wrote."""
        found: list[Compiled] = [(link, source) for source in link.sources]
        unseen: list[Path] = []
        for path in self._members(link):
            if path in self._compiled:
                found.append(self._compiled[path])
            else:
                unseen.append(path)
        return found, unseen

    def in_archive(self, name: str) -> list[Compiled] | None:
        """The sources behind an archive of this name; None where no recorded call made one."""
        found = [path for path in self._combined if path.name == name]
        if not found:
            return None
        members = self._unfolded(found)
        return [self._compiled[path] for path in members if path in self._compiled]

    def _members(self, link: Call) -> list[Path]:
        """Object files that a call linked, also those in archives that it was to look for."""
        sought = {f"lib{name}.a" for name in link.libraries}
        sought |= {name.removeprefix(":") for name in link.libraries if name.startswith(":")}
        archives = [path for path in self._combined if path.name in sought]
        return self._unfolded([*link.objects, *archives])

    def _unfolded(self, paths: Iterable[Path]) -> list[Path]:
        """The object files among these and in them, each once."""
        waiting, found = list(paths)[::-1], dict[Path, None]()
        seen: set[Path] = set()
        while waiting:
            path = waiting.pop()
            if path not in seen:
                seen.add(path)
                if path in self._combined:
                    waiting += reversed(self._combined[path])
                else:
                    found[path] = None
        return list(found)

    def unseen(
        self, libraries: frozenset[str] | None, needs: frozenset[str], written: frozenset[str]
    ) -> Iterator[str]:
        """Names of files with code in linked libraries that no recorded call wrote.

        Args:
            libraries: File names of the libraries; None for all that were linked.
            needs: Shared libraries that they load.
            written: Names of files that calls of other toolchains wrote.

        """
        for link in self.links(libraries):
            if link.is_rustcs:
                continue
            names = [path.name for path in self.behind(link)[1] if not _is_systems(path)]
            names += [f"lib{name}.a" for name in self._static(link, needs)]
            yield from (name for name in names if name not in written)

    def _static(self, link: Call, needs: frozenset[str]) -> Iterator[str]:
        """Libraries that a linker was to look for, and that are neither loaded nor recorded."""
        made = {path.name for path in self._combined}
        for name in link.libraries:
            shared = any(need.startswith(f"lib{name}.") for need in needs)
            known = shared or _SYSTEMS.fullmatch(name) or f"lib{name}.a" in made
            if not known and any(_may_have(folder, f"lib{name}.a") for folder in link.folders):
                yield name


def _is_systems(path: Path) -> bool:
    """Whether it is an archive that every system has, such as /usr/lib/libpthread.a."""
    name = path.name.removeprefix("lib").removesuffix(".a")
    return path.name == f"lib{name}.a" and bool(_SYSTEMS.fullmatch(name))


def _may_have(folder: Path, name: str) -> bool:
    """Whether a file was there when the linker looked: folders of a build are gone by now."""
    return not folder.exists() or (folder / name).exists()
