"""From all calls of a build to the few whose code is in its wheel.

Backends call compilers for many other things: to ask what they can do, and to build what only the
build itself needs. So every toolchain starts from the libraries that were linked for Python to
load, and goes back to the sources behind them.
"""

from __future__ import annotations

from collections.abc import Iterable

from whichext.model.evidence import Compiled, Settings
from whichext.toolchains import every_toolchain
from whichext.toolchains.base import Command, Part


def gather(commands: tuple[Command, ...], libraries: Iterable[str]) -> tuple[Compiled, ...]:
    """How the code in a wheel was compiled.

    Args:
        commands: All calls of the build.
        libraries: File names of the compiled libraries in the wheel.

    """
    # Some backends rename what they have linked: then every linked library may be one of them.
    return _alike(_parts(commands, frozenset(libraries)) or _parts(commands, None))


def _parts(commands: tuple[Command, ...], libraries: frozenset[str] | None) -> list[Part]:
    return [part for one in every_toolchain() for part in one.trace(commands, libraries)]


def _alike(parts: list[Part]) -> tuple[Compiled, ...]:
    """The parts, put together where the settings are the same."""
    sources: dict[Settings, set[str]] = {}
    for settings, source in parts:
        sources.setdefault(settings, set()).add(source)
    return tuple(
        Compiled(settings=settings, sources=tuple(sorted(sources[settings])))
        for settings in sorted(sources)
    )
