"""Which lines the methods of Cython's classes run again and again, where several have one name."""

from __future__ import annotations

import pytest

from whichext.toolchains.cython_loops import Project

TWINS = """
cdef class Fast:
    def push(self, x):
        return self.fold(x)

    cdef fold(self, x):
        return x

cdef class Slow:
    def push(self, x):
        return self.fold(x)

    cdef fold(self, x):
        for v in x:
            s += v
"""

ADDING = """
class Total:
    def __init__(self, n):
        self.n = n

    def add(self, x):
        return x + self.n
"""


def callers(**texts: str) -> dict[int, tuple[str, ...]]:
    """The functions of which one call runs a line of the first file again and again."""
    files = {name.replace("_", "."): text for name, text in texts.items()}
    lines = Project(files).repeated()["a.pyx"]
    return {
        number: tuple(sorted(line.inner | line.outer))
        for number, line in lines.items()
        if not line.is_head
    }


def test_methods_of_one_name_are_those_of_their_classes() -> None:
    assert callers(a_pyx=TWINS) == {15: ("Slow.fold", "Slow.push")}


def test_a_call_of_another_object_may_mean_the_method_of_any_class() -> None:
    text = f"{TWINS}\ndef run(x):\n    x.push(x)\n"
    assert callers(a_pyx=text) == {15: ("Slow.fold", "Slow.push", "run")}


def test_a_class_that_is_exported_under_another_name_has_its_methods_under_both() -> None:
    found = callers(a_pyx=TWINS, b_py="from .a import Slow as Sum\n")
    assert found == {15: ("Slow.fold", "Slow.push", "Sum.fold", "Sum.push")}


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("def add(self, x)", "def add(self, double x)", True),
        ("return x + self.n", "return x - self.n", False),
        ("self.n = n", "self.n = 2 * n", False),
    ],
)
def test_the_code_of_a_method_is_with_what_makes_its_objects(
    before: str, after: str, same: bool
) -> None:
    other = ADDING.replace("Total", "Other").replace(before, after)
    codes = Project({"a.pyx": ADDING + other}).codes()
    assert (codes["Total.add"] == codes["Other.add"]) is same
