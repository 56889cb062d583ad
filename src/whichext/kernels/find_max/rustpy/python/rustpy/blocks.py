"""find_max of arrays in blocks, which may be larger than the memory: Dask, np.memmap and Zarr.

    block -> its maxima -\
    block -> its maxima --> maxima of a few of them -\
    ...                                               --> the maxima

The maximum of maxima is the maximum, so one function does every step. Dask is imported when a
function needs it; importing this module needs NumPy alone.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Sequence
from functools import partial, reduce
from pathlib import Path
from typing import Any

import numpy as np

from .rustpy import find_max_tiled

__all__ = [
    "compute_max",
    "compute_max_crowded",
    "compute_max_in_turn",
    "find_max_blocks",
    "in_blocks",
]

_MOST_BLOCKS, _TASKS_OF_A_CPU = 4, 4
"""Blocks of a file that one task reduces, one after the other, and tasks that leave all processors
something to do."""

_FEWEST_TOGETHER, _MOST_TOGETHER, _TOGETHER_BYTES = 4, 64, 1 << 24
"""How many maxima of blocks one task reduces: each task costs Dask about a millisecond, and all of
its arguments are in memory at once."""

_AXES = (-2, -1, 0, 1)

_TAKEN = frozenset("?bhilqBHILQefdMm")
"""Codes of the dtypes that the kernel takes. NumPy finds the maxima of all others."""


def find_max_blocks(array: Any, axis: int = 0, threads: int = 1) -> Any:
    """Largest values along an axis, as a Dask array that is not computed yet.

    It is what `dask.array.max(array, axis)` would be. NaN and NaT win, as in NumPy.

    Args:
        array: A 2-D Dask array in any chunks, an np.memmap or a Zarr array.
        axis: 0 for the maximum of each column, 1 of each row.
        threads: Threads that the kernel may use in each block. Dask computes as many blocks at a
            time as it has threads, so that more than one here is rarely of use.

    Raises:
        TypeError: It is none of these, or a Dask array of masked or other special blocks.
        ValueError: It has not two dimensions, or not this axis.

    """
    import dask.array

    if isinstance(array, np.memmap) and array.ndim == 2 and array.size and axis in _AXES:
        blocks = _reduced(array, axis % 2, threads)
    else:
        blocks = in_blocks(array)
    if type(blocks._meta) not in (np.ndarray, np.memmap):
        kind = type(blocks._meta).__name__
        raise TypeError(f"find_max_blocks expects blocks that are plain NumPy arrays, got {kind}")
    if blocks.ndim != 2:
        shape = blocks.shape
        raise ValueError(
            f"find_max_blocks expects a 2-D array, got {blocks.ndim}-D with shape {shape}"
        )
    if axis not in _AXES:
        raise ValueError(f"find_max_blocks expects one axis of two, 0 or 1, got {axis!r}")
    find = partial(_find_max, threads=threads)
    maxima_bytes = max(1, blocks.dtype.itemsize * blocks.chunksize[1 - axis % 2])
    together = min(_MOST_TOGETHER, _TOGETHER_BYTES // maxima_bytes)
    return dask.array.reduction(
        blocks,
        chunk=find,
        combine=find,
        aggregate=find,
        axis=axis,
        dtype=blocks.dtype,
        meta=np.empty(0, blocks.dtype),
        name="find_max",
        split_every=max(_FEWEST_TOGETHER, together),
    )


def _find_max(block: Any, axis: tuple[int], keepdims: bool, threads: int) -> Any:
    """Maxima of a block, or of maxima; where there is nothing to reduce yet, nothing."""
    if type(block) not in (np.ndarray, np.memmap):
        kind = type(block).__name__
        raise TypeError(f"find_max_blocks expects blocks that are plain NumPy arrays, got {kind}")
    (along,) = axis
    if keepdims and not block.shape[along]:
        return block
    # A view: the kernel takes no subclass.
    values = block.view(np.ndarray)
    if not values.dtype.isnative:
        values = values.astype(values.dtype.newbyteorder("="))
    if values.dtype.char in _TAKEN:
        maxima = find_max_tiled(values, along, threads)
    else:
        maxima = np.max(values, axis=along)
    return np.expand_dims(maxima, along) if keepdims else maxima


def in_blocks(array: Any) -> Any:
    """A Dask array over what is in a file, read or mapped a block at a time; Dask's own as it is.

    Blocks of an np.memmap are mapped when they are needed, and given back with the last reference.
    So what a process holds of the file are the blocks that it works on, and a worker can be sent
    the array, since that is the path of the file. The file must stay as it is until then. An
    np.memmap of the mode "c", whose changes are in no file, is cut into views.

    Raises:
        TypeError: It is neither a Dask array nor an np.memmap or a Zarr array.

    """
    import dask.array

    if isinstance(array, dask.array.Array):
        return array
    if isinstance(array, np.memmap):
        return _mapped(array)
    if type(array).__module__.partition(".")[0] == "zarr":
        return dask.array.from_array(array, chunks="auto")
    kind = type(array).__name__
    raise TypeError(f"expected a Dask array, an np.memmap or a Zarr array, got {kind}")


def _mapped(array: np.memmap[Any, Any]) -> Any:
    import dask.array

    chunks = _chunks(array)
    start = _start_in_file(array)
    if start is None:
        # Dask would read all of it for a name that depends on the values.
        return dask.array.from_array(array.view(np.ndarray), chunks=chunks, name=False)
    return dask.array.map_blocks(
        _map_block,
        chunks=chunks,
        dtype=array.dtype,
        meta=np.empty((0,) * array.ndim, array.dtype),
        path=str(array.filename),
        element=array.dtype,
        start=start,
        strides=array.strides,
    )


def _chunks(array: np.memmap[Any, Any]) -> Any:
    """Blocks that are whole lines of what lies together, so that each is one piece of the file."""
    import dask.array

    lengths = [abs(stride) for stride in array.strides]
    whole = lengths.index(min(lengths)) if lengths else None
    wished = tuple(-1 if n == whole and array.ndim > 1 else "auto" for n in range(array.ndim))
    return dask.array.core.normalize_chunks(wished, array.shape, dtype=array.dtype)


def _reduced(array: np.memmap[Any, Any], axis: int, threads: int) -> Any:
    """Maxima of some blocks of a file each, (n_tasks, n_columns) or (n_rows, n_tasks).

    A task maps its blocks one after the other. So it holds no more of the file than one of them,
    and Dask has fewer tasks, each of which costs it milliseconds.
    """
    import dask.array

    start = _start_in_file(array)
    if start is None:
        return in_blocks(array)
    chunks = _chunks(array)
    cut = max((0, 1), key=lambda one: len(chunks[one]))
    few = len(chunks[cut]) // (_TASKS_OF_A_CPU * (os.cpu_count() or 1))
    each = max(1, min(_MOST_BLOCKS, few))
    tasks = [chunks[cut][first : first + each] for first in range(0, len(chunks[cut]), each)]
    if axis == cut:
        made = {cut: (1,) * len(tasks), 1 - cut: chunks[1 - cut]}
    else:
        made = {cut: tuple(map(sum, tasks)), axis: (1,) * len(chunks[axis])}
    return dask.array.map_blocks(
        _max_of_some,
        chunks=(made[0], made[1]),
        dtype=array.dtype,
        meta=np.empty((0, 0), array.dtype),
        tasks=tasks,
        cut=cut,
        axis=axis,
        threads=threads,
        length=array.shape[1 - cut],
        path=str(array.filename),
        element=array.dtype,
        start=start,
        strides=array.strides,
    )


def _max_of_some(
    tasks: list[tuple[int, ...]],
    cut: int,
    axis: int,
    threads: int,
    length: int,
    block_info: Any = None,
    **file: Any,
) -> Any:
    """The maxima of the blocks of one task, with both axes."""
    number = block_info[None]["chunk-location"][cut]
    begin = sum(map(sum, tasks[:number]))
    found = []
    for lines in tasks[number]:
        location = {cut: (begin, begin + lines), 1 - cut: (0, length)}
        block = _map_piece([location[0], location[1]], **file)
        found.append(_find_max(block, (axis,), keepdims=True, threads=threads))
        begin += lines
    return reduce(np.maximum, found) if axis == cut else np.concatenate(found, cut)


def _start_in_file(array: np.memmap[Any, Any]) -> int | None:
    """Where the first element is in the file, bytes; None where a file does not have the values."""
    memory: Any = array
    while isinstance(memory, np.ndarray):
        memory = memory.base
    if array.mode == "c" or array.filename is None or not isinstance(memory, mmap.mmap):
        return None
    # Views have the offset of the array that they are of.
    mapped_from = array.offset - array.offset % mmap.ALLOCATIONGRANULARITY
    address = np.frombuffer(memory, np.uint8).__array_interface__["data"][0]
    return int(mapped_from + array.__array_interface__["data"][0] - address)


def _map_block(block_info: Any = None, **file: Any) -> Any:
    """A block of an array in a file."""
    return _map_piece(block_info[None]["array-location"], **file)


def _map_piece(
    location: Sequence[tuple[int, int]],
    path: str,
    element: np.dtype[Any],
    start: int,
    strides: tuple[int, ...],
) -> Any:
    """What of an array in a file is between two indices of each axis."""
    shape = tuple(end - begin for begin, end in location)
    if 0 in shape:
        return np.empty(shape, element)
    first = start + sum(
        begin * stride for (begin, _), stride in zip(location, strides, strict=True)
    )
    spans = [(length - 1) * stride for length, stride in zip(shape, strides, strict=True)]
    low = first + sum(min(span, 0) for span in spans)
    end = first + sum(max(span, 0) for span in spans) + element.itemsize
    mapped_from = low - low % mmap.ALLOCATIONGRANULARITY
    with Path(path).open("rb") as file:
        memory = mmap.mmap(
            file.fileno(), end - mapped_from, access=mmap.ACCESS_READ, offset=mapped_from
        )
    return np.ndarray(shape, element, memory, first - mapped_from, strides)


# What races: the same maxima, with the threads in different places


def compute_max(array: Any, workers: int | None = None) -> Any:
    """The computed maxima of columns: `workers` blocks at a time, one thread in each."""
    return find_max_blocks(array).compute(scheduler="threads", num_workers=workers)


def compute_max_in_turn(array: Any, threads: int | None = None) -> Any:
    """The same one block after the other, `threads` threads in each."""
    return find_max_blocks(array, threads=threads).compute(scheduler="synchronous")


def compute_max_crowded(array: Any, threads: int) -> Any:
    """The same with `threads` blocks at a time and `threads` threads in each: too many."""
    found = find_max_blocks(array, threads=threads)
    return found.compute(scheduler="threads", num_workers=threads)
