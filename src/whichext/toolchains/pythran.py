"""Pythran: Python modules that it writes as C++ ahead of time; `cpp.py` knows the compiler.

A function takes the types that its `#pythran export` lists; it says with a TypeError, which lists
them as well, that others are not for it. Arrays in a foreign byte order it takes and reads wrongly
(0.19): its templates refuse them. It checks no bounds and has no switch that does, and it lets go
of the GIL by itself.
"""

from __future__ import annotations

import re

from whichext.toolchains.base import ErrorStart, Marks, Toolchain
from whichext.toolchains.flags import identifiers

_OPENMP = re.compile(r"^\s*#\s*omp\b", re.MULTILINE)
_MODULE = "__pythran_"


class Pythran(Toolchain):
    """Modules of Python with `#pythran export`, mostly through Meson or setuptools."""

    name = "pythran"
    starts_with = ("c++", "python-headers")
    reserved = frozenset({"_compiled"})
    ascii_alone = True
    takes_not = frozenset({"bytes"})
    compiles_python, calls_python = True, False
    languages = frozenset({"c++"})
    marks = (Marks(suffixes=frozenset({".py"}), parallel=_OPENMP),)
    variables = frozenset({"PYTHRANRC"})
    helpers = ("pythran",)
    errors = (
        ErrorStart(re.compile(r"^CRITICAL:? ")),
        # What it does not know of Python comes as an exception.
        ErrorStart(re.compile(r"^pythran\.[\w.]+Error: ")),
    )
    hints = (
        (
            r"No module named '?pythran|Program 'pythran' not found",
            "Pythran was not there: add it to requires in [build-system] of pyproject.toml",
        ),
    )

    def readable(self, symbol: str, module: str) -> str | None:  # noqa: ARG002  # the interface has it
        """A function's name behind its module's, which is in a namespace without a name."""
        names = list(identifiers(symbol))
        if len(names) < len(("namespace", "module", "function")):
            return None
        return names[2] if names[1].startswith(_MODULE) else None
