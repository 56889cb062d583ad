"""Column maxima of a 2-D NumPy array, compiled with Cython.

``find_max_tiled`` is the one to use. ``find_max`` walks one column after the other,
``find_max_rows`` one row after the other, and ``find_max_prange`` does the walk of ``find_max``
with the columns shared out among OpenMP threads.
"""

from ._columns import find_max
from ._rows import find_max_rows
from ._tiled import find_max_tiled

try:
    from ._prange import find_max_prange
except ModuleNotFoundError as error:
    # Only the module's absence means "built without OpenMP". A module which is
    # there and does not load (libgomp gone, say) is a broken install: let it speak.
    if error.name != f"{__name__}._prange":
        raise
    from ._without_openmp import find_max_prange

__all__ = ["find_max", "find_max_prange", "find_max_rows", "find_max_tiled"]
