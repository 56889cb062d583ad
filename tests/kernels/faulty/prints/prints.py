"""Prints 20 kB in every call."""


def row_max(values):
    print("the rows are read" * 1_200)
    return values.max(axis=1)
