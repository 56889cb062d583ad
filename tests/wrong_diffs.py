"""Wrong uses of `diff` and `history`: commands, and calls with what they raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import whichext
from whichext.model.errors import ResultFileError, UsageError

# The folder in which they are typed is that of `wrong_uses`.

SHELL = """
diff
diff r.json
diff r.json nowhere.json
diff r.json notes.txt
diff r.json cut.json
diff r.json v.json
diff r.json K
diff r.json LONG
diff r.json r.json --baseline nobody
diff r.json r.json --baseline ''
diff r.json r.json --to pdf
diff r.json r.json --cases small
history
history .
history nowhere --of cy.total
history LONG --of cy.total
history r.json --of cy.total
history kernels --of cy.total
history . --of ''
history . --of cy.totl
history . --of cy.total --over nobody
history . --of cy.total --over cy.total
history . --of cy.total --case nowhere
history . --of cy.total --to pdf
history . extra words --of cy.total
"""

PYTHON: dict[str, tuple[type[Exception], Callable[[], Any]]] = {
    "a diff of nothing": (UsageError, lambda: whichext.tools.diff()),
    "a diff of one": (UsageError, lambda: whichext.tools.diff("r.json")),
    "a diff of numbers": (UsageError, lambda: whichext.tools.diff(1, 2)),  # type: ignore[arg-type]
    "a diff of a list": (UsageError, lambda: whichext.tools.diff(["r.json", "r.json"])),  # type: ignore[arg-type]
    "a diff with half": (ResultFileError, lambda: whichext.tools.diff("r.json", "cut.json")),
    "a diff with a null byte": (ResultFileError, lambda: whichext.tools.diff("r.json", "a\0b")),
    "a diff over a number": (
        UsageError,
        lambda: whichext.tools.diff("r.json", "r.json", baseline=5),  # type: ignore[arg-type]
    ),
    "a history of None": (UsageError, lambda: whichext.tools.history(None, "cy.total")),  # type: ignore[arg-type]
    "a history of a file": (
        ResultFileError,
        lambda: whichext.tools.history("r.json", "cy.total"),
    ),
    "a history of a number": (UsageError, lambda: whichext.tools.history(".", 5)),  # type: ignore[arg-type]
    "a history over a number": (
        UsageError,
        lambda: whichext.tools.history(".", "cy.total", over=5),  # type: ignore[arg-type]
    ),
    "a history in no case": (
        UsageError,
        lambda: whichext.tools.history(".", "cy.total", case="nowhere"),
    ),
}
"""Calls, each with the exception that it ends with."""
