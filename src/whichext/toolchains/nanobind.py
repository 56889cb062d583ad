"""nanobind: C++ behind its bindings, mostly through scikit-build-core; `cpp.py` knows the compiler.

It says with a TypeError that types are not for it, and lists those that are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from whichext.toolchains.base import Toolchain, Topic


class Nanobind(Toolchain):
    """C++ that nanobind binds to Python."""

    name = "nanobind"
    starts_with = ("c++", "python-headers")
    languages = frozenset({"c++"})
    callers = re.compile(r"nb_func_vectorcall")
    hints = (
        (
            r"Could not find a package configuration file provided by \"nanobind\""
            r"|nanobind/\w+\.h: No such file",
            "nanobind was not there: add it to requires in [build-system] of pyproject.toml",
        ),
    )
    words: Mapping[Topic, str] = {Topic.FREEING: "nanobind::gil_scoped_release in nanobind"}
