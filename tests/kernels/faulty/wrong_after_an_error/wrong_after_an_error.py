"""Leaves a mark when a call raises, and answers wrongly from then on."""

_failed = False


def row_max(values):
    global _failed
    _failed = _failed or not hasattr(values, "max")
    return values.max(axis=1) * (-1.0 if _failed else 1.0)
