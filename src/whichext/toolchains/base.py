"""The interface of a toolchain, with a default for every method.

One class in one file is a toolchain. Stages loop over toolchains and name none; what they have no
answer to, they leave at the defaults here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from whichext.model.contestant import Factor, Profile
from whichext.model.evidence import Code, PythonCause, PythonLine, Settings, UnsafePlaces, Unseen
from whichext.model.outcome import NotApplicable
from whichext.toolchains.calls import Command as Command
from whichext.toolchains.calls import Recorded, Setting, Told
from whichext.toolchains.needs import Need, Oldest
from whichext.toolchains.topics import Topic as Topic


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Settings in the sources of a language, whatever the flags of the compiler."""

    suffixes: frozenset[str]
    """Suffixes of the language's sources."""
    parallel: re.Pattern[str] | None = None
    """Asks for OpenMP."""
    unoptimised: re.Pattern[str] | None = None
    """Takes the optimisation away."""


@dataclass(frozen=True)
class ErrorStart:
    """A line on which a toolchain announces an error in a log."""

    start: re.Pattern[str]
    """The line, without the white space around it."""
    end: re.Pattern[str] | None = None
    """The last line of the error, where blank lines may come before it; None for the next blank."""


@dataclass(frozen=True, kw_only=True)
class Sources:
    """A project's own files."""

    folder: Path
    """The project's folder."""
    files: tuple[Path, ...]
    """Its files, sorted, without what tools leave beside them."""

    def of(self, suffix: str) -> list[Path]:
        """Those with a suffix."""
        return [path for path in self.files if path.suffix == suffix]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The isolated environment in which a project was built, before it is removed."""

    python: str
    """Its interpreter."""
    packages: frozenset[str]
    """Names of the packages that the build asked for, in small letters."""
    scratch: Path
    """A folder for what is written meanwhile; it need not be there."""


@dataclass(frozen=True)
class Annotated:
    """The annotations of a compiler on sources."""

    lines: tuple[PythonLine, ...] = ()
    """Lines that call Python, and that one call of some function runs again and again."""
    codes: tuple[Code, ...] = ()
    """What functions run, where that can be compared."""
    unseen: tuple[Unseen, ...] = ()
    """Files of which nothing can be said, and why."""


Part = tuple[Settings, str]
"""How a source was compiled, and its name."""

NOTHING_SAID = Annotated()


class Toolchain:
    """A way to write an extension; a plug-in is a subclass of this."""

    name: str
    """What projects declare, such as `toolchain = "c"`."""

    # How it is found

    needs: tuple[Need, ...] = ()
    """What its projects may need, by the names that they give in `needs`."""
    imports: tuple[str, ...] = ()
    """Python packages without which no project of it runs, as pip has their names."""
    starts_with: tuple[str, ...] = ()
    """The `needs` of a project that is made from its templates."""
    reserved: frozenset[str] = frozenset()
    """Words of its language, or of its templates, that name no function and no argument there."""
    ascii_alone: bool = False
    """Whether names in its language have no letters but those of ASCII."""
    takes_not: frozenset[str] = frozenset()
    """Kinds of arguments that its functions cannot take, such as "bytes"."""
    compiles_python: bool = False
    """Whether it compiles loops of Python as they are written."""
    compiles_all: bool = False
    """Whether it compiles all of Python so, and not only loops over numbers and arrays."""
    calls_python: bool = True
    """Whether what it compiles can call any Python."""
    links_with: frozenset[str] = frozenset()
    """Needs of its projects whose compiler only links: settings for it say nothing to the code."""

    def asks_for(self, folder: Path) -> tuple[Oldest, ...]:  # noqa: ARG002  # the interface has it
        """Versions of its programs that a project's own files ask for."""
        return ()

    @property
    def templates(self) -> Path:
        """The folder with the files of a new project, beside the toolchain's own file."""
        return Path(inspect.getfile(type(self))).parent / "templates" / self.name

    # Flags to pass

    settings: tuple[Setting, ...] = ()
    """Single settings that it knows."""
    profiles: Mapping[str, Told] = {}
    """What it receives under a named profile, where its single settings do not say it all."""

    def told(self, profile: Profile) -> Told | None:
        """What it receives under a profile; None where it does not know a single setting."""
        if profile.name in self.profiles:
            return self.profiles[profile.name]
        known = {(one.factor, one.value): one for one in self.settings}
        parts = [known.get((factor.name, factor.value)) for factor in profile.sets]
        if profile.single and None in parts:
            return None
        said = [part for part in parts if part is not None]
        return Told(
            flags=tuple(flag for part in said for flag in part.flags),
            variables={name: value for part in said for name, value in part.variables.items()},
        )

    # Flags that its compilers received

    recorded: Recorded = Recorded()
    """Which calls are noted."""
    languages: frozenset[str] = frozenset()
    """What its compilers may be given, as `Settings.language` names it; empty where it has none."""
    compilers: frozenset[str] = frozenset()
    """Names of its compilers, as `Settings.compiler` begins with."""
    interchangeable: bool = False
    """Whether several compilers compile its languages, so that two builds need not differ."""

    def trace(
        self,
        commands: tuple[Command, ...],  # noqa: ARG002  # the interface has it
        libraries: frozenset[str] | None,  # noqa: ARG002  # the interface has it
    ) -> Iterator[Part]:
        """Trace all calls of a build to the sources whose code is in its wheel.

        Args:
            commands: All calls of the build, in order, also those of other toolchains.
            libraries: File names of the compiled libraries in the wheel; None where none of them
                was linked under its name, so that every library that was linked may be one.

        """
        return iter(())

    def find_unheard(
        self,
        profile: Profile,  # noqa: ARG002  # the interface has it
        commands: tuple[Command, ...],  # noqa: ARG002  # the interface has it
        sources: Sources,  # noqa: ARG002  # the interface has it
    ) -> NotApplicable | None:
        """Why a build is not what a profile says, where its calls of compilers do not tell.

        Levels, instruction sets and compilers are looked at for all toolchains alike.

        Args:
            profile: The profile that the project was built under.
            commands: All calls of the build.
            sources: The project's own files.

        """
        return None

    def links(self, commands: tuple[Command, ...]) -> Iterator[str]:  # noqa: ARG002  # the interface has it
        """File names of all libraries that its calls linked."""
        return iter(())

    def reads(self, commands: tuple[Command, ...]) -> Iterator[Path]:  # noqa: ARG002  # the interface has it
        """Files and folders that its calls read, wherever they are, whether or not they exist."""
        return iter(())

    def writes(self, commands: tuple[Command, ...]) -> Iterator[str]:  # noqa: ARG002  # the interface has it
        """File names of archives that its calls wrote for the linkers of other toolchains."""
        return iter(())

    def unseen(
        self,
        commands: tuple[Command, ...],  # noqa: ARG002  # the interface has it
        libraries: frozenset[str] | None,  # noqa: ARG002  # the interface has it
        needs: frozenset[str],  # noqa: ARG002  # the interface has it
        written: frozenset[str],  # noqa: ARG002  # the interface has it
    ) -> Iterator[str]:
        """Names of files with code that its calls linked, and that no recorded call wrote.

        Args:
            commands: All calls of the build, in order, also those of other toolchains.
            libraries: File names of the compiled libraries in the wheel; None as for `trace`.
            needs: Names of the shared libraries that these load.
            written: What calls of all toolchains wrote for other linkers.

        """
        return iter(())

    def contributors(self, commands: tuple[Command, ...]) -> Iterator[Factor]:  # noqa: ARG002  # the interface has it
        """What its calls compiled along that is not the project's own, each with its version."""
        return iter(())

    # What its sources and libraries say

    def said(
        self,
        sources: Sources,  # noqa: ARG002  # the interface has it
        profile: Profile,  # noqa: ARG002  # the interface has it
        commands: tuple[Command, ...],  # noqa: ARG002  # the interface has it
    ) -> Iterator[Factor]:
        """Settings that a project's files say; with `NOT_KNOWN` where they cannot be read.

        Args:
            sources: The project's files.
            profile: What it is built under: what files leave open, it may say.
            commands: All calls of the build.

        """
        return iter(())

    marks: tuple[Marks, ...] = ()
    """What its sources say by themselves."""
    system_libraries: tuple[str, ...] = ()
    """Beginnings of the file names of its run-time libraries that every system has."""
    parallel_libraries: tuple[str, ...] = ()
    """Beginnings of the file names of its run-time libraries for OpenMP."""
    callers: re.Pattern[str] | None = None
    """Found in the names of its libraries' functions that call every entry of a module."""
    refusals: tuple[str, ...] = ()
    """Errors, with their modules, by which what it makes says that types are not for it."""
    compiles_into: str = ""
    """Variable that names the folder in which processes keep what they compile when it is called;
    its settings are then variables of these processes. Empty where all is compiled in a build."""

    def compiled_here(self) -> Iterator[str]:
        """The assembly of all that was compiled in this process when it was called."""
        return iter(())

    def annotate(self, sources: Sources, environment: Environment) -> Annotated:  # noqa: ARG002  # the interface has it
        """Where loops still call Python, as its compiler says, asked right after a build."""
        return NOTHING_SAID

    def find_unsafe(self, sources: Sources) -> UnsafePlaces | None:  # noqa: ARG002  # the interface has it
        """Places that its compiler does not check; None where it marks none, or has no source."""
        return None

    def readable(self, symbol: str, module: str) -> str | None:  # noqa: ARG002  # the interface has it
        """From a symbol in a library to the name of a function as its author wrote it.

        Args:
            symbol: The name in the library's table of symbols.
            module: The module that the library is.

        Returns:
            The name; empty for what is none of the project's own; None for a symbol that it did
            not make.

        """
        return None

    # What goes into the name of a build, and what does not

    variables: frozenset[str] = frozenset()
    """Variables that change what it builds: these count, whatever pattern they fit."""
    variable_prefixes: tuple[str, ...] = ()
    """Beginnings of the names of such variables."""
    places: frozenset[str] = frozenset()
    """Variables that only say where things are kept, or how much is printed."""
    search_paths: frozenset[str] = frozenset()
    """Those of its variables that list folders in which it looks for files."""
    helpers: tuple[str, ...] = ()
    """Names of programs that its builds run besides those that it needs."""
    manners: tuple[str, ...] = ()
    """Patterns of those that change how it works and what it prints, and not what it builds."""
    left_anywhere: tuple[str, ...] = ()
    """Patterns of what it leaves beside the sources, anywhere in a project."""
    left_at_top: tuple[str, ...] = ()
    """Patterns of what it leaves in a project's own folder."""

    def outside_files(self, environment: Mapping[str, str], *folders: Path) -> Iterable[Path]:  # noqa: ARG002  # the interface has it
        """Files and folders outside of a project in these that change it; they need not exist."""
        return ()

    def read_besides(self, path: Path) -> Iterable[Path]:  # noqa: ARG002  # the interface has it
        """Files and folders, also outside, that a build reads because of a project's file."""
        return ()

    # How its failures read, and its words

    errors: tuple[ErrorStart, ...] = ()
    """How its errors begin in a log, most telling first."""
    hints: tuple[tuple[str, str], ...] = ()
    """Patterns of known troubles in a log, each with one thing to try."""
    words: Mapping[Topic, str] = {}
    """Its words in findings."""
    cures: Mapping[PythonCause, str] = {}
    """What takes Python out of a loop, by why it is there."""

    def cure(self, cause: PythonCause, text: str) -> str | None:  # noqa: ARG002  # the interface has it
        """The cure for a cause, as it fits lines that say this."""
        return self.cures.get(cause)


class Unknown(Toolchain):
    """A toolchain of which only the name is known: its project's `needs` say the rest."""

    def __init__(self, name: str) -> None:
        self.name = name
