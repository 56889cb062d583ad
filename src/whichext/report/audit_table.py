"""The audit for a terminal: how each project was compiled, and what was found, worst first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from whichext.model.evidence import Evidence, Settings
from whichext.model.outcome import Built
from whichext.model.raw import Build, Raw
from whichext.report.built_tables import (
    plain_table,
    probes_table,
    source_lines,
    vector_table,
    wheel_table,
)
from whichext.report.findings_text import finding_lines
from whichext.report.outcome_words import reason_text

_MOST_NAMED = 2


def render_audit(raw: Raw) -> Group:
    """An audit, with what could not be built, as something that `rich` prints."""
    parts: tuple[list[RenderableType | None], ...] = (
        [_compiled_table(raw.evidence), *_absent(raw.builds)],
        [wheel_table(raw.builds, raw.evidence)],
        [vector_table(raw.evidence)],
        [probes_table(raw.probes)],
        [*source_lines(raw.evidence)],
        # Where nothing was looked at, nothing was found either, and that would say too much.
        [*(finding_lines(raw.findings) if raw.findings or raw.evidence else ())],
    )
    shown = [[line for line in part if line is not None] for part in parts]
    return Group(*(line for part in shown if part for line in (*part, "")))


def _compiled_table(evidence: tuple[Evidence, ...]) -> Table:
    table = plain_table("build", "compiler", "told", "sources")
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
            yield Text(f"{build.project} @{build.profile}: {reason_text(build.result)}")
