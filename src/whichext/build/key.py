"""The name of a build in the cache: what would have to change for its result to change."""

from __future__ import annotations

import hashlib
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path

from whichext.scorecard import Tool

# Left by tools beside the sources; none of it is content.
IGNORED = ("__pycache__", "target", "build", "dist", "*.egg-info", "*.so", "*.pyc", ".*")

_READ_BY_COMPILERS = ("AR", "CC", "CFLAGS", "CPPFLAGS", "CXX", "CXXFLAGS", "LDFLAGS", "RUSTFLAGS")
_READ_BY_BACKENDS = ("CARGO_BUILD_", "CARGO_PROFILE_", "CYTHON", "MATURIN_", "PYO3_")


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
        if name in _READ_BY_COMPILERS or name.startswith(_READ_BY_BACKENDS):
            yield f"{name}={environment[name]}".encode()
    for path in content_files(folder):
        yield path.relative_to(folder).as_posix().encode()
        yield path.read_bytes()


def content_files(folder: Path) -> list[Path]:
    """The project's own files, sorted, without what tools leave beside them."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(
            Path(part).match(pattern)
            for part in path.relative_to(folder).parts
            for pattern in IGNORED
        )
    )
