"""Whether two functions of Cython say the same, but for what keeps Python in their loops."""

from __future__ import annotations

import pytest

from whichext.toolchains.cython_loops import Project

COUNTED = """
def counted(double[::1] values):
    cdef Py_ssize_t i, found = 0
    for i in range(values.shape[0]):
        if fabs(values[i]) > 1.0:
            found += 1
    return found
"""


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("fabs", "np.abs", True),
        ("double[::1] values", "values", True),
        ("cdef Py_ssize_t i, found = 0", "found = 0.0", True),
        ("fabs(values[i])", "fabs(<double>values[i])", True),
        ("fabs", "sqrt", False),
        ("> 1.0", ">= 1.0", False),
        ("found += 1", "found += 2", False),
        ("        if", "        pass\n        if", False),
        ("    return", "        return", False),
    ],
)
def test_two_functions_are_alike_where_they_differ_in_types_and_in_whose_function_is_called(
    before: str, after: str, same: bool
) -> None:
    one, other = (
        Project({"a.pyx": text}).codes()["counted"]
        for text in (COUNTED, COUNTED.replace(before, after))
    )
    assert (one == other) is same


def test_what_a_function_calls_is_a_part_of_its_code_wherever_it_is() -> None:
    helper = "cpdef bint far(double x):\n    return x > 1.0\n"
    entry = COUNTED.replace("fabs(values[i]) > 1.0", "far(values[i])")
    here = Project({"a.pyx": helper + entry}).codes()
    there = Project({"b.pyx": helper, "a.pyx": f"from b import far\n{entry}"}).codes()
    nearer = Project({"a.pyx": helper.replace("1.0", "0.5") + entry}).codes()
    assert here["counted"] == there["counted"] != nearer["counted"]


def test_a_name_that_two_functions_have_has_no_code_and_a_cdef_function_is_no_entry() -> None:
    texts = {"a.pyx": "def f(x): pass\n", "b.pyx": "def f(x): pass\n\ncdef g(x):\n    pass\n"}
    assert Project(texts).codes() == {}
