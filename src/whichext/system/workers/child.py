"""A worker's own side: set the stage, import the contestant, answer questions until hung up."""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import os
import sys
import time
import traceback
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import NoReturn

import threadpoolctl

from whichext.model.kernel import Kernel, Prepared
from whichext.system.workers import messages
from whichext.system.workers.placement import draw_placement
from whichext.system.workers.subject import Subject, bind, limit_threads


def run(
    request: messages.Fork, kernel: Kernel, inputs: Mapping[str, Prepared], connection: Connection
) -> NoReturn:
    """Be the worker; ends the process without running what the host registered for its own end."""
    status = 1
    try:
        # A group of its own: freezing and ending it takes along what the contestant has started.
        os.setpgid(0, 0)
        _redirect_output(request.log)
        # EOFError: the conductor hung up, the ordinary end.
        with contextlib.suppress(EOFError, BrokenPipeError):
            _serve(request, kernel, inputs, connection)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _redirect_output(log: str) -> None:
    """Contestants may print; the conductor reads it only when one of them crashes."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    sys.stdout = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115  # a descriptor
    faulthandler.enable(file=2)


def _serve(
    request: messages.Fork, kernel: Kernel, inputs: Mapping[str, Prepared], connection: Connection
) -> None:
    limit_threads(request.contestant.threads)
    draw_placement()
    server = importlib.import_module(request.server)
    start = time.perf_counter_ns()
    try:
        call = bind(request.contestant, request.site, kernel)
    except BaseException as error:  # a module may raise SystemExit or worse when imported
        messages.send(connection, messages.NotImported(messages.describe_error(error)))
        return
    import_ns = time.perf_counter_ns() - start
    subject = Subject(call, inputs, kernel.tolerance, kernel)
    # NumPy was loaded before the fork with one BLAS thread, so that the variables come too late for
    # it. More are started only for who may need them: OpenBLAS's new threads spin for a while.
    by_environment = request.contestant.parallel and not request.contestant.threads_argument
    threads = request.contestant.threads if by_environment else 1
    with threadpoolctl.threadpool_limits(threads, user_api="blas"):
        messages.send(connection, messages.Ready(import_ns))
        while True:
            question = messages.receive(connection, server.REQUEST)
            messages.send(connection, server.answer(subject, question))
