"""The oldest compilers that will do: for the kernels that come along, and as projects declare."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whichext.model.outcome import Tool, ToolchainAbsent


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
