"""Why one is faster: what single factors do, and the ladder that a headline ratio is made of."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from whichext.judge.factors import differences, vectors
from whichext.judge.gap import Gap
from whichext.judge.headlines import Headline, headlines
from whichext.judge.ladder import Ladder
from whichext.model.judged import Effect
from whichext.model.units import ratio_text
from whichext.model.view import View
from whichext.report.ratios import speed_up_text
from whichext.report.sentences import case_baseline, measured_rows

_MOST_CASES = 4  # side by side; of more, the least and the greatest effect are shown


def effects(view: View) -> Group | None:
    """Every pair that differs in one factor alone, a column for each case; None without a pair."""
    pairs: dict[tuple[str, str], dict[str, Effect]] = {}
    for effect in view.judged.effects:
        pair = (effect.contestant_before, effect.contestant_after)
        pairs.setdefault(pair, {})[effect.case] = effect
    if not pairs:
        return None
    cases = [case.name for case in view.raw.cases]
    many = len(cases) > _MOST_CASES
    table = _table()
    for column in ("least", "most") if many else cases:
        table.add_column(Text(column), justify="right", no_wrap=True)
    for (before, after), by_case in pairs.items():
        some = next(iter(by_case.values()))
        ordered = sorted(by_case.values(), key=lambda effect: -effect.ratio.value)
        cells = (
            [f"{speed_up_text(effect.ratio)} {effect.case}" for effect in (ordered[0], ordered[-1])]
            if many
            else [speed_up_text(by_case[case].ratio) if case in by_case else "-" for case in cases]
        )
        change = f"{some.factor}: {some.before} -> {some.after}\n  {before}\n  {after}"
        table.add_row(Text(change), *map(Text, cells))
    title = "What single factors do: times as fast, between two that differ in nothing else"
    return Group(Text(title, style="bold"), table)


def confounded(view: View) -> list[str]:
    """For each leader and its baseline: in what they differ, where that is more than one factor."""
    return [
        f"Confounded: {leader} and {baseline} ({', '.join(cases)}) differ in "
        f"{', '.join(factors)}: their ratio is the effect of none of these alone."
        for baseline, leader, cases, factors in confounded_pairs(view)
    ]


def confounded_pairs(
    view: View,
) -> list[tuple[str, str, list[str], list[str]]]:
    """Baseline, leader, the cases that it leads, and the several factors in which they differ."""
    cases: dict[tuple[str, str], list[str]] = {}
    for case in view.raw.cases:
        measured = [row for row in measured_rows(view, case.name) if row[0] in vectors(view)]
        if measured:
            pair = (case_baseline(measured, view), measured[0][0])
            cases.setdefault(pair, []).append(case.name)
    found = [
        (*pair, where, [difference.factor for difference in differences(view, *pair)])
        for pair, where in cases.items()
    ]
    return [one for one in found if len(one[3]) > 1]


def ladders(view: View) -> Group | None:
    """What makes up each headline ratio; None where nothing was compared, or cases are many."""
    if len(view.raw.cases) > _MOST_CASES:
        return None
    found = [line for case in view.raw.cases for line in headlines(view, case.name)]
    alike: dict[tuple[str, ...], list[Headline]] = {}
    for headline in found:
        alike.setdefault(_way(headline), []).append(headline)
    parts = [part for group in alike.values() for part in _explained(group)]
    return Group(*parts) if parts else None


def gap_text(headline: Headline, gap: Gap) -> str:
    """What is missing to tell what makes up a headline ratio, and the next step."""
    one, other = gap.nearest
    differences = ", ".join(map(str, gap.differences))
    opening = (
        f"From {headline.start} to {headline.end} ({headline.case}) no way in steps of one factor: "
        f"{one} and {other} differ in {differences or 'nothing that is known'}."
    )
    if one == other:
        return (
            f"From {headline.start} to {headline.end} ({headline.case}) there is a way in steps of "
            "one factor, and not each of them has an interval.\n  Next: race longer (--max-time); "
            f"of an older result file, whichext show FILE --baseline {headline.start} finds them."
        )
    if not gap.differences:
        return (
            f"{opening}\n  Next: declare in which factors the two differ, where entries are listed."
        )
    if not gap.missing:
        return (
            f"{opening}\n  Next: write an entry that differs from {one} in one of them alone; no "
            "compiler setting makes it."
        )
    names = ", ".join(contestant.name for contestant in gap.missing)
    return f"{opening} Missing: {names}.\n  Next: race again with {options_for(gap)}"


def options_for(gap: Gap) -> str:
    """What the command line lacks that would have made the missing contestants."""
    settings = dict.fromkeys(c.profile.name for c in gap.missing if c.profile.single)
    words = [f"--factor {setting}" for setting in settings]
    if gap.threads:
        words.append(f"--threads {','.join(map(str, gap.threads))}")
    if not words:  # others had that thread count, and --entry kept this one from it
        words = [f"--entry '{contestant.name}'" for contestant in gap.missing]
    return " ".join(words)


def _way(headline: Headline) -> tuple[str, ...]:
    """What headlines have in common that are shown as one table."""
    if isinstance(headline.why, Gap):
        return (headline.start, headline.end)
    rungs = (rung.contestant_after for rung in headline.why.rungs)
    return (headline.start, "->", *rungs)


def _explained(group: list[Headline]) -> Iterator[RenderableType]:
    first = group[0]
    if isinstance(first.why, Gap):
        yield Padding(Text(gap_text(first, first.why)), (0, 0, 1, 0))
        return
    ladders = {line.case: line.why for line in group if isinstance(line.why, Ladder)}
    what = "the best with several threads" if first.parallel else "the best with one thread"
    yield Text(f"From {first.start} to {first.end}, {what}, one factor at a time", style="bold")
    table = _table()
    for case in ladders:
        table.add_column(Text(case), justify="right", no_wrap=True)
    for number, rung in enumerate(first.why.rungs):
        cells = [speed_up_text(ladder.rungs[number].ratio) for ladder in ladders.values()]
        change = f"{rung.factor}: {rung.before} -> {rung.after}\n  {rung.contestant_after}"
        table.add_row(Text(change), *map(Text, cells))
    table.add_section()
    products = [f"{ratio_text(ladder.product)}x{' ' * 13}" for ladder in ladders.values()]
    table.add_row("product of the steps", *products)
    whole = [speed_up_text(ladder.ratio) for ladder in ladders.values()]
    table.add_row("measured directly", *map(Text, whole))
    yield table


def _table() -> Table:
    """A table whose first column says what changes, and between whom."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("factor", overflow="fold")
    return table
