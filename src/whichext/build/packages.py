"""Which Python packages are installed where contestants run, and how to get one that is not."""

from __future__ import annotations

from importlib import metadata

from whichext.model.outcome import PackageAbsent, Tool


def find_absent(requires: tuple[str, ...], remedy: str | None) -> PackageAbsent | None:
    """Say which required packages are absent and how to get them; None when all are there.

    Args:
        requires: Names as pip has them.
        remedy: How to get them; None where `pip install` is all there is to say.

    """
    absent = tuple(name for name in requires if _version(name) is None)
    return PackageAbsent(absent, remedy) if absent else None


def package_versions(requires: tuple[str, ...]) -> tuple[Tool, ...]:
    """Versions of those packages that are there: a result names them, as it does compilers."""
    versions = ((name, _version(name)) for name in requires)
    return tuple(Tool(name, version) for name, version in versions if version is not None)


def _version(name: str) -> str | None:
    """Without an import, which would bring the package into this process."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
