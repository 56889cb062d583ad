"""Puts a mark behind each text."""

import numpy as np


def right(texts):
    dtype = texts.dtype if texts.dtype.kind == "T" else f"U{texts.dtype.itemsize // 4 + 1}"
    return np.array([f"{text}!" for text in texts], dtype)


def wrong(texts):
    """Leaves empty texts as they are."""
    return np.array([f"{text}!" if text else "" for text in texts], right(texts).dtype)
