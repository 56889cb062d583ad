"""Which contestants copy an argument, keep memory, or take more of it than the reference."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from whichext.model.memory import COPY, SEEN_BYTES, ExtraMemory, MemoryNote, growth_of, seen
from whichext.model.outcome import Measured, Wrong
from whichext.model.units import size_text
from whichext.model.view import CaseView, View

_COUNTS = 0.05  # a share of the inputs that counts in a claim


def find_notes(case: CaseView, names: Iterable[str]) -> Iterator[MemoryNote]:
    """The contestants of a case whose calls copy an argument, or keep memory."""
    if not case.memory:
        return
    argument_bytes = largest_argument(case)
    for name in names:
        memory = case.memory.get(name)
        if memory is None:
            continue
        peak_bytes, grown = seen(memory.peak_bytes), growth_of(memory)
        copied = peak_bytes >= COPY * argument_bytes and peak_bytes > 0
        kept = seen(memory.kept_bytes)
        if copied or kept:
            yield MemoryNote(
                contestant=name,
                copied_bytes=peak_bytes if copied else None,
                copies=peak_bytes / argument_bytes if copied else None,
                allocations=memory.allocations if copied else (),
                kept_bytes=kept or None,
                growth_bytes=grown or None,
            )


def find_extra(view: View, name: str, cases: Iterable[str]) -> ExtraMemory | None:
    """What a contestant takes more than the reference, where it is the most; None if unknown."""
    found = []
    for case in map(view.cases.__getitem__, cases):
        own, reference = (case.memory.get(one) for one in (name, view.reference.name))
        if own is not None and case.size.input_bytes:
            extra = ExtraMemory(
                case=case.case.name,
                peak_bytes=seen(own.peak_bytes),
                reference_bytes=None if reference is None else seen(reference.peak_bytes),
                input_bytes=case.size.input_bytes,
            )
            found.append(extra)
    return max(found, key=lambda extra: extra.of_input, default=None)


def largest_argument(case: CaseView) -> int:
    """Size of the largest argument, bytes, as far as it is known.

    Of the arguments, the shape and the dtype of the first are known, and what all take together.
    Where the first has less than half of that, it need not be the largest.
    """
    first = math.prod(case.case.shape) * np.dtype(case.case.dtype).itemsize
    inputs = case.size.input_bytes
    return max(1, first if inputs is None or 2 * first >= inputs else inputs)


def find_leaks(view: View, name: str) -> dict[str, Wrong]:
    """The cases in which every call of a contestant makes its process larger, as outcomes."""
    grown = {
        case: growth_of(its.memory[name])
        for case, its in view.cases.items()
        if name in its.memory and isinstance(its.outcomes.get(name), Measured)
    }
    return {
        case: Wrong(
            where=case,
            expected="a process that stays as large as it is",
            got=f"{size_text(by)} more with every call",
        )
        for case, by in grown.items()
        if by
    }


def used_of_input(case: CaseView, name: str) -> float | None:
    """Inputs and what a call takes beyond them and its answer, over the inputs; None if unknown.

    What is too small to see counts as nothing, unless it may be a share of the inputs that counts.
    """
    memory, inputs = case.memory.get(name), case.size.input_bytes
    if memory is None or not inputs:
        return None
    peak_bytes = seen(memory.peak_bytes)
    if not peak_bytes and inputs < SEEN_BYTES / _COUNTS:
        return None
    return (inputs + peak_bytes) / inputs
