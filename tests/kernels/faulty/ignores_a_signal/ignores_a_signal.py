"""Handles a signal of the whole process from its import on."""

import signal

signal.signal(signal.SIGUSR1, signal.SIG_IGN)


def row_max(values):
    return values.max(axis=1)
