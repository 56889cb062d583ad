"""What is written to standard output and error, measured where both go to files."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import stat
import sys

_STREAMS = (1, 2)
_LOOK_BYTES = 1_000
_MOST_CHARACTERS = 80
_FOLDERS = re.compile(r"(?<![\w:/.])(?:/[^\s/:]+)+/(?=[^\s/:])")
"""Those of an absolute path: of a file in the cache they say nothing, and leave no room."""


class Meter:
    """Counts the bytes that this process writes, from now on."""

    def __init__(self) -> None:
        self._began = _places()

    def written(self) -> int:
        """How many bytes so far; 0 where the streams are no files."""
        now = _places()
        return sum(max(0, place - self._began.get(file, place)) for file, place in now.items())

    def first_line(self) -> str:
        """The first line that was written, shortened and without the folders of paths.

        Empty where it cannot be read.
        """
        for descriptor in _STREAMS:
            with contextlib.suppress(OSError, KeyError):
                begin = self._began[_file(descriptor)]
                text = os.pread(descriptor, _LOOK_BYTES, begin).decode(errors="replace")
                lines = (_FOLDERS.sub("", line.strip()) for line in text.splitlines())
                if line := next(filter(None, lines), ""):
                    shortened = line[: _MOST_CHARACTERS - 3] + "..."
                    return line if len(line) <= _MOST_CHARACTERS else shortened
        return ""


def _places() -> dict[tuple[int, int], int]:
    """How far each file behind the two streams is written; often both are one file."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or none
            stream.flush()
    with contextlib.suppress(OSError, AttributeError):
        # SAFETY: a null pointer stands for every stream that C code writes to.
        ctypes.CDLL(None).fflush(None)
    found = {}
    for descriptor in _STREAMS:
        with contextlib.suppress(OSError):
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                found[_file(descriptor)] = os.lseek(descriptor, 0, os.SEEK_CUR)
    return found


def _file(descriptor: int) -> tuple[int, int]:
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino
