"""Column maxima of a 2-D NumPy array, compiled by Numba when they are first called.

``find_max_tiled`` is the one to use; ``find_max`` walks one column after the other. Numba is
imported with the first of them that is looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

__all__ = ["find_max", "find_max_tiled"]


def __getattr__(name: str) -> Callable[[Any], Any]:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    function: Callable[[Any], Any] = getattr(import_module("._maxima", __name__), name)
    return function
