"""The audit for a terminal: how each project was compiled, and what was found, worst first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from whichext.evidence import Evidence, Settings
from whichext.findings import Finding
from whichext.report.as_text import outcome_reason
from whichext.report.findings_text import finding_lines
from whichext.scorecard import Build, Built

_MOST_NAMED = 2


def render_audit(
    builds: tuple[Build, ...], evidence: tuple[Evidence, ...], findings: tuple[Finding, ...]
) -> Group:
    """An audit, with what could not be built, as something that `rich` prints."""
    return Group(_compiled_table(evidence), *_absent(builds), "", *finding_lines(findings))


def _compiled_table(evidence: tuple[Evidence, ...]) -> Table:
    table = _table("build", "compiler", "told", "sources")
    for build in evidence:
        label = build.label
        if not build.compiled:
            table.add_row(Text(label), "-", "-", "no compiler was seen")
        for compiled in build.compiled:
            settings = compiled.settings
            row = (label, settings.compiler, _told(settings), _named(compiled.sources))
            table.add_row(*map(Text, row))
            label = ""
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _told(settings: Settings) -> str:
    """What makes the difference, in few words."""
    alone = settings.told and " " not in settings.told
    told = settings.told if alone else f"-O{settings.level} ({settings.told or 'no level'})"
    parts = [
        told,
        *settings.isa,
        *["OpenMP"] * settings.openmp,
        *[f"LTO {settings.lto}"] * bool(settings.lto),
        *["debug symbols"] * settings.debug_symbols,
        *(f"sanitizer {name}" for name in settings.sanitizers),
    ]
    return ", ".join(parts)


def _named(sources: tuple[str, ...]) -> str:
    named, more = ", ".join(sources[:_MOST_NAMED]), len(sources) - _MOST_NAMED
    return f"{named} and {more} more" if more > 0 else named


def _absent(builds: tuple[Build, ...]) -> Iterator[RenderableType]:
    for build in builds:
        if not isinstance(build.result, Built):
            yield Text(f"{build.project} @{build.profile}: {outcome_reason(build.result)}")
