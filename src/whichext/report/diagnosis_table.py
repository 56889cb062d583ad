"""What the doctor found, as a table: a word says how much it matters, colour only repeats it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from whichext.system.doctor import Finding, Level

_STYLES = {Level.GOOD: "green", Level.NOTE: "yellow", Level.WARNING: "bold red"}


def render_findings(findings: Iterable[Finding]) -> Table:
    """The findings, in their order, as something that `rich` prints."""
    table = Table(show_lines=False, pad_edge=False)
    table.add_column("subject", overflow="fold")
    # Versions and paths would take half of the width that the advice needs.
    table.add_column("found", overflow="fold", max_width=28)
    table.add_column("level", no_wrap=True)
    table.add_column("what to do", overflow="fold")
    for finding in findings:
        # Text, not str: what a compiler says of itself may look like rich's own markup.
        table.add_row(
            Text(finding.subject),
            Text(finding.found),
            Text(finding.level, style=_STYLES[finding.level]),
            Text(finding.advice),
        )
    return table
