"""Which contestants copy an argument, add to the process, or take more than the reference."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations_with_replacement

import numpy as np
from msgspec.structs import replace

from whichext.model.claim import Between
from whichext.model.memory import COPY, SEEN_BYTES, ExtraMemory, MemoryNote, growth_of, seen
from whichext.model.view import CaseView, View

_ALIKE, _PAGES_BYTES = 0.05, 200_000
"""How far what a call takes may be from the size of a copy: a share, and some pages."""
_MOST_COPIES = 3
_COUNTS = 0.05  # a share of the inputs that counts in a claim


def find_notes(case: CaseView, names: Iterable[str]) -> Iterator[MemoryNote]:
    """The contestants of a case whose calls take as much as an argument, or add to the process."""
    if not case.memory:
        return
    least_bytes = COPY * largest_argument(case)
    for name in names:
        memory = case.memory.get(name)
        if memory is None:
            continue
        peak_bytes, growth = seen(memory.peak_bytes), growth_of(memory)
        like = tuple(find_copies(peak_bytes, case.size.argument_bytes)) if peak_bytes else ()
        much = bool(like) or peak_bytes >= least_bytes > 0
        if growth or (much and peak_bytes):
            yield MemoryNote(
                contestant=name,
                copied_bytes=peak_bytes if much and peak_bytes else None,
                like=like,
                allocations=memory.allocations if much else (),
                growth_bytes=growth or None,
            )


def find_copies(peak_bytes: int, argument_bytes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Copies of which arguments are as large as what a call takes; of as few as possible.

    Args:
        peak_bytes: What the call takes beyond inputs and answer.
        argument_bytes: Sizes of its arguments, in their order.

    """
    large = [n for n, size in enumerate(argument_bytes, start=1) if size >= SEEN_BYTES]
    for count in range(1, _MOST_COPIES + 1):
        found = [
            numbers
            for numbers in combinations_with_replacement(large, count)
            if _is_like(peak_bytes, sum(argument_bytes[n - 1] for n in numbers))
        ]
        if found:
            yield from found
            return


def _is_like(one_bytes: int, other_bytes: int) -> bool:
    return abs(one_bytes - other_bytes) <= _ALIKE * other_bytes + _PAGES_BYTES


def find_extra(view: View, name: str, cases: Iterable[str]) -> ExtraMemory | None:
    """What a contestant takes more than the reference, where it is the most; None if unknown."""
    found, growth = [], 0
    for case in map(view.cases.__getitem__, cases):
        own, reference = (case.memory.get(one) for one in (name, view.reference.name))
        if own is not None and case.size.held_bytes:
            extra = ExtraMemory(
                case=case.case.name,
                peak_bytes=seen(own.peak_bytes),
                reference_bytes=None if reference is None else seen(reference.peak_bytes),
                input_bytes=case.size.held_bytes,
            )
            found.append(extra)
            growth = max(growth, growth_of(own))
    most = max(found, key=lambda extra: extra.of_input, default=None)
    return None if most is None else replace(most, growth_bytes=growth)


def largest_argument(case: CaseView) -> int:
    """Size of the largest argument, bytes, as far as it is known.

    Of older results, the shape and the dtype of the first are known, and what all take together.
    Where the first has less than half of that, it need not be the largest.
    """
    if case.size.argument_bytes:
        return max(1, *case.size.argument_bytes)
    params, first = case.case.params, 0
    if {"shape", "dtype"} <= set(params):
        first = math.prod(params["shape"]) * np.dtype(params["dtype"]).itemsize
    inputs = case.size.held_bytes
    return max(1, first if inputs is None or 2 * first >= inputs else inputs)


def used_of_input(case: CaseView, name: str) -> float | Between | None:
    """Inputs and what a call takes beyond them and its answer, over the inputs; None if unknown.

    What is too small to see counts as nothing, unless it may be a share of the inputs that counts.
    """
    memory, inputs = case.memory.get(name), case.size.held_bytes
    if memory is None or not inputs:
        return None
    peak_bytes = seen(memory.peak_bytes)
    if not peak_bytes and _counts(inputs):
        return 1.0, (inputs + SEEN_BYTES) / inputs
    return (inputs + peak_bytes) / inputs


def memory_ratio(case: CaseView, one: str, other: str) -> float | Between | None:
    """What a contestant uses, inputs and all, over what another one does; None if unknown.

    What is too small to see, of one or of their difference, counts as nothing, unless it may be a
    share of the inputs that counts. Then the ratio is known between two numbers.
    """
    memories, inputs = [case.memory.get(name) for name in (one, other)], case.size.held_bytes
    if None in memories or not inputs:
        return None
    peaks = [seen(memory.peak_bytes) for memory in memories if memory is not None]
    unseen = SEEN_BYTES * _counts(inputs)
    if abs(peaks[0] - peaks[1]) < SEEN_BYTES:
        least = inputs + min(peaks)
        return (least / (least + unseen), (least + unseen) / least) if unseen else 1.0
    low_one, low_other = (inputs + peak for peak in peaks)
    high_one, high_other = (inputs + (peak or unseen) for peak in peaks)
    low, high = low_one / high_other, high_one / low_other
    return low if low == high else (low, high)


def _counts(input_bytes: int) -> bool:
    """Whether what is too small to see may be a share of the inputs that counts."""
    return input_bytes < SEEN_BYTES / _COUNTS
