from typing import SupportsIndex, TypeVar

import numpy as np
from numpy.typing import NDArray

_Number = TypeVar("_Number", np.int64, np.float64)
_Ordered = TypeVar("_Ordered", bound=np.generic)

def find_max_tiled(
    values: NDArray[_Ordered],
    axis: SupportsIndex | tuple[SupportsIndex] = 0,
    threads: SupportsIndex | None = None,
    out: NDArray[_Ordered] | None = None,
) -> NDArray[_Ordered]:
    """Largest value of each column, as fast as the memory gives the array: the one to use.

    values: plain 2-D ndarray of bool, integers, float16 to float64, datetime64 or timedelta64,
    any strides. axis: 0 for the maximum of each column, 1 of each row; or a tuple of one.
    threads: the most that may be used, small arrays use fewer; None takes RAYON_NUM_THREADS, or
    without it what the machine offers. out: 1-D array of the same dtype for the result.
    Returns a new array of the same dtype, or out. NaN and NaT win, as in NumPy.
    """

def find_max(values: NDArray[_Number]) -> NDArray[_Number]:
    """Largest value of each column, on the calling thread.

    values: plain 2-D ndarray (n_rows >= 1, n_columns) of int64 or float64, any strides.
    Returns a new array (n_columns,) of the same dtype. A column holding a NaN gives NaN.
    """

def find_max_rows(values: NDArray[_Number]) -> NDArray[_Number]:
    """Largest value of each column, on the calling thread, row after row.

    Argument and result are as for find_max.
    """

def find_max_parallel(
    values: NDArray[_Number], threads: SupportsIndex | None = None
) -> NDArray[_Number]:
    """Largest value of each column, columns in parallel, the output behind one mutex.

    values and the result are as for find_max. threads: None takes RAYON_NUM_THREADS, or
    without it what the machine offers.
    """

def find_max_unsafe(
    values: NDArray[_Number], threads: SupportsIndex | None = None
) -> NDArray[_Number]:
    """Largest value of each column, columns in parallel, unchecked writes through a raw pointer.

    Arguments and result are as for find_max_parallel.
    """

def find_max_disjoint(
    values: NDArray[_Number], threads: SupportsIndex | None = None
) -> NDArray[_Number]:
    """Largest value of each column, columns in parallel, each with its own slot of the output.

    Arguments and result are as for find_max_parallel.
    """
