"""Sets of a kernel's entries, of which one races at a time."""

from __future__ import annotations

from whichext.model.kernel import Kernel
from whichext.model.options import DEFAULT_SET


def sets_of(kernel: Kernel) -> dict[str, list[str]]:
    """Full names of the entries of each set, the default one first where it has any.

    Functions are in the default set alone.
    """
    found: dict[str, list[str]] = {DEFAULT_SET: []}
    for project in kernel.projects:
        for entry in project.entries:
            for name in dict.fromkeys(entry.sets):
                found.setdefault(name, []).append(project.entry_name(entry.function))
    found[DEFAULT_SET] += kernel.functions
    return {name: entries for name, entries in found.items() if entries}
