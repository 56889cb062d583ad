"""No fault."""


def row_max(values):
    return values.max(axis=1)
