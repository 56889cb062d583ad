"""Leaves the interpreter as a script would."""

import sys


def row_max(values):
    sys.exit("nothing to do")
