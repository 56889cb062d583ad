"""What verify found: a table of contestants and properties, and of each fault what shows it."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import get_args

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from whichext.model.check import Check, Property
from whichext.model.outcome import (
    BuildFailed,
    Crashed,
    Fault,
    NotTried,
    Outcome,
    Right,
    TimedOut,
    Unsupported,
    Wrong,
)
from whichext.model.view import View
from whichext.report.as_text import machine_text
from whichext.report.notes import hazards
from whichext.report.outcome_words import reason_text

_WORDS = {BuildFailed: "BUILD FAILED", Crashed: "CRASHED", TimedOut: "HUNG", Wrong: "WRONG"}
_MOST_NAMES = 6
_WIDEST = 1_000


def render_verification(view: View, width: int = 100, *, colour: bool = False) -> str:
    """The checks of a view as text, with terminal colours when asked for."""
    output = StringIO()
    console, wide = (
        Console(file=output, width=n, force_terminal=colour, no_color=not colour, highlight=False)
        for n in (width, _WIDEST)
    )
    console.print(Text(f"{view.raw.kernel}: {view.raw.question}", style="bold"))
    console.print(Text(machine_text(view)))
    console.print(Text(f"{view.raw.started_at}  $ {view.raw.command}"))
    console.print(Text(f"{view.raw.agreement}\n" if view.raw.agreement else ""))
    wide.print(_table(view))  # also where the terminal is not: half a name helps nobody
    for contestant in view.raw.contestants:
        _print_faults(console, _of(view, contestant.name))
    _print_unverified(console, view)
    for hazard in hazards(view):
        console.print(Text(hazard))
    console.print(Text(_LEGEND), style="dim" if colour else "")
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines()) + "\n"


_LEGEND = (
    "12+3: right 12 times, and 3 inputs that may be refused were, with a clean error. WRONG 2: a "
    "wrong answer, or an error that is not clean, 2 times. HUNG: no answer in time. -: not tried, "
    "mostly because the process was lost before. What is wrong does not race; what happens in a "
    "forked child keeps nobody out."
)


def _of(view: View, contestant: str) -> list[Check]:
    return [check for check in view.raw.checks if check.contestant == contestant]


def _table(view: View) -> Table:
    found = {check.property for check in view.raw.checks}
    properties = [p for p in Property if p in found and p is not Property.IMPORT]
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("contestant", no_wrap=True)
    for property_ in properties:
        table.add_column(property_, justify="right", no_wrap=True)
    for contestant in view.raw.contestants:
        checks = _of(view, contestant.name)
        if checks and not isinstance(checks[0].result, NotTried):
            cells = (_cell([c for c in checks if c.property is p]) for p in properties)
            table.add_row(Text(contestant.name), *cells)
    return table


def _cell(checks: Sequence[Check]) -> Text:
    """The worst of what was found of one property, and how often."""
    if not checks:
        return Text("-")
    for kind in get_args(Fault):
        number = sum(check.count for check in checks if isinstance(check.result, kind))
        if number:
            count = f" {number}" if kind is Wrong else ""
            return Text(f"{_WORDS[kind]}{count}", style="bold red")
    right = sum(check.count for check in checks if isinstance(check.result, Right))
    refused = sum(check.count for check in checks if isinstance(check.result, Unsupported))
    return Text(f"{right}+{refused}" if refused else f"{right}")


def _print_faults(console: Console, checks: Sequence[Check]) -> None:
    """The first fault that bars a contestant, how to see it, and the names of the others."""
    faults = [c for c in checks if isinstance(c.result, Fault) and c.property.bars]
    if not faults:
        return
    # What was drawn is shrunk, so that it says most; else the first one, which has its input too.
    first = next((check for check in faults if check.property is Property.DRAWN), faults[0])
    others = [check for check in faults if check is not first]
    console.print(Text(f"{first.contestant}: {reason_text(first.result)}", style="bold"))
    if others:
        names = ", ".join(check.input or "" for check in others[:_MOST_NAMES])
        more = f" and {len(others) - _MOST_NAMES} more" if len(others) > _MOST_NAMES else ""
        console.print(Padding(Text(f"likewise on {names}{more}"), (0, 0, 0, 2)))
    if first.snippet:
        # Not wrapped by the console: a line that is broken in two does not run.
        console.print(Text(f"\n{first.snippet}"), soft_wrap=True)
    console.print()


def _print_unverified(console: Console, view: View) -> None:
    """Who was not tried, and why; for several alike it is said once."""
    names: dict[str, list[str]] = {}
    for contestant in view.raw.contestants:
        outcome = _untried(view, contestant.name)
        if outcome is not None:
            names.setdefault(reason_text(outcome), []).append(contestant.name)
    if not names:
        return
    console.print(Text("Not verified", style="bold"))
    for reason, alike in names.items():
        console.print(Padding(Text(f"{', '.join(alike)}: {reason}"), (0, 0, 0, 2)))
    console.print()


def _untried(view: View, contestant: str) -> Outcome | None:
    checks = _of(view, contestant)
    if checks:
        result = checks[0].result
        return result if isinstance(result, NotTried) else None
    return next((row.outcome for row in view.judged.rows if row.contestant == contestant), None)
