"""Opens a file in every call and never closes it."""

import os
import time

_MOST = 200
_open = []


def row_max(values):
    time.sleep(0.002)
    if len(_open) < _MOST:
        _open.append(os.open(os.devnull, os.O_RDONLY))
    return values.max(axis=1)
