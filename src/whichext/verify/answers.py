"""The reference's answers to drawn inputs, each asked for once in a run.

They come from processes that never import a contestant. A library that was built with -ffast-math
flushes subnormals in its whole process, and the reference's answer would be wrong alike.
"""

from __future__ import annotations

from whichext.model.author import file_of, reference_of, where_of
from whichext.model.check import DRAWN
from whichext.model.contestant import RELEASE, Contestant, Role
from whichext.model.errors import KernelError
from whichext.model.inline import argument
from whichext.model.outcome import Crashed
from whichext.system.workers.crew import Crew, Worker, WorkerLostError
from whichext.verify import in_worker
from whichext.verify.in_worker import EXPECTED, AskReference, Expected, NotMade


class References:
    """Answers what the reference answers.

    Args:
        crew: Its kernel has the reference.
        limit_s: Time that the reference has for one answer, s.

    """

    def __init__(self, crew: Crew, limit_s: float) -> None:
        self.crew, self.limit_s = crew, limit_s
        self._known: dict[bytes, Expected | NotMade] = {}
        self._worker: Worker | None = None
        self._lost: KernelError | None = None

    def ask(self, arguments: bytes) -> Expected | NotMade:
        """What the reference says to an input; all contestants are tried on the same ones.

        Once it has crashed or hung, nothing more is asked, and `close` says so: an error here would
        have the next smaller input drawn, and hang again.
        """
        if arguments not in self._known:
            if self._lost is not None:
                return NotMade()
            try:
                self._known[arguments] = self._ask(arguments)
            except WorkerLostError as lost:
                self._worker, self._lost = None, self._at_fault(lost, arguments)
                return NotMade()
        return self._known[arguments]

    def close(self) -> None:
        """End the reference's process; the answers stay, and the next question starts another.

        Raises:
            KernelError: The reference crashed or gave no answer in time.

        """
        if self._worker is not None:
            self._worker.kill()
            self._worker = None
        if self._lost is not None:
            raise self._lost

    def check_answered(self) -> None:
        """Find out whether drawn inputs have shown anything.

        Raises:
            KernelError: The reference has refused all of them, and so any contestant is right.

        """
        found = [one for one in self._known.values() if isinstance(one, Expected)]
        refused = [one.refusal for one in found if one.refusal is not None]
        if found and len(refused) == len(found):
            raise KernelError(
                "arguments",
                "give strategies of what it answers, or leave them out",
                where=self.crew.kernel.name,
                expected="inputs that the reference answers",
                got=f"{len(found)} that it refuses, the first since {refused[0]}",
            )

    def _ask(self, arguments: bytes) -> Expected | NotMade:
        if self._worker is None:
            kernel = self.crew.kernel
            reference = Contestant(
                entry=kernel.reference_name,
                project=None,
                module=None,
                function=None,
                profile=RELEASE,
                role=Role.REFERENCE,
            )
            self._worker = self.crew.spawn(reference, None, in_worker.__name__, self.limit_s)
        return self._worker.ask(AskReference(arguments), EXPECTED, DRAWN, self.limit_s)

    def _at_fault(self, lost: WorkerLostError, arguments: bytes) -> KernelError:
        outcome, kernel = lost.outcome, self.crew.kernel
        who = reference_of(kernel) + ("" if kernel.is_given else f" in {file_of(kernel)}")
        became = outcome.how if isinstance(outcome, Crashed) else f"hung for {self.limit_s:g} s"
        return KernelError(
            f"{reference_of(kernel)} on an input that was drawn: {became}\n"
            + self.crew.describe_drawn(arguments, kernel.reference_own_name),
            f"allow more time with {argument('time_limit_s')}, or have {who} raise a ValueError "
            "for what it cannot answer",
            where=where_of(kernel),
        )
