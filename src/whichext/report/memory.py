"""What calls take of the memory, in words: a cell of a table, notes, and costs of a decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whichext.model.check import Allocation, Memory
from whichext.model.inline import code
from whichext.model.memory import ExtraMemory, MemoryNote, growth_of, seen
from whichext.model.units import ratio_text, size_text
from whichext.model.view import CaseView
from whichext.report.document import listed

MEMORY_LEGEND = (
    "memory: most that a call took beyond its inputs and its answer, in resident pages; "
    "+: what each call adds to the process."
)
_UNSEEN = "< 1 MB"  # `SEEN_BYTES`
_MOST_LIKE = 3


def shows_memory(case: CaseView) -> bool:
    """Whether a call of some contestant in the case took enough memory to be seen, or adds some."""
    return any(seen(its.peak_bytes) or growth_of(its) for its in case.memory.values())


def peak_text(memory: Memory | None) -> str:
    """What a call took at most, as a cell of a table, and what each adds; "-" if not measured."""
    if memory is None:
        return "-"
    growth = growth_of(memory)
    return _bytes_text(seen(memory.peak_bytes)) + (f", +{size_text(growth)}" * bool(growth))


def taken_texts(case: CaseView) -> Iterator[str]:
    """What calls take that is enough to be seen, and in no note of the case, in one clause."""
    noted = {note.contestant for note in case.judged.memory if note.copied_bytes is not None}
    found = ((name, seen(its.peak_bytes)) for name, its in case.memory.items() if name not in noted)
    taken = [f"{code(name)} ({size_text(peak_bytes)})" for name, peak_bytes in found if peak_bytes]
    if taken:
        one = len(taken) == 1
        takes, its = ("takes", "its") if one else ("take", "their")
        yield f"{listed(taken)} {takes} memory beyond {its} inputs and answer"


def memory_sentence(case: CaseView) -> str:
    """Which contestants of a case copy an argument or grow; empty where none does."""
    found = "; ".join(note_texts(case.judged.memory))
    return f"Memory: {found}." if found else ""


def note_texts(notes: Sequence[MemoryNote]) -> Iterator[str]:
    """A clause for each thing to note, with the contestants of which it is true."""
    alike: dict[str, list[str]] = {}
    for note in notes:
        if note.copied_bytes is not None:
            who = f"{code(note.contestant)} ({size_text(note.copied_bytes)})"
            text = f"take{{s}} {_like_text(note.like)}{_allocations_text(note.allocations)}"
            alike.setdefault(text, []).append(who)
    for note in notes:
        if note.growth_bytes is not None:
            text = f"add{{s}} {size_text(note.growth_bytes)} to {{its}} process with every call"
            alike.setdefault(text, []).append(code(note.contestant))
    for text, names in alike.items():
        one = len(names) == 1
        said = text.format(s="s" if one else "", its="its" if one else "their")
        yield f"{listed(names)} {said}"


def extra_text(extra: ExtraMemory, reference: str) -> str:
    """What a call of a candidate takes beside one of the reference; a clause."""
    share = f" ({ratio_text(extra.peak_bytes / extra.input_bytes)}x the input)"
    taken = f"takes {_bytes_text(extra.peak_bytes)}{share if extra.peak_bytes else ''} "
    taken += "beyond inputs and answer"
    text = f"{taken} in {code(extra.case)}"
    if extra.reference_bytes is not None:
        text += f", {code(reference)} {_bytes_text(extra.reference_bytes)}"
    if extra.growth_bytes:
        text += f", and adds {size_text(extra.growth_bytes)} to its process with every call"
    return text


def brief_extra_text(extra: ExtraMemory) -> str:
    """The same for a list: bytes alone."""
    growth = f", +{size_text(extra.growth_bytes)} a call" if extra.growth_bytes else ""
    return f"{_bytes_text(extra.peak_bytes)}{growth}"


def _like_text(like: Sequence[tuple[int, ...]]) -> str:
    """Copies of which arguments are as large as what is taken, in a form for several as well."""
    beyond = "beyond {its} inputs and answer"
    if not like:
        return f"memory {beyond}"
    if len(like) > _MOST_LIKE:
        return f"as much memory {beyond} as a copy of one of several arguments"
    return f"as much memory {beyond} as {' or '.join(map(_copies_text, like))}"


def _copies_text(numbers: tuple[int, ...]) -> str:
    first, *others = numbers
    if not others:
        return f"a copy of argument {first}"
    if set(others) == {first}:
        return f"{len(numbers)} copies of argument {first}"
    return f"copies of arguments {listed(list(map(str, numbers)))}"


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
