"""What it costs: toolchains, packages, build time and wheel size of each that could be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whichext.judge.candidates import Candidate
from whichext.judge.recommendation import Recommendation
from whichext.model.outcome import Tool
from whichext.model.scorecard import Scorecard
from whichext.model.units import size_text, time_text
from whichext.report.built_tables import foreign_libraries
from whichext.report.memo.markdown import codes, table
from whichext.report.memo.shown import shown
from whichext.toolchains.profiles import Profile


def cost_blocks(scorecard: Scorecard, found: Recommendation) -> Iterator[str]:
    """A row for each build; nothing where nobody is eligible."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for one in shown(found):
        cost = one.cost
        row = (
            _named(cost.compilers) or "none",
            _named(cost.packages) or "-",
            ", ".join(filter(None, (_named(cost.requires), _linked(scorecard, one)))) or "-",
            time_text(cost.build_ns) if cost.build_ns else "-",
            size_text(cost.wheel_bytes) if cost.wheel_bytes else "-",
        )
        rows.setdefault(row, []).append(one.name)
    if not rows:
        return
    header = ("contestant", "toolchains", "fetched to build", "its users need", "build", "wheel")
    yield table(header, ((codes(names), *row) for row, names in rows.items()), numbers=2)
    yield (
        "Build: wall time from nothing on this machine, with the environment that the build sets "
        "up. Wheel: without what its users need besides, packages and shared libraries."
    )


def _named(tools: Iterable[Tool]) -> str:
    names = (
        # A program's version mostly begins with its name.
        tool.version if tool.version.startswith(f"{tool.name} ") else f"{tool.name} {tool.version}"
        for tool in tools
    )
    return ", ".join(names)


def _linked(scorecard: Scorecard, one: Candidate) -> str:
    """Shared libraries that not every system has; empty also where the audit did not look."""
    place = (one.contestant.project, Profile.RELEASE)
    found = (e.libraries for e in scorecard.evidence if (e.project, e.profile) == place)
    return ", ".join(sorted(foreign_libraries(next(found, ()))))
