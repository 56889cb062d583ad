"""Counts the words of a list."""


def right(words):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


def wrong(words):
    """Empties the list meanwhile."""
    counts = {}
    while words:
        word = words.pop()
        counts[word] = counts.get(word, 0) + 1
    return counts


_kept = {}


def kept(words):
    """Keeps its answers by the list, whatever is in it by then."""
    if id(words) not in _kept:
        _kept[id(words)] = right(words)
    return dict(_kept[id(words)])
