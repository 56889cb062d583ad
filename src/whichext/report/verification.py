"""What verify found: a table of contestants and properties, and of each fault what shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from whichext.model.check import DRAWN, Check, Property, Tally
from whichext.model.finding import InProcess
from whichext.model.inline import Style, code, foreign, mark, strong, unmarked
from whichext.model.memory import growth_of
from whichext.model.outcome import (
    BuildFailed,
    Crashed,
    Fault,
    NotTried,
    Outcome,
    TimedOut,
    Unsupported,
    Wrong,
)
from whichext.model.units import size_text
from whichext.model.view import View
from whichext.report.calls import call_texts
from whichext.report.document import (
    Block,
    Code,
    Document,
    Lines,
    Paragraph,
    Rules,
    Table,
    columns,
    section,
    some,
)
from whichext.report.findings import finding_texts
from whichext.report.memory import note_texts, taken_texts
from whichext.report.notes import hazards, head_blocks, left_out_text, unfinished
from whichext.report.outcome_words import fault_kind, reason_text

_WORDS = {BuildFailed: "BUILD FAILED", Crashed: "CRASHED", TimedOut: "HUNG", Wrong: "WRONG"}
_MOST_NAMES, _MOST_KINDS = 6, 3
_WIDTH = 90
_NOT_TRIED = "-"
_LEGENDS = (
    (
        r"(\d+)\+(\d+)",
        "{0}: right {1} times; {2} more: refused with a clean error, as they may be, or not tried.",
    ),
    (r"WRONG (\d+)", "{0}: a wrong answer, or an error that is not clean, {1} times."),
    (r"WRONG$", "WRONG: a wrong answer, or an error that is not clean."),
    (r"HUNG", "HUNG: no answer in time."),
    (r"CRASHED", "CRASHED: the process ended by itself."),
    (rf"{_NOT_TRIED}$", "-: not tried, mostly since it was wrong, or its process lost, before."),
    (r"WRONG|HUNG|CRASHED", "What is wrong does not race."),
)
"""What is said of the first cell of a table that matches; its numbers take their places in it."""
_FORK_LEGEND = "What happens in a forked child keeps no contestant out."
_MEMORY_LEGEND = "memory: what each call adds to the process; it keeps no contestant out."


def verification_document(view: View) -> Document:
    """The checks of a result: how often each contestant was right, and what else it was."""
    agreement = (foreign(view.raw.agreement),) if view.raw.agreement else ()
    table = _table(view)
    return Document(
        (
            *head_blocks(view, *agreement),
            *unfinished(view),
            table,
            *_unanswered(view),
            *(block for one in view.raw.contestants for block in _faults(_of(view, one.name))),
            *section("Not verified", _unverified(view)),
            *section("Not drawn", _undrawn(view)),
            *section("Memory", _memory(view)),
            *section("Process", _in_process(view)),
            Paragraph("\n".join((*call_texts(view), *hazards(view), *_legend(view, table)))),
        )
    )


def _legend(view: View, table: Table) -> Iterator[str]:
    """What the cells of the table mean, of those that are there."""
    cells = [unmarked(cell) for row in table.rows for cell in row[1:]]
    said = []
    for pattern, text in _LEGENDS:
        first = next(filter(None, (re.match(pattern, cell) for cell in cells)), None)
        if first is not None:
            said.append(text.format(first[0], *first.groups()).replace(" 1 times", " once"))
    forked = (one for one in view.raw.checks if one.property is Property.FORK)
    said += [_FORK_LEGEND] * any(isinstance(one.result, Fault) for one in forked)
    said += [_MEMORY_LEGEND] * _has_growth(view)
    if said:
        yield mark(Style.DIM, " ".join(said))


def _unanswered(view: View) -> Iterator[Block]:
    """What contestants refused, and with which error; a line for those that refused the same."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for one in view.raw.contestants:
        found: dict[Property, list[Check]] = {}
        for check in _of(view, one.name):
            found.setdefault(check.property, []).append(check)
        alike.setdefault(tuple(_by_property(found)), []).append(one.name)
    texts = tuple(
        f"{_named(view, names)} did not answer {', '.join(parts)}"
        for parts, names in alike.items()
        if parts
    )
    if texts:
        yield Lines(texts)


def _named(view: View, names: Sequence[str]) -> str:
    """Those that a line is about."""
    if 1 < len(names) == len(view.raw.contestants):
        return "all contestants"
    return ", ".join(map(code, names))


def _by_property(found: Mapping[Property, Sequence[Check]]) -> Iterator[str]:
    """How many inputs of a property were not answered, the first of them, and why."""
    said = ""
    for looks_at, checks in found.items():
        refused = [check for check in checks if isinstance(check.result, Unsupported)]
        if not refused or Tally.of(checks).fault is not None:  # its cell shows the fault
            continue
        first, count = refused[0], sum(check.count for check in refused)
        reason = first.result.reason if isinstance(first.result, Unsupported) else ""
        named = "" if first.input in (None, DRAWN) else f"{first.input}: "
        again = reason == said
        why = "likewise" if again else " ".join(f"{named}{reason}".split())
        cut = why if len(why) <= _WIDTH else f"{why[: _WIDTH - 3]}..."
        said = reason
        yield f"{count} of {looks_at} ({cut if again else code(cut)})"


def _of(view: View, contestant: str) -> list[Check]:
    return [check for check in view.raw.checks if check.contestant == contestant]


def _table(view: View) -> Table:
    found = {check.property for check in view.raw.checks}
    properties = [p for p in Property if p in found and p is not Property.IMPORT]
    grows = _has_growth(view)
    rows = tuple(
        (
            code(one.name),
            *(_cell([c for c in checks if c.property is p]) for p in properties),
            *([_growth(checks)] if grows else []),
        )
        for one in view.raw.contestants
        if (checks := _of(view, one.name)) and not isinstance(checks[0].result, NotTried)
    )
    right = (*properties, Property.MEMORY)
    titles = ("contestant", *properties, *([Property.MEMORY] if grows else []))
    # Unbroken also where the terminal is not as wide: half a name is of no use.
    return Table(columns(*titles, right=right, whole=titles), rows, rules=Rules.HEAD)


def _has_growth(view: View) -> bool:
    """Whether growth was measured on the cases; older results have a property for it."""
    checks = view.raw.checks
    old = any(check.property is Property.MEMORY for check in checks)
    return not old and any(check.memory for check in checks)


def _growth(checks: Sequence[Check]) -> str:
    """What calls add to the process, in the case in which that is most."""
    found = [growth_of(check.memory) for check in checks if check.memory is not None]
    if not found:
        return "-"
    most = max(found)
    return strong(mark(Style.BAD, f"+{size_text(most)} a call")) if most else "steady"


def _cell(checks: Sequence[Check]) -> str:
    """The worst of what was found of one property, and how often."""
    if not checks:
        return "-"
    found = Tally.of(checks)
    if found.fault is None:
        return f"{found.right}+{found.refused}" if found.refused else f"{found.right}"
    count = f" {found.faults}" if found.fault is Wrong else ""
    return strong(mark(Style.BAD, f"{_WORDS[found.fault]}{count}"))


def _faults(checks: Sequence[Check]) -> Iterator[Block]:
    """The first fault of each kind that excludes a contestant, and the names of those like it.

    Beside the first of all stands how to see it.
    """
    kinds = _by_kind([c for c in checks if isinstance(c.result, Fault) and c.property.bars])
    for number, (first, *others) in enumerate(kinds[:_MOST_KINDS]):
        texts = [strong(f"{code(first.contestant)}: {reason_text(first.result)}")]
        if others:
            texts.append(f"  likewise on {_likewise(others)}")
        yield Paragraph("\n".join(texts))
        if first.snippet and not number:
            yield Code(first.snippet)
    more = [check for alike in kinds[_MOST_KINDS:] for check in alike]
    if more:
        yield Paragraph(f"{code(more[0].contestant)}: in other ways on {_likewise(more)}")


def _by_kind(faults: Sequence[Check]) -> list[list[Check]]:
    """Faults by what they have in common, the one that says most first."""
    # The last that was drawn is shrunk, and says most; else the first, which has its input too.
    shrunk = [c for c in faults if c.property is Property.DRAWN and c.snippet is not None]
    first = shrunk[-1:] or faults[:1]
    kinds: dict[str, list[Check]] = {}
    for check in (*first, *(one for one in faults if one is not first[0])):
        kinds.setdefault(fault_kind(check.result), []).append(check)
    return list(kinds.values())


def _likewise(checks: Sequence[Check]) -> str:
    """Names of inputs; those that were drawn have none that tells anything."""
    drawn = sum(check.count for check in checks if check.property is Property.DRAWN)
    inputs = [code(check.input or "") for check in checks if check.property is not Property.DRAWN]
    named = [some(inputs, _MOST_NAMES)] if inputs else []
    others = "1 that was drawn" if drawn == 1 else f"{drawn} that were drawn"
    return ", and ".join((*named, *[others] * bool(drawn)))


def _unverified(view: View) -> Iterator[Block]:
    """Those that were not tried, and why; for several alike it is said once."""
    names: dict[str, list[str]] = {}
    for contestant in view.raw.contestants:
        outcome = _untried(view, contestant.name)
        if outcome is not None:
            names.setdefault(reason_text(outcome), []).append(contestant.name)
    if names:
        texts = (f"{', '.join(map(code, alike))}: {reason}" for reason, alike in names.items())
        yield Lines(tuple(texts), listed=True)


def _undrawn(view: View) -> Iterator[Block]:
    """That no inputs were drawn: what was not tried is not certified."""
    if view.raw.undrawn:
        yield Paragraph(
            f"{code('kernel.py')} does not say what the arguments may be, so nothing but its cases "
            "was tried. Next: give "
            f"{code('Kernel(arguments={...})')} with a strategy of {code('whichext.strategies')} "
            "for each argument."
        )
    if view.raw.left_out:
        yield Paragraph(left_out_text(view))


def _memory(view: View) -> Iterator[Block]:
    """Those whose calls take so much memory that it is seen, or add to the process, by case."""
    texts = (
        f"In {code(name)}, {text}"
        for name, case in view.cases.items()
        for text in (*note_texts(case.judged.memory), *taken_texts(case))
    )
    if said := tuple(texts):
        yield Lines(said, listed=True)


def _in_process(view: View) -> Iterator[Block]:
    """What the audit saw contestants do to their processes."""
    found = tuple(one for one in view.raw.findings if isinstance(one, InProcess))
    if found:
        yield Lines(finding_texts(found), listed=True)


def _untried(view: View, contestant: str) -> Outcome | None:
    checks = _of(view, contestant)
    if checks:
        result = checks[0].result
        return result if isinstance(result, NotTried) else None
    return next((row.outcome for row in view.judged.rows if row.contestant == contestant), None)
