"""What Cython's own annotation says of the lines that run again and again."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from whichext.model.evidence import PythonCause, PythonLine, Unseen
from whichext.toolchains.cython_sources import Repeated

_LIMIT_S = 120.0
_LINE = re.compile(
    r'<pre class="cython line score-\d+".*?<span class="">0*(?P<number>\d+)</span>'
    r"(?P<rest>.*?)(?=<pre class=\"cython line|\Z)",
    re.DOTALL,
)
_CALL = re.compile(r"<span class='(?:py|pyx)_c_api'>(\w+)</span>")
# Called when something goes wrong, or about threads and memory and not about objects.
_NO_OBJECTS = re.compile(
    r"Raise|Err_|Unraisable|Traceback|GILState|FastGIL|PyEval_|PyThread_|PyMem_"
)
# Not where a value that stands for an error comes first: then it is asked only after that.
_ERROR_CHECK = re.compile(
    r"unlikely\((?:<span class='pyx_c_api'>)?(__Pyx_ErrOccurredWithGIL)(?:</span>)?\(\)"
)
_INDEX = re.compile(r"GetItem|SetItem|DelItem|GetSlice|SetSlice")
_ATTRIBUTE = re.compile(r"GetAttr|SetAttr|CallMethod|GlobalName|BuiltinName")


def run_cython(folder: Path, name: str, python: str, output: Path) -> str | Unseen:
    """The annotated file as HTML: what `cython --annotate` writes beside its C.

    Args:
        folder: The project's.
        name: Of the file in it.
        python: The interpreter of the environment with the Cython that built the project.
        output: Where the C goes.

    """
    command = [python, "-m", "cython", "--annotate", "-o", str(output), name]
    error = ""
    for option in ([], ["--cplus"]):  # which only some files need, and the build files know
        try:
            ended = subprocess.run(
                [*command, *option],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=_LIMIT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as failure:
            return not_annotated(name, str(failure))
        if ended.returncode == 0:
            return output.with_suffix(".html").read_text("utf-8")
        error = error or (ended.stderr.strip().splitlines() or ["no reason given"])[-1]
    return not_annotated(name, error)


def not_annotated(name: str, reason: str) -> Unseen:
    """A file of whose loops nothing is known."""
    return Unseen(what=name, reason=f"Cython did not annotate it: {reason}", hides_loops=True)


def python_lines(
    name: str, text: str, html: str, repeated: Mapping[int, Repeated]
) -> Iterator[PythonLine]:
    """The lines that call Python each time that they run.

    Args:
        name: The file.
        text: What is in it.
        html: What Cython made of it.
        repeated: The lines that run again and again, by number.

    """
    lines = text.splitlines()
    for line in _LINE.finditer(html):
        number = int(line["number"])
        one = repeated.get(number)
        calls = [] if one is None else list(_calls(line["rest"], one))
        if one is not None and calls:
            yield PythonLine(
                file=name,
                line=number,
                function=one.function,
                calls=tuple(dict.fromkeys(calls)),
                text=lines[number - 1].strip() if number <= len(lines) else "",
                cause=_cause(one, calls),
                functions=one.functions,
            )


def _calls(code: str, line: Repeated) -> Iterable[str]:
    """What a line's C code calls of Python; without the GIL, that is to ask for an error."""
    if line.free:
        return _ERROR_CHECK.findall(code)
    return [name for name in _CALL.findall(code) if not _NO_OBJECTS.search(name)]


def _cause(line: Repeated, calls: Iterable[str]) -> PythonCause:
    """Why a line makes these calls: what is called by name says more than what C makes of it."""
    everything = " ".join(calls)
    if line.free:
        return PythonCause.ERROR_CHECK
    if line.calls_own:
        return PythonCause.OWN_FUNCTION
    if line.calls_module:
        return PythonCause.MODULE
    if _INDEX.search(everything):
        return PythonCause.INDEX
    return PythonCause.ATTRIBUTE if _ATTRIBUTE.search(everything) else PythonCause.TYPE
