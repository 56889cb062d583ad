"""Two factors: how often the work is done, worth 1.5x, and a label, worth nothing."""


def three_times(values):
    """Thrice, and the last answer."""
    for _ in range(3):
        maxima = values.max(axis=0)
    return maxima


def twice(values):
    """Twice, and the last answer."""
    for _ in range(2):
        maxima = values.max(axis=0)
    return maxima


def three_times_again(values):
    """As three_times."""
    for _ in range(3):
        maxima = values.max(axis=0)
    return maxima
