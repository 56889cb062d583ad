"""The host: a process that makes a kernel's inputs and forks workers that share them.

Run as `python -m whichext.worker.host KERNEL_FOLDER DESCRIPTOR LOGS`. It ends when the conductor
does, and takes the folder LOGS along: a conductor that was killed cannot.
"""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import sys
from multiprocessing import reduction
from multiprocessing.connection import Connection

import numpy as np

from whichext.contestant import Case
from whichext.fingerprint import fingerprints
from whichext.inputs import Prepared, nasty_inputs
from whichext.kernel import Arguments, Kernel, load_kernel
from whichext.outcomes import Property
from whichext.recipe import Recipe, make_arguments
from whichext.snippet import is_short, parameter_names, write_recipe, write_snippet
from whichext.worker import child, messages
from whichext.worker.groups import signal_group


class Host:
    """Answers the conductor's requests, one after the other."""

    def __init__(self, kernel: Kernel, connection: Connection, logs: str) -> None:
        self.kernel = kernel
        self.connection = connection
        self.logs = logs
        self.inputs: dict[str, Prepared] = {}
        self.workers: set[int] = set()

    def serve(self) -> None:
        """Answer until the conductor hangs up or is gone, then leave nothing behind."""
        try:
            while True:
                request = messages.receive(self.connection, messages.HOST_REQUEST)
                messages.send(self.connection, self.answer(request))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            for pid in self.workers:
                signal_group(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            shutil.rmtree(self.logs, ignore_errors=True)
            if os.getpgrp() == os.getpid():  # the group is ours: end what kernel.py started too
                signal_group(os.getpgrp(), signal.SIGKILL)

    def answer(self, request: messages.HostRequest) -> messages.HostReply:
        """Do what a request asks for."""
        match request:
            case messages.PrepareCase(case=case):
                return self.prepare(case)
            case messages.PrepareNasty():
                return self.prepare(None)
            case messages.Describe(input=input_):
                return messages.Described(self.describe(input_))
            case messages.Fork():
                return messages.Forked(self.fork(request))
            case messages.Reap(pid=pid):
                self.workers.discard(pid)
                return messages.Reaped(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

    def prepare(self, case: Case | None) -> messages.HostReply:
        """Make inputs and the reference's answers; an author's mistake is a reply, not the end."""
        self.inputs = {}  # first, so that two large cases are never in memory at once
        what = f"case {case.name}" if case else "the nasty inputs"
        try:
            if case:
                arguments = self._make(case)
                answer = self.kernel.reference(*arguments)
                # Here once, and not by every contestant anew: it reads all of a large input.
                prints = fingerprints(arguments)
                prepared = Prepared(arguments, answer, property=Property.CASES, prints=prints)
                self.inputs[case.name] = prepared
            else:
                self.inputs = nasty_inputs(self.kernel)
        except MemoryError as error:
            return messages.Failed(f"{what} does not fit in memory: {error}", out_of_memory=True)
        except Exception as error:
            return messages.Failed(f"{what}: {type(error).__name__}: {error}")
        arrays = (a for p in self.inputs.values() for a in p.arguments if isinstance(a, np.ndarray))
        return messages.Prepared(
            tuple(self.inputs),
            tuple(prepared.property for prepared in self.inputs.values()),
            sum(array.nbytes for array in arrays),
        )

    def _make(self, case: Case) -> Arguments:
        arguments = self.kernel.inputs(case)
        first = arguments[0]
        expected = (case.shape, case.dtype)
        got = (getattr(first, "shape", None), str(getattr(first, "dtype", None)))
        if expected != got:
            raise ValueError(f"expected a first array of shape and dtype {expected}, got {got}")
        return arguments

    def describe(self, input_: str | Recipe) -> str:
        """Python that makes the arguments of an input: written out, or by way of the kernel."""
        names = parameter_names(self.kernel.reference)
        if isinstance(input_, Recipe):
            return write_snippet(make_arguments(self.kernel, input_) or (), names)
        prepared = self.inputs[input_]
        if is_short(prepared.arguments):
            return write_snippet(prepared.arguments, names)
        return write_recipe(self.kernel, input_, is_case=prepared.property is Property.CASES)

    def fork(self, request: messages.Fork) -> int:
        """Fork a worker; in it, this never returns."""
        descriptor = reduction.recv_handle(self.connection)
        pid = os.fork()
        if pid == 0:
            self.connection.close()
            child.run(request, self.kernel, self.inputs, Connection(descriptor))
        os.close(descriptor)
        # Here as well as in the worker: whoever comes first, the conductor finds the group there.
        with contextlib.suppress(ProcessLookupError):
            os.setpgid(pid, pid)
        self.workers.add(pid)
        return pid


def main() -> None:
    """Serve the kernel and the connection that the command line names."""
    folder, descriptor, logs = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    host = Host(load_kernel(folder), Connection(descriptor), logs)
    # What is here now is here for good. A collection in a worker would walk over all of it, and so
    # make its own copy of every page that it shares with the others.
    gc.freeze()
    host.serve()


if __name__ == "__main__":
    main()
