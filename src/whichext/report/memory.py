"""What calls take of the memory, in words: a cell of a table, notes, and costs of a decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whichext.model.check import Allocation, Memory
from whichext.model.inline import code
from whichext.model.memory import ExtraMemory, MemoryNote, seen
from whichext.model.units import ratio_text, size_text
from whichext.model.view import CaseView
from whichext.report.document import listed

MEMORY_LEGEND = "memory: most that a call took beyond its inputs and its answer, in resident pages."
_UNSEEN = "< 1 MB"  # `SEEN_BYTES`
_WHOLE = 0.1  # a number of copies that is this near to a whole one is written as that


def shows_memory(case: CaseView) -> bool:
    """Whether a call of some contestant in the case took enough memory to be seen."""
    return any(seen(its.peak_bytes) for its in case.memory.values())


def peak_text(memory: Memory | None) -> str:
    """What a call took at most, as a cell of a table; "-" where it was not measured."""
    return "-" if memory is None else _bytes_text(seen(memory.peak_bytes))


def memory_sentence(case: CaseView) -> str:
    """Which contestants of a case copy an argument or keep memory; empty where none does."""
    found = "; ".join(note_texts(case.judged.memory))
    return f"Memory: {found}." if found else ""


def note_texts(notes: Sequence[MemoryNote]) -> Iterator[str]:
    """A clause for each thing to note, with the contestants of which it is true."""
    alike: dict[str, list[str]] = {}
    for note in notes:
        if note.copied_bytes is not None and note.copies is not None:
            who = f"{code(note.contestant)} ({size_text(note.copied_bytes)})"
            by = _allocations_text(note.allocations)
            alike.setdefault(_copies_text(note.copies) + by, []).append(who)
    for note in notes:
        if note.growth_bytes is not None:
            text = f"grow{{s}} by {size_text(note.growth_bytes)} with every call"
        elif note.kept_bytes is not None:
            text = f"keep{{s}} {size_text(note.kept_bytes)} after a call"
        else:
            continue
        alike.setdefault(text, []).append(code(note.contestant))
    for text, names in alike.items():
        one = len(names) == 1
        said = text.format(s="s" if one else "", its="its" if one else "their")
        yield f"{listed(names)} {said}"


def extra_text(extra: ExtraMemory, reference: str) -> str:
    """What a call of a candidate takes beside one of the reference; a clause."""
    share = f"{ratio_text(extra.peak_bytes / extra.input_bytes)}x the input"
    taken = f"{_bytes_text(extra.peak_bytes)} ({share}) beyond inputs and answer"
    if extra.reference_bytes is None:
        return f"{taken} in {code(extra.case)}"
    return f"{taken} in {code(extra.case)}, {code(reference)} {_bytes_text(extra.reference_bytes)}"


def _copies_text(copies: float) -> str:
    """How much memory is taken again, in a form for one contestant and for several."""
    whole = round(copies)
    times = f"{copies:.1f} times the largest argument"
    if abs(copies - whole) <= _WHOLE:
        times = "one copy" if whole == 1 else f"{whole} copies"
    return f"take{{s}} as much memory again as {{its}} input: {times}"


def _allocations_text(allocations: Sequence[Allocation]) -> str:
    """Where it was asked for, in brackets and with braces doubled; empty where nothing is known."""
    texts = [_allocation_text(allocation) for allocation in allocations]
    return f" ({listed(texts)})".replace("{", "{{").replace("}", "}}") if texts else ""


def _allocation_text(allocation: Allocation) -> str:
    """How much was asked for, and where."""
    text = size_text(allocation.size_bytes)
    if allocation.function is not None:
        text += f" by {code(allocation.function)}"
    if allocation.line is not None:
        called = ", called at" if allocation.function is not None else " at"
        text += f"{called} {code(allocation.line)}"
    return f"{text}, perhaps its answer" if allocation.like_answer else text


def _bytes_text(count_bytes: int) -> str:
    return size_text(count_bytes) if count_bytes else _UNSEEN
