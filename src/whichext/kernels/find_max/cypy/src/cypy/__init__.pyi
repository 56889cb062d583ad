from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["find_max", "find_max_prange"]

_Number = TypeVar("_Number", np.int64, np.float64)

def find_max(
    values: npt.NDArray[_Number],
) -> np.ndarray[tuple[int], np.dtype[_Number]]: ...
def find_max_prange(
    values: npt.NDArray[_Number],
    threads: int | None = None,
    schedule: Literal["static", "dynamic", "guided"] = "static",
) -> np.ndarray[tuple[int], np.dtype[_Number]]: ...
