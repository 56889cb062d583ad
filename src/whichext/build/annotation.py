"""Where Cython's loops still call Python: from the annotations that Cython itself makes.

With the Cython that built the project, and only for files that have loops outside of nogil, where
Cython itself refuses whatever touches Python.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from whichext.build.key import content_files
from whichext.model.evidence import PythonLine, Unseen

_LIMIT_S = 120.0
_LINE = re.compile(
    r'<pre class="cython line score-(?P<score>\d+)".*?<span class="">0*(?P<number>\d+)</span>'
    r"(?P<rest>.*?)(?=<pre class=\"cython line|\Z)",
    re.DOTALL,
)
_CALL = re.compile(r"<span class='(?:py|pyx)_c_api'>(\w+)</span>")
# Called when something goes wrong, or about threads and memory and not about objects.
_NO_OBJECTS = re.compile(r"Raise|Err_|Unraisable|Traceback|GILState|PyEval_|PyThread_|PyMem_")

_NOT_CODE = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*", re.DOTALL)
_LOOP = re.compile(r"(for|while)\b")
_FUNCTION = re.compile(r"(?:async\s+)?(?:def|cpdef|cdef)\b[^=]*?(\w+)\s*(?:\[[^]]*\])?\(")


def annotate(
    source: Path, python: str, scratch: Path
) -> tuple[tuple[PythonLine, ...], tuple[Unseen, ...]]:
    """Lines in loops that call Python, and files of which nothing can be said.

    Args:
        source: The project's folder.
        python: An interpreter that has the project's Cython.
        scratch: A folder for what Cython writes.

    """
    lines: list[PythonLine] = []
    unseen: list[Unseen] = []
    scratch.mkdir(exist_ok=True)
    for path in content_files(source):
        loops = loop_lines(path.read_text("utf-8", "replace")) if path.suffix == ".pyx" else {}
        if loops:
            name = path.relative_to(source).as_posix()
            html = _run_cython(source, name, python, scratch / path.with_suffix(".c").name)
            if isinstance(html, Unseen):
                unseen.append(html)
            else:
                lines += python_lines(name, html, loops)
    return tuple(lines), tuple(unseen)


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
    """Those of the lines in loops that call Python.

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
    blocks: list[tuple[int, str, str]] = []  # indentation, kind, name
    for number, indentation, code in _statements(text):
        while blocks and blocks[-1][0] >= indentation:
            blocks.pop()
        loop, function = bool(_LOOP.match(code)), _FUNCTION.match(code)
        inner = _innermost(blocks)
        within = any(kind == "loop" for _, kind, _ in inner) or code.startswith("while")
        free = next((kind for _, kind, _ in reversed(blocks) if "gil" in kind), "gil") == "nogil"
        name = inner[0][2] if inner else ""
        if within and name and not free and not re.search(r"\braise\b", code):
            found[number] = name
        if code.endswith(":"):
            gil = re.search(r"\b(with gil|nogil)\b(?!\s*=\s*False)", code)
            kind = "loop" if loop else "function" if function else "other"
            blocks.append((indentation, kind, function[1] if function else ""))
            if gil:
                blocks.append((indentation, "nogil" if gil[1] == "nogil" else "gil", ""))
    return found


def _innermost(blocks: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """The innermost function and what is open in it; nothing outside of functions."""
    starts = [place for place, (_, kind, _) in enumerate(blocks) if kind == "function"]
    return blocks[starts[-1] :] if starts else []


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
