"""Starts a process in its first call and keeps it."""

import subprocess

_helper = None


def row_max(values):
    global _helper
    if _helper is None:
        _helper = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    return values.max(axis=1)
