"""Inputs before the reference was asked, and what it says to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from whichext.model.call import Arguments
from whichext.model.change import Change
from whichext.model.check import Property
from whichext.model.kernel import Kernel, Prepared
from whichext.verify.inputs.apart import Ask, Asked
from whichext.verify.inputs.change import find_change
from whichext.verify.inputs.failing import ask_reference, reference_fails
from whichext.verify.sharing import shared_argument

AskAll = Callable[[Sequence[Ask], Sequence[Arguments]], list[Asked | None]]
"""Asks the reference about all inputs, in this process or in another one."""


@dataclass(frozen=True)
class Input:
    """An input before the reference was asked."""

    name: str
    """Its name."""
    arguments: Arguments
    """Arguments of the call."""
    looks_at: Property
    """What it is there for."""
    plain_of: str | None = None
    """The dtype of which it is a plain array; a change is looked for only in those."""
    of_case: bool = False
    """Whether it is a case's own, and not drawn from what the kernel's arguments may be."""

    def prepared(self, asked: Asked | None) -> dict[str, Prepared]:
        """The input with the reference's answer, by its name; nothing without one."""
        if asked is None:
            return {}
        one = Prepared(
            self.arguments,
            asked.answer,
            refusal=asked.refusal,
            plain_of=None if asked.refusal else self.plain_of,
            property=self.looks_at,
            change=asked.change,
        )
        return {self.name: one}


def answered(kernel: Kernel, inputs: Sequence[Input], ask_all: AskAll) -> dict[str, Prepared]:
    """Inputs by name, with the reference's answers."""
    asks = [partial(_ask, kernel, one) for one in inputs]
    said = ask_all(asks, [one.arguments for one in inputs])
    prepared: dict[str, Prepared] = {}
    for one, asked in zip(inputs, said, strict=True):
        prepared |= one.prepared(asked)
    return prepared


def _ask(kernel: Kernel, one: Input, arguments: Arguments) -> Asked | None:
    """What the reference says to an input; None for an error of its own on one of any kind.

    Raises:
        KernelError: On any other input, the reference raises what is no refusal.

    """
    try:
        asked = ask_reference(kernel, arguments)
    except MemoryError:
        raise
    except Exception as error:
        if one.looks_at is Property.DRAWN:
            return None
        raise error if one.of_case else reference_fails(kernel, arguments, error) from error
    return Asked(asked.answer, asked.refusal, _change(kernel, asked) if one.plain_of else None)


def _change(kernel: Kernel, asked: Prepared) -> Change | None:
    """A change that an entry which remembers answers does not see."""
    view = shared_argument(asked.answer, asked.arguments) is not None  # changes by itself
    if asked.refusal is not None or view:
        return None
    return find_change(kernel, asked.arguments, asked.answer)
