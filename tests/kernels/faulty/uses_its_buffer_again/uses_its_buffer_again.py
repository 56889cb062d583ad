"""Writes every answer of one length to the same memory."""

import threading

import numpy as np

_kept = threading.local()


def row_max(values):
    buffers = _kept.__dict__.setdefault("buffers", {})
    maxima = buffers.setdefault(len(values), np.empty(len(values)))
    return values.max(axis=1, out=maxima)
