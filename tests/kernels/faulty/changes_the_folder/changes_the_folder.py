"""Changes the working directory."""

import os


def row_max(values):
    os.chdir("/")
    return values.max(axis=1)
