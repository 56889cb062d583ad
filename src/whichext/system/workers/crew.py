"""The conductor's side of the host and of its workers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing import Pipe, reduction
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeVar

from msgspec import Struct
from msgspec.msgpack import Decoder

from whichext.model.author import (
    choose_smaller,
    either_of,
    fix_either,
    fix_reference,
    what_of,
    where_of,
)
from whichext.model.case import Case
from whichext.model.contestant import Contestant
from whichext.model.errors import HostLostError, KernelError
from whichext.model.forms import Use
from whichext.model.inline import argument
from whichext.model.kernel import Kernel
from whichext.model.outcome import Crashed, TimedOut, Wrong
from whichext.system.machine import resident_bytes
from whichext.system.signals import signal_group
from whichext.system.workers import messages
from whichext.system.workers.ends import describe_exit, last_words
from whichext.toolchains.profiles import variables_for

T = TypeVar("T")

_COMPILED = "compiled"  # with a build that is removed, it is removed as well
_FAREWELL_S = 2.0


class WorkerLostError(Exception):
    """The worker crashed, or was killed for what it did; `outcome` is its contestant's."""

    def __init__(self, outcome: Crashed | TimedOut | Wrong) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class Crew:
    """A kernel's host and its workers; as a context manager, it ends all of them.

    Args:
        kernel: Its inputs are made by the host.
        provider: Module that makes the inputs; by name, since the host alone imports it.

    """

    def __init__(self, kernel: Kernel, provider: str) -> None:
        self.kernel, self.provider = kernel, provider
        self.growth_bytes: int | None = None
        self.answer_limit_s: float | None = None
        """Time that the reference has for one answer, s; None for no limit."""
        self.made: dict[str, messages.Prepared] = {}
        """What is known of the cases that were prepared so far."""
        self._making: Case | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="whichext-")
        self._log = Path(self._folder.name) / "host.log"
        self._connection, theirs = Pipe()
        with self._log.open("wb") as log:
            self._process = self._start(theirs.fileno(), log)
        theirs.close()
        self._workers: list[Worker] = []

    def _start(self, descriptor: int, log: BinaryIO) -> subprocess.Popen[bytes]:
        host, logs = "whichext.system.workers.host", self._folder.name
        told = [self.provider, str(self.kernel.folder), str(descriptor), logs, json.dumps(sys.path)]
        # A session of its own: Ctrl-C reaches the conductor alone, which then ends the others.
        return subprocess.Popen(
            # Without the working folder in front: a signal.py there would be Python's own.
            [sys.executable, "-P", "-m", host, *told],
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            stdout=log,  # standard output is the report's, also when a kernel.py prints
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # One thread before the fork: a fork takes only the thread that calls it along.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.abandon()
        self._connection.close()
        with contextlib.suppress(subprocess.TimeoutExpired):  # it may be busy making inputs
            self._process.wait(_FAREWELL_S)
        # Whatever is left of its group: a busy host, and what kernel.py may have started.
        signal_group(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._folder.cleanup()

    @contextlib.contextmanager
    def limited(self, growth_bytes: int) -> Iterator[None]:
        """Within this context, end workers that grow by more than that; the check disturbs them."""
        self.growth_bytes = growth_bytes
        try:
            yield
        finally:
            self.growth_bytes = None

    def prepare(self, case: Case) -> messages.Prepared:
        """Make the inputs of a case, or find them again; workers that start next get these.

        Raises:
            KernelError: The kernel's author has something to fix.

        """
        self._making = case
        prepared = self._ask(messages.Prepare(case, self.answer_limit_s), messages.Prepared)
        self.made[case.name] = prepared
        return prepared

    def prepare_nasty(self) -> messages.Prepared:
        """The same for the nasty inputs."""
        self._making = None
        return self._ask(messages.Prepare(None, self.answer_limit_s), messages.Prepared)

    def describe(self, name: str, entry: str, use: Use = Use.ONCE) -> str:
        """Python that makes the arguments of an input that is prepared, and uses a class on them.

        Args:
            name: Of the input.
            entry: Name of the class or function that is called on it.
            use: How objects of a class are used.

        """
        return self._ask(messages.Describe(name, entry, use), messages.Described).snippet

    def describe_drawn(self, drawn: bytes, entry: str) -> str:
        """The same for an input that the provider makes from `drawn`, used once."""
        return self._ask(messages.DescribeDrawn(drawn, entry), messages.Described).snippet

    def spawn(
        self,
        contestant: Contestant,
        site: Path | None,
        server: str,
        limit_s: float,
        into: Path | None = None,
    ) -> Worker:
        """Start a worker with what is prepared now, and wait until it has its contestant.

        Args:
            contestant: What it runs.
            site: Folder of the build; None for the reference.
            server: Module that answers the stage's questions inside the worker.
            limit_s: Time that the import may take, s.
            into: Folder for what is compiled when it is called; by default one beside the build.

        Raises:
            WorkerLostError: It does not import, crashes or takes too long.

        """
        ours, theirs = Pipe()
        log = Path(self._folder.name) / f"{len(self._workers)}.log"
        told = {} if site is None else variables_for(contestant, into or site.with_name(_COMPILED))
        path = None if site is None else str(site)
        request = messages.Fork(contestant, path, server, str(log), told)
        self._send(request)
        with theirs, contextlib.suppress(BrokenPipeError, ConnectionResetError):
            reduction.send_handle(self._connection, theirs.fileno(), self._process.pid)
        pid = self._receive(messages.Forked).pid
        worker = Worker(self, contestant, pid, ours, log)
        self._workers.append(worker)
        greeting = worker.receive(messages.GREETING, "import", limit_s)
        if isinstance(greeting, messages.NotImported):
            raise worker.crashed("import", greeting.error)
        worker.import_ns = greeting.import_ns
        return worker

    def reap(self, pid: int) -> int:
        """Wait for a worker that has ended; its exit status, -N for signal N."""
        return self._ask(messages.Reap(pid), messages.Reaped).status

    def _ask(self, request: Struct, kind: type[T]) -> T:
        self._send(request)
        return self._receive(kind)

    def _send(self, request: Struct) -> None:
        try:
            messages.send(self._connection, request)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise self._lost() from error

    def _receive(self, kind: type[T]) -> T:
        try:
            reply = messages.receive(self._connection, messages.HOST_REPLY)
        except (EOFError, ConnectionResetError) as error:
            raise self._lost() from error
        if isinstance(reply, messages.Failed):
            smaller = f"free some memory, or {choose_smaller(self.kernel)}"
            next_step = smaller if reply.out_of_memory else reply.next_step
            raise KernelError(
                reply.what, next_step or fix_reference(self.kernel), where=where_of(self.kernel)
            )
        assert isinstance(reply, kind), f"the host answered {reply} where {kind} was due"
        return reply

    def _lost(self) -> HostLostError | KernelError:
        status, kernel, case = self._process.wait(), self.kernel, self._making
        smaller, fix = choose_smaller(kernel), fix_either(kernel, case)
        if status == -signal.SIGALRM and self.answer_limit_s is not None:
            return KernelError(
                f"{what_of(kernel, case)}: {either_of(kernel, case)} gave no answer within "
                f"{self.answer_limit_s:g} s",
                f"{smaller}, allow more with {argument('time_limit_s')}, or {fix}",
                where=where_of(kernel),
            )
        words = last_words(self._log)
        return HostLostError(
            f"the process that holds the inputs ended ({describe_exit(status)})"
            + (f", its last words:\n{words}" if words else ""),
            f"if memory ran out, {smaller}; otherwise {fix}",
            where=what_of(kernel, case) if kernel.is_given else "",
        )


class Worker:
    """One contestant's process."""

    import_ns: int
    """Wall time of the import, ns; set when the process has greeted."""

    def __init__(
        self, crew: Crew, contestant: Contestant, pid: int, connection: Connection, log: Path
    ) -> None:
        self.contestant = contestant
        self._crew, self._pid, self._connection, self._log = crew, pid, connection, log
        self._alive = True
        # What it has now it shares with the host.
        growth = crew.growth_bytes
        self._most_bytes = None if growth is None else resident_bytes(pid) + growth

    def ask(self, question: Struct, answer: Decoder[T], where: str, limit_s: float) -> T:
        """Put a question to the stage's server in the worker and wait for the answer.

        Args:
            question: One of the server's requests.
            answer: Decodes what the server answers.
            where: What the worker is doing, for the outcome if it does not answer.
            limit_s: Time that it has, s.

        Raises:
            WorkerLostError: It crashed, or had to be killed.

        """
        try:
            messages.send(self._connection, question)
        except (BrokenPipeError, ConnectionResetError):
            raise self.crashed(where) from None
        return self.receive(answer, where, limit_s)

    def receive(self, answer: Decoder[T], where: str, limit_s: float) -> T:
        """Wait for an answer; see `ask`."""
        try:
            lost = messages.wait_for(self._connection, where, limit_s, self._pid, self._most_bytes)
            if lost is not None:
                self.kill()
                raise WorkerLostError(lost)
            return messages.receive(self._connection, answer)
        except (EOFError, ConnectionResetError):
            raise self.crashed(where) from None

    def freeze(self) -> None:
        """Freeze it and its children: an idle pool may spin and take another contestant's core."""
        signal_group(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it and its children run again."""
        signal_group(self._pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it at once; a second call does nothing."""
        if self._alive:
            self._end()

    def crashed(self, where: str, how: str | None = None) -> WorkerLostError:
        """End it and its children, and return the outcome of its contestant.

        Args:
            where: What it was doing.
            how: What it reported of its end; None for how its process ended.

        """
        status, words = self._end()
        return WorkerLostError(Crashed(where, how or describe_exit(status), words))

    def abandon(self) -> None:
        """End it without asking how it ended, for a host that may not answer any more."""
        if self._alive:
            self._alive = False
            signal_group(self._pid, signal.SIGKILL)
            self._connection.close()

    def _end(self) -> tuple[int, str]:
        """Make sure that it ends: its exit status, kept if it had ended already, and last words."""
        self.abandon()
        status = self._crew.reap(self._pid)
        words = last_words(self._log)
        self._log.unlink(missing_ok=True)  # a talkative contestant would fill the disk in time
        return status, words
