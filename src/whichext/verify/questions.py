"""What a contestant is asked: its inputs one by one, and what is done other than one call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whichext.model.check import Property
from whichext.model.contestant import Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.system.machine import usable_cores
from whichext.system.workers.messages import Prepared
from whichext.verify.behaviour import AGAIN, BEHAVIOURS, FORK_S, Behave
from whichext.verify.in_worker import Try

_BEHAVIOUR_S = 10.0
"""Time that a behaviour may take beside one call's limit: some repeat calls for a while."""


@dataclass(frozen=True)
class Question:
    """One thing to ask a contestant's process."""

    name: str
    """Of the input, or of what is done."""
    property: Property
    """What it looks at."""
    request: Try | Behave
    """As the process is asked."""
    limit_s: float
    """Time that it has, s."""


def tries(contestant: Contestant, prepared: Prepared, options: Options) -> Iterator[Question]:
    """One call on each of the inputs that are prepared."""
    for name, looks_at in zip(prepared.names, prepared.properties, strict=True):
        yield Question(name, looks_at, Try(name, contestant.dtypes), options.time_limit_s)


def nasty_questions(
    contestant: Contestant, nasty: Prepared, kernel: Kernel, options: Options
) -> list[Question]:
    """One call on each nasty input, then what is done other than one call."""
    questions = [
        question
        for question in tries(contestant, nasty, options)
        # The reference is right by definition, also where it is more generous than an entry.
        if contestant.project or question.name not in kernel.refused
    ]
    questions += (
        _behave(contestant, name, name, options)
        for name, behaviour in BEHAVIOURS.items()
        if options.thorough or behaviour.quick
    )
    return questions


def thread_questions(contestant: Contestant, options: Options) -> Iterator[tuple[int, Question]]:
    """Thread counts other than the contestant's own, each with what to ask with so many threads."""
    many = 2 * usable_cores() + 1  # more than there are, and odd: no multiple of any block
    for threads in dict.fromkeys((1, 2, many) if contestant.parallel else ()):
        if threads != contestant.threads:
            named = "with 1 thread" if threads == 1 else f"with {threads} threads"
            yield threads, _behave(contestant, named, AGAIN, options)


def _behave(contestant: Contestant, label: str, name: str, options: Options) -> Question:
    request = Behave(name, contestant.dtypes, min(FORK_S, options.time_limit_s))
    limit_s = options.time_limit_s + _BEHAVIOUR_S
    return Question(label, BEHAVIOURS[name].property, request, limit_s)
