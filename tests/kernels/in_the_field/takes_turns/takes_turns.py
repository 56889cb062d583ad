"""Lets one caller in at a time."""

import threading
from typing import Any

_lock = threading.Lock()


def row_max(values: Any) -> Any:
    """Greatest value of each row; shape (n_rows, n_cols) -> (n_rows,)."""
    with _lock:
        return values.max(axis=1)
