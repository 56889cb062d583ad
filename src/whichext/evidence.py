"""What was really built: the settings that compilers were told, for the code that is in a wheel."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from whichext.contestant import Contestant


class Language(StrEnum):
    """What a compiler was given."""

    C = "c"
    """C, also where Cython wrote it."""
    CPP = "c++"
    """C++, also where Cython wrote it."""
    RUST = "rust"
    """A crate."""


class Settings(Struct, frozen=True, kw_only=True, order=True):
    """How a compiler was told to compile."""

    language: Language
    """What it compiled."""
    compiler: str
    """Which one, with its version: "gcc 12.2.0"."""
    level: str
    """The optimisation level that counts: "0", "1", "2", "3", "s", "z", "g" or "fast"."""
    told: str
    """All that it was told of levels, in order, such as "-O3 -O0"; empty where it was told none."""
    isa: tuple[str, ...]
    """Instructions beyond the least of the architecture: "native", "avx2", "x86-64-v3"."""
    openmp: bool
    """Whether OpenMP was on."""
    debug_symbols: bool
    """Whether symbols for a debugger were asked for."""
    lto: str
    """Optimisation when linking: "fat", "thin", "on", or empty for none."""
    sanitizers: tuple[str, ...]
    """Checkers compiled into the code, such as "address"."""


class Compiled(Struct, frozen=True, kw_only=True):
    """Sources that were compiled alike, and whose code is in the wheel."""

    settings: Settings
    """How."""
    sources: tuple[str, ...]
    """File names, and names of crates."""


class Linked(Struct, frozen=True, kw_only=True):
    """One library that Python loads."""

    file: str
    """Its file name when it was linked."""
    openmp: bool
    """Whether an OpenMP run-time library was linked."""
    stripped: bool
    """Whether the linker was told to leave out the symbols for a debugger."""


class Evidence(Struct, frozen=True, kw_only=True):
    """What is known of how a project was compiled under a profile."""

    project: str
    """Name of the project's folder."""
    profile: str
    """Name of the compiler settings."""
    compiled: tuple[Compiled, ...]
    """Every way in which some of its sources were compiled; empty where no compiler was seen."""
    linked: tuple[Linked, ...]
    """What was linked from them."""

    @property
    def label(self) -> str:
        """The build's name in reports."""
        return self.project if self.profile == "release" else f"{self.project} @{self.profile}"

    def is_of(self, contestant: Contestant) -> bool:
        """Whether it is the build that a contestant runs."""
        return (self.project, self.profile) == (contestant.project, contestant.profile)

    @property
    def settings(self) -> tuple[Settings, ...]:
        """All ways in which some of its sources were compiled."""
        return tuple(compiled.settings for compiled in self.compiled)

    @property
    def levels(self) -> tuple[str, ...]:
        """Its optimisation levels, sorted."""
        return tuple(sorted({settings.level for settings in self.settings}))

    @property
    def flags(self) -> str:
        """Its optimisation levels as flags, which a level of Rust's has as well as one of C's."""
        return " and ".join(f"-O{level}" for level in self.levels)

    @property
    def isa(self) -> tuple[str, ...]:
        """Instructions that all of it may use: what only some sources may is chosen at run time."""
        sets = [set(settings.isa) for settings in self.settings]
        return tuple(sorted(set.intersection(*sets))) if sets else ()

    @property
    def compilers(self) -> tuple[str, ...]:
        """Its compilers with their versions, sorted."""
        return tuple(sorted({settings.compiler for settings in self.settings}))

    @property
    def languages(self) -> frozenset[Language]:
        """What its compilers were given."""
        return frozenset(settings.language for settings in self.settings)
