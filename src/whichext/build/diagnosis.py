"""From a build's log: the last error in the compiler's own words, and one hint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, zip_longest

from whichext.toolchains import every_toolchain
from whichext.toolchains.base import ErrorStart

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
    (r"No space left on device", "free some disk space and run again"),
)
_OTHERWISE = "build it by itself to see more: pip install -v {folder}"


def last_error(log: str) -> str:
    """The last error block of a build's log, at most 12 lines; its last line if none is marked."""
    lines = log.splitlines()
    for announced in _announced():
        found = [n for n, line in enumerate(lines) if announced.start.search(line.strip())]
        if found:
            return _block(lines[found[-1] :], announced.end)
    return next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")


def _announced() -> Iterator[ErrorStart]:
    """Most telling first: a compiler's error says more than the backend's "failed" after it."""
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
    """One thing to try, by what the log says."""
    known = (trouble for toolchain in every_toolchain() for trouble in toolchain.hints)
    for pattern, advice in chain(known, _HINTS):
        if re.search(pattern, log):
            return advice
    return _OTHERWISE.format(folder=folder)
