"""What a worker has before it: a contestant's function and the prepared inputs."""

from __future__ import annotations

import functools
import importlib
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from whichext.model.contestant import Contestant
from whichext.model.kernel import Kernel, Prepared, Tolerance


@dataclass(frozen=True)
class Subject:
    """A contestant's function, bound to its thread count, its inputs by name, and their kernel."""

    call: Callable[..., Any]
    inputs: Mapping[str, Prepared]
    tolerance: Tolerance
    kernel: Kernel | None = None


def bind(contestant: Contestant, site: str | None, kernel: Kernel) -> Callable[..., Any]:
    """Import the contestant's function and bind its thread count.

    Raises:
        Exception: Whatever the import raises.

    """
    if contestant.module is None or contestant.function is None:
        return kernel.reference
    if site:
        sys.path.insert(0, site)
    module = importlib.import_module(contestant.module)
    function: Callable[..., Any] = getattr(module, contestant.function)
    keyword = contestant.threads_keyword
    return functools.partial(function, **{keyword: contestant.threads}) if keyword else function


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
"""Variables from which libraries take their thread counts when they are loaded."""


def limit_threads(threads: int) -> None:
    """Set every variable, before the contestant's libraries read it."""
    for variable in VARIABLES:
        os.environ[variable] = str(threads)
