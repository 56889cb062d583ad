"""Annotations of Cython's own: when it is asked for them, and what becomes of those it has not."""

from __future__ import annotations

import sys
from collections.abc import Mapping
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
    assert annotate(tmp_path, "no such program", "cython") == Annotated()


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
    def builder(source: Path, folder: Path, environment: Mapping[str, str], log: Path) -> Wheel:
        return replace(FakeBuilder()(source, folder, environment, log), aside_ns=10**15)

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
    ],
)
def test_cython_itself_tells_what_a_loop_calls_and_why(
    tmp_path: Path, text: str, line: str, cause: PythonCause
) -> None:
    (tmp_path / "a.pyx").write_text("# cython: language_level=3\n" + text)
    found = annotate(tmp_path, sys.executable, "cython")
    assert found.unseen == ()
    (own,) = (one for one in found.lines if one.functions == ("run",) and one.text == line)
    assert own.cause is cause


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
    ],
)
def test_loops_that_are_compiled_throughout_call_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.pyx").write_text("# cython: language_level=3\n" + text)
    assert annotate(tmp_path, sys.executable, "cython") == Annotated()
