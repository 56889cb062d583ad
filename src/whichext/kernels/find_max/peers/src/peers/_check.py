"""What every function asks of its argument, since a wrong answer is worse than none."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Dtypes = frozenset[np.dtype[Any]]


def dtypes(*names: str) -> Dtypes:
    """These dtypes in native byte order."""
    return frozenset(map(np.dtype, names))


def check(function: str, values: Array, supported: Dtypes, why: str = "") -> None:
    """Refuse all but a plain 2-D array with a value in it, of a dtype that is supported.

    One condition, since it is timed along with the library: 0.1 us.

    Raises:
        TypeError: It is no plain NumPy array, or one of another dtype.
        ValueError: It is not two-dimensional, or empty.

    """
    if (
        type(values) is not np.ndarray
        or values.dtype not in supported
        or values.ndim != 2
        or not values.size
    ):
        raise _refusal(function, values, supported, why)


def _refusal(function: str, values: object, supported: Dtypes, why: str) -> Exception:
    if not isinstance(values, np.ndarray):
        return TypeError(f"{function} expects a NumPy array, got {type(values).__name__}")
    if type(values) is not np.ndarray:
        return TypeError(
            f"{function} expects a plain NumPy array, got the subclass {type(values).__name__}: "
            "pass numpy.asarray(values)"
        )
    if values.ndim != 2:
        return ValueError(
            f"{function} expects a 2-D array, got {values.ndim}-D with shape {values.shape}"
        )
    if values.dtype not in supported:
        names = ", ".join(sorted(map(str, supported)))
        reason = f": {why}" if why else ""
        return TypeError(
            f"{function} supports {names} in native byte order, got {values.dtype}{reason}"
        )
    return ValueError(f"{function} needs at least one value, got shape {values.shape}")
