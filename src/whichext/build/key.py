"""The name of a build in the cache: what would have to change for its result to change."""

from __future__ import annotations

import hashlib
import os
import sysconfig
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from whichext.model.outcome import Tool
from whichext.toolchains import every_toolchain
from whichext.toolchains.base import Toolchain

# What tools leave beside the sources that know of no toolchain.
_LEFT = (".git", ".*_cache", ".hypothesis", ".DS_Store")
_NOTED = b"2"  # what is noted beside a build: with another number, it is made again


def build_key(folder: Path, tools: tuple[Tool, ...], environment: Mapping[str, str]) -> str:
    """Hash over content, Python, tools and flags; 24 hexadecimal digits.

    Args:
        folder: The project's folder.
        tools: Compilers with their versions.
        environment: The whole environment that the build will see.

    """
    digest = hashlib.sha256()
    for part in _parts(folder, tools, environment):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()[:24]


def _parts(
    folder: Path, tools: tuple[Tool, ...], environment: Mapping[str, str]
) -> Iterator[bytes]:
    yield _NOTED
    yield f"{sysconfig.get_config_var('SOABI')} {sysconfig.get_platform()}".encode()
    for tool in tools:
        yield f"{tool.name} {tool.version}".encode()
    for name in sorted(environment):
        if any(_reads(toolchain, name) for toolchain in every_toolchain()):
            yield f"{name}={environment[name]}".encode()
    for toolchain in every_toolchain():
        for path in toolchain.outside_files(environment):
            if path.is_file():
                yield str(path).encode()
                yield path.read_bytes()
    for path in content_files(folder):
        yield path.relative_to(folder).as_posix().encode()
        yield path.read_bytes()


def content_files(folder: Path) -> list[Path]:
    """The project's own files, sorted, also behind links; not what tools leave beside them."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder, followlinks=True):
        left = left_behind(folder, place, [*folders, *files])
        folders[:] = [name for name in folders if name not in left]
        found += [Path(place, name) for name in files if name not in left]
    return sorted(path for path in found if path.is_file())


def left_behind(top: Path, place: str | Path, names: list[str]) -> set[str]:
    """Those of the names in a folder of the project that are no content, as `copytree` asks."""
    anywhere, at_top = _left()
    patterns = anywhere + (at_top if Path(place) == top else ())
    return {name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)}


@cache
def _left() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Patterns of what all toolchains leave anywhere, and at a project's top."""
    anywhere = tuple(pattern for one in every_toolchain() for pattern in one.left_anywhere)
    return _LEFT + anywhere, tuple(p for one in every_toolchain() for p in one.left_at_top)


def _reads(toolchain: Toolchain, variable: str) -> bool:
    """Whether a variable changes what a toolchain builds."""
    if variable in toolchain.places:
        return False
    return variable in toolchain.variables or variable.startswith(toolchain.variable_prefixes)
