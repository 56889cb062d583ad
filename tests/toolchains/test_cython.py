"""Lines of Cython that run again and again, and which of them call Python."""

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
from whichext.model.outcome import Built
from whichext.toolchains.base import Annotated, Environment, Sources
from whichext.toolchains.cython import Cython, loop_lines, python_lines


def lines(text: str) -> dict[int, str]:
    return loop_lines(text)


def test_the_lines_of_a_loop_are_found_with_their_function() -> None:
    text = "def total(values):\n    s = 0\n    for v in values:\n        s += v\n    return s\n"
    assert lines(text) == {4: "total"}


def test_the_condition_of_a_while_runs_again_and_again_too() -> None:
    text = "cdef long f(x):\n    while x.more():\n        x.step()\n"
    assert lines(text) == {2: "f", 3: "f"}


def test_a_loop_in_a_loop_is_a_line_of_it() -> None:
    text = "cpdef f(x):\n    for a in x:\n        for b in a:\n            g(b)\n"
    assert lines(text) == {3: "f", 4: "f"}


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    with nogil:\n        for i in range(n):\n            g(i)\n",
        "cdef void f(int x) noexcept nogil:\n    for i in range(n):\n        g(i)\n",
        "def f(x):\n    for i in prange(n, nogil=True):\n        g(i)\n",
        "for name in NAMES:\n    register(name)\n",
        "def f(x):\n    for i in x:\n        raise ValueError(i)\n",
        'def f(x):\n    """\n    for i in x:\n        g(i)\n    """\n',
        "def f(x):\n    # for i in x:\n    g(x)\n",
        "def f(x):\n    return [g(i)\n        for i in x]\n",
    ],
)
def test_what_touches_no_python_or_runs_once_is_left_out(text: str) -> None:
    assert lines(text) == {}


def test_with_gil_inside_of_nogil_is_python_again() -> None:
    text = (
        "def f(x):\n    with nogil:\n        for i in range(n):\n"
        "            with gil:\n                g(i)\n            h(i)\n"
    )
    assert lines(text) == {5: "f"}


def test_a_statement_over_several_lines_has_the_number_of_its_first() -> None:
    text = "def f(\n    x,\n):\n    for i in x:\n        g(\n            i,\n        )\n"
    assert lines(text) == {5: "f"}


def html(number: int, score: int, *spans: tuple[str, str]) -> str:
    calls = "".join(f"<span class='{kind}'>{name}</span>(x);" for kind, name in spans)
    return (
        f'<pre class="cython line score-{score}" onclick="f()">+<span class="">{number:02}</span>:'
        f" x</pre>\n<pre class='cython code score-{score} '>{calls}</pre>"
    )


def test_lines_in_loops_that_call_python_are_kept_with_what_they_call() -> None:
    page = html(6, 0) + html(7, 7, ("py_c_api", "PyNumber_Add"), ("pyx_c_api", "__Pyx_Get"))
    (line,) = python_lines("a.pyx", page, {6: "f", 7: "f"})
    assert (str(line), line.function) == ("a.pyx:7", "f")
    assert line.calls == ("PyNumber_Add", "__Pyx_Get")


@pytest.mark.parametrize(
    "call",
    [
        ("pyx_c_api", "__Pyx_RaiseBufferIndexError"),
        ("py_c_api", "PyErr_SetString"),
        ("py_c_api", "PyGILState_Ensure"),
        ("refnanny", "__Pyx_GOTREF"),
        ("pyx_macro_api", "__Pyx_DECREF"),
    ],
)
def test_what_is_called_when_something_goes_wrong_is_no_call(call: tuple[str, str]) -> None:
    assert list(python_lines("a.pyx", html(7, 2, call), {7: "f"})) == []


def test_a_line_outside_of_loops_may_call_python() -> None:
    assert list(python_lines("a.pyx", html(7, 5, ("py_c_api", "PyObject_Call")), {6: "f"})) == []


def annotate(folder: Path, python: str, *packages: str) -> Annotated:
    sources = Sources(folder=folder, files=tuple(sorted(folder.glob("*.pyx"))))
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


@pytest.mark.parametrize("python", ["no such program", sys.executable])
def test_without_cython_the_file_is_not_seen(
    tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONNOUSERSITE", "1")
    (tmp_path / "cython.py").write_text("raise SystemExit('no Cython here')")
    (tmp_path / "a.pyx").write_text("def f(x):\n    for i in x:\n        g(i)\n")
    found = annotate(tmp_path, python, "cython")
    (unseen,) = found.unseen
    assert (found.lines, unseen.what) == ((), "a.pyx")
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
