"""The page of a result: what a reader needs at once, then pictures, then everything in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from whichext.model.inline import code, strong
from whichext.model.outcome import Measured, NotTried
from whichext.model.ratio import Ratio, Verdict, speed_up_text
from whichext.model.view import CaseView, View
from whichext.report.document import (
    Block,
    Details,
    Document,
    Heading,
    Paragraph,
    codes,
    listed,
    some,
)
from whichext.report.notes import head_blocks, warning_blocks
from whichext.report.openings import intervals_text, opening_of
from whichext.report.outcome_words import outcome_word
from whichext.report.plots import plots_of
from whichext.report.plots.canvas import can_draw
from whichext.report.race import number_blocks, sentences

_MOST_LOST, _MOST_OTHERS = 12, 3
_INSTALL = code("pip install altair vl-convert-python")
WITHOUT_PLOTS = f"There are no plots, since Altair or vl-convert is not installed. Next: {_INSTALL}"


def race_page(view: View) -> Document:
    """The page of a race: question, answer, how sure it is, the machine, and one picture."""
    plots = [*plots_of(view)]
    title, machine = head_blocks(view)
    return Document(
        (
            title,
            Paragraph(strong(answer_text(view))),
            *warning_blocks(view),
            *_lost(view),
            Paragraph(how_sure_text(view)),
            machine,
            *plots[:1],
            *([] if can_draw() else [Paragraph(WITHOUT_PLOTS)]),
            *([Heading("Why, where and at what cost")] if plots[1:] else []),
            *plots[1:],
            Heading("Everything in numbers"),
            Details("Cases, builds, audit, and what did not race", number_blocks(view)),
        )
    )


def other_page(document: Document, view: View) -> Document:
    """The page of any other report: the answer before it, and the plots of its race at the end."""
    plots = tuple(plots_of(view))
    heading: tuple[Block, ...] = (Heading("The race in pictures"),) if plots else ()
    return Document((*_opened(document, view), *heading, *plots))


def _opened(document: Document, view: View) -> tuple[Block, ...]:
    """The blocks of a report below the question, the answer, how sure it is and the machine."""
    opening = opening_of(view)
    if opening is None:
        return document.blocks
    title, machine = head_blocks(view)
    blocks = [*document.blocks]
    if blocks and isinstance(blocks[0], Heading):  # of its own, which an audit has none of
        title = blocks.pop(0)
    if blocks and _says(blocks[0], machine):
        machine = blocks.pop(0)
    return (
        title,
        Paragraph(strong(opening.answer)),
        Paragraph(opening.how_sure),
        machine,
        *blocks,
    )


def _says(block: Block, machine: Block) -> bool:
    """Whether a block begins with the lines about the machine."""
    if not isinstance(block, Paragraph) or not isinstance(machine, Paragraph):
        return False
    return block.text.startswith(machine.text)


def answer_text(view: View) -> str:
    """What came out, in one sentence."""
    cases = [case for case in view.cases.values() if case.judged.leaders is not None]
    if not cases:
        return "Nothing could be measured."
    if len(cases) == 1:
        return sentences(view, cases[0])[0]
    leads = _leads(cases)
    best, times = max(leads.items(), key=lambda item: (item[1], _least(cases, item[0])))
    names = [name for name, count in leads.items() if count == times]
    where = f"in {'all' if times == len(cases) else f'{times} of'} {len(cases)} cases"
    if len(names) > 1:
        lead = f"{codes(names)} each lead, or cannot be told from the fastest, {where}"
    else:
        lead = f"{code(best)} is the fastest, or was not shown to be slower, {where}"
    if best == view.raw.baseline:
        return f"{lead}."
    one = code(best) if len(names) > 1 else "it"
    ratios = [case.measured[best].ratio for case in cases if best in case.measured]
    others = [*_elsewhere(cases, names)]
    but = f" {some(others, _MOST_OTHERS)}." if others else ""
    return f"{lead}; {one} is {_spread(ratios)} as fast as {code(view.raw.baseline)}.{but}"


def _leads(cases: Iterable[CaseView]) -> Counter[str]:
    """In how many cases each contestant leads."""
    leaders = (case.judged.leaders for case in cases)
    return Counter(name for found in leaders if found is not None for name in found.names)


def _least(cases: Iterable[CaseView], name: str) -> float:
    """The least speed-up of a contestant; 0 where it has none in a case."""
    ratios = [case.measured[name].ratio if name in case.measured else None for case in cases]
    return min(0.0 if ratio is None else ratio.inverse.value for ratio in ratios)


def _elsewhere(cases: Iterable[CaseView], names: Collection[str]) -> Iterator[str]:
    """The fastest where none of these leads."""
    for case in cases:
        leaders = case.judged.leaders
        if leaders is not None and not {*leaders.names} & {*names}:
            yield f"In {code(case.case.name)} it is {code(leaders.leader)}"


def _lost(view: View) -> Iterator[Block]:
    """Contestants that failed: a reader must not take a picture without them for the whole."""
    words: dict[str, dict[str, None]] = {}
    for row in view.judged.rows:
        if not isinstance(row.outcome, Measured | NotTried):
            words.setdefault(row.contestant, {})[outcome_word(row.outcome)] = None
    found = [f"{code(name)} ({listed([*of])})" for name, of in words.items()]
    if found:
        yield Paragraph(f"Without a time: {some(found, _MOST_LOST)}. The reasons are below.")


def _spread(ratios: list[Ratio]) -> str:
    """From the least to the greatest speed-up."""
    ordered = sorted(ratios, key=lambda ratio: -ratio.value)
    ends = dict.fromkeys(map(speed_up_text, (ordered[0], ordered[-1])))
    return " to ".join(ends)


def how_sure_text(view: View) -> str:
    """How many comparisons are resolved, over how many epochs, and how noisy the machine was."""
    verdicts = Counter(_verdicts(view))
    said = [f"{verdicts[one]} {one}" for one in Verdict if verdicts[one]]
    compared = f"Against the baseline: {listed(said)}." if said else "Nothing was compared."
    return f"How sure: {compared} {intervals_text(view)}"


def _verdicts(view: View) -> Iterator[Verdict]:
    for row in view.judged.rows:
        if isinstance(row.outcome, Measured) and view.contestants[row.contestant].is_compared:
            verdict = row.outcome.ratio.verdict
            if verdict is not Verdict.BASELINE:
                yield verdict
