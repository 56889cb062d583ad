"""The tables of a memo: speed, cost of a call, and cost of the toolchain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from whichext.model.circumstances import Crossing
from whichext.model.decision import Decision
from whichext.model.inline import Style, argument, code, foreign, mark
from whichext.model.insight import FirstCall
from whichext.model.outcome import Tool
from whichext.model.ratio import Ratio, speed_up_text
from whichext.model.units import percent_text, size_text, time_text
from whichext.model.view import View
from whichext.report.builds import (
    COMPILED_WHEN_CALLED,
    LINES_ARE,
    compiling_text,
    lines_text,
)
from whichext.report.calls import first_words
from whichext.report.document import Block, Details, Lines, Paragraph, Table, codes, columns
from whichext.report.field import TAIL, tail_table
from whichext.report.leaders import order_text, pairs_text
from whichext.report.memory import brief_extra_text

_NONE = "-"


def speed_blocks(view: View, found: Decision) -> Iterator[Block]:
    """The best of each toolchain in the cases that decide; the others folded away."""
    if not found.cases:
        return
    share = " Share of the limit: 100% moves its bytes as fast as this machine can with as many "
    yield Paragraph(
        "The best of each toolchain, with one thread and with several."
        + f"{share}threads." * _has_limit(view, found.cases)
    )
    yield _speed_table(view, found, found.cases)
    for name in found.cases:
        yield from _tail_blocks(view, found, name)
    between = {name: pairs_text(view.cases[name].judged.between) for name in found.cases}
    if any(between.values()):
        yield Paragraph("The fastest of each toolchain against each other:")
        lines = (f"{code(name)}: {text}." for name, text in between.items() if text)
        yield Lines(tuple(lines), listed=True)
        notes = (order_text(view.cases[name]) for name in found.cases)
        if said := tuple(filter(None, notes)):
            yield Lines(said)
    if found.other_cases:
        table = _speed_table(view, found, found.other_cases)
        yield Details("The other cases, which do not decide", (table,))
    if found.crossings:
        sentences = (_crossing_text(found, crossing) for crossing in found.crossings)
        yield Lines(tuple(sentences), listed=True)


def call_blocks(view: View, found: Decision) -> Iterator[Block]:
    """The time of the smallest case, and of the first call in a fresh process."""
    cost = found.call_cost
    if cost is None:
        return
    case = view.cases[cost.case]
    moved = size_text(case.size.bytes_moved)
    known = case.size.bytes_moved is not None
    if cost.shows:
        moves = f"In {code(cost.case)}, the smallest case raced, a call moves {moved}."
        yield Paragraph(moves if known else f"{code(cost.case)} is the smallest case raced.")
    else:
        much = f"moves {moved}: too much" if known else "takes too long"
        yield Paragraph(
            f"The smallest case raced, {code(cost.case)}, {much} to show what a "
            "call itself costs. Next: race a small one as well, with "
            f"{mark(Style.CODE, argument('cases'))}."
        )
    against = f"times as fast as {code(found.reference)}"
    what, told = first_words(view)
    first_calls = {one.contestant: one for one in case.judged.first_calls}
    yield Table(
        columns(
            *("contestant", "a call", against, told, "import"),
            right=("a call", against, told, "import"),
        ),
        tuple(
            (
                code(name),
                time_text(case.measured[name].median_ns),
                _times(found, name, cost.case),
                *_first_call(first_calls.get(name)),
            )
            for name in cost.contestants
        ),
    )
    yield Paragraph(
        f"{what} and import: in a fresh process, including the start of threads and compilation."
    )


def cost_blocks(found: Decision) -> Iterator[Block]:
    """A row for each build; nothing where none is eligible."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for name in found.shown:
        cost = found.candidate(name).cost
        row = (
            _named(cost.compilers) or "none",
            _named(cost.packages) or _NONE,
            ", ".join(filter(None, (_named(cost.requires), *cost.libraries))) or _NONE,
            time_text(cost.build_ns),
            size_text(cost.wheel_bytes),
            lines_text(cost.code_lines),
        )
        rows.setdefault(row, []).append(name)
    if not rows:
        return
    yield Table(
        columns(
            *("contestant", "toolchains", "fetched to build", "its users need"),
            *("build", "wheel", "lines of code"),
            right=("build", "wheel", "lines of code"),
        ),
        tuple((codes(names), *row) for row, names in rows.items()),
    )
    yield from _memory(found)
    yield from _compiled_when_called(found)
    yield Paragraph(
        "Build: wall time from scratch on this machine, with the environment that the build sets "
        "up. Wheel: without the packages and shared libraries that its users need as well. "
        f"Lines of code: those of the project, with {LINES_ARE}."
    )


def _memory(found: Decision) -> Iterator[Block]:
    """What calls take beyond inputs and answer, where it is known; those alike together."""
    alike: dict[str, list[str]] = {}
    for name in found.shown:
        extra = found.candidate(name).memory
        if extra is not None:
            alike.setdefault(brief_extra_text(extra), []).append(name)
    if alike:
        texts = (f"{codes(names)} {text}" for text, names in alike.items())
        yield Paragraph(f"Memory of a call beyond inputs and answer, at most: {'; '.join(texts)}.")


def _compiled_when_called(found: Decision) -> Iterator[Block]:
    """What compiling takes of those that are compiled when they are called."""
    times = ((name, found.candidate(name).cost.compiling) for name in found.shown)
    texts = [f"{code(name)} {compiling_text(one)}" for name, one in times if one is not None]
    if texts:
        yield Paragraph(f"{COMPILED_WHEN_CALLED}: {'; '.join(texts)}.")


def share_text(of_limit: Ratio | None) -> str:
    """A share of the limit with its interval."""
    if of_limit is None or of_limit.low is None or of_limit.high is None:
        return _NONE
    low, high = percent_text(of_limit.low), percent_text(of_limit.high)
    return f"{percent_text(of_limit.value)} [{low}, {high}]"


def _speed_table(view: View, found: Decision, cases: Sequence[str]) -> Table:
    numbers = ["a call", f"times as fast as {code(found.reference)}"]
    numbers += ["share of the limit"] * _has_limit(view, cases)
    rows = (row for case in cases for row in _speed_rows(view, found, case))
    return Table(
        columns("case", "contestant", *numbers, right=numbers),
        tuple(row[: 2 + len(numbers)] for row in rows),
    )


def _has_limit(view: View, cases: Sequence[str]) -> bool:
    """Whether the kernel states what a call must move."""
    return any(view.cases[name].size.bytes_moved is not None for name in cases)


def _tail_blocks(view: View, found: Decision, name: str) -> Iterator[Block]:
    """The tail latencies of a case; nothing where one thread calls."""
    case = view.cases[name]
    shown = [one for one in case.measured if one in (found.reference, *found.shown)]
    table = tail_table(case, shown)
    if table is not None:
        called = f"{code(name)} is called from {case.case.callers} Python threads at once"
        yield Paragraph(f"{called}: above, the inverse of the throughput; below, {TAIL}.")
        yield table


def _speed_rows(view: View, found: Decision, name: str) -> Iterator[tuple[str, ...]]:
    case = view.cases[name]
    shown = (found.reference, *found.shown)
    title = " ".join(filter(None, (code(name), foreign(case.case.text))))
    for contestant in (one for one in case.measured if one in shown):
        measured = case.measured[contestant]
        yield (
            title,
            code(contestant),
            time_text(measured.median_ns),
            _times(found, contestant, name),
            share_text(measured.of_limit),
        )
        title = ""


def _times(found: Decision, name: str, case: str) -> str:
    if name == found.reference:
        return "1"
    ratio = found.candidate(name).by_case.get(case)
    return _NONE if ratio is None else speed_up_text(ratio)


def _crossing_text(found: Decision, crossing: Crossing) -> str:
    """Where one in the table overtakes the reference or falls behind it; a sentence."""
    name, verb = crossing.contestant, "overtakes" if crossing.overtakes else "falls behind"
    before, after = (
        f"{code(case)} ({_times(found, name, case)})" for case in (crossing.before, crossing.after)
    )
    return f"{code(name)} {verb} {code(found.reference)} between {before} and {after}."


def _named(tools: Iterable[Tool]) -> str:
    return ", ".join(tool.full_name for tool in tools)


def _first_call(found: FirstCall | None) -> tuple[str, str]:
    """Its time and that of the import; an old result may lack both."""
    if found is None:
        return _NONE, _NONE
    return time_text(found.first_call_ns), time_text(found.import_ns)
