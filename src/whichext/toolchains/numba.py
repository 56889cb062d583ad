"""Numba: Python functions that are compiled when they are called, so that a build has no calls.

What `cache=True` keeps is in `__pycache__` beside the installed module, which belongs to one build
and one version of Numba: no other project finds it. Only NUMBA_CACHE_DIR moves it elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from whichext.toolchains.base import Toolchain, Topic


class Numba(Toolchain):
    """Functions under Numba's decorators, in a project that compiles nothing by itself."""

    name = "numba"
    imports = ("numba",)
    compiles_python = True
    # Of a bare @njit, which compiles for the types of a call before anything of it runs. None is a
    # TypeError: not its TypingError either, nor its LoweringError.
    refusals = ("numba.core.errors.NumbaError",)
    words: Mapping[Topic, str] = {
        Topic.FREEING: "nogil=True in Numba",
        Topic.FIRST: "it compiles for the types of a process's first call; with cache=True, a "
        "later process loads what an earlier one compiled, which is all that is timed then",
    }
