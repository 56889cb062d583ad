"""What an audit found, for a terminal: what, why it matters, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from whichext.model.findings import Finding
from whichext.model.findings.severity import Severity
from whichext.toolchains import said

_STYLES = {Severity.UNATTRIBUTABLE: "bold red", Severity.AUTHOR: "bold red"}


def finding_lines(findings: tuple[Finding, ...]) -> Iterator[RenderableType]:
    """A line for each finding, with the next step under it."""
    if not findings:
        yield Text("Nothing was found that stands against a comparison.")
    for finding in findings:
        severity = finding.severity
        head = Text(f"{severity}: ", style=_STYLES.get(severity, ""))
        yield Text.assemble(head, f"{finding.what}: {said(finding.why)}.")
        yield Padding(Text(f"Next: {said(finding.remedy)}."), (0, 0, 0, 2))
