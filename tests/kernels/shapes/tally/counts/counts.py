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
