"""What an audit found: what, why it matters, and what to do."""

from __future__ import annotations

from whichext.model.findings import Finding, spoils
from whichext.model.inline import Style, mark, strong
from whichext.toolchains import said


def finding_texts(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """A text for each finding, with the next step on a line of its own."""
    if not findings:
        return ("Nothing was found that stands against a comparison.",)
    return tuple(
        f"{_severity(finding)} {finding.what}: {said(finding.why)}.\n"
        f"  Next: {said(finding.remedy)}."
        for finding in findings
    )


def _severity(finding: Finding) -> str:
    text = f"{finding.severity}:"
    return strong(mark(Style.BAD, text)) if spoils(finding) else text
