"""Cython: its directives, its annotations of loops, and the names that it gives to functions.

It writes C or C++, whose compilers `c.py` handles.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from whichext.model.evidence import PythonLine, Unseen
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

_PRANGE = re.compile(r"^[^#\n]*\bprange\s*\(", re.MULTILINE)

# "fuse_0" is one of the copies for several dtypes, "f", "pf" and "pw" say what is called how.
_SYMBOL = re.compile(r"__pyx_(?:fuse_\w*?__pyx_)?p?[fw]_(\d.*)")
_HELPER = re.compile(r"_*pyx|_*Pyx|PyInit_")

_LIMIT_S = 120.0
_LINE = re.compile(
    r'<pre class="cython line score-\d+".*?<span class="">0*(?P<number>\d+)</span>'
    r"(?P<rest>.*?)(?=<pre class=\"cython line|\Z)",
    re.DOTALL,
)
_CALL = re.compile(r"<span class='(?:py|pyx)_c_api'>(\w+)</span>")
# Called when something goes wrong, or about threads and memory and not about objects.
_NO_OBJECTS = re.compile(r"Raise|Err_|Unraisable|Traceback|GILState|PyEval_|PyThread_|PyMem_")

_NOT_CODE = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*", re.DOTALL)
_LOOP = re.compile(r"(for|while)\b")
_FUNCTION = re.compile(r"(?:async\s+)?(?:def|cpdef|cdef)\b[^=]*?(\w+)\s*(?:\[[^]]*\])?\(")


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
        Topic.TYPING: "cython -a shows it white",
        Topic.WINNING: "a directive in the head of a .pyx file",
        Topic.ASKING: "prange",
    }

    def annotate(self, sources: Sources, environment: Environment) -> Annotated:
        """Lines in loops that call Python, from the annotations that Cython itself makes.

        With the Cython that built the project, and only for files that have loops outside of nogil,
        where Cython itself refuses whatever touches Python.
        """
        if "cython" not in environment.packages:
            return NOTHING_SAID
        lines: list[PythonLine] = []
        unseen: list[Unseen] = []
        environment.scratch.mkdir(exist_ok=True)
        for path in sources.of(".pyx"):
            loops = loop_lines(path.read_text("utf-8", "replace"))
            if loops:
                name = path.relative_to(sources.folder).as_posix()
                output = environment.scratch / path.with_suffix(".c").name
                html = _run_cython(sources.folder, name, environment.python, output)
                if isinstance(html, Unseen):
                    unseen.append(html)
                else:
                    lines += python_lines(name, html, loops)
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


def _run_cython(source: Path, name: str, python: str, output: Path) -> str | Unseen:
    """The annotated file as HTML: what `cython --annotate` writes beside its C."""
    command = [python, "-m", "cython", "--annotate", "-o", str(output), name]
    error = ""
    for option in ([], ["--cplus"]):  # which only some files need, and the build files know
        try:
            ended = subprocess.run(
                [*command, *option],
                cwd=source,
                capture_output=True,
                text=True,
                timeout=_LIMIT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as failure:
            return Unseen(what=name, reason=f"Cython did not annotate it: {failure}")
        if ended.returncode == 0:
            return output.with_suffix(".html").read_text("utf-8")
        error = error or (ended.stderr.strip().splitlines() or ["no reason given"])[-1]
    return Unseen(what=name, reason=f"Cython did not annotate it: {error}")


def python_lines(name: str, html: str, loops: dict[int, str]) -> Iterator[PythonLine]:
    """The lines in loops that call Python.

    Args:
        name: The file.
        html: What Cython made of it.
        loops: Numbers of the lines in loops, each with the name of its function.

    """
    for line in _LINE.finditer(html):
        number = int(line["number"])
        calls = [name for name in _CALL.findall(line["rest"]) if not _NO_OBJECTS.search(name)]
        if number in loops and calls:
            yield PythonLine(
                file=name,
                line=number,
                function=loops[number],
                calls=tuple(dict.fromkeys(calls)),
            )


def loop_lines(text: str) -> dict[int, str]:
    """Numbers of the lines that run again and again, each with the name of its function.

    Without what is in nogil, what only raises, and what is in no function.
    """
    found: dict[int, str] = {}
    blocks: list[_Block] = []
    for number, indentation, code in _statements(text):
        while blocks and blocks[-1].indentation >= indentation:
            blocks.pop()
        name = _looping(blocks, code)
        if name and not re.search(r"\braise\b", code):
            found[number] = name
        if code.endswith(":"):
            blocks += _opened(indentation, code)
    return found


class _Block(NamedTuple):
    """Statements below one that ends with a colon."""

    indentation: int
    kind: str
    """"function", "loop", "nogil", "gil" or "other"."""
    name: str
    """The function's; empty for other blocks."""


def _looping(blocks: list[_Block], code: str) -> str:
    """The function in which a statement runs again and again with the GIL; empty for any other."""
    starts = [place for place, block in enumerate(blocks) if block.kind == "function"]
    inner = blocks[starts[-1] :] if starts else []
    within = any(block.kind == "loop" for block in inner) or code.startswith("while")
    free = next((one.kind for one in reversed(blocks) if "gil" in one.kind), "gil") == "nogil"
    return inner[0].name if inner and within and not free else ""


def _opened(indentation: int, code: str) -> Iterator[_Block]:
    """What a statement with a colon at its end opens: a block, and one more for the GIL."""
    function = _FUNCTION.match(code)
    kind = "loop" if _LOOP.match(code) else "function" if function else "other"
    yield _Block(indentation, kind, function[1] if function else "")
    if gil := re.search(r"\b(with gil|nogil)\b(?!\s*=\s*False)", code):
        yield _Block(indentation, "nogil" if gil[1] == "nogil" else "gil", "")


def _statements(text: str) -> Iterator[tuple[int, int, str]]:
    """Number, indentation and code of every statement; one over several lines has its first's."""
    plain = _NOT_CODE.sub(lambda match: "_" + "\n" * match[0].count("\n"), text)
    open_brackets, start, indentation = 0, 0, 0
    parts: list[str] = []
    for number, line in enumerate(plain.splitlines(), 1):
        code = line.strip()
        if not parts:
            start, indentation = number, len(line) - len(line.lstrip())
        if code not in ("", "_"):
            parts.append(code.rstrip("_").rstrip() if code.endswith(" _") else code)
        open_brackets += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
        if parts and open_brackets <= 0 and not code.endswith("\\"):
            yield start, indentation, " ".join(parts)
            parts = []
