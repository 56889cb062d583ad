"""Races of contestants of which it is known what their calls take of the memory."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from support.races import decide
from support.results import changed, make_size, rejudged
from whichext.model.case import Case
from whichext.model.check import Check, Memory, Property
from whichext.model.outcome import Right
from whichext.model.view import View

MB = 1_000_000
INPUT_BYTES = 100 * MB
"""Of one array of float64, the only argument of a call."""
BIG = Case(name="big", shape=(1_000, 12_500), dtype="float64")


def took(
    peak_bytes: int = 0,
    kept_bytes: int = 0,
    growth_bytes: int | None = 0,
    leak_bytes: int | None = 0,
) -> Memory:
    """What a call took; nothing unless told otherwise."""
    return Memory(
        peak_bytes=peak_bytes,
        kept_bytes=kept_bytes,
        growth_bytes=growth_bytes,
        leak_bytes=leak_bytes,
    )


def taking(
    view: View,
    taken: Mapping[str, Memory],
    input_bytes: int = INPUT_BYTES,
    argument_bytes: tuple[int, ...] = (),
) -> View:
    """The result with what contestants took in each of its cases, judged anew.

    Without sizes of arguments, it is an older result.
    """
    cases = [case.name for case in view.raw.cases]
    checks = tuple(
        Check(contestant=name, input=case, result=Right(), property=Property.CASES, memory=memory)
        for case in cases
        for name, memory in taken.items()
    )
    big = tuple(BIG.but(name=case.name, family=case.family) for case in view.raw.cases)
    sizes = tuple(
        replace(make_size(case, input_bytes=input_bytes), argument_bytes=argument_bytes)
        for case in cases
    )
    return rejudged(changed(view, cases=big, sizes=sizes, checks=checks))


def race_taking(
    times_ns: Mapping[str, float],
    taken: Mapping[str, Memory],
    input_bytes: int = INPUT_BYTES,
    argument_bytes: tuple[int, ...] = (),
) -> View:
    """A race against NumPy in the case "big", and what its contestants took there."""
    return taking(decide({"big": times_ns}), taken, input_bytes, argument_bytes)
