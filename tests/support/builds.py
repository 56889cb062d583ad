"""Builds without a compiler, or an environment: builders, calls of compilers, what these say."""

from __future__ import annotations

import base64
import hashlib
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from support.contestants import profile_of
from support.results import make_build, make_built
from whichext.build import build_project
from whichext.build.frontend import Wheel, WheelBuildError, build_wheel
from whichext.build.recorder import Record
from whichext.build.store import Store
from whichext.build.way import Way
from whichext.load.kernel import load_kernel
from whichext.model.contestant import RELEASE
from whichext.model.evidence import Compiled, Evidence, Function, Library, Settings
from whichext.model.kernel import Project
from whichext.model.outcome import Tool
from whichext.model.raw import Build
from whichext.toolchains.base import Command
from whichext.toolchains.profiles import Telling


def build_here(folder: Path, store: Store) -> None:
    """Build a kernel's projects with the backends that are here, for runs that then find them.

    For tests of what becomes of builds: an environment of its own takes seconds for each, and
    these kernels have up to sixty. What does not build, or not here, is left to the runs.
    """
    with warnings.catch_warnings():
        # Setuptools warns of its extension table, and pytest would make an error of it.
        warnings.simplefilter("default")
        for project in load_kernel(folder).projects:
            build_project(project, RELEASE, store, partial(build_wheel, way=Way(isolated=False)))


def write_wheel(folder: Path, module: str, code: str = "ANSWER = 42\n") -> Path:
    """A valid wheel of one module, RECORD included."""
    info = f"{module}-1.0.dist-info"
    files = {
        f"{module}.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{name},{_digest(text)},{len(text.encode())}" for name, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{module}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True)
class Call:
    """What the fake was asked to build."""

    source: Path
    telling: Telling


@dataclass
class FakeBuilder:
    """A `Builder` that remembers its calls; `logs` says which sources fail, and with what log."""

    logs: Mapping[str, str] = field(default_factory=dict)
    """What a build prints before it fails, by the name of the source folder."""
    meanwhile: Callable[[Path], None] = lambda _source: None
    """What the backend does in the source folder while it builds."""
    record: Record = field(default_factory=Record)
    """What is noted of its builds."""
    calls: list[Call] = field(default_factory=list)

    def __call__(self, source: Path, wheel_folder: Path, telling: Telling, log: Path) -> Wheel:
        """Build as the protocol says."""
        self.calls.append(Call(source, telling))
        self.meanwhile(source)
        if source.name in self.logs:
            text = self.logs[source.name].format(source=source)
            if text:  # a builder need not write anything
                log.write_text(text, "utf-8")
            raise WheelBuildError(f"{source.name} failed")
        tools = (Tool("fake-backend", "7.1"),)
        return Wheel(write_wheel(wheel_folder, source.name), tools, self.record)


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


def typed(line: str, directory: str = "/build", version: str = "", appended: int = 0) -> Command:
    """A command as one would type it, of which the last words may have been appended."""
    program, *arguments = line.split()
    known = RUSTC if program == "rustc" else GCC
    return Command(
        _recorded_by(program),
        directory,
        f"/usr/bin/{program}",
        version or known,
        tuple(arguments),
        tuple(arguments[len(arguments) - appended :]),
    )


def _recorded_by(program: str) -> str:
    """Name of the toolchain whose program it is."""
    if program == "rustc":
        return "rust"
    if program.startswith("cython"):
        return "cython"
    if program == "gfortran":
        return "fortran"
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


def project_in(folder: Path, needs: tuple[str, ...] = ("cc",)) -> Project:
    """A project whose sources are in a folder."""
    return Project(
        name="fast", folder=folder, module="fast", toolchain="c", needs=needs, entries=()
    )


def built(project: str, *tools: str, seconds: float = 10, wheel_bytes: int = 50_000) -> Build:
    """A build that took these tools."""
    result = replace(
        make_built(),
        tools=tuple(Tool(name, "1.0") for name in tools),
        build_ns=round(seconds * 1e9),
        wheel_bytes=wheel_bytes,
        code_lines=123,
    )
    return make_build(project, result)
