"""The host: a process that makes a kernel's inputs and forks workers that share them.

Run as `python -P -m whichext.system.workers.host PROVIDER KERNEL_FOLDER DESCRIPTOR LOGS PATH`.
PROVIDER is a module whose `open_provider(KERNEL_FOLDER)` makes the inputs, PATH the conductor's
`sys.path` as JSON: what is not found otherwise is found there. It ends when the conductor does, and
takes the folder LOGS along: a conductor that was killed cannot.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Mapping
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Protocol

from whichext.model.case import Case
from whichext.model.errors import WhichextError
from whichext.model.forms import Use
from whichext.model.kernel import Kernel, Prepared
from whichext.system.apart import ChildLostError, end_like
from whichext.system.signals import signal_group
from whichext.system.workers import messages
from whichext.system.workers.worker import WorkerProcess


class Provider(Protocol):
    """Makes inputs in the host; the host itself does not know their kind."""

    @property
    def kernel(self) -> Kernel:
        """The kernel of the inputs."""

    @property
    def inputs(self) -> Mapping[str, Prepared]:
        """The currently prepared inputs, by name."""

    def prepare(
        self, case: Case | None, limit_s: float | None = None
    ) -> messages.Prepared | messages.Failed:
        """Prepare a case, or the nasty inputs where none is given.

        An answer of the reference that takes longer than the limit ends the process with SIGALRM.
        """

    def describe(self, name: str, entry: str, use: Use) -> str:
        """Python that makes the arguments of a prepared input again."""

    def describe_drawn(self, drawn: bytes, entry: str) -> str:
        """The same for an input that was drawn."""


class Host:
    """Answers the conductor's requests, one after the other."""

    def __init__(self, provider: Provider, connection: Connection, logs: str) -> None:
        self.provider = provider
        self.connection = connection
        self.logs = logs
        self.workers: set[int] = set()

    def serve(self) -> WorkerProcess | None:
        """Answer until the conductor closes the connection or ends, then clean up.

        Returns:
            In a worker that was forked meanwhile, what it has to do; None at the host's own end.
            By way of this return, no frame of the host stays on a worker's stack.

        """
        try:
            while True:
                request = messages.receive(self.connection, messages.HOST_REQUEST)
                reply = self.answer(request)
                if isinstance(reply, WorkerProcess):
                    return reply
                messages.send(self.connection, reply)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            for pid in self.workers:
                signal_group(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            shutil.rmtree(self.logs, ignore_errors=True)
            if os.getpgrp() == os.getpid():  # the group is ours: end what kernel.py started too
                signal_group(os.getpgrp(), signal.SIGKILL)
        return None

    def answer(self, request: messages.HostRequest) -> messages.HostReply | WorkerProcess:
        """Do what a request asks for; in a forked worker, say what it has to do."""
        match request:
            case messages.Prepare(case=case, limit_s=limit_s):
                try:
                    return self.provider.prepare(case, limit_s)
                except ChildLostError as lost:
                    end_like(lost.status)
            case messages.Describe(input=name, entry=entry, use=use):
                return messages.Described(self.provider.describe(name, entry, use))
            case messages.DescribeDrawn(drawn=drawn, entry=entry):
                return messages.Described(self.provider.describe_drawn(drawn, entry))
            case messages.Fork():
                return self.fork(request)
            case messages.Reap(pid=pid):
                self.workers.discard(pid)
                return messages.Reaped(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

    def fork(self, request: messages.Fork) -> messages.Forked | WorkerProcess:
        """Fork a worker, which gets what is prepared now."""
        descriptor = reduction.recv_handle(self.connection)
        # Once, and not in every worker; one without its server says so itself.
        with contextlib.suppress(ImportError):
            importlib.import_module(request.server)
        pid = os.fork()
        if pid == 0:
            self.connection.close()
            provider = self.provider
            return WorkerProcess(request, provider.kernel, provider.inputs, Connection(descriptor))
        os.close(descriptor)
        # Here as well as in the worker: whichever is first, the conductor finds the group there.
        with contextlib.suppress(ProcessLookupError):
            os.setpgid(pid, pid)
        self.workers.add(pid)
        return messages.Forked(pid)


def open_host() -> Host:
    """The host of the provider, kernel and connection that the command line names."""
    module, folder, descriptor, logs, path = sys.argv[1:]
    sys.path += [entry for entry in json.loads(path) if entry not in sys.path]
    connection = Connection(int(descriptor))
    try:
        provider = importlib.import_module(module).open_provider(folder)
    except WhichextError as error:
        _say_why(connection, error)
        sys.exit(1)
    # What is here now is here for good. A collection in a worker would walk over all of it, and so
    # make its own copy of every page that it shares with the others.
    gc.freeze()
    return Host(provider, connection, logs)


def _say_why(connection: Connection, error: WhichextError) -> None:
    """Answer the first request with the error that makes all answers impossible."""
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        messages.receive(connection, messages.HOST_REQUEST)
        failed = messages.Failed(error.marked_problem, next_step=error.marked_next_step)
        messages.send(connection, failed)


if __name__ == "__main__":
    worker = open_host().serve()
    if worker is not None:
        worker.work()
