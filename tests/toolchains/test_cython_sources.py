"""Lines of Cython that one call runs again and again, and the functions whose calls do."""

from __future__ import annotations

import pytest

from whichext.toolchains.cython_sources import Repeated, repeated_lines


def repeated(**texts: str) -> dict[str, Repeated]:
    """The lines that run again and again, as "file:line"; `a_pyx` is the file a.pyx."""
    files = {name.replace("__", "/").replace("_", "."): text for name, text in texts.items()}
    return {
        f"{file}:{number}": line
        for file, lines in repeated_lines(files).items()
        for number, line in lines.items()
    }


def lines(text: str) -> dict[int, str]:
    """Numbers of the lines of one file, with the name of their function."""
    return {
        number: line.function
        for number, line in repeated_lines({"a.pyx": text}).get("a.pyx", {}).items()
    }


def callers(**texts: str) -> dict[str, tuple[str, ...]]:
    """The functions of which one call runs a line again and again."""
    return {place: line.functions for place, line in repeated(**texts).items()}


def test_the_lines_of_a_loop_are_found_with_their_function() -> None:
    text = "def total(values):\n    s = 0\n    for v in values:\n        s += v\n    return s\n"
    assert lines(text) == {4: "total"}


def test_the_condition_of_a_while_runs_again_and_again_too() -> None:
    text = "cdef long f(x):\n    while x.more():\n        x.step()\n"
    assert lines(text) == {2: "f", 3: "f"}


def test_a_loop_in_a_loop_is_a_line_of_it() -> None:
    text = "cpdef f(x):\n    for a in x:\n        for b in a:\n            g(b)\n"
    assert lines(text) == {3: "f", 4: "f"}


def test_a_loop_on_one_line_is_a_loop() -> None:
    assert lines("def f(x):\n    for i in x: g(i)\n    return x\n") == {2: "f"}


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


LOOP = "cdef double total(values):\n    for v in values:\n        s += v\n    return s\n"


@pytest.mark.parametrize("entry", ["def run(x):\n    return total(x)\n", "def run(x): pass\n"])
def test_a_loop_in_a_helper_is_that_of_whoever_calls_it(entry: str) -> None:
    names = ("run", "total") if "total" in entry else ("total",)
    assert callers(a_pyx=LOOP + entry) == {"a.pyx:3": names}


def test_helpers_are_followed_through_helpers() -> None:
    between = "cdef between(x):\n    return total(x)\n\ndef run(x):\n    return between(x)\n"
    assert callers(a_pyx=LOOP + between)["a.pyx:3"] == ("between", "run", "total")


HELPER = "cdef double size(x):\n    return abs(x)\n"
CALLS = "def run(values):\n    for v in values:\n        s += size(v)\n"


def test_what_a_loop_calls_runs_again_and_again_for_whoever_loops() -> None:
    once = "def once(x):\n    return size(x)\n"
    assert callers(a_pyx=HELPER + CALLS + once) == {"a.pyx:2": ("run",), "a.pyx:5": ("run",)}


@pytest.mark.parametrize(
    ("opening", "call"),
    [
        ("from part cimport size", "size(v)"),
        ("from pkg.part import size as s", "s(v)"),
        ("from . import part", "part.size(v)"),
        ("cimport pkg.part as p", "p.size(v)"),
        ("from .part cimport *", "size(v)"),
        ("from .part import (\n    other,\n    size,\n)", "size(v)"),
    ],
)
def test_a_helper_of_another_module_is_found_by_its_name_there(opening: str, call: str) -> None:
    entry = f"{opening}\n\ndef run(values):\n    for v in values:\n        t += {call}\n"
    found = callers(pkg__a_pyx=entry, pkg__part_pyx=HELPER)
    assert found["pkg/part.pyx:2"] == ("run",)


def test_what_an_included_file_or_its_own_declarations_define_needs_no_import() -> None:
    inline = "cdef inline void g(x):\n    h(x)\n"
    text = "def run(x):\n    for v in x:\n        g(v)\n"
    back = "cdef h(x):\n    return x + 1\n"
    for name in ("b_pxi", "a_pxd"):
        assert callers(a_pyx=text + back, **{name: inline})["a.pyx:5"] == ("run",)


def test_a_wrapper_in_python_calls_as_well_and_its_own_loops_are_pythons() -> None:
    wrapper = "from .a import total\n\ndef run(xs):\n    for x in xs:\n        total(x)\n"
    assert callers(pkg__a_pyx=LOOP, pkg__b_py=wrapper) == {"pkg/a.pyx:3": ("run", "total")}


def test_a_function_that_is_exported_under_another_name_has_both() -> None:
    init = "from .a import total as summed\n"
    assert callers(pkg__a_pyx=LOOP, pkg__b_py=init) == {"pkg/a.pyx:3": ("summed", "total")}


def test_functions_of_libraries_are_no_functions_of_the_project() -> None:
    entry = "import numpy as np\n\ndef run(x):\n    return np.total(x)\n"
    assert callers(a_pyx=LOOP + entry) == {"a.pyx:3": ("total",)}


def test_methods_are_found_by_their_names() -> None:
    text = (
        "cdef class Sum:\n    cdef add(self, x):\n        for v in x:\n            s += v\n"
        "    def update(self, x):\n        self.add(x)\n\ndef run(sum, x):\n    sum.add(x)\n"
    )
    assert callers(a_pyx=text) == {"a.pyx:4": ("add", "run", "update")}


def test_functions_that_call_each_other_end() -> None:
    text = "cdef f(x):\n    return g(x)\n\ncdef g(x):\n    for v in x:\n        f(v)\n"
    assert callers(a_pyx=text) == dict.fromkeys(("a.pyx:2", "a.pyx:5", "a.pyx:6"), ("f", "g"))


def call(opening: str, called: str) -> Repeated:
    """The line of a loop with that call."""
    text = f"{opening}\n\ndef run(values):\n    for v in values:\n        s += {called}\n"
    number = text.count("\n")
    return repeated(a_pyx=text, part_pyx="cpdef size(x):\n    return x\n")[f"a.pyx:{number}"]


@pytest.mark.parametrize(
    ("opening", "called", "own", "module"),
    [
        ("import numpy as np\ncimport numpy as np", "np.abs(v)", False, True),
        ("from math import fabs", "fabs(v)", False, True),
        ("from libc.math cimport fabs", "fabs(v)", False, False),
        ("from part import size", "size(v)", True, False),
        ("from part cimport size", "size(v)", False, False),
        ("import part", "part.size(v)", True, False),
        ("def size(x):\n    return x", "size(v)", True, False),
        ("", "abs(v)", False, False),
    ],
)
def test_how_a_line_calls_what_it_calls_is_known(
    opening: str, called: str, own: bool, module: bool
) -> None:
    found = call(opening, called)
    assert (found.calls_own, found.calls_module) == (own, module)


@pytest.mark.parametrize(
    ("header", "asks"),
    [
        ("cdef void step(int x) nogil:", True),
        ("cdef int step(int x) except * nogil:", True),
        ("cdef void step(int x) noexcept nogil:", False),
        ("cdef int step(int x) except -1 nogil:", False),
        ("cdef void *step(int x) nogil:", False),
    ],
)
def test_without_the_gil_only_a_call_that_may_take_it_is_looked_at(header: str, asks: bool) -> None:
    loop = "def run(int n):\n    with nogil:\n        for i in range(n):\n            step(i)\n"
    text = f"{header}\n    other(x)\n\n{loop}"
    found = repeated(a_pyx=text)
    assert list(found) == (["a.pyx:7"] if asks else [])
    assert all(line.free for line in found.values())
