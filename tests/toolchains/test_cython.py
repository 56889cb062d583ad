"""Annotations of Cython's own: when it is asked for them, and what becomes of those it has not."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.builds import FakeBuilder, project_in
from whichext.build import build_project
from whichext.build.frontend import Wheel
from whichext.build.store import Store
from whichext.model.contestant import RELEASE
from whichext.model.evidence import PythonCause
from whichext.model.outcome import Built
from whichext.toolchains.base import Annotated, Environment, Sources
from whichext.toolchains.cython import Cython
from whichext.toolchains.profiles import Telling


def annotate(folder: Path, python: str, *packages: str) -> Annotated:
    sources = Sources(
        folder=folder, files=tuple(sorted((*folder.glob("*.pyx"), *folder.glob("*.pxi"))))
    )
    environment = Environment(
        python=python, packages=frozenset(packages), scratch=folder / "scratch"
    )
    return Cython().annotate(sources, environment)


def test_a_project_that_was_built_without_cython_does_not_ask_it(tmp_path: Path) -> None:
    (tmp_path / "a.pyx").write_text("def f(x):\n    for i in x:\n        g(i)\n")
    assert annotate(tmp_path, "no such program", "ninja") == Annotated()


def test_a_project_without_such_loops_does_not_ask_cython(tmp_path: Path) -> None:
    (tmp_path / "a.pyx").write_text("def f(x):\n    return x\n")
    found = annotate(tmp_path, "no such program", "cython")
    assert (found.lines, found.unseen) == ((), ())


def test_a_loop_in_an_included_file_is_not_seen(tmp_path: Path) -> None:
    (tmp_path / "a.pyx").write_text('include "b.pxi"\n')
    (tmp_path / "b.pxi").write_text("def f(x):\n    for i in x:\n        g(i)\n")
    (unseen,) = annotate(tmp_path, "no such program", "cython").unseen
    assert (unseen.what, unseen.hides_loops) == ("b.pxi", True)


@pytest.mark.parametrize("python", ["no such program", sys.executable])
def test_without_cython_the_file_is_not_seen(
    tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONNOUSERSITE", "1")
    (tmp_path / "cython.py").write_text("raise SystemExit('no Cython here')")
    (tmp_path / "a.pyx").write_text("def f(x):\n    for i in x:\n        g(i)\n")
    found = annotate(tmp_path, python, "cython")
    (unseen,) = found.unseen
    assert (found.lines, unseen.what, unseen.hides_loops) == ((), "a.pyx", True)
    assert unseen.reason.partition(": ")[0] == snapshot("Cython did not annotate it")


def test_the_time_that_went_into_looking_is_not_the_builds(tmp_path: Path) -> None:
    def builder(source: Path, folder: Path, telling: Telling, log: Path) -> Wheel:
        return replace(FakeBuilder()(source, folder, telling, log), aside_ns=10**15)

    folder = tmp_path / "fast"
    folder.mkdir()
    project = project_in(folder, needs=())
    result = build_project(project, RELEASE, Store(tmp_path / "builds"), builder).result
    assert isinstance(result, Built)
    assert result.build_ns < 0


UNTYPED = "def run(values):\n    s = 0.0\n    for v in values:\n        s += v\n    return s\n"
INDEXED = (
    "def run(values):\n    cdef double s = 0\n    cdef Py_ssize_t i\n"
    "    for i in range(9):\n        s += values[i]\n    return s\n"
)
GLOBAL = "SCALE = 2.0\n\n" + INDEXED.replace("values[i]", "SCALE")
NUMPYS = "import numpy as np\n\n" + INDEXED.replace("values[i]", "np.abs(s)")
OWN = "def size(x):\n    return x\n\n" + INDEXED.replace("values[i]", "size(s)")
CHECKED = (
    "cdef void step(double *s) nogil:\n    s[0] += 1\n\n"
    "def run():\n    cdef double s = 0\n    cdef int i\n    with nogil:\n"
    "        for i in range(9):\n            step(&s)\n    return s\n"
)
OVER_VALUES = (
    "def run(double[::1] m):\n    cdef double v, s = 0\n    cdef list t = []\n"
    "    for v in m:\n        s += v\n    return s, t\n"
)
OVER_ROWS = (
    "import numpy as np\n\n"
    "def run(double[:, ::1] m):\n    cdef double s = 0\n    cdef Py_ssize_t i, j\n"
    "    for i in range(m.shape[0]):\n        s += np.abs(m[i]).sum()\n    return s\n"
)
OVER_ELEMENTS = OVER_ROWS.replace("[:, ::1]", "[:]").replace(
    "s += np.abs(m[i]).sum()", "s = max(s, np.abs(m[i]))"
)
ON_ONE_LINE = (
    "def run(double[::1] m):\n    cdef double s\n    s = sum(v for v in m)\n    return s\n"
)


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        (UNTYPED, "s += v", PythonCause.TYPE),
        (INDEXED, "s += values[i]", PythonCause.INDEX),
        (GLOBAL, "s += SCALE", PythonCause.ATTRIBUTE),
        (NUMPYS, "s += np.abs(s)", PythonCause.MODULE),
        (OWN, "s += size(s)", PythonCause.OWN_FUNCTION),
        (CHECKED, "step(&s)", PythonCause.ERROR_CHECK),
        (NUMPYS.replace("abs(s)", "maximum(s, 0)"), "s += np.maximum(s, 0)", PythonCause.MODULE),
        (OVER_ROWS, "s += np.abs(m[i]).sum()", PythonCause.ARRAY),
        (OVER_ROWS.replace("double[:, ::1] m", "m"), "s += np.abs(m[i]).sum()", PythonCause.ARRAY),
        (OVER_ROWS.replace("m[i]).sum()", "m[i, 0])"), "s += np.abs(m[i, 0])", PythonCause.MODULE),
        (OVER_ELEMENTS, "s = max(s, np.abs(m[i]))", PythonCause.MODULE),
        (OVER_VALUES.replace("s += v", "s += round(v)"), "s += round(v)", PythonCause.BUILTIN),
        (OVER_VALUES.replace("s += v", "s += int(v)"), "s += int(v)", PythonCause.BUILTIN),
        (OVER_VALUES.replace("s += v", "t.append(v)"), "t.append(v)", PythonCause.APPEND),
        (OVER_VALUES.replace("double[::1] m", "m"), "for v in m:", PythonCause.ITERATION),
        (ON_ONE_LINE, "s = sum(v for v in m)", PythonCause.COMPREHENSION),
        (
            ON_ONE_LINE.replace("(v for v in m)", "([v * v for v in m])"),
            "",
            PythonCause.COMPREHENSION,
        ),
    ],
)
def test_cython_itself_tells_what_a_loop_calls_and_why(
    tmp_path: Path, text: str, line: str, cause: PythonCause
) -> None:
    (tmp_path / "a.pyx").write_text("# cython: language_level=3\n" + text)
    found = annotate(tmp_path, sys.executable, "cython")
    assert found.unseen == ()
    (own,) = (one for one in found.lines if one.functions == ("run",) and line in one.text)
    assert own.cause is cause
    assert own.outer == ()


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize(
    "text",
    [
        INDEXED.replace("run(values)", "run(double[::1] values)"),
        INDEXED.replace("values[i]", "fabs(s)").replace(
            "def", "from libc.math cimport fabs\n\ndef", 1
        ),
        CHECKED.replace("nogil:", "noexcept nogil:", 1),
        "cdef double size(double x) noexcept:\n    return x\n\n"
        + INDEXED.replace("values[i]", "size(s)"),
        OVER_VALUES.replace("s += v", "s += abs(v) + max(v, s) + min(v, s) + float(v) + v ** 0.5"),
        OVER_VALUES.replace("s += v", "if v < 0:\n            return v"),
        OVER_VALUES.replace("s += v", "if v < 0: raise ValueError(v)"),
        OVER_VALUES.replace("s += v", "assert v > 0, f'got {v}'"),
        OVER_VALUES.replace(
            "        s += v",
            "        try:\n            s += v\n        except ValueError:\n            print(t)",
        ),
        ON_ONE_LINE.replace("sum(v for", "any(v > 3 for"),
        OVER_ROWS.replace("range(m.shape[0])", "range(2)"),
    ],
)
def test_loops_that_are_compiled_throughout_call_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.pyx").write_text("# cython: language_level=3\n" + text)
    found = annotate(tmp_path, sys.executable, "cython")
    assert (found.lines, found.unseen) == ((), ())


@pytest.mark.slow
@pytest.mark.processes
def test_what_an_outer_loop_calls_is_told_from_what_the_inner_one_does(tmp_path: Path) -> None:
    inner = "        for j in range(m.shape[1]):\n            s += m[i, j]\n"
    (tmp_path / "a.pyx").write_text(OVER_ROWS.replace("    return", f"{inner}    return"))
    (line,) = annotate(tmp_path, sys.executable, "cython").lines
    assert (line.functions, line.outer) == (("run",), ("run",))


@pytest.mark.parametrize(
    ("cause", "text", "cure"),
    [
        (PythonCause.MODULE, "if np.abs(v) > 1:", "fabs from libc.math (abs() for integers)"),
        (PythonCause.MODULE, "s += numpy.sqrt(v)", "sqrt from libc.math instead of numpy.sqrt"),
        (
            PythonCause.MODULE,
            "s += np.exp(np.floor(v))",
            "exp from libc.math instead of np.exp, floor",
        ),
        (PythonCause.MODULE, "s += np.minimum(v, 1)", "min(), which is compiled"),
        (PythonCause.MODULE, "s += np.unheard_of(v)", "a C function on typed values"),
        (PythonCause.BUILTIN, "s += round(v)", "rint from libc.math instead of round"),
        (PythonCause.BUILTIN, "s += int(v)", "a cast, such as <long> instead of int"),
        (PythonCause.APPEND, "t.append(np.abs(v))", "vector[double]"),
    ],
)
def test_the_cure_fits_the_call(cause: PythonCause, text: str, cure: str) -> None:
    assert cure in (Cython().cure(cause, text) or "")


def test_a_function_on_an_array_has_no_cure_for_a_number() -> None:
    assert "fabs" not in (Cython().cure(PythonCause.ARRAY, "s += np.abs(m[i])") or "")
