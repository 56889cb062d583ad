"""Lines of Cython that one call runs again and again, and the functions whose calls do."""

from __future__ import annotations

import pytest

from whichext.toolchains.cython_loops import Project, Repeated


def repeated(**texts: str) -> dict[str, Repeated]:
    """The lines that run again and again, as "file:line"; `a_pyx` is the file a.pyx."""
    files = {name.replace("__", "/").replace("_", "."): text for name, text in texts.items()}
    return {
        f"{file}:{number}": line
        for file, lines in Project(files).repeated().items()
        for number, line in lines.items()
    }


def lines(text: str) -> dict[int, str]:
    """Numbers of the lines of one file, with the name of their function."""
    return {
        number: line.function
        for number, line in Project({"a.pyx": text}).repeated().get("a.pyx", {}).items()
        if not line.is_head
    }


def callers(**texts: str) -> dict[str, tuple[str, ...]]:
    """The functions of which one call runs a line again and again."""
    return {
        place: tuple(sorted(line.inner | line.outer | line.enclosed))
        for place, line in repeated(**texts).items()
        if not line.is_head
    }


def levels(text: str) -> dict[int, str]:
    """Numbers of the lines that one call of `run` repeats, with the kind of their loop."""
    return {
        number: "inner" if "run" in line.inner else "outer"
        for number, line in Project({"a.pyx": text}).repeated().get("a.pyx", {}).items()
        if "run" in line.inner | line.outer and not line.is_head
    }


def test_the_lines_of_a_loop_are_found_with_their_function() -> None:
    text = "def total(values):\n    s = 0\n    for v in values:\n        s += v\n    return s\n"
    assert lines(text) == {4: "total"}


def test_the_condition_of_a_while_runs_again_and_again_too() -> None:
    text = "cdef long f(x):\n    while x.more():\n        x.step()\n"
    assert lines(text) == {2: "f", 3: "f"}


def test_a_loop_in_a_loop_is_a_line_of_it() -> None:
    text = "cpdef f(x):\n    for a in x:\n        for b in a:\n            g(b)\n"
    assert lines(text) == {4: "f"}


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
        "def f(x):\n    for i in x:\n        if i < 0:\n            text = g(i)\n"
        "            raise ValueError(text)\n",
        "def f(x):\n    for i in x:\n        if i < 0: raise ValueError(i)\n",
        "def f(x):\n    for i in x:\n        assert i > 0, name(i)\n",
        "def f(x):\n    for i in x:\n        return g(i)\n",
        "def f(x):\n    for i in x:\n        if i < 0: return i\n",
        "def f(x):\n    for i in x:\n        if i:\n            y = g(i)\n            return y\n"
        "        elif x:\n            y = h(i)\n            break\n",
        "def f(x):\n    for axis in range(2):\n        g(axis)\n",
        "def f(x):\n    for name in (a, b, c):\n        g(name)\n",
        "def f(x):\n    return [g(i) for i in range(4)]\n",
        "def f(x):\n    return tuple(x.shape[i] for i in range(x.ndim))\n",
    ],
)
def test_what_touches_no_python_or_runs_once_is_left_out(text: str) -> None:
    conditions = {n for n, line in enumerate(text.splitlines(), 1) if line.endswith(":")}
    assert lines(text).keys() - conditions == set()


def test_what_handles_an_error_is_left_out() -> None:
    handlers = "except E as e:\n   if i:\n    g(e)\n  except: h(i)\n"
    assert lines(f"def f(x):\n for i in x:\n  try:\n   k(i)\n  {handlers}") == {3: "f", 4: "f"}


@pytest.mark.parametrize(
    "text",
    [
        "import np\n\ndef f(x):\n    for i in x:\n        if np.isnan(i): raise ValueError(i)\n",
        "import np\n\ndef f(x):\n    for i in x:\n        if np.isnan(i): return i\n",
        "import np\n\ndef f(x):\n    for i in x:\n        assert np.isnan(i), i\n",
        "def f(x):\n\n    for i in x:\n        if g(i):\n            return i\n",
    ],
)
def test_the_condition_before_a_way_out_runs_each_time(text: str) -> None:
    assert lines(text) == {text.count("\n", 0, text.index("        ")) + 1: "f"}


def test_a_branch_that_continues_and_then_returns_is_a_line_of_the_loop() -> None:
    branch = "        if i:\n            g(i)\n            if j:\n                continue\n"
    assert 4 in lines(f"def f(x):\n    for i in x:\n{branch}            return i\n")


@pytest.mark.parametrize(
    "statement",
    [
        "return [g(i) for i in x]",
        "s += sum(g(i) for i in x)",
        "s = {i: g(i) for i in x}",
        "return g(i for i, _ in x if i)",
        "with open([g(i) for i in x]):",
    ],
)
def test_a_comprehension_and_a_generator_are_loops(statement: str) -> None:
    after = "\n        pass" if statement.endswith(":") else ""
    (line,) = repeated(a_pyx=f"def f(x):\n    {statement}{after}\n").values()
    assert line.comprehends
    assert line.inner == {"f"}


def test_a_comprehension_over_several_lines_is_all_of_them() -> None:
    text = "def f(x):\n    return [\n        g(i)\n        for i in x\n    ]\n"
    assert lines(text) == dict.fromkeys((2, 3, 4, 5), "f")


def test_the_head_of_a_loop_over_the_items_of_something_is_looked_at() -> None:
    text = "def f(x):\n    for v in x:\n        for w in v:\n            pass\n"
    heads = {place: line for place, line in repeated(a_pyx=text).items() if line.is_head}
    assert [(one.inner, one.outer, one.enclosed) for one in heads.values()] == [
        (set(), {"f"}, set()),
        ({"f"}, set(), {"f"}),
    ]


@pytest.mark.parametrize(
    "items", ["range(n)", "prange(n, nogil=True)", "cython.parallel.prange(n)"]
)
def test_the_head_of_a_loop_over_a_range_is_not(items: str) -> None:
    assert repeated(a_pyx=f"def f(x):\n    for i in {items}:\n        pass\n").keys() <= {"a.pyx:3"}


ROWS = "    for i in range(n):\n        g(i)\n"
COLUMNS = "        for j in range(m):\n            h(j)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"def run(x):\n{ROWS}", {3: "inner"}),
        (f"def run(x):\n{ROWS}{COLUMNS}", {3: "outer", 4: "outer", 5: "inner"}),
        (f"def run(x):\n{ROWS}        y = [h(j) for j in x]\n", {3: "outer", 4: "inner"}),
        (f"def run(x):\n{ROWS}        for j in x: h(j)\n", {3: "outer", 4: "inner"}),
        (
            f"def run(x):\n{ROWS}{COLUMNS}    y = [g(i) for i in x]\n",
            {3: "outer", 4: "outer", 5: "inner", 6: "outer"},
        ),
        (f"def run(x):\n{ROWS}    y = [g(i) for i in x]\n", {3: "inner", 4: "inner"}),
        (f"def run(x):\n{ROWS}{COLUMNS.replace('m', '2')}", dict.fromkeys((3, 4, 5), "inner")),
        (
            f"def run(x):\n{ROWS}        if bad:\n            return [h(j) for j in x]\n",
            dict.fromkeys((3, 4, 5), "inner"),
        ),
        (
            f"def run(x):\n{ROWS}        if bad:\n            raise E([h(j) for j in x])\n",
            {3: "inner", 4: "inner"},
        ),
    ],
)
def test_a_loop_with_another_one_inside_is_an_outer_one(
    text: str, expected: dict[int, str]
) -> None:
    assert levels(text) == expected


LOOPS = "cdef h(x):\n    k(x)\n    for j in range(m):\n        k(j)\n\n"


@pytest.mark.parametrize(
    "body",
    ["        h(i)\n", "        between(i)\n", "        submit(h, i)\n"],
)
def test_a_loop_that_calls_what_loops_is_an_outer_one_too(body: str) -> None:
    between = "cdef between(x):\n    return h(x)\n\n"
    found = levels(f"{LOOPS}{between}def run(x):\n{ROWS}{body}")
    assert found.pop(7) == "outer" if "between" in body else True
    assert found == {2: "outer", 3: "outer", 4: "inner", 11: "outer", 12: "outer"}


def test_a_line_is_an_outer_one_for_those_alone_that_come_to_it_so() -> None:
    helper = "cdef k(x):\n    return g(x)\n\n"
    once = "def once(x):\n    for i in range(n):\n        k(i)\n\n"
    twice = f"def twice(x):\n{ROWS}{COLUMNS}        k(i)\n"
    line = repeated(a_pyx=helper + once + twice)["a.pyx:2"]
    assert (line.inner, line.outer) == ({"once"}, {"twice"})


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
    assert callers(a_pyx=text) == {"a.pyx:4": ("Sum.add", "Sum.update", "run")}


def test_functions_that_call_each_other_end() -> None:
    text = "cdef f(x):\n    return g(x)\n\ncdef g(x):\n    for v in x:\n        f(v)\n"
    assert callers(a_pyx=text) == dict.fromkeys(("a.pyx:2", "a.pyx:6"), ("f", "g"))


def call(opening: str, called: str) -> Repeated:
    """The line of a loop with that call."""
    text = f"{opening}\n\ndef run(values):\n    for v in values:\n        s += {called}\n"
    number = text.count("\n")
    return repeated(a_pyx=text, part_pyx="cpdef size(x):\n    return x\n")[f"a.pyx:{number}"]


@pytest.mark.parametrize(
    ("opening", "called", "own", "module"),
    [
        ("from part import size as s", "s(v)", True, False),
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


def test_what_could_be_cimported_and_is_imported_is_told_from_what_is_declared_def() -> None:
    assert call("from part import size", "size(v)").imports_own
    assert not call("def size(x):\n    return x", "size(v)").imports_own
