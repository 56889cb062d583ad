"""Leaves a thread in every call, which waits."""

import threading
import time

_MOST = 500
_never = threading.Event()


def row_max(values):
    time.sleep(0.002)
    if threading.active_count() < _MOST:
        threading.Thread(target=_never.wait, daemon=True).start()
    return values.max(axis=1)
