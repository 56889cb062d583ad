"""Primes below a hundred."""


def right():
    left, found = list(range(2, 100)), []
    while left:
        found.append(left[0])
        left = [n for n in left if n % found[-1]]
    return found


def wrong():
    """Takes 1 for a prime."""
    return [1, *right()]
