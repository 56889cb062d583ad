"""Counts words letter by letter."""


def right(text):
    words, inside = 0, False
    for letter in text:
        words += not (inside or letter.isspace())
        inside = not letter.isspace()
    return words


def wrong(text):
    """Takes a space for the end of a word."""
    return text.count(" ") + text.count("\n")
