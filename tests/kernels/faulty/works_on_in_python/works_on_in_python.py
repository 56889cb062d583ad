"""Leaves a thread of Python code at work when the call returns."""

import threading
import time

_end_s = 0.0
_thread = None


def _work():
    while time.monotonic() < _end_s:
        pass


def row_max(values):
    global _end_s, _thread
    _end_s = time.monotonic() + 0.05
    if _thread is None or not _thread.is_alive():
        _thread = threading.Thread(target=_work, daemon=True)
        _thread.start()
    return values.max(axis=1)
