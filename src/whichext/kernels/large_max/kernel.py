"""large_max: the greatest value of every column of an array that may be larger than the memory.

The argument is a Dask array: over a file that is mapped block by block, over arrays in memory, or
over a Zarr array. All contestants get their blocks from it in the same way. The file is made when a
case is prepared, and the system removes it with the last process that uses it.
"""

from __future__ import annotations

import functools
import mmap
import tempfile
import weakref
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from whichext import Case, Kernel, strategies
from whichext.model.errors import KernelError

Array = npt.NDArray[Any]

_PIECE_BYTES = 1 << 24


class MappedFile:
    """A file without a name, and a function that maps blocks of it, which Dask calls."""

    def __init__(self, case: Case) -> None:
        self.columns, self.dtype = case.columns, np.dtype(case.dtype)
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # as long as its case
        weakref.finalize(self, self.file.close)  # it is open as long as the array is there
        rows = max(1, _PIECE_BYTES // (case.columns * self.dtype.itemsize))
        for first in range(0, case.rows, rows):
            self.file.write(_draw(case, first, min(first + rows, case.rows)).tobytes())
        self.file.flush()

    def __dask_tokenize__(self) -> tuple[str, int]:
        return "MappedFile", self.file.fileno()

    def __call__(self, block_info: Any = None) -> Array:
        """A block of the array, mapped as long as it is referred to."""
        (top, bottom), (left, right) = block_info[None]["array-location"]
        item = self.dtype.itemsize
        line = self.columns * item
        first, end = top * line + left * item, (bottom - 1) * line + right * item
        begin = first - first % mmap.ALLOCATIONGRANULARITY
        memory = mmap.mmap(self.file.fileno(), end - begin, access=mmap.ACCESS_READ, offset=begin)
        shape = (bottom - top, right - left)
        return np.ndarray(shape, self.dtype, memory, first - begin, (line, item))


def reference(values: Any) -> Array:
    """Greatest value of each column: one block after the other, the greater of it and the last."""
    columns: list[Array] = []
    for column in range(values.numblocks[1]):
        blocks = (values.blocks[row, column] for row in range(values.numblocks[0]))
        each = (block.compute(scheduler="synchronous").max(axis=0) for block in blocks)
        columns.append(functools.reduce(np.maximum, each))
    return np.concatenate(columns)


def inputs(case: Case) -> tuple[Any]:
    """Values below 100,000, drawn piece by piece; the variant "nan" has a NaN in some columns."""
    try:
        import dask.array
        import zarr
    except ImportError as error:
        problem = f"the kernel large_max needs Dask and Zarr: {error}"
        raise KernelError(problem, "pip install 'whichext[large]'") from error
    if case.source == "memory":
        values = _draw(case, 0, case.rows)
        return (dask.array.from_array(values, chunks=case.chunks, name=False),)
    if case.source == "zarr":
        store = zarr.storage.MemoryStore()
        shape = (case.rows, case.columns)
        stored = zarr.create_array(store, shape=shape, chunks=case.chunks, dtype=case.dtype)
        stored[:] = _draw(case, 0, case.rows)
        return (dask.array.from_array(stored, chunks="auto", name=False),)
    shape = (case.rows, case.columns)
    chunks = dask.array.core.normalize_chunks(case.chunks, shape, dtype=case.dtype)
    mapped = dask.array.map_blocks(
        MappedFile(case), chunks=chunks, dtype=case.dtype, meta=np.empty((0, 0), case.dtype)
    )
    return (mapped,)


def _draw(case: Case, first: int, end: int) -> Array:
    """Some rows of a case."""
    shape = (end - first, case.columns)
    drawn = np.random.default_rng(first).integers(0, 100_000, size=shape).astype(case.dtype)
    if case.variant == "nan":
        drawn[len(drawn) // 2, ::10] = np.nan
    return drawn


def operations(case: Case) -> int:
    """Every value is compared once."""
    return int(case.rows * case.columns)


def _blocked(values: Array, rows: int, columns: int) -> Any:
    import dask.array

    return dask.array.from_array(values, chunks=(rows, columns), name=False)


def _case(name: str, rows: int, columns: int, chunks: tuple[int | str, ...], **params: Any) -> Case:
    told = {"dtype": "int64", "source": "file", **params}
    return Case(name, rows=rows, columns=columns, chunks=chunks, **told)


_GIB = 2**27
"""Values of eight bytes in a GiB."""

KERNEL = Kernel(
    question="How fast can the maximum of every column of an array in blocks be found?",
    reference=reference,
    reference_name="in_turn",
    reference_factors={"toolchain": "numpy", "dask_threads": "1", "kernel_threads": "1"},
    inputs=inputs,
    arguments={
        "values": strategies.builds(
            _blocked,
            strategies.array(
                dtypes=(
                    "int64",
                    "float64",
                    "bool",
                    "int8",
                    "uint8",
                    "int16",
                    "uint16",
                    "int32",
                    "uint32",
                    "uint64",
                    "float16",
                    "float32",
                    "datetime64[ns]",
                    "timedelta64[ns]",
                ),
                shape=(strategies.length(1), strategies.length(1)),
            ),
            strategies.integers(1, 9),
            strategies.integers(1, 9),
        )
    },
    operations=operations,
    cases=(
        _case(
            "mapped", 2**17, 128, (2**14, 128), summary="128 MiB in a file, mapped block by block"
        ),
        _case(
            "memory", 2**17, 128, (2**14, 128), source="memory", summary="the same values in memory"
        ),
        _case(
            "zarr",
            2**17,
            128,
            (2**14, 128),
            source="zarr",
            summary="the same values, compressed, in a Zarr array in memory",
        ),
        *(
            _case(name, 4 * _GIB // columns, columns, ("auto", -1), family="large", summary=summary)
            for name, columns, summary in (
                ("large-tall", 128, "4 GiB in a file: long columns, in blocks of whole rows"),
                ("large-square", 2**14, "the same, longer rows"),
                ("large-wide", 2**20, "the same, a million short columns"),
            )
        ),
        *(
            _case(name, rows, columns, chunks, family="others", **params)
            for name, rows, columns, chunks, params in (
                ("wide", 128, 2**17, (128, 2**13), {}),
                ("both-cut", 2**12, 2**12, (2**10, 2**9), {}),
                ("small-blocks", 2**17, 128, (2**11, 128), {}),
                ("small-blocks-in-memory", 2**17, 128, (2**11, 128), {"source": "memory"}),
                ("wide-in-memory", 128, 2**17, (128, 2**13), {"source": "memory"}),
                ("wide-zarr", 128, 2**17, (128, 2**13), {"source": "zarr"}),
                *(
                    (dtype, 2**17, 128, (2**14, 128), {"dtype": dtype})
                    for dtype in (
                        "int8",
                        "uint16",
                        "int32",
                        "float32",
                        "float64",
                        "bool",
                        "datetime64[ns]",
                    )
                ),
                ("nan", 2**17, 128, (2**14, 128), {"dtype": "float64", "variant": "nan"}),
            )
        ),
    ),
)
