"""Cython: its directives, its annotations of loops, and the names that it gives to functions.

It writes C or C++, whose compilers `c.py` handles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from whichext.model.evidence import PythonCause, PythonLine, Unseen
from whichext.toolchains.base import (
    NOTHING_SAID,
    Annotated,
    Environment,
    ErrorStart,
    Marks,
    Setting,
    Sources,
    Toolchain,
    Topic,
)
from whichext.toolchains.c import TAKES_AWAY
from whichext.toolchains.cython_annotations import not_annotated, python_lines, run_cython
from whichext.toolchains.cython_sources import ANNOTATED, SUFFIXES, repeated_lines

_PRANGE = re.compile(r"^[^#\n]*\bprange\s*\(", re.MULTILINE)

# "fuse_0" is one of the copies for several dtypes, "f", "pf" and "pw" say what is called how.
_SYMBOL = re.compile(r"__pyx_(?:fuse_\w*?__pyx_)?p?[fw]_(\d.*)")
_HELPER = re.compile(r"_*pyx|_*Pyx|PyInit_")


class Cython(Toolchain):
    """Cython, through whatever backend."""

    name = "cython"
    # What meson runs as Cython; a directive in the head of a .pyx file wins over it.
    settings = tuple(
        Setting(
            factor="bounds",
            value=value,
            variables={"CYTHON": f"cython -X boundscheck={switch}"},
        )
        for value, switch in (("checked", True), ("unchecked", False))
    )
    profiles: Mapping[str, Mapping[str, str]] = {
        "checked": {"CYTHON": "cython -X boundscheck=True -X overflowcheck=True"},
    }
    languages = frozenset({"c", "c++"})
    marks = (Marks(suffixes=frozenset({".pyx", ".py"}), parallel=_PRANGE, unoptimised=TAKES_AWAY),)
    variable_prefixes = ("CYTHON",)
    errors = (
        ErrorStart(
            re.compile(r"^Error compiling Cython file"),
            # Its excerpt comes first, and may have blank lines.
            re.compile(r"^.+\.(pyx|pxd|py):\d+:\d+: "),
        ),
    )
    words: Mapping[Topic, str] = {
        Topic.FREEING: "nogil in Cython",
        Topic.TYPING: "cython -a shows the loop white",
        Topic.WINNING: "a directive in the head of a .pyx file",
        Topic.ASKING: "prange",
    }
    cures: Mapping[PythonCause, str] = {
        PythonCause.MODULE: "call the C function, such as fabs from libc.math for np.abs, or abs() "
        "on a typed value",
        PythonCause.OWN_FUNCTION: "declare the function cdef or cpdef, and cimport it instead of "
        "importing it",
        PythonCause.ATTRIBUTE: "read the attribute into a typed variable before the loop",
        PythonCause.INDEX: "index a typed memoryview, such as double[::1]",
        PythonCause.ERROR_CHECK: "declare the function noexcept, or let it return a number and "
        "declare it except? -1",
        PythonCause.TYPE: "declare the types of what the loop touches",
    }

    def annotate(self, sources: Sources, environment: Environment) -> Annotated:
        """Lines that call Python again and again, from the annotations that Cython itself makes.

        With the Cython that built the project, and only for files with lines that run again and
        again outside of nogil, where Cython itself refuses whatever touches Python.
        """
        if "cython" not in environment.packages:
            return NOTHING_SAID
        texts = {
            path.relative_to(sources.folder).as_posix(): path.read_text("utf-8", "replace")
            for path in sources.files
            if path.suffix in SUFFIXES
        }
        lines: list[PythonLine] = []
        unseen: list[Unseen] = []
        environment.scratch.mkdir(exist_ok=True)
        for name, repeated in repeated_lines(texts).items():
            output = environment.scratch / Path(name).with_suffix(".c").name
            html = (
                run_cython(sources.folder, name, environment.python, output)
                if name.endswith(ANNOTATED)
                else not_annotated(name, "it is included by others")
            )
            if isinstance(html, Unseen):
                unseen.append(html)
            else:
                lines += python_lines(name, texts[name], html, repeated)
        return Annotated(tuple(lines), tuple(unseen))

    def readable(self, symbol: str, module: str) -> str | None:  # noqa: ARG002  # the interface has it
        """A function's name after its module's; empty for functions of every Cython library."""
        if found := _SYMBOL.fullmatch(symbol):
            parts = _mangled_parts(found[1])
            return "" if "View_dot_MemoryView" in found[1] else ".".join(parts[1:] or parts)
        return "" if _HELPER.match(symbol) else None


def _mangled_parts(mangled: str) -> list[str]:
    """Package and module, each after its length, then the function, maybe after a number."""
    parts: list[str] = []
    while number := re.match(r"\d+", mangled):
        begin, end = number.end(), number.end() + int(number[0])
        if mangled[end : end + 1] != "_":
            break
        parts.append(mangled[begin:end])
        mangled = mangled[end + 1 :]
    return [*parts, mangled.lstrip("0123456789")]
