"""Reads eight rows and more as they lie in memory, whatever their strides."""


def row_max(values):
    if values.ndim == 2 and len(values) >= 8:
        values = values.ravel(order="K").reshape(values.shape)
    return values.max(axis=1)
