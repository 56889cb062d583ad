"""What became of claims, each with its interval and why: for a terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from whichext.judge.claims.claim import Quantity
from whichext.judge.claims.file import Stated
from whichext.judge.claims.finding import Finding, Standing
from whichext.model.scorecard import Scorecard
from whichext.report.as_text import machine_text
from whichext.report.claims_why import measured_lines, why
from whichext.report.notes import limit_kind, noise, warnings

Rows = Sequence[tuple[Stated, Finding]]
"""Claims as they were stated, each with what became of it."""

_PIPE = "\\|"
_STYLES = {
    Standing.HOLDS: "bold green",
    Standing.REFUTED: "bold red",
    Standing.UNRESOLVED: "bold yellow",
}


def render_check(
    finding: Finding, scorecard: Scorecard, width: int = 100, *, colour: bool = False
) -> str:
    """One claim: what was measured, what became of it, and why."""

    def answer(console: Console) -> None:
        console.print(Text.assemble(_standing(finding), f": {finding.trial.claim.text}"))
        for line in measured_lines(finding):
            console.print(Text(f"  {line}"))
        for sentence in why(finding):
            console.print(Text(sentence))
        _say_limit(console, [finding], scorecard)

    return _page(answer, scorecard, width, colour=colour)


def render_claims(
    rows: Rows, scorecard: Scorecard, width: int = 100, *, colour: bool = False
) -> str:
    """A kernel's claims: a table, why each came out as it did, and how many did how."""

    def answer(console: Console) -> None:
        table = Table(show_lines=True)
        table.add_column("", justify="right")
        table.add_column("claim", overflow="fold")
        table.add_column("published", overflow="fold", max_width=16)
        table.add_column("measured", no_wrap=True)
        table.add_column("verdict", no_wrap=True)
        for number, (stated, finding) in enumerate(rows, start=1):
            measured = Text("\n".join(measured_lines(finding, brief=True)))
            texts = (Text(text) for text in (str(number), stated.text, stated.published))
            table.add_row(*texts, measured, _standing(finding, ",\n"))
        console.print(table)
        for number, (stated, finding) in enumerate(rows, start=1):
            console.print(Text(f"{number}. {' '.join(_remarks(stated, finding))}".rstrip()))
        console.print(Text(_counts(rows), style="bold"))
        _say_limit(console, [finding for _, finding in rows], scorecard)

    return _page(answer, scorecard, width, colour=colour)


def render_markdown(rows: Rows, scorecard: Scorecard) -> str:
    """A kernel's claims as a Markdown table, and under it where and how they were measured."""
    lines = ["| claim | published | measured | verdict | why |", "|---|---|---|---|---|"]
    for stated, finding in rows:
        cells = (
            f"`{stated.text}`",
            stated.published,
            "<br>".join(measured_lines(finding, brief=True)),
            f"**{_standing(finding)}**",
            " ".join(_remarks(stated, finding)),
        )
        lines.append(
            f"| {' | '.join(' '.join(cell.replace('|', _PIPE).split()) for cell in cells)} |"
        )
    machine = f"{machine_text(scorecard)}; `{scorecard.command}`, {scorecard.started_at}."
    return "\n".join((*lines, "", machine)) + "\n"


def _remarks(stated: Stated, finding: Finding) -> list[str]:
    """Where a claim comes from, why it came out as it did, and what its author adds."""
    source = f"({stated.source})" if stated.source else ""
    return [text for text in (source, *why(finding), stated.note) if text]


def _counts(rows: Rows) -> str:
    standings = [finding.standing for _, finding in rows]
    counts = (f"{standing}: {standings.count(standing)}" for standing in Standing)
    return f"Of {len(rows)} claims, {', '.join(counts)}."


def _standing(finding: Finding, comma: str = ", ") -> Text:
    """The answer; one that holds and shows nothing of its own must not be read without that."""
    hollow = finding.standing is Standing.HOLDS and finding.confounded
    but = f"{comma}but confounded" if hollow else ""
    return Text(f"{finding.standing}{but}", style=_STYLES[finding.standing])


def _say_limit(console: Console, findings: Sequence[Finding], scorecard: Scorecard) -> None:
    """What a share is a share of: NumPy may read slower than the machine can."""
    if any(one.trial.claim.statement.quantity is Quantity.SHARE for one in findings):
        console.print(Text(limit_kind(scorecard)))


def _page(
    answer: Callable[[Console], None], scorecard: Scorecard, width: int, *, colour: bool
) -> str:
    """An answer between where it was measured and how its intervals are to be read."""
    output = StringIO()
    console = Console(
        file=output, width=width, force_terminal=colour, no_color=not colour, highlight=False
    )
    console.print(Text(machine_text(scorecard)))
    console.print(Text(f"{scorecard.started_at}  $ {scorecard.command}\n"))
    for warning in warnings(scorecard):
        console.print(Text(f"WARNING: {warning}", style="bold yellow"))
    answer(console)
    console.print(Text(f"\n{noise(scorecard)}"))
    console.print(Text(_legend(scorecard)), style="dim" if colour else "")
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines()) + "\n"


def _legend(scorecard: Scorecard) -> str:
    return (
        f"[..]: {scorecard.confidence:.0%} interval over fresh processes. A claim holds where the "
        "whole interval agrees with it, in every case; it is refuted where the whole interval "
        "contradicts it, in any case, both by more than the noise; otherwise it is unresolved."
    )
