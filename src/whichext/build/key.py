"""The name of a build in the cache: what would have to change for its result to change."""

from __future__ import annotations

import hashlib
import os
import sysconfig
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from whichext.model.outcome import Tool

# What tools leave beside the sources, anywhere in a project and at its top.
_LEFT_ANYWHERE = ("__pycache__", "*.pyc", "*.so", ".git", ".*_cache", ".hypothesis", ".DS_Store")
_LEFT_AT_TOP = ("target", "build", "dist", "*.egg-info", ".venv", ".mesonpy-*")

_READ_BY_COMPILERS = (
    *("AR", "CC", "CFLAGS", "CPPFLAGS", "CXX", "CXXFLAGS", "FC", "FFLAGS", "LDFLAGS", "RUSTFLAGS"),
    *("CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH"),
)
_READ_BY_BACKENDS = ("CARGO_", "CMAKE_", "CYTHON", "MATURIN_", "PYO3_", "RUSTC", "RUSTUP_TOOLCHAIN")
_PLACES = ("CARGO_HOME", "CARGO_TARGET_DIR")  # where things are kept, not what is built


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
    yield f"{sysconfig.get_config_var('SOABI')} {sysconfig.get_platform()}".encode()
    for tool in tools:
        yield f"{tool.name} {tool.version}".encode()
    for name in sorted(environment):
        read = name in _READ_BY_COMPILERS or name.startswith((*_READ_BY_BACKENDS, "SKBUILD_"))
        if read and name not in _PLACES:
            yield f"{name}={environment[name]}".encode()
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
    patterns = _LEFT_ANYWHERE + (_LEFT_AT_TOP if Path(place) == top else ())
    return {name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)}
