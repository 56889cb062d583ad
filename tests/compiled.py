"""Calls of compilers and what is known from them, as short as a test can say it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from builders import profile_of
from whichext.model.contestant import Contestant, Factor
from whichext.model.evidence import Compiled, Evidence, Function, Library, Settings
from whichext.model.kernel import Project
from whichext.toolchains.base import Command

GCC = "cc (Debian 12.2.0-14+deb12u1) 12.2.0"
RUSTC = "rustc 1.95.0 (59807616e 2026-04-14)"

_SETTINGS = Settings(
    language="c",
    compiler="gcc 12.2.0",
    level="3",
    told="-O3",
    isa=(),
    openmp=False,
    debug_symbols=False,
    lto=None,
    sanitizers=(),
)


def typed(line: str, directory: str = "/build", version: str = "") -> Command:
    """A command as one would type it."""
    program, *arguments = line.split()
    known = RUSTC if program == "rustc" else GCC
    return Command(
        _recorded_by(program), directory, f"/usr/bin/{program}", version or known, tuple(arguments)
    )


def _recorded_by(program: str) -> str:
    """Name of the toolchain whose program it is."""
    if program == "rustc":
        return "rust"
    return "c++" if "++" in program else "c"


def settings(**changes: Any) -> Settings:
    """What gcc -O3 is, but for the changes."""
    return replace(_SETTINGS, **changes)


def rust(**changes: Any) -> Settings:
    """What rustc -C opt-level=3 is, but for the changes."""
    told = {"language": "rust", "compiler": "rustc 1.95.0", "told": "opt-level=3"}
    return settings(**{**told, **changes})


def evidence(
    project: str, *ways: Settings, profile: str = "release", openmp: bool = False
) -> Evidence:
    """A build of one source for each way of compiling, a.c and on, linked into one library."""
    compiled = (
        Compiled(settings=way, sources=(f"{chr(ord('a') + n)}.c",)) for n, way in enumerate(ways)
    )
    libraries = (library(f"{project}.so", openmp=openmp),) if ways else ()
    return Evidence(
        project=project,
        profile=profile_of(profile),
        compiled=tuple(compiled),
        tag="cp312-cp312-linux_x86_64",
        libraries=libraries,
    )


def library(file: str, *functions: Function, openmp: bool = False, debug_bytes: int = 0) -> Library:
    """A library of 100 kB, of which 20 kB are symbols of the linker."""
    return Library(
        file=file,
        file_bytes=100_000,
        stripped_bytes=80_000 - debug_bytes,
        debug_bytes=debug_bytes,
        needs=("libgomp.so.1", "libc.so.6") if openmp else ("libc.so.6",),
        functions=functions,
    )


def entry_of(build: Evidence, **factors: str) -> Contestant:
    """A contestant `run` of a build, with these factors."""
    return Contestant(
        entry=f"{build.project}.run",
        project=build.project,
        module=build.project,
        function="run",
        profile=build.profile,
        factors=tuple(Factor(*item) for item in sorted(factors.items())),
    )


def project_in(folder: Path, needs: tuple[str, ...] = ("cc",)) -> Project:
    """A project whose sources are in a folder."""
    return Project(
        name="fast", folder=folder, module="fast", toolchain="c", needs=needs, entries=()
    )
