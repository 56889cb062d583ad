"""Words that the flags of several compilers share, once they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator

# What compilers of an architecture assume unless they are told more.
_LEAST = {"x86-64", "generic", "armv8-a", "nocona", "core2"}


def switched_on(switches: Iterator[tuple[str, bool]]) -> tuple[str, ...]:
    """Instruction sets that are on in the end, without what is always there."""
    on = {name for name, wanted in dict(switches).items() if wanted}
    return tuple(sorted(on - _LEAST))


def version_number(line: str) -> str:
    """The number in the first line that a compiler prints about itself."""
    number = re.search(r"\d+\.\d+(\.\d+)?", line)
    return number[0] if number else "?"


def levels() -> Iterator[tuple[str, str]]:
    """Values of the factor optimisation, each with its digit."""
    yield from (("none", "0"), ("O1", "1"), ("O2", "2"), ("O3", "3"))


def identifiers(mangled: str) -> Iterator[str]:
    """The names in a mangled one, each after its length."""
    place = 0
    while number := _LENGTH.match(mangled, place):
        begin = number.end()
        place = begin + int(number[1])
        if place == begin or place > len(mangled):
            return
        yield mangled[begin:place]


_LENGTH = re.compile(r"\D*?(\d+)")
