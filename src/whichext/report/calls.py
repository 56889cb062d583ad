"""How calls were made where entries are no plain functions: in place, or of an object's method."""

from __future__ import annotations

from collections.abc import Iterator

from whichext.model.contestant import Role
from whichext.model.inline import code, foreign
from whichext.model.judged import CaseJudged
from whichext.model.outcome import Measured
from whichext.model.units import time_text
from whichext.model.view import CaseView, View
from whichext.report.document import listed
from whichext.toolchains import find_toolchain
from whichext.toolchains.base import Topic


def call_texts(view: View) -> Iterator[str]:
    """What a call was, and what was not asked of a class; nothing where entries are functions."""
    raw = view.raw
    if raw.mutates:
        names = listed([code(name) for name in raw.mutates])
        yield (
            f"Each call on a fresh copy of {names}, which it may change; copies are made before "
            "the clock starts."
        )
    if raw.method is not None:
        yield (
            f"A call is one of {code(f'{raw.method}()')} with an item of the stream; each turn "
            "makes new objects before the clock starts."
        )
    yield from single_threaded_texts(view)


def first_words(view: View) -> tuple[str, str]:
    """What comes first in a fresh process, and the title of its time: of methods, of a stream."""
    if view.raw.method is None:
        return "First call", "first call"
    return "First stream", "a call of the first stream"


def first_texts(view: View, case: CaseJudged) -> Iterator[str]:
    """What of these times is no work of an entry's own, as its toolchain says."""
    by_toolchain: dict[str, list[str]] = {}
    for one in case.first_calls:
        for factor in view.contestants[one.contestant].factors:
            if factor.name == "toolchain":
                by_toolchain.setdefault(factor.value, []).append(code(one.contestant))
    for toolchain, names in by_toolchain.items():
        said = find_toolchain(toolchain).words.get(Topic.FIRST)
        if said is not None:
            yield f"{listed(names)}: {said}."


def single_threaded_texts(view: View) -> Iterator[str]:
    """Classes whose objects belong to the thread that made them, each with its reason."""
    reasons: dict[str, list[str]] = {}
    for one in view.raw.contestants:
        if one.single_threaded is not None and one.role is Role.ENTRY:
            reasons.setdefault(one.single_threaded, []).append(one.name)
    for reason, names in reasons.items():
        yield (
            f"Single-threaded by contract: {listed([code(name) for name in names])} "
            f"({foreign(reason)}). No object was called from another thread than made it."
        )


def harness_texts(case: CaseView, view: View) -> Iterator[str]:
    """What the race itself adds to each call of a method; nothing where entries are functions."""
    for name, outcome in case.measured.items():
        if view.contestants[name].role is Role.HARNESS:
            yield _harness_text(case, view, name, outcome)


def _harness_text(case: CaseView, view: View, name: str, outcome: Measured) -> str:
    ratio = outcome.ratio
    share = ""
    if ratio.low is not None and ratio.high is not None:
        spread = f"{ratio.low:.1%} to {ratio.high:.1%}"
        share = f", which is {spread} of a call of {code(case.judged.baseline or '')}"
    factors = {one.name: one.value for one in view.contestants[name].factors}
    by = (
        "in C" if factors.get("toolchain") == "c" else "in Python, since the one in C was not built"
    )
    return (
        f"{code(name)}: a method that does nothing ({by}), called in the same way. It takes "
        f"{time_text(outcome.median_ns)}{share}; every time above includes that."
    )
