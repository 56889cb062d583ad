"""What a project may need (programs, files, packages), how old it may be, and how to get it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from whichext.model.errors import UsageError
from whichext.model.inline import legible
from whichext.model.outcome import PackageAbsent, Tool, ToolchainAbsent


def home_of(environment: Mapping[str, str]) -> Path:
    """The home of an environment; a folder that is not there where the system knows of none."""
    try:
        return Path(environment.get("HOME") or Path.home())
    except RuntimeError:
        return Path(os.devnull, "home")


@dataclass(frozen=True, kw_only=True)
class Oldest:
    """The oldest version of a program that will do."""

    what: str
    """What the version is of."""
    tells: re.Pattern[str]
    """Finds the version, its first group, in the first line that a program prints about itself."""
    version: str
    """The oldest that will do."""
    remedy: str
    """How to get a newer one."""

    def lacking(self, tools: Iterable[Tool]) -> ToolchainAbsent | None:
        """Say which version one of the tools ought to have and has not; None where all will do."""
        found = (match[1] for tool in tools if (match := self.tells.search(tool.version)))
        old = next((one for one in found if _numbers(one) < _numbers(self.version)), None)
        if old is None:
            return None
        return ToolchainAbsent(f"{self.what} {self.version} or newer (here is {old})", self.remedy)


def _numbers(version: str) -> tuple[int, ...]:
    """As tuples compare: 1.89 is 1.89.0."""
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


NEWER_RUST = "`rustup update`, or install Rust from https://rustup.rs"
"""How to get a newer Rust."""

_EDITIONS = {"2021": "1.56", "2024": "1.85"}

OLDEST_C = tuple(
    Oldest(
        what=what,
        tells=re.compile(tells),
        version=version,
        remedy=f"install a newer {what}, and let CC name it",
    )
    for what, tells, version in (
        ("gcc", r"^\S*cc\S* \(.*?\) (\d[\d.]*)", "6"),
        ("clang", r"clang version (\d[\d.]*)", "4"),
    )
)
"""C11, and the names of AVX-512 BW, DQ and VL in __builtin_cpu_supports."""


def oldest_rust(version: str) -> tuple[Oldest, ...]:
    """Both programs: cargo has to read what rustc compiles."""
    return tuple(
        Oldest(
            what=name,
            tells=re.compile(rf"^{name} (\d[\d.]*)"),
            version=version,
            remedy=NEWER_RUST,
        )
        for name in ("rustc", "cargo")
    )


def asked_by_cargo(folder: Path) -> tuple[Oldest, ...]:
    """The `rust-version` of a project's Cargo.toml, or the first that knows its edition.

    Nothing where a file of the project chooses a toolchain, which PATH has no say in.
    """
    if any((folder / name).exists() for name in ("rust-toolchain", "rust-toolchain.toml")):
        return ()
    maturin = _table(folder / "pyproject.toml", "tool", "maturin")
    package = _table(folder / str(maturin.get("manifest-path", "Cargo.toml")), "package")
    version = package.get("rust-version") or _EDITIONS.get(str(package.get("edition")))
    return oldest_rust(version) if isinstance(version, str) else ()


def _table(path: Path, *names: str) -> dict[str, Any]:
    """A table of a TOML file; empty where there is none, or none that can be read."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    for name in names:
        inner = table.get(name)
        table = inner if isinstance(inner, dict) else {}
    return table


@dataclass(frozen=True, kw_only=True)
class _Thing:
    name: str
    """What projects give in `needs`."""
    what: str
    """What it is, in a sentence."""
    subject: str | None = None
    """The doctor's line for it; None where the doctor does not look for it."""
    remedy: str
    """How to get it."""

    @property
    def absence(self) -> ToolchainAbsent:
        """What is not there, and how to get it."""
        return ToolchainAbsent(self.what, self.remedy)


@dataclass(frozen=True, kw_only=True)
class Program(_Thing):
    """A program that projects need."""

    programs: tuple[str, ...]
    """Names to look for on PATH, the first that exists counts."""
    variable: str | None = None
    """Environment variable that overrides them."""
    companions: tuple[str, ...] = ()
    """Programs that belong to it: named with it, and not needs themselves."""
    broken: str = ""
    """What else to do where it exists and reports no version."""
    oldest: tuple[Oldest, ...] = ()
    """Oldest versions that build the built-in kernels."""

    def find(self) -> tuple[str, ...] | None:
        """The command that fulfils it, with the arguments that its variable may carry."""
        named = self._named()
        if named:
            return tuple(named) if shutil.which(named[0]) else None
        found = next((name for name in self.programs if shutil.which(name)), None)
        return None if found is None else (found,)

    def is_there(self) -> bool:
        """Whether some command fulfils it."""
        return self.find() is not None

    @property
    def absence(self) -> ToolchainAbsent:
        """What is not there, and how to get it: where a variable names it, it is that program."""
        if self._named():
            value = f"{self.variable}={os.environ[self.variable or '']}"
            remedy = f"unset {self.variable}, or let it name a program that is on PATH"
            return ToolchainAbsent(f"the program that {value} of this environment names", remedy)
        return super().absence

    def version(self) -> str:
        """The first line that it prints about itself."""
        command = self.find()
        assert command is not None, f"{self.name} was not probed with find_missing()"
        return first_line((*command, "--version"))

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
class File(_Thing):
    """A file that projects need; it has no version of its own."""

    file: str
    """Its file name."""
    folder: Callable[[], str]
    """Where it has to be."""

    def is_there(self) -> bool:
        """Whether it exists."""
        return (Path(self.folder()) / self.file).is_file()


Need = Program | File


def first_line(command: tuple[str, ...]) -> str:
    """The first line that a command prints, asked once for each program of its name on PATH."""
    return _first_line(command, shutil.which(command[0]))


@cache
def _first_line(command: tuple[str, ...], place: str | None) -> str:  # noqa: ARG001  # for the cache
    try:
        result = subprocess.run(command, capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"unknown: {error}"
    printed = (result.stdout or result.stderr).decode("utf-8", "backslashreplace")
    return legible(printed.partition("\n")[0].strip()) or "unknown"


def find_absent(requires: tuple[str, ...], remedy: str | None) -> PackageAbsent | None:
    """Say which required packages are absent and how to get them; None when all are there.

    Args:
        requires: Names as pip has them.
        remedy: How to get them; None where `pip install` is all there is to say.

    """
    absent = tuple(name for name in requires if _version(name) is None)
    return PackageAbsent(absent, remedy) if absent else None


def package_versions(requires: tuple[str, ...]) -> tuple[Tool, ...]:
    """Versions of those packages that are there: a result names them, as it does compilers."""
    versions = ((name, _version(name)) for name in requires)
    return tuple(Tool(name, version) for name, version in versions if version is not None)


def _version(name: str) -> str | None:
    """Without an import, which would bring the package into this process."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
