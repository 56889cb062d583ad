"""Column maxima of a Dask array by Dask itself."""

from __future__ import annotations

from typing import Any

__all__ = ["dask_max"]


def dask_max(values: Any, workers: int | None = None) -> Any:
    """Greatest value of each column: `dask.array.max`, with so many threads of Dask."""
    return values.max(axis=0).compute(scheduler="threads", num_workers=workers)
