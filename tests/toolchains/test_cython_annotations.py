"""What is read from an annotation of Cython: the calls of a line, and why it makes them."""

from __future__ import annotations

from typing import Any

import pytest

from whichext.model.evidence import PythonCause, PythonLine
from whichext.toolchains.cython_annotations import python_lines
from whichext.toolchains.cython_loops import Project, Repeated

TEXT = "\n" * 6 + "    x\n"


def html(number: int, score: int, *spans: tuple[str, str]) -> str:
    calls = "".join(f"<span class='{kind}'>{name}</span>(x);" for kind, name in spans)
    return page(number, calls, score)


def page(number: int, code: str, score: int = 7) -> str:
    """The annotation of a line with that C code."""
    return (
        f'<pre class="cython line score-{score}" onclick="f()">+<span class="">{number:02}</span>:'
        f" x</pre>\n<pre class='cython code score-{score} '>{code}</pre>"
    )


def repeated(**more: Any) -> Repeated:
    """What is known of the line: it is repeated by two, unless something else is said."""
    return Repeated("f", **{"inner": {"f", "run"}, **more})


def found(annotation: str, line: Repeated | None = None) -> list[PythonLine]:
    """What is found where line 7 runs again and again."""
    return list(python_lines("a.pyx", TEXT, annotation, {7: line or repeated()}))


def test_lines_that_call_python_again_and_again_are_kept_with_what_they_call() -> None:
    annotation = html(6, 0, ("py_c_api", "PyNumber_Add")) + html(
        7, 7, ("py_c_api", "PyNumber_Add"), ("pyx_c_api", "__Pyx_Get")
    )
    (line,) = found(annotation)
    assert (str(line), line.function, line.text) == ("a.pyx:7", "f", "x")
    assert line.calls == ("PyNumber_Add", "__Pyx_Get")
    assert line.functions == ("f", "run")


@pytest.mark.parametrize(
    "call",
    [
        ("pyx_c_api", "__Pyx_RaiseBufferIndexError"),
        ("py_c_api", "PyErr_SetString"),
        ("pyx_c_api", "__Pyx_ExceptionReset"),
        ("py_c_api", "PyGILState_Ensure"),
        ("refnanny", "__Pyx_GOTREF"),
        ("pyx_macro_api", "__Pyx_DECREF"),
    ],
)
def test_what_is_called_when_something_goes_wrong_is_no_call(call: tuple[str, str]) -> None:
    assert found(html(7, 2, call)) == []


def test_a_line_that_runs_once_may_call_python() -> None:
    assert found(html(6, 5, ("py_c_api", "PyObject_Call"))) == []


@pytest.mark.parametrize(
    ("line", "call", "cause"),
    [
        (repeated(calls_own=True, calls_module=True), "PyObject_Call", PythonCause.OWN_FUNCTION),
        (repeated(calls_module=True), "__Pyx_PyObject_GetAttrStr", PythonCause.MODULE),
        (repeated(), "__Pyx_GetItemInt", PythonCause.INDEX),
        (repeated(), "PyObject_SetItem", PythonCause.INDEX),
        (repeated(), "__Pyx_PyObject_GetAttrStr", PythonCause.ATTRIBUTE),
        (repeated(), "__Pyx_GetModuleGlobalName", PythonCause.ATTRIBUTE),
        (repeated(), "PyObject_RichCompare", PythonCause.TYPE),
        (repeated(calls_own=True, imports_own=True), "PyObject_Call", PythonCause.IMPORTED),
        (repeated(calls_module=True), "__Pyx_GetItemInt", PythonCause.ARRAY),
        (repeated(), "__Pyx_PyList_Append", PythonCause.APPEND),
        (repeated(comprehends=True), "__Pyx_ListComp_Append", PythonCause.COMPREHENSION),
        (repeated(is_head=True), "PyObject_GetIter", PythonCause.ITERATION),
    ],
)
def test_why_a_line_calls_python_is_told_from_what_it_says_and_calls(
    line: Repeated, call: str, cause: PythonCause
) -> None:
    assert [one.cause for one in found(html(7, 5, ("py_c_api", call)), line)] == [cause]


@pytest.mark.parametrize(
    ("call", "causes"),
    [("PyFloat_FromDouble", []), ("__Pyx_GetItemInt", [PythonCause.INDEX])],
)
def test_what_a_function_of_python_makes_of_its_values_is_not_said_apart_from_its_call(
    call: str, causes: list[PythonCause]
) -> None:
    line = repeated(once_a_call=True)
    assert [one.cause for one in found(html(7, 5, ("py_c_api", call)), line)] == causes


@pytest.mark.parametrize(("kind", "once"), [("def", True), ("cdef", False)])
def test_lines_of_a_function_of_python_that_a_loop_calls_run_once_in_each_call(
    kind: str, once: bool
) -> None:
    text = f"{kind} size(x):\n    return x\n\ndef run(x):\n    for v in x:\n        s = size(v)\n"
    lines = Project({"a.pyx": text}).repeated()["a.pyx"]
    assert (lines[2].once_a_call, lines[6].once_a_call) == (once, False)


CHECK = "<span class='pyx_c_api'>__Pyx_ErrOccurredWithGIL</span>()"


@pytest.mark.parametrize(
    ("code", "asks"),
    [
        (f"f(i); if (unlikely({CHECK})) goto error;", True),
        (
            "f(i);<span class='error_goto'> if (unlikely(__Pyx_ErrOccurredWithGIL())) "
            "__PYX_ERR(0, 7, error)</span>",
            True,
        ),
        (f"x = f(i); if (unlikely(x == -1 &amp;&amp; {CHECK})) goto error;", False),
        ("f(i);", False),
    ],
)
def test_without_the_gil_a_line_counts_that_takes_it_after_each_call(code: str, asks: bool) -> None:
    causes = [one.cause for one in found(page(7, code), repeated(free=True))]
    assert causes == ([PythonCause.ERROR_CHECK] if asks else [])


@pytest.mark.parametrize(
    ("call", "line"),
    [
        ("__Pyx_MemoryView_Len", repeated()),
        ("__Pyx_SoftComplexToDouble", repeated()),
        ("__Pyx_Generator_New", repeated(comprehends=True)),
        ("PyList_New", repeated(comprehends=True)),
        ("PyObject_Length", repeated(is_head=True)),
    ],
)
def test_what_is_called_once_or_about_no_object_is_no_call(call: str, line: Repeated) -> None:
    assert found(html(7, 5, ("pyx_c_api", call)), line) == []


@pytest.mark.parametrize(
    ("line", "outer"),
    [
        (repeated(outer={"g"}), ("g",)),
        (repeated(outer={"f"}), ()),
        (repeated(is_head=True, outer={"g"}, enclosed={"h"}), ("h",)),
    ],
)
def test_a_line_is_of_an_outer_loop_for_those_with_nothing_but_that(
    line: Repeated, outer: tuple[str, ...]
) -> None:
    (one,) = found(html(7, 5, ("py_c_api", "PyObject_Length")), line)
    assert one.outer == outer


def test_the_items_of_a_head_are_those_of_its_own_loop() -> None:
    head = repeated(is_head=True, inner={"g"}, enclosed={"h"})
    calls = html(7, 5, ("py_c_api", "PyObject_GetIter"), ("py_c_api", "PyObject_Length"))
    (one,) = found(calls, head)
    assert (one.calls, one.functions, one.outer) == (("PyObject_GetIter",), ("g",), ())


MADE = "<span class='py_c_api'>PyFloat_FromDouble</span>({});"


NUMBER = MADE.format("*((double *) x)")
SET_ITEM = "<span class='py_c_api'>PyObject_SetItem</span>(x);"


@pytest.mark.parametrize(
    ("handed", "code", "cause"),
    [
        (("v",), MADE.format("__pyx_v_v"), PythonCause.MODULE),
        (("v",), MADE.format("__pyx_v_s"), PythonCause.ARRAY),
        (("m[i, j]",), NUMBER, PythonCause.MODULE),
        (("m[i]",), "__pyx_memoryview_fromslice(x);", PythonCause.ARRAY),
        (("0",), NUMBER, PythonCause.MODULE),
        (("0 - 0", "2"), NUMBER + SET_ITEM, PythonCause.MODULE),
        (("0", "v"), NUMBER, PythonCause.ARRAY),
        (("m[i]",), SET_ITEM, PythonCause.ARRAY),
    ],
)
def test_a_function_on_a_number_is_told_from_one_on_an_array(
    handed: tuple[str, ...], code: str, cause: PythonCause
) -> None:
    call = "<span class='pyx_c_api'>__Pyx_PyObject_FastCall</span>(x);"
    line = repeated(calls_module=True, handed=handed)
    assert [one.cause for one in found(page(7, code + call), line)] == [cause]
