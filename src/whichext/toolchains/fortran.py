"""Fortran: as C, but for its compilers and its sources; mostly called through f2py."""

from __future__ import annotations

import re
from collections.abc import Mapping

from whichext.toolchains.base import Marks, Toolchain, Topic
from whichext.toolchains.c import APPENDED, C
from whichext.toolchains.c_calls import LANGUAGES
from whichext.toolchains.calls import Recorded, Told
from whichext.toolchains.needs import Program

_DIRECTIVE = re.compile(r"^\s*[!cC*]\$omp\b", re.MULTILINE | re.IGNORECASE)
_SUFFIXES = frozenset(suffix for suffix, language in LANGUAGES.items() if language == "fortran")
_MODULE = re.compile(r"__(\w+)_MOD_(\w+)")  # gfortran's, of what is in a module


class Fortran(C):
    """Fortran, through whatever backend; `C` traces its calls."""

    name = "fortran"
    needs = (
        Program(
            name="fortran",
            what="a Fortran compiler",
            programs=("gfortran", "flang", "flang-new"),
            variable="FC",
            remedy="Debian/Ubuntu: apt install gfortran; Fedora: dnf install gcc-gfortran; "
            "macOS: brew install gcc",
        ),
    )
    # Which compiler C has says nothing about Fortran's.
    settings = tuple(one for one in C.settings if one.factor != "compiler")
    profiles: Mapping[str, Told] = {
        "native": C.profiles["native"],
        "checked": Told(flags=("-O3", "-ftrapv")),
    }
    recorded = Recorded(
        programs=re.compile(r"([\w.]+-)*(gfortran|f77|f95|flang|flang-new|ifx)(-[\d.]+)?"),
        variables=("FC", "F77", "F90"),
        appended=APPENDED,
    )
    languages = frozenset({"fortran"})
    compilers = frozenset({"gfortran", "flang"})
    interchangeable = False
    marks = (Marks(suffixes=_SUFFIXES, parallel=_DIRECTIVE),)
    system_libraries = ()
    variables = frozenset({"FC", "F77", "F90", "FFLAGS", "FCFLAGS"})
    errors = ()
    hints = ()
    words: Mapping[Topic, str] = {Topic.FINDING: "FC"}

    # Nothing besides what C finds.
    trace, links, unseen = Toolchain.trace, Toolchain.links, Toolchain.unseen
    reads = Toolchain.reads

    def readable(self, symbol: str, module: str) -> str | None:  # noqa: ARG002  # the interface has it
        """The names in that of a module's function; others end with an underscore."""
        found = _MODULE.fullmatch(symbol)
        return "::".join(found.groups()) if found else None
