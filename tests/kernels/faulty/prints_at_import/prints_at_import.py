"""Prints a greeting when it is imported."""

print("fast maxima, at your service")


def row_max(values):
    return values.max(axis=1)
