"""find_max: the greatest value of every column of a 2-D array.

The kernel of the article that started the project. The article's array is `wide`. Its transposed
test changes the memory order and the problem at once: 100 long columns instead of a million short
ones. `tall` separates the two: the same problem as `transposed`, in C order.
"""

from __future__ import annotations

import math
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from whichext import Case, Kernel, Layout

Array = npt.NDArray[Any]

_BELOW = {"bool": 2, "float16": 2048}
"""Dtypes to which 100,000 values are too many: all would be True, and many infinite."""


_DRAWN: WeakValueDictionary[int, Array] = WeakValueDictionary()
"""Values by their number, as long as an input of a case holds them: 100 million take seconds."""


def reference(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    maxima: Array = values.max(axis=0)
    return maxima


def inputs(case: Case) -> tuple[Array]:
    """Values below 100,000, drawn with the article's generator and seed; narrow integers wrap.

    Cases of as many int64 values share their memory: they differ in shape and order alone.
    The variant "nan" has a NaN in the middle of every tenth column.
    """
    shape = case.shape if case.layout is Layout.C else case.shape[::-1]
    drawn = _draw(math.prod(shape)).reshape(shape)
    fitting = drawn % _BELOW[case.dtype] if case.dtype in _BELOW else drawn
    values = fitting.astype(case.dtype, copy=False)
    values = values if case.layout is Layout.C else values.T
    if case.variant == "nan":
        values[len(values) // 2, ::10] = np.nan
    return (values,)


def _draw(count: int) -> Array:
    """The values that any case with so many of them has, in the order of its memory."""
    drawn = _DRAWN.get(count)
    if drawn is None:
        drawn = _DRAWN[count] = np.random.RandomState(42).randint(100_000, size=count)
    return drawn


def bytes_moved(case: Case) -> int:
    """Every value is read once, and one maximum a column is written."""
    n_rows, n_cols = case.shape
    return int((n_rows + 1) * n_cols * np.dtype(case.dtype).itemsize)


KERNEL = Kernel(
    question="How fast can the maximum of every column of a 2-D array be found?",
    reference=reference,
    reference_name="numpy",
    reference_factors={"toolchain": "numpy", "order": "row", "pool": "none", "lock": "none"},
    inputs=inputs,
    bytes_moved=bytes_moved,
    origin="cypy.find_max@debug",
    dtypes=("int64", "float64"),
    cases=(
        Case(
            name="wide",
            shape=(100, 1_000_000),
            dtype="int64",
            summary="the article's array: a million columns of 100 values, row after row",
        ),
        Case(
            name="transposed",
            shape=(1_000_000, 100),
            dtype="int64",
            layout=Layout.F,
            summary="its .T view: 100 columns of a million values, each contiguous",
        ),
        Case(
            name="tall",
            shape=(1_000_000, 100),
            dtype="int64",
            summary="the same 100 long columns in C order: neighbours in memory are other columns",
        ),
        *(
            Case(
                name=f"100x{n_cols}",
                shape=(100, n_cols),
                dtype="int64",
                family="sweep",
                summary="100 rows in C order, ever more columns: from one cache line to the memory",
            )
            for n_cols in (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
        ),
        *(
            Case(
                name=f"{10_000_000 // n_cols}x{n_cols}{layout}",
                shape=(10_000_000 // n_cols, n_cols),
                dtype="int64",
                layout=layout,
                family="shapes",
                summary="ten million values, from one long column to ten million of one value",
            )
            for layout in Layout
            for n_cols in (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
        ),
        *(
            Case(
                name="-".join(filter(None, (name, dtype, variant))),
                shape=shape,
                dtype=dtype,
                layout=layout,
                family="dtypes",
                variant=variant,
                summary=f"{what} as {dtype}" + ", a NaN in every tenth column" * bool(variant),
            )
            for name, shape, layout, what in (
                ("wide", (100, 1_000_000), Layout.C, "the article's array"),
                ("transposed", (1_000_000, 100), Layout.F, "its .T view"),
            )
            for dtype, variant in (
                *((dtype, None) for dtype in ("int8", "int32", "int64", "float32", "float64")),
                ("float64", "nan"),
            )
        ),
        *(
            Case(
                name=f"small-{n_rows}x{n_cols}",
                shape=(n_rows, n_cols),
                dtype="int64",
                family="small",
                summary="what a call costs before there is anything to read",
            )
            for n_rows, n_cols in ((1, 1), (10, 10), (100, 100), (1_000, 100))
        ),
    ),
    refused={
        "a list": lambda: ([[1, 2], [3, 4]],),
        "a masked array": lambda: (np.ma.masked_array([[1, 2], [3, 4]], mask=False),),
        "one-dimensional": lambda: (np.arange(3),),
        "three-dimensional": lambda: (np.zeros((2, 3, 4), dtype=np.int64),),
        "zero-dimensional": lambda: (np.array(1),),
        "complex": lambda: (np.zeros((2, 3), dtype=np.complex128),),
        "objects": lambda: (np.array([[1, None]], dtype=object),),
    },
)
