"""How projects are built, apart from profiles: settings for backends, and where these run."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from build import check_dependency
from build.env import DefaultIsolatedEnv, Installer

from whichext.build.places import scratch_folder
from whichext.model.options import Options
from whichext.model.outcome import Built, PackageAbsent, Tool
from whichext.model.raw import Build
from whichext.toolchains import zig

_SETTING = "config setting"  # what a receipt calls one


@dataclass(frozen=True, kw_only=True)
class Way:
    """How projects are built."""

    isolated: bool = True
    """Whether a build gets an environment of its own, with what it requires installed into it."""
    settings: tuple[str, ...] = ()
    """Settings for the backends, such as "setup-args=-Dfast=true"."""
    compiler: str | None = None
    """The compiler: "zig", or None for the machine's own; zig where it has none."""

    @classmethod
    def of(cls, options: Options) -> Way:
        """As the options of a run say."""
        return cls(
            isolated=options.isolation,
            settings=options.config_settings,
            compiler=options.compiler,
        )

    def backend_settings(self) -> dict[str, str | list[str]]:
        """The settings as backends take them: a name that is given again has a list."""
        found: dict[str, list[str]] = {}
        for setting in self.settings:
            name, _, value = setting.partition("=")
            found.setdefault(name, []).append(value)
        return {name: values[0] if len(values) == 1 else values for name, values in found.items()}

    def told(self) -> tuple[Tool, ...]:
        """What a receipt says of it."""
        isolation = () if self.isolated else (Tool("isolation", "off"),)
        return (*isolation, *(Tool(_SETTING, setting) for setting in self.settings))

    def said(self) -> dict[str, str]:
        """What of it changes a build, by name."""
        isolation = {} if self.isolated else {"isolation": "off"}
        return isolation | ({"settings": "\0".join(self.settings)} if self.settings else {})

    def found(self) -> tuple[Tool, ...]:
        """What a build finds that gets no environment of its own: all packages that are there."""
        return () if self.isolated else tuple(_installed())

    @contextmanager
    def compilers(self, folder: Path, note: Callable[[str], None] | None = None) -> Iterator[None]:
        """Put zig before the machine's compilers meanwhile, if it is wanted or there is no other.

        In this process's own environment: builds, and what asks compilers for their versions
        before, then all see the same ones.

        Args:
            folder: Where programs may be put.
            note: Is called where zig is taken without being asked for.

        """
        unasked = self.compiler is None and bool(zig.stands_in())
        found = zig.find_zig() if unasked or self.compiler == zig.NAME else None
        if found is None:
            yield
            return
        if unasked and note is not None:
            note(zig.NOTE)
        before = {name: os.environ.get(name) for name in (*zig.VARIABLES, "PATH")}
        with scratch_folder(folder, "work-compilers-") as scripts:
            found.write(scripts)
            os.environ |= zig.VARIABLES
            os.environ["PATH"] = f"{scripts}{os.pathsep}{before['PATH'] or os.defpath}"
            try:
                yield
            finally:
                for name, value in before.items():
                    os.environ.pop(name)
                    os.environ |= {} if value is None else {name: value}

    def environment(self, installer: Installer) -> DefaultIsolatedEnv | Here:
        """Where backends run."""
        return DefaultIsolatedEnv(installer=installer) if self.isolated else Here()


def settings_of(builds: Iterable[Build]) -> tuple[str, ...]:
    """The settings for backends that builds were made with, as they were given."""
    found = (one.result.tools for one in builds if isinstance(one.result, Built))
    return tuple(
        dict.fromkeys(tool.version for tools in found for tool in tools if tool.name == _SETTING)
    )


ISOLATED = Way()
"""As `pip install` builds, without any settings."""


class RequirementsAbsentError(Exception):
    """What a build without isolation requires is not installed."""

    def __init__(self, packages: tuple[str, ...]) -> None:
        super().__init__(f"not installed: {', '.join(packages)}")
        self.packages = packages


class Here:
    """The environment of this process, in the place of an isolated one."""

    python_executable = sys.executable

    def __enter__(self) -> Here:
        """Nothing has to be made."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Nothing has to be removed."""

    def make_extra_environ(self) -> dict[str, str]:
        """Its programs come first: backends run some by name."""
        scripts = sysconfig.get_path("scripts")
        return {"PATH": os.pathsep.join(filter(None, (scripts, os.environ.get("PATH"))))}

    def install(self, requirements: Collection[str]) -> None:
        """Install nothing, and raise where something is absent.

        Raises:
            RequirementsAbsentError: It names what is.

        """
        absent = {unmet[-1]: None for one in sorted(requirements) for unmet in _unmet(one)}
        if absent:
            raise RequirementsAbsentError(tuple(absent))

    def installed_versions(self, requirements: Collection[str]) -> dict[str, str]:
        """The versions of what was required."""
        versions = {tool.name: tool.version for tool in _installed()}
        names = {_name(requirement) for requirement in requirements}
        return {name: version for name, version in versions.items() if name in names}


def find_unmet(site: Path | None) -> PackageAbsent | None:
    """What a wheel requires when it runs and is not here, by its own metadata.

    Args:
        site: Folder into which the wheel was unpacked; None for no wheel.

    """
    found = metadata.distributions(path=[str(site)]) if site is not None else ()
    stated: Iterable[str] = (line for one in found for line in one.requires or ())
    # What a requirement requires itself is for the package that brings it.
    absent = {unmet[0]: None for line in stated for unmet in _unmet(line) if len(unmet) == 1}
    packages = tuple(line.partition(";")[0].strip() for line in absent)
    return PackageAbsent(packages) if packages else None


def _unmet(requirement: str) -> Iterator[tuple[str, ...]]:
    """The requirements that are not met, each behind those that led to it."""
    try:
        yield from check_dependency(requirement)
    except ValueError:  # no requirement that can be read: its installer is the one to complain
        return


def _installed() -> Iterator[Tool]:
    """All packages that can be imported here, sorted; the first one of a name counts."""
    versions: dict[str, str] = {}
    for one in metadata.distributions():
        stated = one.metadata  # which is read and parsed at each look, as for `name` and `version`
        versions.setdefault(_name(stated["Name"] or ""), stated["Version"])
    for name in sorted(versions):
        yield Tool(name, versions[name])


def _name(requirement: str) -> str:
    """The name in a requirement, as all spellings of it are compared."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    try:
        return canonicalize_name(Requirement(requirement).name)
    except InvalidRequirement:
        return canonicalize_name(requirement)
