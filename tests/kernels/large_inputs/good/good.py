"""Right, and the same work in each call."""

_SLOW = 200


def row_max(values):
    for _ in range(_SLOW):
        answer = values.max(axis=1)
    return answer
