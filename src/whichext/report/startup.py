"""What the first call costs: import, pool start, first touch; kept apart from the steady state."""

from __future__ import annotations

import statistics

from rich.table import Table
from rich.text import Text

from whichext.model.contestant import Role
from whichext.model.units import time_text
from whichext.model.view import View


def startup_table(view: View) -> Table | None:
    """Import and first call of each contestant in the first raced case; None when nothing raced."""
    if not view.raw.timings:
        return None
    case = view.raw.timings[0].case
    asked = {c.name for c in view.raw.contestants if c.role in (Role.ENTRY, Role.REFERENCE)}
    title = Text(f"First call in a fresh process, case {case}", style="bold")
    table = Table(title=title, title_justify="left")
    table.add_column("contestant")
    table.add_column("import", justify="right")
    table.add_column("first call", justify="right")
    for timing in view.raw.timings:
        if timing.case == case and timing.contestant in asked and timing.first_call_ns:
            table.add_row(
                Text(timing.contestant),
                time_text(statistics.median(timing.import_ns)),
                time_text(statistics.median(timing.first_call_ns)),
            )
    return table
