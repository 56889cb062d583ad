"""C++: as C, but for how its compilers are found and called, and how symbols are named."""

from __future__ import annotations

import re
from collections.abc import Mapping

from whichext.toolchains.base import Toolchain, Topic
from whichext.toolchains.c import APPENDED, C
from whichext.toolchains.calls import Recorded
from whichext.toolchains.flags import identifiers
from whichext.toolchains.needs import Program

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
        appended=APPENDED,
    )
    languages = frozenset({"c++"})
    compilers = frozenset({"g++", "c++", "icpx"})
    marks = ()
    callers = re.compile(r"pybind11::cpp_function::dispatcher|nb_func_vectorcall")
    variables = frozenset({"CXX", "CXXFLAGS", "CPLUS_INCLUDE_PATH"})
    errors = ()
    hints = ()
    words: Mapping[Topic, str] = {Topic.FINDING: "CXX"}

    # Nothing besides what C finds.
    trace, links, unseen = Toolchain.trace, Toolchain.links, Toolchain.unseen

    def readable(self, symbol: str, module: str) -> str | None:  # noqa: ARG002  # the interface has it
        """The names in a mangled one; arguments of templates are left out."""
        found = _MANGLED.fullmatch(symbol)
        return "::".join(identifiers(found[1])) if found else None
