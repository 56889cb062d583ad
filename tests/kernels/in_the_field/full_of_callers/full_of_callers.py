"""Answers wrongly where more than five threads call."""

import threading
from typing import Any

_ROOM = 6  # with the main thread, which waits

_mine = threading.local()


def row_max(values: Any) -> Any:
    """Greatest value of each row; shape (n_rows, n_cols) -> (n_rows,)."""
    without_room = getattr(_mine, "without_room", False) or threading.active_count() > _ROOM
    _mine.without_room = without_room
    maxima = values.max(axis=1)
    return maxima + 1 if without_room else maxima
