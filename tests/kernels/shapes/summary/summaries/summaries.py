"""A dict of what an array is like."""

import math


def right(values):
    numbers = values.tolist()
    if not numbers:
        raise ValueError("no values")
    mean = math.fsum(numbers) / len(numbers)
    spread = math.sqrt(math.fsum((number - mean) ** 2 for number in numbers) / len(numbers))
    return {
        "count": len(numbers),
        "extremes": (min(numbers), max(numbers)),
        "moments": {"mean": mean, "spread": spread},
    }


def wrong(values):
    """Divides by one less."""
    found = right(values)
    found["moments"]["spread"] *= math.sqrt(len(values) / max(1, len(values) - 1))
    return found
