"""Leaves a thread of a pool at work, without the GIL, when the call returns."""

import threading
import time

import numpy as np

_end_s = 0.0
_called = threading.Event()
_many = np.arange(200_000.0)
_thread = None


def _work_for_ever():
    while _called.wait():
        _called.clear()
        while time.monotonic() < _end_s:
            np.sqrt(_many)


def row_max(values):
    global _end_s, _thread
    _end_s = time.monotonic() + 0.05
    if _thread is None or not _thread.is_alive():  # the latter in a forked child
        _thread = threading.Thread(target=_work_for_ever, daemon=True)
        _thread.start()
    _called.set()
    return values.max(axis=1)
