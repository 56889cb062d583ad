"""Thread counts that libraries read from the environment when they are loaded."""

from __future__ import annotations

import os

VARIABLES = (
    "OMP_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "POLARS_MAX_THREADS",
)


def limit_threads(threads: int) -> None:
    """Set every variable, before the contestant's libraries read it."""
    for variable in VARIABLES:
        os.environ[variable] = str(threads)
