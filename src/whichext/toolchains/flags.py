"""What flags and symbols of several compilers share, and the factors that they are read into."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator

from whichext.model.contestant import Factor

# Factors that several toolchains have a value for.
MATH = "math"
"""What a compiler may do with numbers that the standard does not let it: "strict" is nothing."""
ASSERTIONS = "assertions"
"""Whether assertions are compiled in: "on" or "off"."""
OVERFLOW = "overflow"
"""What becomes of an integer overflow: "undefined", "wraps" or "checked"."""
TUNING = "tuning"
"""The processor for which code is arranged, whatever instructions it may use."""
PGO = "PGO"
"""Whether the profile of an earlier run was "used", is "collecting", or "none"."""
C_API = "C API"
"""Whether Python's C API is the limited one."""
FLAGS = "flags"
"""The end of the name of a factor that is all other flags which may change the code, with a space
between two. Flags of different compilers are different factors."""
BOUNDS = "bounds"
"""Whether indices are "checked" or "unchecked"."""

LEVELS = {"none": "0", "O1": "1", "O2": "2", "O3": "3"}
"""Values of the factor optimisation, each with its digit."""

# What an entry may declare and a build contradict; any other value is of a factor of its own.
_WORDS = {
    MATH: ("strict", "fast"),
    OVERFLOW: ("undefined", "wraps", "checked"),
    ASSERTIONS: ("on", "off"),
}

# What compilers of an architecture assume without flags.
_LEAST = {"x86-64", "generic", "armv8-a", "nocona", "core2"}


def is_seen(factor: Factor) -> bool:
    """Whether a declared factor means what is read from compilers' calls, if it is their word."""
    return factor.value in _WORDS.get(factor.name, ())


def switched_on(switches: Iterator[tuple[str, bool]]) -> tuple[str, ...]:
    """Instruction sets that are on in the end, without those that are always on."""
    on = {name for name, wanted in dict(switches).items() if wanted}
    return tuple(sorted(on - _LEAST))


def version_number(line: str) -> str:
    """The number in the first line that a compiler prints about itself."""
    number = re.search(r"\d+\.\d+(\.\d+)?", line)
    return number[0] if number else "?"


def processors(arm: str) -> dict[str, str]:
    """Values of the factor isa on this architecture, each with a compiler's name for it.

    The least processor, the levels that the architecture names, and this very one.

    Args:
        arm: The name of the least ARM processor, which is not the same for every compiler.

    """
    x86 = {"baseline": "x86-64", **{f"x86-64-v{n}": f"x86-64-v{n}" for n in (2, 3, 4)}}
    names = {"x86_64": x86, "aarch64": {"baseline": arm}}.get(platform.machine(), {})
    return {**names, "native": "native"}


_LENGTH = re.compile(r"\D*?(\d+)")


def identifiers(mangled: str) -> Iterator[str]:
    """The names in a mangled one, each after its length."""
    place = 0
    while number := _LENGTH.match(mangled, place):
        begin = number.end()
        place = begin + int(number[1])
        if place == begin or place > len(mangled):
            return
        yield mangled[begin:place]
