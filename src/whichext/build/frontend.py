"""Drives a project's own PEP 517 backend in an isolated environment: source folder -> wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from build import BuildBackendException, BuildException, FailedProcessError, ProjectBuilder
from build.env import DefaultIsolatedEnv, Installer

from whichext.build.key import content_files
from whichext.build.recorder import Record, Recorder
from whichext.model.outcome import Tool
from whichext.toolchains import every_toolchain
from whichext.toolchains.base import Annotated, Environment, Sources


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
    """Turns a source folder into a wheel; the one place where builds touch the world."""

    def __call__(
        self, source: Path, wheel_folder: Path, environment: Mapping[str, str], log: Path
    ) -> Wheel:
        """Build the wheel.

        Args:
            source: Project folder; the backend may write into it.
            wheel_folder: Where the wheel goes; what else the build needs lies beside it.
            environment: Variables to set on top of this process's.
            log: File that gets everything that the build prints.

        Raises:
            WheelBuildError: There is no wheel; `log` says why.

        """


Runner = Callable[..., None]
"""Runs a command of a backend: its words, its folder, and variables besides."""


def build_wheel(
    source: Path, wheel_folder: Path, environment: Mapping[str, str], log: Path
) -> Wheel:
    """The real `Builder`: what `python -m build --wheel` does, with the output in a log."""
    recorder = Recorder(wheel_folder.parent / "recorder")
    run = _runner(recorder, environment, log)
    installer: Installer = "uv" if shutil.which("uv") else "pip"
    try:
        with (
            DefaultIsolatedEnv(installer=installer) as isolated,
            warnings.catch_warnings(record=True) as warned,  # the backend's own, raised again here
        ):
            warnings.simplefilter("always")
            project = ProjectBuilder.from_isolated_env(isolated, source, runner=run)
            requirements = set(project.build_system_requires)
            isolated.install(requirements)
            requirements |= project.get_requires_for_build("wheel")
            isolated.install(requirements)
            wheel = project.build("wheel", wheel_folder)
            versions = isolated.installed_versions(requirements)
            _check(Path(wheel))
            start = time.perf_counter_ns()
            environment_left = Environment(
                python=isolated.python_executable,
                packages=frozenset(name.lower() for name in versions),
                scratch=wheel_folder.parent / "annotated",
            )
            annotated = _annotate(source, environment_left)
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
        commands=recorder.commands(), python_lines=annotated.lines, unseen=annotated.unseen
    )
    return Wheel(Path(wheel), tools, record, aside_ns)


def _runner(recorder: Recorder, environment: Mapping[str, str], log: Path) -> Runner:
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
    """What compilers themselves say of the sources, as long as their environment is there."""
    sources = Sources(folder=source, files=tuple(content_files(source)))
    found = [toolchain.annotate(sources, environment) for toolchain in every_toolchain()]
    return Annotated(
        tuple(line for one in found for line in one.lines),
        tuple(unseen for one in found for unseen in one.unseen),
    )


def _check(wheel: Path) -> None:
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
