"""Looks codes up and writes them as bytes."""


def right(table, key):
    code = table[key]
    if code > 255:
        raise OverflowError("a code has one byte")
    return bytes([code])


def wrong(table, key):
    """Takes a key that is not there for code 0."""
    return right({**dict.fromkeys(key, 0), **table}, key)
