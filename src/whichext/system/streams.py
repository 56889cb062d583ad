"""Standard streams that may be closed, full, gone, or of an encoding with few characters."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TextIO

from whichext.model.errors import OutputError

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))

_ASCII = str.maketrans(
    {
        **dict.fromkeys("━─╌╍", "-"),
        **dict.fromkeys("┃│╎╏", "|"),
        **dict.fromkeys("┏┓┗┛┡┩└┘├┤┬┴┼╇╈┳┻╋┌┐╞╡┠┨┝┥┯┷╪┿┢┪", "+"),
        **dict.fromkeys("\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}", "-"),
        **dict.fromkeys("\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}", "'"),
        **dict.fromkeys("“”", '"'),
        "±": "+-",
        "\N{MULTIPLICATION SIGN}": "x",
        "…": "...",
        "≤": "<=",
        "≥": ">=",
        "→": "->",
        "µ": "u",
        "·": "*",
        "•": "*",
    }
)
"""Replaces a character that an encoding lacks."""


def prepare_streams() -> None:
    """Open what is closed, to nowhere, and let no character be an error.

    A descriptor that stays closed is given to the next file that is opened, and what a compiler
    prints would go into that one.
    """
    for descriptor, (name, mode) in enumerate(_STREAMS):
        try:
            os.fstat(descriptor)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)  # the lowest that is free: this one
            if nowhere != descriptor:
                os.dup2(nowhere, descriptor)
                os.close(nowhere)
            os.set_inheritable(descriptor, True)
        if getattr(sys, name) is None:
            # Stays open to the end, as the interpreter's own does.
            stream = open(descriptor, mode, closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def put(text: str) -> None:
    """Write to standard output, at once; a reader that has left, as `head` does, misses nothing.

    Raises:
        OutputError: It cannot be written.

    """
    with written():
        sys.stdout.write(encodable(text, sys.stdout))
        sys.stdout.flush()


def flush_output() -> None:
    """Write what is still kept back of standard output.

    Raises:
        OutputError: It cannot be written.

    """
    with written():
        sys.stdout.flush()


@contextmanager
def written() -> Iterator[None]:
    """Say what to do where standard output cannot be written, and write no more to it."""
    try:
        yield
    except BrokenPipeError:
        _discard_output()
    except OSError as error:
        _discard_output()
        raise OutputError(
            f"standard output could not be written: {error.strerror or error}",
            "free some space, or send it to another file",
        ) from None


def tell(text: str) -> None:
    """Write a line to standard error; does nothing where that cannot be written."""
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def encodable(text: str, stream: TextIO) -> str:
    """The text with ASCII for what the stream's encoding has no character for, if that is known."""
    encoding = stream.encoding or "utf-8"
    lacking = {c for c in set(text) if not c.isascii() and not _has(encoding, c)}
    return text.translate({ord(c): _ASCII.get(ord(c), c) for c in lacking}) if lacking else text


def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _discard_output() -> None:
    """Send to nowhere what the interpreter would try to write at its end, and fail."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
