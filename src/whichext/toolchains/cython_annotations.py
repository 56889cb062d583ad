"""What Cython's own annotation says of the lines that run again and again."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from whichext.model.evidence import PythonCause, PythonLine, Unseen
from whichext.toolchains.cython_loops import Repeated

_LIMIT_S = 120.0
_LINE = re.compile(
    r'<pre class="cython line score-\d+".*?<span class="">0*(?P<number>\d+)</span>'
    r"(?P<rest>.*?)(?=<pre class=\"cython line|\Z)",
    re.DOTALL,
)
_CALL = re.compile(r"<span class='(?:py|pyx)_c_api'>(\w+)</span>")
# Called when something goes wrong, or about threads and memory and not about objects.
_NO_OBJECTS = re.compile(
    r"Raise|Err_|Unraisable|Traceback|GILState|FastGIL|PyEval_|PyThread_|PyMem_|MemoryView_Len"
    r"|SoftComplex|ExceptionReset"
)
# Once for a comprehension or a generator, and not for each of its items.
_AROUND = re.compile(r"Generator_|Coroutine_|Py\w+_New|IsTrue|_As[A-Z]")
# By the head of a loop, for each of its items.
_NEXT = re.compile(r"GetIter|IterNext|GET_ITEM|Sequence_ITEM")
# Not where a value that stands for an error comes first: then it is asked only after that.
_ERROR_CHECK = re.compile(
    r"unlikely\((?:<span class='pyx_c_api'>)?(__Pyx_ErrOccurredWithGIL)(?:</span>)?\(\)"
)
_INDEX = re.compile(r"GetItem|SetItem|DelItem|GetSlice|SetSlice")
_ATTRIBUTE = re.compile(r"GetAttr|SetAttr|CallMethod|GlobalName|BuiltinName")
_APPEND = re.compile(r"List_Append|Object_Append")
_BUILTIN = re.compile(r"(?<![\w.])(?:round|int|pow)\(")
_NUMBERS = re.compile(r"[-+*/%\s\d.()]+")


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
        if one is None:
            continue
        said = lines[number - 1].strip() if number <= len(lines) else ""
        calls = [name for name in _calls(line["rest"], one) if not _around(name, one)]
        again, outer = one.inner | one.outer, one.outer - one.inner
        if one.is_head:
            nexts = list(filter(_NEXT.search, calls))
            if not nexts:  # all of it runs once for each time that the loop is come to
                again = outer = one.enclosed
            calls = nexts or calls
        cause = _cause(one, calls, said, line["rest"])
        if one.once_a_call and cause is PythonCause.TYPE:
            continue  # how such a function is called is found where it is called
        if calls and again:
            yield PythonLine(
                file=name,
                line=number,
                function=one.function,
                calls=tuple(dict.fromkeys(calls)),
                text=said,
                cause=cause,
                functions=tuple(sorted(again)),
                outer=tuple(sorted(outer)),
            )


def _calls(code: str, line: Repeated) -> Iterable[str]:
    """What a line's C code calls of Python; without the GIL, that is to ask for an error."""
    if line.free:
        return _ERROR_CHECK.findall(code)
    return [name for name in _CALL.findall(code) if not _NO_OBJECTS.search(name)]


def _around(call: str, line: Repeated) -> bool:
    """Whether a call is made once, around what a line does for each item."""
    return line.comprehends and bool(_AROUND.search(call))


def _cause(line: Repeated, calls: Iterable[str], said: str, code: str) -> PythonCause:
    """Why a line makes these calls: what is called by name says more than what C makes of it."""
    everything = " ".join(calls)
    causes = (
        (line.free, PythonCause.ERROR_CHECK),
        (line.is_head and _NEXT.search(everything), PythonCause.ITERATION),
        (line.imports_own, PythonCause.IMPORTED),
        (line.calls_own, PythonCause.OWN_FUNCTION),
        (line.calls_module and _is_on_objects(line, everything, code), PythonCause.ARRAY),
        (line.calls_module, PythonCause.MODULE),
        (line.comprehends, PythonCause.COMPREHENSION),
        (_APPEND.search(everything), PythonCause.APPEND),
        (_INDEX.search(everything), PythonCause.INDEX),
        (_ATTRIBUTE.search(everything), PythonCause.ATTRIBUTE),
        (_BUILTIN.search(said), PythonCause.BUILTIN),
    )
    return next((cause for holds, cause in causes if holds), PythonCause.TYPE)


def _is_on_objects(line: Repeated, calls: str, code: str) -> bool:
    """Whether a function of a module is called on arrays or objects, and not on compiled values.

    A part of a memoryview is made an object; a compiled value that is the whole argument is made
    one by its name.
    """
    if line.handed and all(map(_NUMBERS.fullmatch, line.handed)):
        return False
    if "memoryview_fromslice" in code or _INDEX.search(calls):
        return True
    names = [name for name in line.handed if name.isidentifier()]
    made = (re.search(rf"From\w+</span>\([^()]*__pyx_v_{name}\b", code) for name in names)
    return bool(names) and not any(made)
