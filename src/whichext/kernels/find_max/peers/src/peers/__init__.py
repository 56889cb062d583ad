"""Column maxima of a 2-D NumPy array by the libraries that one would reach for first.

The library of a function is imported on first use of that function, so a missing library affects
only its own functions.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

_HOMES = {
    "bottleneck_nanmax": "_bottleneck",
    "numba_columns": "_numba",
    "numba_row_blocks": "_numba",
    "numba_rows": "_numba",
    "numbagg_nanmax": "_numbagg",
    "polars_max": "_polars",
    "pyarrow_max": "_pyarrow",
    "torch_amax": "_torch",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Callable[[Any], Any]:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    function: Callable[[Any], Any] = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    return function
