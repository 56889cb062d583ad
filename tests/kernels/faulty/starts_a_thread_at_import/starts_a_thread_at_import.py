"""Starts a thread when it is imported, which waits."""

import threading

threading.Thread(target=threading.Event().wait, daemon=True).start()


def row_max(values):
    return values.max(axis=1)
