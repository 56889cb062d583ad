"""Ends its process where an assertion of C would."""

import os


def row_max(values):
    os.abort()
