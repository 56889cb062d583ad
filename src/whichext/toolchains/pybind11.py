"""pybind11: C++ behind its bindings, through whatever backend; `cpp.py` knows the compiler.

It says with a TypeError that types are not for it, and lists those that are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from whichext.toolchains.base import Toolchain, Topic


class Pybind11(Toolchain):
    """C++ that pybind11 binds to Python."""

    name = "pybind11"
    starts_with = ("c++", "python-headers")
    languages = frozenset({"c++"})
    callers = re.compile(r"pybind11::cpp_function::dispatcher")
    hints = (
        (
            r"Could not find a package configuration file provided by \"pybind11\""
            r"|pybind11/\w+\.h: No such file",
            "pybind11 was not there: add it to requires in [build-system] of pyproject.toml",
        ),
    )
    words: Mapping[Topic, str] = {Topic.FREEING: "pybind11::gil_scoped_release in pybind11"}
