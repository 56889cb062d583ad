"""Explanations: effects of single factors, ladders behind headline ratios, trends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from whichext.model.contestant import CODE
from whichext.model.inline import argument, call, code, foreign
from whichext.model.insight import Effect, Gap, Headline, Ladder, Point, Trend, extremes
from whichext.model.ratio import Ratio, speed_up_text
from whichext.model.units import ratio_text
from whichext.model.view import CaseView, View
from whichext.report.document import Block, Heading, Paragraph, Rules, Table, columns

_MOST_CASES = 4  # side by side; of more, the least and the greatest effect are shown


def effect_blocks(view: View) -> tuple[Block, ...]:
    """Every pair that differs in one factor only, with a column for each case."""
    if not view.pairs:
        return ()
    cases = list(view.cases)
    many = len(cases) > _MOST_CASES
    rows = tuple(
        (
            _change(next(iter(by_case.values())), *pair),
            *(
                _extremes(view, by_case)
                if many
                else (_effect(view, by_case.get(case)) for case in cases)
            ),
        )
        for pair, by_case in view.pairs.items()
    )
    title = "Effects of single factors: times as fast, between two that differ in nothing else"
    return Heading(title), _table(("least", "most") if many else map(code, cases), rows)


def _extremes(view: View, by_case: Mapping[str, Effect]) -> Iterator[str]:
    """The least and the greatest speed-up of one pair, with their cases."""
    for effect in extremes(by_case.values()):
        yield f"{_effect(view, effect)} {code(effect.case)}"


def _effect(view: View, effect: Effect | None) -> str:
    return "-" if effect is None else _counted(effect.ratio, view.cases[effect.case])


def _counted(ratio: Ratio, case: CaseView) -> str:
    """A speed-up, with a mark where it rests on few epochs; their number is below the case."""
    return f"{speed_up_text(ratio)}{'*' if ratio.epochs < case.least_epochs else ''}"


def _change(effect: Effect, *contestants: str) -> str:
    """The factor that changes, and the two contestants."""
    change = f"{effect.factor}: {foreign(effect.before)} -> {foreign(effect.after)}"
    return "\n  ".join((change, *map(code, contestants)))


def _table(cases: Iterable[str], rows: tuple[tuple[str, ...], ...], summary_rows: int = 0) -> Table:
    """A table whose first column says what changes, and the others how much in each case."""
    titles = tuple(cases)
    shape = columns("factor", *titles, right=titles, whole=titles)
    return Table(shape, rows, rules=Rules.HEAD, summary_rows=summary_rows)


def trend_texts(view: View) -> list[str]:
    """For each family that was raced, where each contestant overtakes the baseline or falls behind.

    Where it does neither, the verdicts that it has in the family.
    """
    return [text for trend in view.judged.trends for text in _trend(view, trend)]


def _trend(view: View, trend: Trend) -> Iterator[str]:
    family, name, baseline = map(code, (trend.family, trend.contestant, view.raw.baseline))
    for turn in trend.turns:
        verb = "overtakes" if turn.overtakes else "falls behind"
        between = f"{_point(turn.before)} and {_point(turn.after)}"
        yield f"{family}: {name} {verb} {baseline} between {between}."
    if not trend.turns:
        verdicts = " or ".join(trend.verdicts)
        yield f"{family}: {name} against {baseline}: {verdicts} in every case."


def _point(point: Point) -> str:
    return f"{code(point.case)} ({point.ratio})"


def confounded_texts(view: View) -> list[str]:
    """For each leader that differs from its baseline in several factors, these factors."""
    return [
        f"Confounded: {code(one.leader)} and {code(one.baseline)} "
        f"({', '.join(map(code, one.cases))}) differ in {', '.join(one.factors)}: "
        "their ratio is the effect of none of these alone."
        for one in view.judged.confounded
    ]


def ladder_blocks(view: View) -> tuple[Block, ...]:
    """The ladder behind each headline ratio; empty without ratios, or with many cases."""
    if len(view.raw.cases) > _MOST_CASES:
        return ()
    alike: dict[tuple[str, ...], list[tuple[str, Headline]]] = {}
    for case in view.judged.cases:
        for headline in case.headlines:
            alike.setdefault(_way(headline), []).append((case.case, headline))
    return tuple(block for group in alike.values() for block in _explained(view, group))


def gap_text(case: str, headline: Headline, gap: Gap) -> str:
    """The contestants that a ladder lacks, and the next step."""
    one, other = map(code, gap.nearest)
    start, end = code(headline.start), code(headline.end)
    between = f"From {start} to {end} ({code(case)})"
    if one == other:
        shown = f"{call('show', 'FILE')} with {argument('baseline', headline.start)}"
        return (
            f"{between} there is a path in steps of one factor, but not every step has an "
            f"interval.\n  Next: race longer ({argument('max_time_s')}); of an older result file, "
            f"{shown} finds them."
        )
    differences = ", ".join(map(str, gap.differences))
    opening = (
        f"{between} there is no path in steps of one factor: {one} and {other} differ in "
        f"{differences}."
    )
    if not gap.missing and any(one.factor == CODE for one in gap.differences):
        return (
            f"{opening}\n  Next: if they differ in nothing but Python in the loop, declare the "
            "same factors for both, such as the order of their loops, where entries are listed."
        )
    if not gap.missing:
        return (
            f"{opening}\n  Next: write an entry that differs from {one} in one of them alone; no "
            "compiler setting makes it."
        )
    names = ", ".join(map(code, gap.missing))
    return f"{opening} Missing: {names}.\n  Next: race again with {options_for(gap)}"


def _undeclared_text(group: Iterable[tuple[str, Headline]]) -> str:
    """The gaps between contestants that differ in nothing that is known, and the next step."""
    cases: dict[tuple[str, str], list[str]] = {}
    pairs: dict[tuple[str, str], None] = {}
    for case, headline in group:
        cases.setdefault((headline.start, headline.end), []).append(code(case))
        if isinstance(headline.why, Gap):
            pairs[headline.why.nearest] = None
    between = (
        f"from {code(start)} to {code(end)} ({', '.join(names)})"
        for (start, end), names in cases.items()
    )
    which = "the two" if len(cases) == 1 else "the two of each"
    if len(pairs) == 1 or pairs.keys() != cases.keys():
        which = ", and ".join(f"{code(one)} and {code(other)}" for one, other in pairs)
    return (
        f"There is no path in steps of one factor {', and '.join(between)}: {which} differ in "
        "nothing that is known.\n  Next: declare in which factors they differ, where entries are "
        "listed."
    )


def _is_undeclared(why: Ladder | Gap) -> bool:
    """Whether two contestants differ in nothing that is known."""
    return isinstance(why, Gap) and not why.differences and why.nearest[0] != why.nearest[1]


def options_for(gap: Gap) -> str:
    """The arguments that would add the missing contestants."""
    words = [argument("factors", setting) for setting in gap.settings]
    if gap.threads:
        words.append(argument("threads", gap.threads))
    if not words:  # others had that thread count, and the choice of entries kept this one from it
        words = [argument("entries", name) for name in gap.missing]
    return " ".join(words)


def _way(headline: Headline) -> tuple[str, ...]:
    """The path that headlines of one table share."""
    if isinstance(headline.why, Gap):
        is_undeclared = _is_undeclared(headline.why)
        return () if is_undeclared else (headline.start, headline.end)
    rungs = (rung.contestant_after for rung in headline.why.rungs)
    return (headline.start, "->", *rungs)


def _explained(view: View, group: Sequence[tuple[str, Headline]]) -> tuple[Block, ...]:
    """Headlines of several cases with the same path or the same gap."""
    case, first = group[0]
    if _is_undeclared(first.why):
        return (Paragraph(_undeclared_text(group)),)
    if isinstance(first.why, Gap):
        return (Paragraph(gap_text(case, first, first.why)),)
    ladders = {name: line.why for name, line in group if isinstance(line.why, Ladder)}
    what = "the best with several threads" if first.parallel else "the best with one thread"
    title = f"From {code(first.start)} to {code(first.end)}, {what}, one factor at a time"
    steps = (
        (
            _change(rung, rung.contestant_after),
            *(
                _counted(ladder.rungs[number].ratio, view.cases[name])
                for name, ladder in ladders.items()
            ),
        )
        for number, rung in enumerate(first.why.rungs)
    )
    products = (f"{ratio_text(ladder.product)}x" for ladder in ladders.values())
    whole = (_counted(ladder.ratio, view.cases[name]) for name, ladder in ladders.items())
    rows = (*steps, ("product of the steps", *products), ("measured directly", *whole))
    return Heading(title), _table(map(code, ladders), rows, summary_rows=2)
