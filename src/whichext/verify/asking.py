"""Asking a contestant's process, and what is left of it when it is lost."""

from __future__ import annotations

import time
from pathlib import Path

from msgspec.msgpack import encode
from msgspec.structs import replace

from whichext.model.check import Check, Property
from whichext.model.contestant import Contestant
from whichext.model.options import Options
from whichext.model.outcome import Fault, Outcome, Right, TimedOut, Unsupported
from whichext.system.workers.crew import Crew, Worker, WorkerLostError
from whichext.toolchains.needs import find_absent
from whichext.verify import in_worker
from whichext.verify.in_worker import DRAWN, DRAWN_REPLY, REPLY, NotMade, Try, TryDrawn
from whichext.verify.inputs.recipe import Recipe
from whichext.verify.questions import Question, thread_questions

SERVER = in_worker.__name__


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
        check = Check(
            contestant=contestant.name, input="import", result=absent, property=Property.IMPORT
        )
        return [check]
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
        lost_check = Check(
            contestant=contestant.name,
            input="import",
            result=lost.outcome,
            property=Property.IMPORT,
        )
        return [lost_check]
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
