"""Column maxima of a 2-D NumPy array, in C++.

``find_max_tiled`` is the one to use; ``find_max`` walks one column after the other.
"""

from ._pybindpy import find_max, find_max_tiled

__all__ = ["find_max", "find_max_tiled"]
