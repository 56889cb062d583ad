"""Wrong uses of `new`: commands, which all end with 2, and calls, which all raise UsageError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import whichext
from whichext.model.errors import UsageError

# The folder in which they are typed is that of `wrong_uses`.

SHELL = """
new
new mine
new K --arg values=float64[:]
new My-Kernel --arg values=float64[:]
new '' --arg values=float64[:]
new LONG --arg values=float64[:]
new class --arg values=float64[:]
new mine --arg ''
new mine --arg values
new mine --arg values=
new mine --arg values=float6[:]
new mine --arg values=float64[:,:,:]
new mine --arg n=int --arg n=int
new mine --arg total=int
new mine --arg lambda=float
new mine --from ''
new mine --from K/kernel.py
new mine --from notes.txt:f
new mine --from nowhere.py:f
new mine --from nowhere:f
new mine --from LONG:f
new mine --from .:f
new mine --from K/kernel.py:nothing
new mine --arg n=int --toolchains ''
new mine --arg n=int --toolchains cyton
new mine --arg n=int --toolchains c++
new mine --arg n=int --into nowhere
new mine --arg n=int --into notes.txt
new mine --arg n=int --into LONG
new mine extra --arg n=int
"""


class Odd:
    """What no argument may be."""


PYTHON: dict[str, tuple[type[Exception], Callable[[], Any]]] = {
    "a new kernel without a name": (UsageError, lambda: whichext.tools.new(None, args="n=int")),  # type: ignore[arg-type]
    "a new kernel of nothing": (UsageError, lambda: whichext.tools.new("mine")),
    "a new kernel over another": (UsageError, lambda: whichext.tools.new("notes", args="n=int")),
    "a new kernel from a number": (UsageError, lambda: whichext.tools.new("mine", reference=5)),  # type: ignore[arg-type]
    "a new kernel of an object": (UsageError, lambda: whichext.tools.new("mine", args=[Odd()])),  # type: ignore[list-item]
    "a new kernel in an object": (
        UsageError,
        lambda: whichext.tools.new("mine", args="n=int", into=Odd()),  # type: ignore[arg-type]
    ),
}
