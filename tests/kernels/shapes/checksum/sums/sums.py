"""A checksum byte by byte."""


def right(data):
    low, high = 1, 0
    for byte in data:
        low = (low + byte) % 65521
        high = (high + low) % 65521
    return high << 16 | low


def wrong(data):
    """Begins with 0."""
    return right(data) - 1
