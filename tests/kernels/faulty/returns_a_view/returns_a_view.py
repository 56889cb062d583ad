"""Saves the work where there is one column, by giving a part of its input."""


def row_max(values):
    return values[:, 0] if values.shape[1:2] == (1,) else values.max(axis=1)
