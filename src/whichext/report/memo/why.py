"""Why: what single factors do, what a headline ratio is made of, and what is confounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whichext.judge.gap import Gap
from whichext.judge.headlines import Headline, headlines
from whichext.judge.ladder import Ladder
from whichext.judge.recommendation import Recommendation
from whichext.model.ratio import Verdict
from whichext.model.scorecard import Effect, Scorecard
from whichext.model.units import ratio_text
from whichext.report.memo.markdown import bullets, code, codes, worth_text
from whichext.report.ratios import speed_up_text
from whichext.report.why import confounded_pairs, options_for


def why_blocks(scorecard: Scorecard, found: Recommendation) -> Iterator[str]:
    """The effects that matter, the ladders of the headlines, and the pairs that say nothing."""
    cases = found.field.cases
    effects = bullets(_effects(scorecard, cases, found.worth))
    if effects:
        yield (
            f"Single factors that make a difference of {worth_text(found.worth)} times or more, "
            "between two that differ in nothing else:"
        )
        yield from effects
    lines = bullets(_headlines([line for case in cases for line in headlines(scorecard, case)]))
    if lines:
        yield "From where people begin to the best, one factor at a time:"
        yield from lines
    for baseline, leader, where, factors in confounded_pairs(scorecard):
        yield (
            f"Confounded: {code(leader)} and {code(baseline)} ({codes(where)}) differ in "
            f"{', '.join(factors)}. Their ratio is the effect of none of these alone."
        )


def _effects(scorecard: Scorecard, cases: Sequence[str], worth: float) -> Iterator[str]:
    pairs: dict[tuple[str, str], list[Effect]] = {}
    for effect in scorecard.effects:
        if effect.case in cases:
            pair = (effect.contestant_before, effect.contestant_after)
            pairs.setdefault(pair, []).append(effect)
    for (before, after), effects in pairs.items():
        if any(_matters(effect, worth) for effect in effects):
            first = effects[0]
            times = ", ".join(f"{speed_up_text(one.ratio)} ({code(one.case)})" for one in effects)
            yield (
                f"**{first.factor}** {first.before} → {first.after}: {times}; "
                f"{code(before)} → {code(after)}"
            )


def _matters(effect: Effect, worth: float) -> bool:
    """Whether the whole interval is a difference, and the estimate is worth something."""
    known = effect.ratio.verdict in (Verdict.FASTER, Verdict.SLOWER)
    return known and not 1 / worth < effect.ratio.value < worth


def _headlines(found: Sequence[Headline]) -> Iterator[str]:
    """A line for each ladder, and one for all cases that lack the same."""
    lacking: dict[Gap, list[str]] = {}
    for line in found:
        if isinstance(line.why, Gap):
            lacking.setdefault(line.why, []).append(line.case)
        else:
            yield _steps(line, line.why)
    for gap, cases in lacking.items():
        yield _lack(gap, cases)


def _steps(line: Headline, ladder: Ladder) -> str:
    whole = speed_up_text(ladder.ratio)
    text = f"{code(line.start)} → {code(line.end)} ({code(line.case)}): {whole}"
    steps = [f"{step.factor} {step.before} → {step.after}" for step in ladder.rungs]
    if len(steps) == 1:
        return f"{text}, all of it {steps[0]}"
    times = [speed_up_text(step.ratio) for step in ladder.rungs]
    parts = ", ".join(f"{step} {size}" for step, size in zip(steps, times, strict=True))
    return f"{text}, of {parts}; the product of these is {ratio_text(ladder.product)}x"


def _lack(gap: Gap, cases: Sequence[str]) -> str:
    one, other = gap.nearest
    differences = ", ".join(map(str, gap.differences)).replace("->", "→")
    text = (
        f"{code(gap.start)} → {code(gap.end)} ({codes(cases)}): not attributed, since "
        f"{code(one)} and {code(other)} differ in {differences or 'nothing that is known'}"
    )
    if not gap.missing:
        return text
    missing = codes(contestant.name for contestant in gap.missing)
    return f"{text}; {missing} would tell, with {code(options_for(gap))}"
