"""C++: as C, but for how its compilers are found and called, and how symbols are named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from whichext.toolchains.base import Toolchain, Topic
from whichext.toolchains.c import APPENDED, C
from whichext.toolchains.calls import Recorded
from whichext.toolchains.needs import Program

_MANGLED = re.compile(r"_Z+N?[rVK]*[RO]?(.+)")
_STANDARD = re.compile("S[tabdios]")
_BINDINGS = ("pybind11", "nanobind")
_DEMANGLER = "itanium_demangle"  # of the C++ library, where that is linked in
_STATIC = "L"
_LITERAL = re.compile(r"L[a-z]n?\d*E")
_OPENS = frozenset("INXJFLZ")
_LENGTH = re.compile(r"\d+")


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
        appended=APPENDED,
    )
    languages = frozenset({"c++"})
    compilers = frozenset({"g++", "c++", "icpx"})
    marks = ()
    variables = frozenset({"CXX", "CXXFLAGS", "CPLUS_INCLUDE_PATH"})
    errors = ()
    hints = ()
    words: Mapping[Topic, str] = {Topic.FINDING: "CXX"}

    # Nothing besides what C finds.
    trace, links, unseen = Toolchain.trace, Toolchain.links, Toolchain.unseen
    reads = Toolchain.reads

    def readable(self, symbol: str, module: str) -> str | None:  # noqa: ARG002  # the interface has it
        """The names in a mangled one, without arguments; empty where it is a library's."""
        found = _MANGLED.fullmatch(symbol)
        if found is None:
            return None
        names = [] if _STANDARD.match(found[1]) else list(_names(found[1]))
        foreign = _DEMANGLER in names or (names[:1] and names[0] in _BINDINGS)
        return "" if foreign else "::".join(names)


def _names(mangled: str) -> Iterator[str]:
    """The names that a mangled one begins with; arguments of templates and functions are left out.

    Source: the Itanium C++ ABI, 5.1.3 and 5.1.5.
    """
    place = 0
    while place < len(mangled):
        if number := _LENGTH.match(mangled, place):
            begin, place = number.end(), number.end() + int(number[0])
            yield mangled[begin:place]
        elif mangled[place] == _STATIC:
            place += 1
        elif mangled[place] == "I":
            place = _behind_arguments(mangled, place)
        else:
            return


def _behind_arguments(mangled: str, place: int) -> int:
    """Where the arguments of a template that begin there have ended."""
    depth = 0
    while place < len(mangled):
        if number := _LENGTH.match(mangled, place):
            place = number.end() + int(number[0])
        elif literal := _LITERAL.match(mangled, place):
            place = literal.end()
        else:
            depth += (mangled[place] in _OPENS) - (mangled[place] == "E")
            place += 1
            if not depth:
                return place
    return place
