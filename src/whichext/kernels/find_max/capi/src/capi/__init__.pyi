from typing import TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["find_max", "find_max_tiled"]

_Ordered = TypeVar("_Ordered", bound=np.integer | np.float32 | np.float64)

def find_max(values: npt.NDArray[_Ordered], /) -> np.ndarray[tuple[int], np.dtype[_Ordered]]: ...
def find_max_tiled(
    values: npt.NDArray[_Ordered], /
) -> np.ndarray[tuple[int], np.dtype[_Ordered]]: ...
