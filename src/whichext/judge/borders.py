"""How much a toolchain would have to be worth for the answer to be another one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from whichext.judge.candidates import Field
from whichext.judge.recommendation import Answer, Choice, recommend_from

MOST_WORTH = 100.0
"""Beyond it nobody asks."""

_STEP = 1.01


@dataclass(frozen=True)
class Stretch:
    """From where on an answer stays the same, up to where the next one begins."""

    worth: float
    """How many times as fast something must be, from here on; to a hundredth of it."""
    choice: Choice
    """The answer, with as many threads as raced."""


def stretches(field: Field) -> tuple[Stretch, ...]:
    """The answers for all that a toolchain may be worth, from 1 to `MOST_WORTH` times as fast.

    Tried step by step: which of a dozen intervals decides is not worth a formula.
    """
    found: list[Stretch] = []
    for step in range(int(math.log(MOST_WORTH, _STEP)) + 1):
        worth = _STEP**step
        choice = recommend_from(field, worth).overall
        if not found or _what(found[-1].choice) != _what(choice):
            found.append(Stretch(worth, choice))
    return tuple(found)


def _what(choice: Choice) -> tuple[str, ...]:
    """What a reader would do: where nothing is known, who is the most promising makes no odds."""
    if choice.answer is Answer.UNRESOLVED:
        return (choice.answer,)
    return (choice.answer, choice.contestant)
