"""Largest value of each column of a 2-D NumPy array, serial and parallel kernels in Rust.

`rustpy.blocks` has find_max for arrays that are larger than the memory.
"""

from .rustpy import (
    find_max,
    find_max_disjoint,
    find_max_parallel,
    find_max_rows,
    find_max_tiled,
    find_max_unsafe,
)

__all__ = [
    "find_max",
    "find_max_disjoint",
    "find_max_parallel",
    "find_max_rows",
    "find_max_tiled",
    "find_max_unsafe",
]
