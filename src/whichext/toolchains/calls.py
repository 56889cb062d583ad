"""How the calls of a toolchain are found while a project builds, and which flags they get."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from whichext.model.contestant import Profile


class Command(Struct, frozen=True):
    """One call of a compiler, a linker or an archiver."""

    toolchain: str
    """Name of the toolchain that it belongs to."""
    directory: str
    """The folder that it was called in."""
    program: str
    """The program, as it was found."""
    version: str
    """The first line that the program prints about itself."""
    arguments: tuple[str, ...]
    """Its arguments as it was run, with the content of @files inserted."""
    appended: tuple[str, ...] = ()
    """The last of them, which the recorder appended for a profile."""

    @property
    def asked(self) -> tuple[str, ...]:
        """The arguments as the backend asked for them."""
        return self.arguments[: len(self.arguments) - len(self.appended)]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a toolchain receives from outside."""

    flags: tuple[str, ...] = ()
    """Words that are appended to the calls of its compilers: the last of contradicting ones wins,
    whatever the backend and the project's own files say."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Variables that the build gets, where no flag says it: which program is the compiler. Where
    code is compiled when it is called, the processes that call it get them as well."""


@dataclass(frozen=True, kw_only=True)
class Setting(Told):
    """One factor's value, and what a toolchain receives for it."""

    factor: str
    """For example "optimisation"."""
    value: str
    """For example "O2"."""
    programs: tuple[str, ...] = ()
    """What must be on PATH instead of the toolchain's usual programs."""

    @property
    def profile(self) -> Profile:
        """The profile that is this setting alone."""
        return Profile.setting(self.factor, self.value)


@dataclass(frozen=True, kw_only=True)
class Appended:
    """To which calls a profile's words are appended; patterns are those of a shell."""

    compiles: tuple[str, ...]
    """Patterns of words that are in every call which compiles, one of them at least."""
    compiles_not: tuple[str, ...] = ()
    """Patterns of words that are in no such call, but in those that only ask something."""
    keeps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that keep what another word among the flags would change by itself, such as checks that
    come with a level: each of these only in a call without a word of its pattern, and only where
    one of the flags fits `keeps_beside`."""
    keeps_beside: str = ""
    """Pattern of those flags."""
    probes: tuple[str, ...] = ()
    """Patterns of folders and sources with which backends find out what a compiler can do: these
    are asked without the words, so that they get the answers that they get without a profile."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """Which calls of a toolchain are noted while a project builds."""

    programs: re.Pattern[str] | None = None
    """Names of its programs on PATH, as a whole."""
    variables: tuple[str, ...] = ()
    """Variables that may name one of them by its whole path, which PATH has no say in."""
    launchers: frozenset[str] = frozenset()
    """Those of the programs whose first argument is the compiler, such as caches."""
    wrapped: tuple[str, ...] = ()
    """Variables that name a program which is given the compiler and its arguments: the first is
    set to the recorder, all may hold a wrapper of the user's own, which then still wraps."""
    appended: Appended | None = None
    """Which of the calls compile; None where no flag can be appended."""
    scratch: Mapping[str, str] = field(default_factory=dict)
    """Variables that name a folder in which objects are kept from build to build, each with the
    word for it in the toolchain's own files. Where one is named, a build gets another one of its
    own: objects of another build have other flags, and no call makes them."""
