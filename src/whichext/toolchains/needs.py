"""What a project may need: programs on PATH, and files; each with the way to get it."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from whichext.model.errors import UsageError
from whichext.toolchains.oldest import Oldest


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program that projects need."""

    name: str
    """What projects give in `needs`."""
    what: str
    """What it is, in a sentence."""
    subject: str | None = None
    """The doctor's line for it; None where the doctor does not look for it."""
    programs: tuple[str, ...]
    """Names to look for on PATH, the first that is there counts."""
    variable: str | None = None
    """Environment variable that overrides them."""
    companions: tuple[str, ...] = ()
    """Programs that come along with it: named beside it, and no need of their own."""
    remedy: str
    """How to get it."""
    broken: str = ""
    """What else to do where it is there and tells no version."""
    oldest: tuple[Oldest, ...] = ()
    """Versions that the kernels which come along build with, and no older ones."""

    def find(self) -> tuple[str, ...] | None:
        """The command that fulfils it, with the arguments that its variable may carry."""
        named = self._named()
        if named:
            return tuple(named) if shutil.which(named[0]) else None
        found = next((name for name in self.programs if shutil.which(name)), None)
        return None if found is None else (found,)

    def _named(self) -> list[str]:
        """The command that the variable names; none where it is unset."""
        value = os.environ.get(self.variable, "") if self.variable else ""
        try:
            return shlex.split(value)
        except ValueError as error:
            raise UsageError(
                f"{self.variable}={value}",
                f"unset {self.variable}, or close its quotes",
                expected="a command",
                got=f"an error: {error}",
            ) from error


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that projects need; it has no version of its own."""

    name: str
    """What projects give in `needs`."""
    what: str
    """What it is, in a sentence."""
    subject: str
    """The doctor's line for it."""
    file: str
    """Its file name."""
    folder: Callable[[], str]
    """Where it has to be."""
    remedy: str
    """How to get it."""

    def is_there(self) -> bool:
        """Whether it is."""
        return (Path(self.folder()) / self.file).is_file()


Need = Program | File


def unknown_need(name: str) -> Program:
    """A need that no toolchain knows: a program of that name."""
    return Program(
        name=name,
        what=f"the program {name!r}",
        programs=(name,),
        remedy=f"install {name} so that it is on PATH",
    )
