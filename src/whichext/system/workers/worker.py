"""A worker's own side: import the contestant, answer questions until the conductor hangs up."""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import os
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, NoReturn, Protocol

import threadpoolctl
from msgspec import Struct
from msgspec.msgpack import Decoder

from whichext.model.contestant import BY_ENVIRONMENT
from whichext.model.kernel import Kernel, Prepared
from whichext.system.workers import messages
from whichext.system.workers.placement import draw_placement
from whichext.system.workers.subject import Subject, bind, limit_threads


class Server(Protocol):
    """A stage's module that answers its questions inside a worker."""

    REQUEST: Decoder[Any]
    """Decodes its questions."""

    def answer(self, subject: Subject, request: Any) -> Struct:
        """Do what a question asks for."""


@dataclass(frozen=True)
class WorkerProcess:
    """A forked process before it has begun: which contestant it runs, on which inputs."""

    request: messages.Fork
    kernel: Kernel
    inputs: Mapping[str, Prepared]
    connection: Connection

    def work(self) -> NoReturn:
        """Answer questions; ends the process without what the host registered for its own end."""
        status = 1
        try:
            # A group of its own: freezing and ending it takes along what the contestant starts.
            os.setpgid(0, 0)
            _redirect_output(self.request.log)
            # EOFError: the conductor hung up, the ordinary end.
            with contextlib.suppress(EOFError, BrokenPipeError):
                server: Server = importlib.import_module(self.request.server)
                subject = self.prepare()
                while subject is not None:
                    question = messages.receive(self.connection, server.REQUEST)
                    messages.send(self.connection, server.answer(subject, question))
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def prepare(self) -> Subject | None:
        """Import the contestant and say how that went; None where it does not import."""
        contestant = self.request.contestant
        limit_threads(contestant.threads)
        draw_placement()
        start = time.perf_counter_ns()
        try:
            call = bind(contestant, self.request.site, self.kernel)
        except BaseException as error:  # a module may raise SystemExit or worse when imported
            failure = messages.NotImported(messages.describe_error(error))
            messages.send(self.connection, failure)
            return None
        import_ns = time.perf_counter_ns() - start
        # NumPy was loaded before the fork with one BLAS thread, so that the variables come too late
        # for it. More are started only for what may need them: OpenBLAS's new threads spin a while.
        by_environment = contestant.threads_by == BY_ENVIRONMENT
        threads = contestant.threads if by_environment else 1
        threadpoolctl.threadpool_limits(threads, user_api="blas")
        messages.send(self.connection, messages.Ready(import_ns))
        return Subject(call, self.inputs, self.kernel.tolerance, self.kernel)


def _redirect_output(log: str) -> None:
    """Contestants may print; the conductor reads it only when one of them crashes."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    sys.stdout = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115  # stays open to the end
    faulthandler.enable(file=2)
