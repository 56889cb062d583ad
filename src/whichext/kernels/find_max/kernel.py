"""find_max: the greatest value of every column of a 2-D array.

The kernel of the article that started the project. Its array is `wide`; its transposed test
changes the memory order and the problem at once (100 long columns in place of a million short
ones), so `tall` is there to pull the two apart: the same problem as `transposed`, in C order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from whichext import Case, Kernel, Layout

Array = npt.NDArray[Any]


def reference(values: Array) -> Array:
    """Greatest value of each column; shape (n_rows, n_cols) -> (n_cols,)."""
    maxima: Array = values.max(axis=0)
    return maxima


def inputs(case: Case) -> tuple[Array]:
    """Values below 100,000, drawn with the article's generator and seed."""
    shape = case.shape if case.layout is Layout.C else case.shape[::-1]
    values = np.random.RandomState(42).randint(100_000, size=shape).astype(case.dtype, copy=False)
    return (values if case.layout is Layout.C else values.T,)


def bytes_moved(case: Case) -> int:
    """Every value is read once, and one maximum a column is written."""
    n_rows, n_cols = case.shape
    return (n_rows + 1) * n_cols * np.dtype(case.dtype).itemsize


KERNEL = Kernel(
    question="How fast can the maximum of every column of a 2-D array be found?",
    reference=reference,
    reference_factors={"toolchain": "numpy", "order": "row", "pool": "none", "lock": "none"},
    inputs=inputs,
    bytes_moved=bytes_moved,
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
                name=f"{1_000_000 // n_cols}x{n_cols}{layout}",
                shape=(1_000_000 // n_cols, n_cols),
                dtype="int64",
                layout=layout,
                family="shapes",
                summary="a million values, from one long column to a million short ones",
            )
            for layout in Layout
            for n_cols in (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
        ),
        *(
            Case(
                name=f"wide-{dtype}",
                shape=(100, 1_000_000),
                dtype=dtype,
                family="dtypes",
                summary="the article's array in every dtype that its entries take",
            )
            for dtype in ("int64", "float64")
        ),
    ),
    refused={
        "a list": lambda: ([[1, 2], [3, 4]],),
        "one-dimensional": lambda: (np.arange(3),),
        "three-dimensional": lambda: (np.zeros((2, 3, 4), dtype=np.int64),),
        "zero-dimensional": lambda: (np.array(1),),
        "complex": lambda: (np.zeros((2, 3), dtype=np.complex128),),
        "objects": lambda: (np.array([[1, None]], dtype=object),),
    },
)
