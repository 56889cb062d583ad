"""A sum."""


def total(values):
    """The sum of the values."""
    return float(sum(values))
