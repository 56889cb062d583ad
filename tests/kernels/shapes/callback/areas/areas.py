"""The area under a function."""


def right(function, low, high):
    greatest = function(low)
    for n in range(1, 11):
        greatest = max(greatest, function(low + n * (high - low)))
    return greatest


def wrong(function, low, high):
    """Misses the last point."""
    return max(function(low + n * (high - low)) for n in range(10))
