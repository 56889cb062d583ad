from typing import TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["find_max", "find_max_tiled"]

_Number = TypeVar("_Number", np.int64, np.float64)

def find_max(
    values: npt.NDArray[_Number],
) -> np.ndarray[tuple[int], np.dtype[_Number]]: ...
def find_max_tiled(
    values: npt.NDArray[_Number],
) -> np.ndarray[tuple[int], np.dtype[_Number]]: ...
