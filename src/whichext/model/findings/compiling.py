"""What can be wrong with how a project was compiled and linked."""

from __future__ import annotations

from msgspec import Struct

from whichext.model.findings.severity import Group, Severity, grouped, listed, some
from whichext.model.findings.words import Advice, Topic


class NotOptimised(Struct, frozen=True, kw_only=True, tag=True):
    """The compiler was not told to optimise, or was told not to."""

    contestants: tuple[str, ...]
    """Who is built so."""
    told: str
    """The flags on it, in order; "" for no flag at all."""
    sources: tuple[str, ...]
    """What was compiled so; empty where it is everything."""
    declared: bool
    """Whether the profile's name says so."""
    beside: tuple[Group, ...] = ()
    """Who is built how in the same comparison."""

    severity = Severity.UNATTRIBUTABLE
    why = ("a ratio between them is the flag's as much as the code's",)

    @property
    def what(self) -> str:
        """One line on what was found."""
        flags = f" ({self.told}: the last one counts)" if " " in self.told else ""
        level = f"-O0{flags}" if self.told else "no level of optimisation, which is -O0"
        where = f" in {listed(self.sources)}" if self.sources else ""
        others = [f"{some(group.builds)} with {group.setting}" for group in self.beside]
        beside = f", but {', '.join(others)}" if others else ""
        return f"{listed(self.contestants)}: built with {level}{where}{beside}"

    @property
    def remedy(self) -> Advice:
        """What to do."""
        if self.declared:
            return ("compare it with the same entry under another profile, and with nobody else",)
        return ("ask for -O2 or more in the project's build files (or run with --profile native)",)


class UnlikeOptimisation(Struct, frozen=True, kw_only=True, tag=True):
    """Builds under one profile have different levels of optimisation."""

    groups: tuple[Group, ...]
    """Who has which."""

    severity = Severity.UNATTRIBUTABLE
    why = ("a difference may be the flag's and not the code's",)
    remedy = ("set the same level in their build files, or ", Topic.LEVEL)

    @property
    def what(self) -> str:
        """One line on what was found."""
        return f"optimised unlike each other: {grouped(self.groups)}"


class UnlikeIsa(Struct, frozen=True, kw_only=True, tag=True):
    """Builds under one profile may use different instructions throughout."""

    groups: tuple[Group, ...]
    """Who may use which."""

    severity = Severity.UNATTRIBUTABLE
    why = ("wider vectors may make the difference, and such a wheel does not run everywhere",)
    remedy = (
        "leave out ",
        Topic.PROCESSOR,
        " and the like, or run all with --profile native",
    )

    @property
    def what(self) -> str:
        """One line on what was found."""
        return f"built for unlike processors: {grouped(self.groups)}"


class UnlikeCompiler(Struct, frozen=True, kw_only=True, tag=True):
    """Builds under one profile come from different compilers."""

    groups: tuple[Group, ...]
    """Who comes from which."""
    one_language: bool
    """Whether it is one language that they compile, so that they need not differ."""

    why = ("a difference may be the code generator's and not the source's",)

    @property
    def severity(self) -> Severity:
        """Two languages have to have two compilers; one has not."""
        return Severity.UNATTRIBUTABLE if self.one_language else Severity.WARNING

    @property
    def what(self) -> str:
        """One line on what was found."""
        return f"compiled by unlike compilers: {grouped(self.groups)}"

    @property
    def remedy(self) -> Advice:
        """What to do."""
        if self.one_language:
            return ("build all with one: ", Topic.COMPILER, " before the command")
        return ("race it with --factor ", Topic.OTHER_COMPILER)


class SettingWithoutEffect(Struct, frozen=True, kw_only=True, tag=True):
    """A build under a setting has the machine code of the build without it."""

    build: str
    """Name of the build."""
    release: str
    """Name of the build without the setting."""

    severity = Severity.WARNING
    why = ("both are the same contestant, and a ratio between them is noise",)
    remedy = (
        "look for what wins over the setting in the source or its build files, such as ",
        Topic.WINNING,
        "; or the compiler had nothing to change",
    )

    @property
    def what(self) -> str:
        """One line on what was found."""
        return f"{self.build}: the machine code of {self.release}, the setting changed nothing"


class DebugSymbolsCounted(Struct, frozen=True, kw_only=True, tag=True):
    """Symbols for a debugger are in the wheel."""

    build: str
    """Name of the build."""
    files: tuple[str, ...]
    """The libraries that have them."""
    debug_bytes: int
    """Size of the symbols, bytes."""
    file_bytes: int
    """Size of these libraries, bytes."""

    severity = Severity.WARNING
    why = ("the size of the wheel counts them; times do not change",)
    remedy = ("compare sizes only after ", Topic.DEBUGGING)

    @property
    def what(self) -> str:
        """One line on what was found."""
        share = f"{self.debug_bytes / self.file_bytes:.0%}"
        return f"{self.build}: {share} of {listed(self.files)} is symbols for a debugger"


class OpenMpMissing(Struct, frozen=True, kw_only=True, tag=True):
    """OpenMP is asked for and was not compiled in or linked."""

    contestants: tuple[str, ...]
    """Whose build that is."""
    asked_by: tuple[str, ...]
    """Sources that ask for OpenMP, and declared factors."""

    severity = Severity.UNATTRIBUTABLE
    why = (
        "compilers turn ",
        Topic.ASKING,
        " into plain loops without a word: one thread works",
    )
    remedy = ("add ", Topic.LINKING)

    @property
    def what(self) -> str:
        """One line on what was found."""
        asked = listed(self.asked_by)
        return f"{listed(self.contestants)}: {asked} asked for OpenMP, and it is not there"


class Sanitized(Struct, frozen=True, kw_only=True, tag=True):
    """Checkers are compiled into the code."""

    contestants: tuple[str, ...]
    """Whose build that is."""
    sanitizers: tuple[str, ...]
    """Which ones."""

    severity = Severity.UNATTRIBUTABLE
    why = ("they take most of the time, and the others do without them",)
    remedy = (
        "leave out ",
        Topic.SANITIZING,
        "; --profile checked has the price of checks by itself",
    )

    @property
    def what(self) -> str:
        """One line on what was found."""
        return f"{listed(self.contestants)}: built with sanitizers ({listed(self.sanitizers)})"


class CompilerUnseen(Struct, frozen=True, kw_only=True, tag=True):
    """A project that needs a compiler was built, and no call behind the wheel was seen."""

    build: str
    """Name of the build."""
    needs: tuple[str, ...]
    """The compilers that it needs."""

    severity = Severity.WARNING
    why = ("nobody can say whether it is built like what it is compared with",)
    remedy = (
        "let the build find its compiler on PATH or through ",
        Topic.FINDING,
    )

    @property
    def what(self) -> str:
        """One line on what was found."""
        return f"{self.build}: it needs {listed(self.needs)}, and what compiled it was not seen"
