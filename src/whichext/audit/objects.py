"""What is in a wheel's libraries, and was made by nothing that was seen."""

from __future__ import annotations

from collections.abc import Sequence

from whichext.model.evidence import Library
from whichext.toolchains import every_toolchain, linked_as
from whichext.toolchains.base import Command


def unseen_objects(
    commands: tuple[Command, ...],
    libraries: tuple[Library, ...],
    copies: Sequence[frozenset[str]],
) -> tuple[str, ...]:
    """Names of files with code that no recorded call made, sorted.

    Object files and archives that were linked, then libraries that nothing linked, where some
    others were: of a build in which no call was seen at all, that is said as such.

    Args:
        commands: All calls of the build.
        libraries: The libraries in the wheel that can be read.
        copies: File names of all of them: one library may be there under several names.

    """
    names = frozenset[str]().union(*copies)
    toolchains, linked = every_toolchain(), linked_as(commands, names)
    needs = frozenset(need for library in libraries for need in library.needs)
    written = frozenset(name for one in toolchains for name in one.writes(commands))
    files = {name for one in toolchains for name in one.unseen(commands, linked, needs, written)}
    outputs = {name for one in toolchains for name in one.links(commands)}
    without, renamed = [min(one) for one in copies if not one & outputs], outputs - names
    # As many as were linked under other names may be those.
    others = without if outputs and len(without) > len(renamed) else []
    return (*sorted(files), *sorted(others))
