"""What an author states of a question: the kernel, its projects and their entries."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct

from whichext.model.check import Property
from whichext.model.contestant import RELEASE, Case, Profile

Arguments = tuple[Any, ...]
"""The arguments of a call."""


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One callable of a project, a table `[[tool.whichext.entries]]` of its pyproject.toml."""

    function: str
    """Attribute of the module to call."""
    summary: str = ""
    """One line: what it is."""
    threads: Annotated[str, Meta(min_length=1)] | None = None
    """Keyword that takes the thread count, or "environment" where only variables set it;
    absent for a serial entry."""
    profiles: tuple[Profile, ...] = (RELEASE,)
    """Profiles under which it races unless others are asked for."""
    dtypes: Annotated[tuple[str, ...], Meta(min_length=1)] | None = None
    """NumPy names of the dtypes that it must answer; absent for those of the kernel."""
    requires: tuple[str, ...] = ()
    """Python packages that it imports when it is called; without one of them it is skipped."""
    remedy: Annotated[str, Meta(min_length=1)] | None = None
    """How to get what it requires; absent where `pip install` is all there is to say."""
    idle: tuple[str, ...] = ()
    """Those of its factors that play no part with one thread, such as the pool of an entry that
    then calls its kernel directly."""
    factors: dict[str, str] = {}
    """Properties in which it can differ from other entries, such as order = "column"; its
    toolchain is the project's unless it is named here."""


class Project(Struct, frozen=True, kw_only=True):
    """One extension project inside a kernel's folder."""

    name: str
    """Name of its folder."""
    folder: Path
    """Where its pyproject.toml is."""
    module: str
    """Module that its wheel installs."""
    toolchain: str
    """What it is written in; the factor "toolchain" of every entry that names no other."""
    needs: tuple[str, ...]
    """Programs and files without which it cannot be built, as toolchains name them."""
    entries: tuple[Entry, ...]
    """Its callables."""

    @property
    def requires(self) -> tuple[str, ...]:
        """Python packages that its entries import when they are called, each once."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.requires))


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """How closely an answer must agree with the reference's."""

    relative: float = 0.0
    """Allowed difference as a share of the reference's value; 0 means exactly equal."""
    absolute: float = 0.0
    """Allowed difference in the answer's own unit."""
    reason: str = ""
    """Why this much and not less; whoever allows a difference must say."""

    @property
    def is_exact(self) -> bool:
        """Whether no difference at all is allowed."""
        return self.relative == self.absolute == 0

    @property
    def sentence(self) -> str:
        """How answers compare, for reports."""
        if self.is_exact:
            return "Answers must be exactly the reference's."
        relative = [f"{self.relative:g} of the value"] * bool(self.relative)
        allowed = " and ".join(relative + [f"{self.absolute:g}"] * bool(self.absolute))
        return f"Answers may differ from the reference's by {allowed}: {self.reason}."


@dataclass(frozen=True, kw_only=True)
class Kernel:
    """One question: what an author states in `kernel.py` as `KERNEL = Kernel(...)`."""

    question: str
    """One sentence that ends with a question mark."""
    reference: Callable[..., Any]
    """The obviously right implementation; it races as a contestant like any other."""
    inputs: Callable[[Case], Arguments]
    """Makes the arguments of a call for a case, the same ones each time it is asked."""
    cases: tuple[Case, ...]
    """The inputs that are raced, the most telling first."""
    dtypes: tuple[str, ...]
    """NumPy names of the dtypes that every entry must answer that declares no dtypes itself."""
    bytes_moved: Callable[[Case], int]
    """Bytes that a call must at least read and write in a case."""
    refused: Mapping[str, Callable[[], Arguments]] = dataclasses.field(default_factory=dict)
    """Named inputs that every entry must refuse with a TypeError or ValueError."""
    tolerance: Tolerance = Tolerance()
    """How answers compare."""
    reference_name: str = "numpy"
    """Name of the reference in reports."""
    reference_factors: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Declared factors of the reference."""
    origin: str | None = None
    """Name of the contestant with which people begin, and with which the report begins to explain;
    the slowest entry where it is None or did not race."""
    name: str = ""
    """Name of the kernel's folder; set by `load_kernel`."""
    folder: Path = Path()
    """The kernel's folder; set by `load_kernel`."""
    digest: str = ""
    """Hash of `kernel.py` and of the Python files beside it; set by `load_kernel`."""
    projects: tuple[Project, ...] = ()
    """The projects in that folder, by name; set by `load_kernel`."""

    @property
    def entry_names(self) -> tuple[str, ...]:
        """Full names of all entries of its projects."""
        return tuple(f"{p.module}.{entry.function}" for p in self.projects for entry in p.entries)


@dataclass(frozen=True)
class Prepared:
    """One input with what the reference makes of it."""

    arguments: Arguments
    """Arguments of the call."""
    answer: Any = None
    """The reference's answer; meaningless when `refusal` is set."""
    refusal: str | None = None
    """Why the input must be refused; None when it must or may be answered."""
    plain_of: str | None = None
    """The dtype of which it is a plain array, so that whoever declares that dtype must answer it;
    None where a clean error is as good as the right answer."""
    property: Property = Property.PLAIN
    """What it looks at."""
    prints: tuple[object, ...] | None = None
    """Fingerprints of the arguments before any call; None where nobody took them yet."""
