"""Asks a contestant's process all questions of verify, and survives its loss."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as with_fields
from pathlib import Path

from msgspec.structs import replace

from whichext.build.way import find_unmet
from whichext.model.check import DRAWN, Check, Property
from whichext.model.contestant import Contestant, Role
from whichext.model.kernel import ANY_DTYPE
from whichext.model.memory import seen
from whichext.model.options import Options
from whichext.model.outcome import (
    OF_ANOTHER_THREAD,
    SAID_AFTER,
    UNSTEADY,
    Fault,
    Outcome,
    Right,
    TimedOut,
    Unsupported,
    Wrong,
)
from whichext.system.machine import usable_cores
from whichext.system.workers.crew import Crew, Worker, WorkerLostError
from whichext.system.workers.messages import Prepared
from whichext.toolchains.needs import find_absent
from whichext.verify import attribution, in_worker
from whichext.verify.answers import References
from whichext.verify.attribution import ATTRIBUTED, Attribute
from whichext.verify.behaviour import AGAIN, BEHAVIOURS, FORK_S, REPEATING, Behave, Behaved
from whichext.verify.in_worker import DRAWN_REPLY, REPLY, NotMade, Tried, Try, TryDrawn

SERVER = in_worker.__name__

_BEHAVIOUR_S = 10.0
"""Time that a behaviour may take beside one call's limit: some repeat calls for a while."""

_CHANGES_NS = 1_000_000_000

_CALLS = 8
"""How often a call must fit into the limit where one more is made to see how memory grows."""


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


@dataclass(frozen=True)
class Asker:
    """Asks one contestant, in processes of its own."""

    crew: Crew
    """Starts them; its kernel's reference is right by definition."""
    contestant: Contestant
    """The contestant."""
    site: Path | None
    """Folder of its build; None for the reference."""
    options: Options
    """The time limit of a call, and how thorough to be."""
    references: References
    """Has the answers to drawn inputs."""

    def tries(self, prepared: Prepared) -> list[Question]:
        """One call on each of the inputs that are prepared."""
        limit_s, dtypes = self.options.time_limit_s, self._must_answer
        again_ns = round(limit_s * 1e9 / _CALLS)
        # The race changes the cases' inputs as well, and oftener.
        changes_ns = min(again_ns, _CHANGES_NS) if self.options.thorough else 0
        questions = []
        for name, looks_at in zip(prepared.names, prepared.properties, strict=True):
            request = Try(name, dtypes, of_reference=self.contestant.role is Role.REFERENCE)
            if looks_at is Property.CASES:
                request = replace(request, again_ns=again_ns, changes_ns=changes_ns)
            if self.crew.kernel.stateful is not None:
                request = replace(request, again_ns=None)  # the answers to a stream hide the rest
            questions.append(Question(name, looks_at, request, limit_s))
        return questions

    def nasty_questions(self, nasty: Prepared) -> list[Question]:
        """One call on each nasty input, then the tests beyond a single call of a function."""
        named = self.contestant.project or self.contestant.entry in self.crew.kernel.functions
        questions = [
            question
            for question in self.tries(nasty)
            # The reference is right by definition, also where it is more generous than an entry.
            if named or question.name not in self.crew.kernel.refused
        ]
        return [*questions, *self._behave_all(of_objects=False)]

    def _behave_all(self, *, of_objects: bool) -> list[Question]:
        """The tests beyond a single call, of functions and objects or of objects alone."""
        if of_objects and self.crew.kernel.stateful is None:
            return []
        return [
            self._behave(name, name)
            for name, behaviour in BEHAVIOURS.items()
            if (behaviour.use is not None) == of_objects
            and (self.options.thorough or behaviour.quick)
            if name != OF_ANOTHER_THREAD or self.contestant.single_threaded is None
        ]

    def ask_before_cases(self, questions: list[Question]) -> list[Check]:
        """Ask everything before the cases; drawn inputs and other thread counts if thorough."""
        absent = find_absent(self.contestant.requires, self.contestant.remedy)
        absent = absent or find_unmet(self.site)
        if absent:
            return [self._not_imported(absent)]
        checks = [*self._excused(), *self._ask_objects()]
        if any(isinstance(check.result, Fault) for check in checks):
            return checks  # what outlives an object would make all further answers wrong
        checks += self.ask(questions)
        # After a hang, each further input would take the whole time limit.
        hangs = any(isinstance(check.result, TimedOut) and check.property.bars for check in checks)
        if hangs or checks[-1].property is Property.IMPORT or not self.options.thorough:
            return checks
        return [*checks, *self._ask_drawn(), *self._ask_with_other_threads()]

    def ask_cases(self, prepared: Prepared) -> list[Check]:
        """One call on each case; if thorough, another one on those that take much memory."""
        checks = self.ask(self.tries(prepared))
        if not self.options.thorough or not attribution.is_available():
            return checks
        return [self._attributed(check) for check in checks]

    def _attributed(self, check: Check) -> Check:
        """With where the memory was asked for, if it was much and the call can be recorded."""
        name, memory = check.input, check.memory
        if name is None or memory is None or not seen(memory.peak_bytes):
            return check
        limit_s = self.options.time_limit_s
        with tempfile.TemporaryDirectory(prefix="whichext-") as folder:
            try:
                worker = self._spawn()
                reply = worker.ask(Attribute(name, folder), ATTRIBUTED, name, limit_s)
            except WorkerLostError:  # recording takes its time; the check itself is right
                return check
            worker.kill()
        return replace(check, memory=replace(memory, allocations=reply.allocations))

    def ask(self, questions: list[Question]) -> list[Check]:
        """One process's answers to all questions; when it is lost, the rest stays unasked."""
        try:
            worker = self._spawn()
        except WorkerLostError as lost:
            return [self._not_imported(lost.outcome)]
        checks: list[Check] = []
        for question in questions:
            try:
                reply = worker.ask(question.request, REPLY, question.name, question.limit_s)
            except WorkerLostError as lost:
                checks.append(self._check(question, lost.outcome, checks))
                return checks
            match reply:
                case Tried():
                    check = self._check(question, reply.result, checks)
                    checks.append(replace(check, took_ns=reply.call_ns, memory=reply.memory))
                case Behaved(result=result):
                    if result is not None:
                        checks.append(self._check(question, result, checks, reply.input))
                case _:
                    checks.append(self._check(question, reply, checks))
        worker.kill()
        return checks

    def _ask_drawn(self) -> Iterator[Check]:
        """Inputs that are drawn, one by one; after a crash, the next one goes to a new process."""
        from whichext.verify.drawing import draw_all  # Hypothesis takes its time; list needs none

        workers: list[Worker] = []

        def ask(arguments: bytes) -> Outcome | NotMade:
            expected = self.references.ask(arguments)
            if isinstance(expected, NotMade):
                return expected
            try:
                if not workers:
                    workers.append(self._spawn())
                limit_s = self.options.time_limit_s
                return workers[0].ask(TryDrawn(arguments, expected), DRAWN_REPLY, DRAWN, limit_s)
            except WorkerLostError as lost:
                workers.clear()
                return lost.outcome

        drawn = draw_all(self.crew.kernel, ask)
        self.references.close()
        for worker in workers:
            worker.kill()
        if drawn is None:
            return
        if drawn.fault is None:
            self.references.check_answered()
        if drawn.right:
            yield self._drawn(Right(), drawn.right)
        if drawn.refused:
            yield self._drawn(Unsupported(drawn.reason or ""), drawn.refused)
        if drawn.fault is not None and drawn.arguments is not None:
            snippet = self.crew.describe_drawn(drawn.arguments, self._name)
            yield replace(self._drawn(drawn.fault, 1), snippet=snippet)

    def _ask_with_other_threads(self) -> Iterator[Check]:
        """What is asked again with thread counts other than the contestant's own."""
        contestant = self.contestant
        many = 2 * usable_cores() + 1  # more than there are, and odd: no multiple of any block
        for threads in dict.fromkeys((1, 2, many) if contestant.parallel else ()):
            if threads != contestant.threads:
                named = "with 1 thread" if threads == 1 else f"with {threads} threads"
                other = with_fields(self, contestant=replace(contestant, threads=threads))
                for check in other.ask([self._behave(named, AGAIN)]):
                    yield replace(check, contestant=contestant.name)

    @property
    def _must_answer(self) -> tuple[str, ...]:
        """Dtypes whose plain arrays it must answer; inputs of no dtype in particular as well."""
        return (*self.contestant.dtypes, ANY_DTYPE)

    def _spawn(self) -> Worker:
        return self.crew.spawn(self.contestant, self.site, SERVER, self.options.time_limit_s)

    def _behave(self, label: str, name: str) -> Question:
        limit_s = self.options.time_limit_s
        request = Behave(name, self._must_answer, min(FORK_S, limit_s))
        return Question(label, BEHAVIOURS[name].property, request, limit_s + _BEHAVIOUR_S)

    def _ask_objects(self) -> list[Check]:
        """What is asked of the objects of a class, in a process where none was before."""
        questions = self._behave_all(of_objects=True)
        return self.ask(questions) if questions else []

    def _excused(self) -> Iterator[Check]:
        """What is not asked of a class whose objects belong to one thread."""
        reason = self.contestant.single_threaded
        if reason is not None:
            behaviour = BEHAVIOURS[OF_ANOTHER_THREAD]
            yield Check(
                contestant=self.contestant.name,
                input=OF_ANOTHER_THREAD,
                result=Unsupported(f"single-threaded by contract: {reason}"),
                property=behaviour.property,
            )

    def _not_imported(self, why: Outcome) -> Check:
        name = self.contestant.name
        return Check(contestant=name, input="import", result=why, property=Property.IMPORT)

    def _drawn(self, result: Outcome, count: int) -> Check:
        return Check(
            contestant=self.contestant.name,
            input=DRAWN,
            result=result,
            property=Property.DRAWN,
            count=count,
        )

    @property
    def _name(self) -> str:
        """By which its author knows the class or function."""
        contestant, kernel = self.contestant, self.crew.kernel
        is_reference = contestant.function is None and contestant.entry not in kernel.functions
        named = kernel.reference_own_name if is_reference else contestant.function
        return named or contestant.entry

    def _check(
        self, question: Question, result: Outcome, before: list[Check], on: str | None = None
    ) -> Check:
        """The result with Python to see it where it is the first fault: one is enough.

        Args:
            question: What was asked.
            result: What became of it.
            before: What was found before.
            on: The input on which a behaviour was wrong; None where it was no single one.

        """
        result = self._of_reference(question, result)
        fault = isinstance(result, Fault)
        first = fault and not any(isinstance(check.result, Fault) for check in before)
        snippet = self._snippet(question, on) if first else None
        return Check(
            contestant=self.contestant.name,
            input=question.name,
            # A question may go by another name than what is done.
            result=replace(result, where=question.name) if fault else result,
            property=question.property,
            snippet=snippet,
        )

    def _of_reference(self, question: Question, result: Outcome) -> Outcome:
        """The same; a wrong answer of the reference in a behaviour is one that differs by itself.

        Of single calls, the contestant's process says so, which knows an answer from an error.
        """
        repeats = isinstance(question.request, Behave) and question.request.name in REPEATING
        by_itself = repeats and self.contestant.role is Role.REFERENCE
        if by_itself and isinstance(result, Wrong) and not result.got.endswith(SAID_AFTER):
            return replace(result, got=f"{result.got}, {UNSTEADY}")
        return result

    def _snippet(self, question: Question, on: str | None) -> str | None:
        """Python to see a fault: on the input that was asked, or on that of a behaviour."""
        if isinstance(question.request, Try):
            return self.crew.describe(question.name, self._name)
        use = BEHAVIOURS[question.request.name].use
        # To see one of a function takes more than the arguments of a call.
        if on is None or use is None:
            return None
        return self.crew.describe(on, self._name, use)
