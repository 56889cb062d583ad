"""What memory does to a report, in whole sentences."""

from __future__ import annotations

from inline_snapshot import snapshot
from msgspec.structs import replace

from support.memory import MB, race_taking, took
from support.races import CY, NUMPY, RS, memo_of
from whichext.cli.wording import SHELL
from whichext.model.check import Allocation, Memory
from whichext.model.inline import unmarked
from whichext.model.view import View
from whichext.report.memory import memory_sentence

CY_LEAN = "cy.lean"
COPY, NOTHING = took(100 * MB), took()
TIMES = {NUMPY: 4000, CY: 1000, RS: 1000}


def sentence(**taken: Memory) -> str:
    names = {"cy": CY, "rs": RS, "numpy": NUMPY}
    memories = {names[name]: memory for name, memory in taken.items()}
    view = race_taking(TIMES, memories, argument_bytes=(100 * MB,))
    return unmarked(memory_sentence(view.cases["big"]), SHELL)


def test_contestants_of_which_the_same_is_true_are_named_together() -> None:
    assert sentence(cy=COPY, rs=COPY) == snapshot(
        "Memory: cy.find (100 MB) and rs.find (100 MB) take as much memory beyond their inputs and answer as a copy of argument 1."
    )


def test_what_grows_is_named_and_not_what_is_kept() -> None:
    assert sentence(cy=took(0, 8 * MB), rs=took(200 * MB, 8 * MB, 8 * MB)) == snapshot(
        "Memory: rs.find (200 MB) takes as much memory beyond its inputs and answer as 2 copies of argument 1; rs.find adds 8.00 MB to its process with every call."
    )


def attributed(*allocations: Allocation) -> str:
    """The sentence on a contestant of which it is known where it asked for memory."""
    return sentence(cy=replace(COPY, allocations=allocations), rs=COPY)


def test_a_copy_has_the_place_where_it_was_asked_for() -> None:
    one = Allocation(size_bytes=100 * MB, function="array_copy", line="slow.py:12")
    assert attributed(one) == snapshot(
        "Memory: cy.find (100 MB) takes as much memory beyond its inputs and answer as a copy of argument 1 (100 MB by array_copy, called at slow.py:12); rs.find (100 MB) takes as much memory beyond its inputs and answer as a copy of argument 1."
    )


def test_a_place_may_be_known_in_part_or_be_the_answers() -> None:
    line = Allocation(size_bytes=60 * MB, function=None, line="slow.py:12")
    closure = "find::{{closure}}"
    rust = Allocation(size_bytes=40 * MB, function=closure, line=None, like_answer=True)
    assert attributed(line, rust) == snapshot(
        "Memory: cy.find (100 MB) takes as much memory beyond its inputs and answer as a copy of argument 1 (60.0 MB at slow.py:12 and 40.0 MB by find::{{closure}}, perhaps its answer); rs.find (100 MB) takes as much memory beyond its inputs and answer as a copy of argument 1."
    )


def recommendation(view: View) -> str:
    """What a memo recommends, and why."""
    return memo_of(view).partition("## Recommendation")[2].partition("_High:")[0].strip()


def test_a_memo_says_what_a_recommendation_takes() -> None:
    view = race_taking({NUMPY: 4000, CY: 1000}, {NUMPY: NOTHING, CY: COPY})
    assert recommendation(view) == snapshot("""\
**Use `cy.find`.**

In `big`, the only case that decides, `cy.find` is 4.01x [4.00, 4.02] as fast as `numpy`. Nothing with another toolchain could be compared.

Confidence: **medium**: `cy.find` takes 100 MB (1.00x the input) beyond inputs and answer in `big`, `numpy` \\< 1 MB.\
""")


def test_a_memo_says_what_each_call_of_a_recommendation_adds() -> None:
    view = race_taking({NUMPY: 4000, CY: 1000}, {NUMPY: NOTHING, CY: took(leak_bytes=4_100)})
    assert recommendation(view).rpartition("Confidence: ")[2] == snapshot(
        "**medium**: `cy.find` takes \\< 1 MB beyond inputs and answer in `big`, `numpy` \\< 1 MB, and adds 4.10 kB to its process with every call."
    )
    costs = memo_of(view).partition("## What it costs")[2].partition("##")[0]
    (line,) = (line for line in costs.splitlines() if line.startswith("Memory"))
    assert line == snapshot(
        "Memory of a call beyond inputs and answer, at most: `cy.find` \\< 1 MB, +4.10 kB a call."
    )


def test_a_memo_says_what_is_as_fast_and_takes_more() -> None:
    times = {NUMPY: 4000, CY: 1000, CY_LEAN: 1050}
    view = race_taking(times, {NUMPY: NOTHING, CY: COPY, CY_LEAN: NOTHING})
    assert recommendation(view) == snapshot("""\
**Use `cy.lean`.**

In `big`, the only case that decides, `cy.lean` is 3.82x [3.81, 3.83] as fast as `numpy`. Nothing with another toolchain could be compared. As fast, and not recommended for its memory: `cy.find` takes 100 MB (1.00x the input) beyond inputs and answer in `big`, `numpy` \\< 1 MB.

Confidence: **high**.\
""")


def test_a_memo_says_which_of_several_takes_less() -> None:
    times = {NUMPY: 4000, CY: 1000, RS: 1000}
    view = race_taking(times, {NUMPY: NOTHING, CY: COPY, RS: NOTHING})
    assert recommendation(view) == snapshot("""\
**Use `rs.find` or `cy.find`: no difference worth a toolchain was found between them.** Take the one that your project builds already; if it builds none, `rs.find` takes less memory (`rs.find` needs `cargo` and `cc`; `cy.find` needs `cc`).

In `big`, the only case that decides, `rs.find` is 4.01x [4.00, 4.02] as fast as `numpy` (`cy.find` 4.01x [4.00, 4.02]). Measured against each other, `rs.find` is 1.00x [1.00, 1.00] as fast as `cy.find`.

Confidence: **medium**: `cy.find` takes 100 MB (1.00x the input) beyond inputs and answer in `big`, `numpy` \\< 1 MB.\
""")
