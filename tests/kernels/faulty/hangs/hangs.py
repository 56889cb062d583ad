"""Never answers."""

import threading


def row_max(values):
    threading.Event().wait()
