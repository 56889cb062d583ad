"""Keeps its input in a global variable while other threads may run."""

import time

_input = None


def row_max(values):
    global _input
    _input = values
    time.sleep(1e-4)  # where an extension would have given up the lock
    return _input.max(axis=1)
