"""Counts of words."""

from collections import Counter


def in_a_loop(texts):
    """How often each text is in a list."""
    counts = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    return counts


def counted(texts):
    """The same, by Counter."""
    return dict(Counter(texts))


def without_case(texts):
    """Wrong on purpose: "A" counts as "a"."""
    return dict(Counter(text.lower() for text in texts))
