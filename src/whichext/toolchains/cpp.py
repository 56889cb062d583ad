"""C++: as C, but for how its compilers are found and called, and how symbols are named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from whichext.toolchains.base import Command, Part, Recorded
from whichext.toolchains.c import C
from whichext.toolchains.flags import identifiers
from whichext.toolchains.needs import Program
from whichext.toolchains.topic import Topic

_MANGLED = re.compile(r"_ZN?K?(.+)")


class Cpp(C):
    """C++, through whatever backend; `C` traces the calls of both."""

    name = "c++"
    needs = (
        Program(
            name="c++",
            what="a C++ compiler",
            subject="C++ compiler",
            programs=("c++", "g++", "clang++"),
            variable="CXX",
            remedy="Debian/Ubuntu: apt install build-essential; Fedora: dnf install gcc-c++; "
            "macOS: xcode-select --install",
        ),
    )
    recorded = Recorded(
        programs=re.compile(r"([\w.]+-)*(g\+\+|c\+\+|clang\+\+|icpx)(-[\d.]+)?"),
        variables=("CXX",),
    )
    languages = frozenset({"c++"})
    compilers = frozenset({"g++", "c++", "icpx"})
    marks = ()
    variables = frozenset({"CXX", "CXXFLAGS", "CPLUS_INCLUDE_PATH"})
    errors = ()
    hints = ()
    words: Mapping[Topic, str] = {Topic.FINDING: "CXX"}

    def trace(
        self,
        commands: tuple[Command, ...],  # noqa: ARG002  # the interface has it
        libraries: frozenset[str] | None,  # noqa: ARG002  # the interface has it
    ) -> Iterator[Part]:
        """Nothing besides what C finds."""
        return iter(())

    def readable(self, symbol: str, module: str) -> str | None:  # noqa: ARG002  # the interface has it
        """The names in a mangled one; arguments of templates are left out."""
        found = _MANGLED.fullmatch(symbol)
        return "::".join(identifiers(found[1])) if found else None
