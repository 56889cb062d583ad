"""Typed arrays of Cython's sources: their dimensions, and what of them is a number."""

from __future__ import annotations

import pytest

from whichext.toolchains.cython_arrays import dimensions, enclosed, with_numbers
from whichext.toolchains.cython_loops import Project


@pytest.mark.parametrize(
    ("code", "arrays"),
    [
        ("def f(const double[:] a, double[:, ::1] b not None, c):", {"a": 1, "b": 2}),
        ("cdef double[:, :] f(real[::1] a, int n) noexcept nogil:", {"a": 1}),
        ("def f(np.ndarray[np.double_t, ndim=2, mode=_] a):", {"a": 2}),
        ("def f(ndarray[double] a, list[int] b, c=g(1, 2)):", {"a": 1}),
        ("cdef double[:] a, b = g(x, y), c", {"a": 1, "b": 1, "c": 1}),
        ("const double[:, :, ::1] a", {"a": 3}),
        ("cdef cnp.ndarray[cnp.float64_t, ndim = 2] a = np.zeros((3, 3))", {"a": 2}),
        ("cdef object[:] a", {}),
        ("cdef vector[double] a", {}),
        ("cdef double a = b[:]", {}),
        ("a[:] = b", {}),
        ("return a[i]", {}),
    ],
)
def test_arrays_are_known_with_the_number_of_their_dimensions(
    code: str, arrays: dict[str, int]
) -> None:
    assert dict(dimensions(code)) == arrays


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("v[i]", "0"),
        ("v[w[i] + 1] - v[(i, j)[0]]", "0 - 0"),
        ("m[i, j] + m[i][j]", "0 + 0"),
        ("m[i]", "m[i]"),
        ("m[i, :] + m[:, j] + m[...] + v[None]", "m[i, :] + m[:, j] + m[...] + v[None]"),
        ("other[i] + self.v[i]", "other[i] + self.v[i]"),
        ("f(v[i], x)", "f(0, x)"),
    ],
)
def test_an_element_is_a_number_and_a_part_of_an_array_is_none(code: str, plain: str) -> None:
    assert with_numbers(code, {"v": 1, "w": 1, "m": 2}) == plain


def test_what_is_in_brackets_is_parted_at_its_own_commas() -> None:
    assert enclosed("f(a, g(b, c)[0, 1], d) + 1", 2) == (["a", "g(b, c)[0, 1]", "d"], 22)
    assert enclosed("f(a, b", 2) == (["a", "b"], 6)


@pytest.mark.parametrize(
    ("declared", "called", "handed"),
    [
        ("double[:] v", "max(s, np.abs(v[i]))", ("0",)),
        ("double[:, ::1] v", "np.abs(v[i])", ("v[i]",)),
        ("double[:, ::1] v", "np.hypot(v[i, j], s)", ("0", "s")),
        ("np.ndarray[double, ndim=2] v", "np.abs(v[i]) + fabs(v[i, 0])", ("v[i]",)),
        ("v", "np.abs(v[i])", ("v[i]",)),
    ],
)
@pytest.mark.parametrize("local", [False, True])
def test_elements_of_typed_arrays_are_told_from_their_rows_where_a_module_gets_them(
    declared: str, called: str, handed: tuple[str, ...], local: bool
) -> None:
    opening = f"def run():\n    cdef {declared}\n" if local else f"def run({declared}):\n"
    text = f"import numpy as np\n\n{opening}    for i in range(n):\n        s = {called}\n"
    (found,) = Project({"a.pyx": text}).repeated().values()
    assert [line.handed for line in found.values()] == [handed]
