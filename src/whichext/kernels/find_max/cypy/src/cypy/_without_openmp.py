"""Replaces ``cypy._prange`` when the build found no OpenMP."""


def find_max_prange(values, threads=None, schedule="static"):
    """Raise NotImplementedError: the parallel module was not built."""
    raise NotImplementedError(
        "find_max_prange is not available: cypy was built without OpenMP. Install a "
        "C compiler with OpenMP (gcc, or clang with libomp) and build cypy again "
        "(pip install --force-reinstall --no-cache-dir <folder of cypy>), or call find_max"
    )
