"""Drives a project's own PEP 517 backend in an isolated environment: source folder -> wheel.

Where there is no wheel, the log says why: the last error in the compiler's own words, and one hint.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path
from typing import Protocol

from build import BuildBackendException, BuildException, FailedProcessError, ProjectBuilder
from build.env import DefaultIsolatedEnv

from whichext.build.installers import find_installer
from whichext.build.recorder import Record, Recorder
from whichext.build.sources import content_files
from whichext.build.store import note_elsewhere
from whichext.build.way import ISOLATED, Way
from whichext.model.outcome import Tool
from whichext.toolchains import every_toolchain
from whichext.toolchains.base import Annotated, Environment, ErrorStart, Sources
from whichext.toolchains.profiles import Telling

_MOST_LINES = 12
_MOST_EXCERPT_LINES = 30  # of an error that says how it ends

# What is no toolchain's: of what installs, of Python, and of whatever else.
_ANYBODYS = (
    ErrorStart(re.compile(r"^ERROR: ")),
    ErrorStart(re.compile(r"^\S*(Error|Exception): ")),
    ErrorStart(re.compile(r"error: ", re.IGNORECASE)),
)
_HINTS = (
    (
        r"(Temporary failure in name resolution|Failed to establish a new connection|"
        r"Could not find a version|No matching distribution|No solution found|dns error|"
        r"Could not resolve host)",
        "the build could not get a package: check the network, or the name and version it asks for",
    ),
    (
        r"ModuleNotFoundError: No module named",
        "add the package that has it to requires in [build-system] of pyproject.toml",
    ),
    (r"No space left on device", "free some disk space and run again"),
)
_OTHERWISE = "build it alone to see more: pip install -v {folder}"


@dataclass(frozen=True)
class Wheel:
    """A built wheel."""

    path: Path
    """The wheel's file."""
    tools: tuple[Tool, ...]
    """Build requirements with the versions that were installed for them."""
    record: Record = field(default_factory=Record)
    """What was noted of the build."""
    aside_ns: int = 0
    """Time that went into looking at the project and not into building it, ns."""


class WheelBuildError(Exception):
    """The backend, or the installation of what it needs, failed; the log says how."""


class Builder(Protocol):
    """Turns a source folder into a wheel; the only place where builds have side effects."""

    def __call__(self, source: Path, wheel_folder: Path, telling: Telling, log: Path) -> Wheel:
        """Build the wheel.

        Args:
            source: Project folder; the backend may write into it.
            wheel_folder: Where the wheel goes; what else the build needs lies beside it.
            telling: Variables to set on top of this process's, and what compilers' calls get.
            log: File that gets everything that the build prints.

        Raises:
            WheelBuildError: There is no wheel; `log` says why.

        """


def build_wheel(
    source: Path, wheel_folder: Path, telling: Telling, log: Path, way: Way = ISOLATED
) -> Wheel:
    """The real `Builder`: what `python -m build --wheel` does, with the output in a log."""
    recorder = Recorder(wheel_folder.parent / "recorder", telling.flags)
    run = _runner(recorder, telling.variables, log)
    installer, _ = find_installer()
    try:
        with (
            way.environment(installer) as isolated,
            warnings.catch_warnings(record=True) as warned,  # the backend's own, raised again here
        ):
            if isinstance(isolated, DefaultIsolatedEnv):
                note_elsewhere(wheel_folder.parent, isolated.path)
            warnings.simplefilter("always")
            project = ProjectBuilder.from_isolated_env(isolated, source, runner=run)
            stated = set(project.build_system_requires)
            isolated.install(stated)
            requirements = stated | project.get_requires_for_build("wheel", way.backend_settings())
            if requirements != stated:  # an installer takes a second to see that all is there
                isolated.install(requirements)
            wheel = project.build("wheel", wheel_folder, way.backend_settings())
            versions = isolated.installed_versions(requirements)
            _check(Path(wheel))
            start = time.perf_counter_ns()
            environment_left = Environment(
                python=isolated.python_executable,
                packages=frozenset(name.lower() for name in versions),
                scratch=wheel_folder.parent / "annotated",
            )
            annotated = _annotate(source, environment_left)
            commands = recorder.commands()  # compilers of the environment still say their versions
            aside_ns = time.perf_counter_ns() - start
            _append(log, *(f"{warning.category.__name__}: {warning.message}" for warning in warned))
    except subprocess.CalledProcessError as error:  # pip or uv, whose output no log has yet
        _append(log, error.stdout, error.stderr, str(error))
        raise WheelBuildError(str(error)) from error
    except (BuildException, BuildBackendException, FailedProcessError, RuntimeError) as error:
        # A backend that does not import keeps the reason in its own exception.
        reason = getattr(getattr(error, "exception", None), "traceback", None)
        _append(log, reason, str(error))
        raise WheelBuildError(str(error)) from error
    tools = tuple(Tool(name, version) for name, version in sorted(versions.items()))
    record = Record(
        commands=commands,
        python_lines=annotated.lines,
        codes=annotated.codes,
        unseen=annotated.unseen,
    )
    return Wheel(Path(wheel), tools, record, aside_ns)


def _runner(recorder: Recorder, environment: Mapping[str, str], log: Path) -> Callable[..., None]:
    """Runs a backend with its compilers recorded and its output in the log."""

    def run(
        cmd: Sequence[str], cwd: str | None = None, extra_environ: Mapping[str, str] | None = None
    ) -> None:
        with log.open("ab") as output:
            subprocess.run(
                cmd,
                cwd=cwd,
                env=recorder.environment({**os.environ, **environment, **(extra_environ or {})}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=True,
            )

    return run


def _annotate(source: Path, environment: Environment) -> Annotated:
    """Collect the annotations of compilers while the build environment exists."""
    sources = Sources(folder=source, files=tuple(content_files(source)))
    found = [toolchain.annotate(sources, environment) for toolchain in every_toolchain()]
    return Annotated(
        tuple(line for one in found for line in one.lines),
        tuple(code for one in found for code in one.codes),
        tuple(unseen for one in found for unseen in one.unseen),
    )


def _check(wheel: Path) -> None:
    if not wheel.exists():
        raise BuildException(f"the backend made no wheel where it said it would: {wheel.name}")
    try:
        with zipfile.ZipFile(wheel) as content:
            content.testzip()
    except (OSError, zipfile.BadZipFile) as error:
        raise BuildException(f"the backend's wheel {wheel.name} is no wheel: {error}") from error


def _append(log: Path, *outputs: bytes | str | None) -> None:
    with log.open("ab") as file:
        for output in outputs:
            if output:
                file.write(output.encode() if isinstance(output, str) else output)
                file.write(b"\n")


def last_error(log: str) -> str:
    """The last error block of a build's log, at most 12 lines; its last line if none is marked."""
    lines = log.splitlines()
    for announced in _announced():
        found = [n for n, line in enumerate(lines) if announced.start.search(line.strip())]
        if found:
            return _block(lines[found[-1] :], announced.end)
    return next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")


def _announced() -> Iterator[ErrorStart]:
    """Patterns, best first: a compiler's error says more than the backend's "failed" after it."""
    by_rank = zip_longest(*(toolchain.errors for toolchain in every_toolchain()))
    yield from filter(None, chain.from_iterable(by_rank))
    yield from _ANYBODYS


def _block(lines: list[str], last: re.Pattern[str] | None) -> str:
    """The lines from an announcement to the next blank line, or to the one that ends it."""
    if last is not None:
        excerpt = lines[:_MOST_EXCERPT_LINES]
        ends = [number for number, line in enumerate(excerpt) if last.match(line)]
        return "\n".join(excerpt[: ends[0] + 1] if ends else excerpt).strip()
    end = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    return "\n".join(lines[: max(1, min(end, _MOST_LINES))]).strip()


def hint(log: str, folder: str) -> str:
    """A next step that fits the error in the log."""
    known = (trouble for toolchain in every_toolchain() for trouble in toolchain.hints)
    for pattern, advice in chain(known, _HINTS):
        if re.search(pattern, log):
            return advice
    return _OTHERWISE.format(folder=folder)
