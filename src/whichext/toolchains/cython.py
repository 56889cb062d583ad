"""Cython: its directives, its annotations of loops, and the names that it gives to functions.

It writes C or C++, whose compilers `c.py` handles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from whichext.model.contestant import Factor, Profile
from whichext.model.evidence import Code, PythonCause, PythonLine, Unseen
from whichext.model.outcome import NotApplicable
from whichext.toolchains.base import (
    NOTHING_SAID,
    Annotated,
    Command,
    Environment,
    ErrorStart,
    Marks,
    Sources,
    Toolchain,
    Topic,
)
from whichext.toolchains.c import TAKES_AWAY
from whichext.toolchains.calls import Appended, Recorded, Setting, Told
from whichext.toolchains.cython_annotations import not_annotated, python_lines, run_cython
from whichext.toolchains.cython_directives import find_obstacle
from whichext.toolchains.cython_loops import Project
from whichext.toolchains.cython_said import bounds_in, others_in, told_in, told_in_calls
from whichext.toolchains.cython_sources import ANNOTATED, SUFFIXES
from whichext.toolchains.flags import BOUNDS

_SAME_NAME = (
    *("sqrt", "cbrt", "exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan"),
    *("sinh", "cosh", "tanh", "floor", "ceil", "trunc", "rint", "hypot", "copysign"),
    *("isnan", "isinf", "isfinite"),
)
# What does in C, on one typed value, what Python's or NumPy's function of that name does.
_IN_C: Mapping[str, str] = {
    **dict.fromkeys(("abs", "absolute", "fabs"), "fabs from libc.math (abs() for integers)"),
    **{name: f"{name} from libc.math" for name in _SAME_NAME},
    "maximum": "max(), which is compiled (and treats nan otherwise),",
    "minimum": "min(), which is compiled (and treats nan otherwise),",
    "power": "pow from libc.math",
    "pow": "pow from libc.math",
    "round": "rint from libc.math",
    "int": "a cast, such as <long>",
}
_NAMED = re.compile(r"(?<![\w.])((?:\w+\.)?(\w+))\(")
_PRANGE = re.compile(r"^[^#\n]*\bprange\s*\(", re.MULTILINE)

# "fuse_0" is one of the copies for several dtypes, "f", "pf" and "pw" say what is called how.
_SYMBOL = re.compile(r"__pyx_(?:fuse_\w*?__pyx_)?p?[fw]_(\d.*)")
_HELPER = re.compile(r"_*pyx|_*Pyx|PyInit_")


# Its own, those with which types begin, and what its templates import.
_WORDS = """
DEF ELIF ELSE IF NULL cdef cimport cpdef ctypedef include bint char const double float int long
short signed unsigned void volatile int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t
uint64_t
"""
_FACTORS = {"boundscheck": "bounds", "overflowcheck": "overflow"}


class Cython(Toolchain):
    """Cython, through whatever backend."""

    name = "cython"
    starts_with = ("cc", "python-headers")
    reserved = frozenset(_WORDS.split())
    compiles_python = compiles_all = True
    settings = tuple(
        Setting(factor="bounds", value=value, flags=("-X", f"boundscheck={switch}"))
        for value, switch in (("checked", True), ("unchecked", False))
    )
    profiles: Mapping[str, Told] = {
        "checked": Told(flags=("-X", "boundscheck=True", "-X", "overflowcheck=True")),
    }
    # Which Meson runs, and CMake's modules for Cython; setuptools calls its functions instead.
    recorded = Recorded(
        programs=re.compile(r"cython3?"),
        appended=Appended(compiles=("*.pyx", "*.py"), probes=("*/meson-private*",)),
    )
    languages = frozenset({"c", "c++"})
    marks = (Marks(suffixes=frozenset({".pyx", ".py"}), parallel=_PRANGE, unoptimised=TAKES_AWAY),)
    variable_prefixes = ("CYTHON",)
    helpers = ("cython",)
    errors = (
        ErrorStart(
            re.compile(r"^Error compiling Cython file"),
            # Its excerpt comes first, and may have blank lines.
            re.compile(r"^.+\.(pyx|pxd|py):\d+:\d+: "),
        ),
    )
    # Without Cython, setuptools compiles the file that Cython would have written.
    hints = (
        (
            r"error: \S+\.(c|cpp|cc): No such file|no such file or directory: '\S+\.(c|cpp|cc)'|"
            r"Unknown compiler\(s\): \[\['cython|No module named '?Cython",
            "Cython was not there: add it to requires in [build-system] of pyproject.toml",
        ),
    )
    words: Mapping[Topic, str] = {
        Topic.FREEING: "nogil in Cython",
        Topic.TYPING: "cython -a shows the loop white",
        Topic.WINNING: "a directive in the head of a .pyx file",
        Topic.ASKING: "prange",
    }
    cures: Mapping[PythonCause, str] = {
        PythonCause.MODULE: "call a C function on typed values, such as those of libc.math",
        PythonCause.ARRAY: "call it once before the loop for all of the array, or write a loop "
        "over the values of a typed memoryview, such as double[:, ::1]",
        PythonCause.BUILTIN: "do it in C on typed values, such as rint from libc.math for round",
        PythonCause.IMPORTED: "cimport the function instead of importing it, and declare it in "
        "its module's .pxd",
        PythonCause.OWN_FUNCTION: "declare the function cdef or cpdef instead of def, and "
        "cimport it where another module calls it",
        PythonCause.ATTRIBUTE: "read the attribute into a typed variable before the loop",
        PythonCause.INDEX: "index a typed memoryview, such as double[::1]",
        PythonCause.APPEND: "fill an array that is made before the loop, or a vector[double] of "
        "libcpp.vector",
        PythonCause.COMPREHENSION: "write it as a for loop that adds up in a typed variable, or "
        "fills an array that is made before",
        PythonCause.ITERATION: "loop over a typed memoryview, such as double[::1], or over the "
        "range of its indices",
        PythonCause.ERROR_CHECK: "declare the function noexcept, or let it return a number and "
        "declare it except? -1",
        PythonCause.TYPE: "declare the types of what the loop touches",
    }

    def find_unheard(
        self, profile: Profile, commands: tuple[Command, ...], sources: Sources
    ) -> NotApplicable | None:
        """Why a profile's directives are not in the C that was compiled."""
        said = self.told(profile)
        if said is None or not said.flags:
            return None
        wanted = dict(word.split("=") for word in said.flags if "=" in word)
        given = tuple(one for one in commands if one.toolchain == self.name and one.appended)
        found = find_obstacle(wanted, given, sources)
        if found is None:
            return None
        directive, reason, remedy = found
        return NotApplicable(_FACTORS[directive], self.name, reason, remedy)

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
        project = Project(texts)
        lines: list[PythonLine] = []
        unseen: list[Unseen] = []
        environment.scratch.mkdir(exist_ok=True)
        for name, repeated in project.repeated().items():
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
        codes = (Code(function=name, digest=code) for name, code in sorted(project.codes().items()))
        return Annotated(tuple(lines), tuple(codes), tuple(unseen))

    def cure(self, cause: PythonCause, text: str) -> str | None:
        """The cure for a cause; where a function has one of C for it, both are named."""
        if cause not in (PythonCause.MODULE, PythonCause.BUILTIN):
            return super().cure(cause, text)
        called = dict(_NAMED.findall(text))
        found = [
            f"{_IN_C[name]} instead of {said}" for said, name in called.items() if name in _IN_C
        ]
        return f"use {', '.join(found)} on typed values" if found else self.cures[cause]

    def said(
        self, sources: Sources, profile: Profile, commands: tuple[Command, ...]
    ) -> Iterator[Factor]:
        """Its directives, in the heads of sources, in calls of its program and in build files."""
        calls = told_in_calls(command for command in commands if command.toolchain == self.name)
        otherwise = told_in(sources.folder)
        files = [
            (path.read_text("utf-8", "replace"), calls.get(path.name, otherwise))
            for path in sources.of(".pyx")
        ]
        if not files:
            return
        left_open = BOUNDS in {factor.name for factor in profile.sets} and not calls
        bounds = bounds_in(files, None if left_open else "checked")
        if bounds is not None:
            yield Factor(BOUNDS, bounds)
        yield Factor("Cython directives", others_in(files))

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
