"""Computes the answer and forgets to return it."""


def row_max(values):
    values.max(axis=1)
