"""The reference on an input: its answer, its refusal, or an error that its author has to see."""

from __future__ import annotations

import time
from contextlib import suppress

import numpy as np
from hypothesis import Phase, given

from whichext.model.author import reference_of, where_of
from whichext.model.call import Arguments
from whichext.model.errors import KernelError, describe_error
from whichext.model.kernel import REFUSALS, Kernel, Prepared
from whichext.verify.inputs.arguments import deterministic, drawing_for, strategy_of
from whichext.verify.inputs.snippet import is_short, write_snippet

_EXAMPLES, _SHRINK_S = 100, 5.0


def ask_reference(kernel: Kernel, arguments: Arguments, plain_of: str | None = None) -> Prepared:
    """An input with the reference's answer."""
    try:
        with np.errstate(all="ignore"):  # that NaN and infinities are odd is what they are here for
            answer = kernel.answer(arguments)
    except kernel.refuses as error:
        reason = f"the reference raises {type(error).__name__}: {error}"
        return Prepared(arguments, refusal=reason)
    return Prepared(arguments, answer, plain_of=plain_of)


def reference_fails(kernel: Kernel, arguments: Arguments, error: Exception) -> KernelError:
    """What to tell of an input on which the reference raises what is no refusal.

    Args:
        kernel: Its arguments allow the input.
        arguments: The input.
        error: What the reference raised.

    """
    found = _smaller(kernel, type(error)) or arguments
    names = ("TypeError", "ValueError") if kernel.refuses == REFUSALS else _names(kernel.refuses)
    refuses = ", ".join((*names, type(error).__name__))
    next_step = (
        "say with Kernel(arguments=...) what calls may be given, or make the error a refusal:\n"
        f"Kernel(refuses=({refuses}))"
    )
    if kernel.is_given:
        next_step = (
            f"give strategies in arguments of which {kernel.reference_name} answers each draw"
        )
    like = "like those of its cases" if kernel.arguments is None else "that arguments allows"
    shown = f":\n{write_snippet(found, kernel.argument_names)}" if is_short(found) else ""
    return KernelError(
        f"{reference_of(kernel)} raises {describe_error(error)} on an input {like}{shown}",
        next_step,
        where=where_of(kernel),
    )


def _names(kinds: tuple[type[Exception], ...]) -> tuple[str, ...]:
    return tuple(kind.__name__ for kind in kinds)


def _smaller(kernel: Kernel, kind: type[Exception]) -> Arguments | None:
    """The smallest input found on which the reference raises such an error; None where none is."""
    strategy, found, ends_at = strategy_of(kernel), [], time.monotonic() + _SHRINK_S
    assert strategy is not None, "the input was drawn from it"

    @deterministic(_EXAMPLES, Phase.generate, Phase.shrink)
    @given(strategy)
    def ask(arguments: Arguments) -> None:
        if time.monotonic() < ends_at:
            try:
                ask_reference(kernel, arguments)
            except kind:
                found.append(arguments)
                raise

    # Hypothesis raises the error once more for the last one, which is the smallest.
    with suppress(Exception), drawing_for(kernel):
        ask()
    return found[-1] if found else None
