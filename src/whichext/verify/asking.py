"""What a contestant's process is asked, and what is left of it when it is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from msgspec.msgpack import encode
from msgspec.structs import replace

from whichext.build.packages import find_absent
from whichext.model.check import Check, Property
from whichext.model.contestant import Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import Fault, Outcome, Right, TimedOut, Unsupported
from whichext.system.machine import usable_cores
from whichext.system.workers.crew import Crew, Worker, WorkerLostError
from whichext.system.workers.messages import Prepared
from whichext.verify import in_worker
from whichext.verify.behaviour import AGAIN, BEHAVIOURS, FORK_S, Behave
from whichext.verify.in_worker import DRAWN, DRAWN_REPLY, REPLY, NotMade, Try, TryDrawn
from whichext.verify.inputs.layouts import Recipe

SERVER = in_worker.__name__

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


def ask_before_cases(
    crew: Crew,
    contestant: Contestant,
    site: Path | None,
    questions: list[Question],
    options: Options,
) -> list[Check]:
    """What is asked of a contestant before the cases; drawn inputs and threads if thoroughly."""
    absent = find_absent(contestant.requires, contestant.remedy)
    if absent:
        return [_not_imported(contestant, absent)]
    checks = ask_all(crew, contestant, site, questions, options)
    # Of who hangs, each further input would take the whole time that it may.
    hangs = any(isinstance(check.result, TimedOut) and check.property.bars for check in checks)
    if hangs or checks[-1].property is Property.IMPORT or not options.thorough:
        return checks
    checks += ask_drawn(crew, contestant, site, options)
    for threads, question in thread_questions(contestant, options):
        found = ask_all(crew, replace(contestant, threads=threads), site, [question], options)
        checks += (replace(check, contestant=contestant.name) for check in found)
    return checks


def ask_all(
    crew: Crew,
    contestant: Contestant,
    site: Path | None,
    questions: list[Question],
    options: Options,
) -> list[Check]:
    """One process's answers to all questions; when it is lost, the rest stays unasked."""
    try:
        worker = crew.spawn(contestant, site, SERVER, options.time_limit_s)
    except WorkerLostError as lost:
        return [_not_imported(contestant, lost.outcome)]
    checks: list[Check] = []
    for question in questions:
        start = time.perf_counter_ns()
        try:
            result = worker.ask(question.request, REPLY, question.name, question.limit_s)
        except WorkerLostError as lost:
            checks.append(_check(crew, contestant, question, lost.outcome, checks))
            return checks
        took_ns = time.perf_counter_ns() - start
        check = _check(crew, contestant, question, result, checks)
        checks.append(replace(check, took_ns=took_ns))
    worker.kill()
    return checks


def ask_drawn(
    crew: Crew, contestant: Contestant, site: Path | None, options: Options
) -> list[Check]:
    """Inputs that are drawn, one by one; after a crash, the next one goes to a new process."""
    from whichext.verify.drawing import draw_all  # Hypothesis takes its time; list needs none of it

    workers: list[Worker] = []

    def ask(recipe: Recipe) -> Outcome | NotMade:
        try:
            if not workers:
                workers.append(crew.spawn(contestant, site, SERVER, options.time_limit_s))
            request, limit_s = TryDrawn(recipe), options.time_limit_s
            return workers[0].ask(request, DRAWN_REPLY, DRAWN, limit_s)
        except WorkerLostError as lost:
            workers.clear()
            return lost.outcome

    drawn = draw_all(crew.kernel, ask)
    for worker in workers:
        worker.kill()
    found: list[tuple[Outcome, int]] = [
        (Right(), drawn.right),
        (Unsupported(drawn.reason or ""), drawn.refused),
    ]
    checks = [_drawn(contestant, result, count) for result, count in found if count]
    if drawn.fault is not None and drawn.recipe is not None:
        checks.append(_drawn(contestant, drawn.fault, 1, crew.describe_drawn(encode(drawn.recipe))))
    return checks


def _not_imported(contestant: Contestant, why: Outcome) -> Check:
    return Check(contestant=contestant.name, input="import", result=why, property=Property.IMPORT)


def _drawn(
    contestant: Contestant, result: Outcome, count: int, snippet: str | None = None
) -> Check:
    return Check(
        contestant=contestant.name,
        input=DRAWN,
        result=result,
        property=Property.DRAWN,
        count=count,
        snippet=snippet,
    )


def _check(
    crew: Crew, contestant: Contestant, question: Question, result: Outcome, before: list[Check]
) -> Check:
    """The result with Python to make its input where it is the first fault: one is enough."""
    fault = isinstance(result, Fault)
    first = fault and not any(isinstance(check.result, Fault) for check in before)
    wanted = first and isinstance(question.request, Try)
    return Check(
        contestant=contestant.name,
        input=question.name,
        # A question may go by another name than what is done.
        result=replace(result, where=question.name) if fault else result,
        property=question.property,
        snippet=crew.describe(question.name) if wanted else None,
    )
