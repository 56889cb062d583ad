"""Drawing inputs with Hypothesis: any shape, layout and values, and the least that shows a fault.

    draw arguments -> the reference answers -> the contestant's process calls, compares
         ^                                                                            |
         '---------------- draw the next; after a fault, a smaller one ---------------'

It is driven from outside, so that a crash can be shrunk as well as a wrong answer: the next
smaller input goes to a new process. The draws depend on nothing but the kernel and the program.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from hypothesis import Phase, given, reject
from hypothesis.errors import Flaky, Unsatisfiable

from whichext.load.packing import pack
from whichext.model.call import Arguments
from whichext.model.kernel import ANY_DTYPE, Kernel
from whichext.model.outcome import Outcome, Right, TimedOut, Unsupported
from whichext.verify.in_worker import NotMade
from whichext.verify.inputs.arguments import (
    deterministic,
    drawing_for,
    strategy_of,
    tried_dtypes,
)
from whichext.verify.inputs.how import drawing

Ask = Callable[[bytes], Outcome | NotMade]
"""Tries arguments, which `pack` made, on a contestant."""

EXAMPLES = 125
"""Inputs that are drawn for a contestant."""

_SHRINK_S = 10.0
_ONE_IN = 5


@dataclass
class Drawn:
    """The result of all inputs that were drawn for a contestant."""

    right: int = 0
    """Right answers, with refusals of what must be refused."""
    refused: int = 0
    """Clean refusals of what may be refused."""
    reason: str | None = None
    """The first of them; None where there is none."""
    arguments: bytes | None = None
    """The smallest input found that shows a fault, packed."""
    fault: Outcome | None = None
    """What it shows."""
    ends_at: float = field(default=float("inf"))
    """When to stop looking for a smaller one, s of the monotonic clock."""


class _FaultError(Exception):
    """Makes Hypothesis look for a smaller input."""


def draw_all(kernel: Kernel, ask: Ask, examples: int = EXAMPLES) -> Drawn | None:
    """Draw inputs until one shows a fault, and shrink that one; small inputs come first.

    Args:
        kernel: It says what its arguments may be.
        ask: Tries an input on the contestant.
        examples: Inputs to draw; in one of five, arrays are long.

    Returns:
        None where the kernel does not say what its arguments may be.

    """
    if strategy_of(kernel) is None:
        return None
    drawn = Drawn()
    dtypes = tuple(dtype for dtype in tried_dtypes(kernel) if dtype != ANY_DTYPE)
    long = examples // _ONE_IN
    with drawing(exact=kernel.agreement.is_exact, **({"dtypes": dtypes} if dtypes else {})):
        _draw(drawn, kernel, ask, examples - long)
        if drawn.fault is None:
            with drawing(long=True):
                _draw(drawn, kernel, ask, long)
    return drawn


def _draw(drawn: Drawn, kernel: Kernel, ask: Ask, examples: int) -> None:
    """Draw inputs of one kind, and note what they show."""
    strategy = strategy_of(kernel)
    assert strategy is not None, "the caller has asked"

    @deterministic(examples, Phase.generate, Phase.shrink)
    @given(strategy)
    def try_one(arguments: Arguments) -> None:
        if time.monotonic() < drawn.ends_at:
            packed = pack(arguments)
            _note(drawn, packed, ask(packed))

    # A fault is in `drawn`. One is flaky when time was up, so that it did not show again. None can
    # be satisfied where the kernel makes none of these inputs.
    with drawing_for(kernel), suppress(_FaultError, Flaky, Unsatisfiable):
        try_one()


def _note(drawn: Drawn, arguments: bytes, result: Outcome | NotMade) -> None:
    match result:
        case NotMade():
            reject()
        case Right():
            drawn.right += drawn.fault is None
        case Unsupported(reason=reason):
            drawn.refused += drawn.fault is None
            drawn.reason = drawn.reason or reason
        case _:  # a fault
            if drawn.fault is None:
                # Each smaller input may hang as long as the first: one is enough.
                patience_s = 0.0 if isinstance(result, TimedOut) else _SHRINK_S
                drawn.ends_at = time.monotonic() + patience_s
            drawn.arguments, drawn.fault = arguments, result
            raise _FaultError
