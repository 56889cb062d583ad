from typing import Literal, SupportsIndex, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["find_max", "find_max_prange", "find_max_rows", "find_max_tiled"]

_Number = TypeVar("_Number", np.int64, np.float64)
_Ordered = TypeVar(
    "_Ordered",
    bound=np.bool
    | np.integer
    | np.float16
    | np.float32
    | np.float64
    | np.datetime64
    | np.timedelta64,
)

def find_max(
    values: npt.NDArray[_Number],
) -> np.ndarray[tuple[int], np.dtype[_Number]]: ...
def find_max_rows(
    values: npt.NDArray[_Number],
) -> np.ndarray[tuple[int], np.dtype[_Number]]: ...
def find_max_prange(
    values: npt.NDArray[_Number],
    threads: SupportsIndex | None = None,
    schedule: Literal["static", "dynamic", "guided"] = "static",
) -> np.ndarray[tuple[int], np.dtype[_Number]]: ...
def find_max_tiled(
    values: npt.NDArray[_Ordered],
    axis: SupportsIndex | tuple[SupportsIndex] = 0,
    threads: SupportsIndex | None = None,
    out: npt.NDArray[_Ordered] | None = None,
) -> np.ndarray[tuple[int], np.dtype[_Ordered]]: ...
