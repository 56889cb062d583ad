"""Messages between conductor, host and workers: tagged structs in MessagePack, framed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import TypeVar

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

from whichext.model.case import Case
from whichext.model.check import Property
from whichext.model.contestant import Contestant
from whichext.model.errors import describe_error as describe_error
from whichext.model.forms import Use
from whichext.model.outcome import Crashed, TimedOut
from whichext.model.units import size_text
from whichext.system.machine import resident_bytes

T = TypeVar("T")

_LOOK_S = 0.02


class Prepare(Struct, frozen=True, tag=True):
    """To the host: make the inputs of a case and the reference's answers, drop all others."""

    case: Case | None
    """The case; None for the nasty inputs."""
    limit_s: float | None = None
    """Time that the reference has for one answer, s; after it the host's process ends."""


class Fork(Struct, frozen=True, tag=True):
    """To the host: fork a worker; the file descriptor of its connection follows."""

    contestant: Contestant
    site: str | None
    """Folder to put on the worker's path; None for the reference."""
    server: str
    """Module whose `Request` and `answer` serve the stage inside the worker."""
    log: str
    """File that gets what the worker prints."""
    variables: Mapping[str, str] = {}
    """Variables that it has from before the import on."""


class Describe(Struct, frozen=True, tag=True):
    """To the host: say how the arguments of an input can be made again."""

    input: str
    """Name of an input that is prepared."""
    entry: str
    """Name of the class or function that is called on it."""
    use: Use = Use.ONCE
    """How objects of a class are used."""


class DescribeDrawn(Struct, frozen=True, tag=True):
    """To the host: say how the arguments of an input that was drawn can be made again."""

    drawn: bytes
    """What the provider makes it from."""
    entry: str
    """Name of the class or function that is called on it."""


class Reap(Struct, frozen=True, tag=True):
    """To the host: wait for a worker that has ended, and say how."""

    pid: int


HostRequest = Prepare | Describe | DescribeDrawn | Fork | Reap


class Prepared(Struct, frozen=True, tag=True):
    """From the host: the inputs are there."""

    names: tuple[str, ...]
    """Names by which a worker finds them."""
    properties: tuple[Property, ...]
    """What each of them is there for, one for each name."""
    input_bytes: int
    """Bytes of their arrays, and of what else has a buffer, all together: what the limit reads."""
    argument_bytes: tuple[int, ...] = ()
    """Bytes of each argument of a case with all that is in it, in their order."""
    calls: int = 1
    """Calls of a method in one pass over the stream of a case; 1 where entries are functions."""
    left_out: tuple[str, ...] = ()
    """Arguments of a case that no drawn input has."""
    copy_bytes: int = 0
    """Bytes of the fresh copies that a call in place gets; 0 of others."""
    copy_ns: int = 0
    """Time that it takes to make these, ns; 0 of others."""
    fits: bool = True
    """Whether there is room for an answer to be kept and compared after a turn."""
    changes: bool = True
    """Whether an element was found that changes the answer."""


class Described(Struct, frozen=True, tag=True):
    """From the host: Python that makes the arguments."""

    snippet: str


class Forked(Struct, frozen=True, tag=True):
    """From the host: the worker runs."""

    pid: int


class Reaped(Struct, frozen=True, tag=True):
    """From the host: how the worker ended."""

    status: int
    """Exit status; -N for signal N."""


class Failed(Struct, frozen=True, tag=True):
    """From the host: inputs could not be made; mostly the kernel's author has something to fix."""

    what: str
    """What was being done, and the error."""
    out_of_memory: bool = False
    """Whether it is the machine that was too small."""
    next_step: str = ""
    """What the author can do; empty where no more is known than that something is to be fixed."""


HostReply = Prepared | Described | Forked | Reaped | Failed


class Ready(Struct, frozen=True, tag=True):
    """From a worker: it has imported its contestant."""

    import_ns: int
    """Wall time of the import, ns."""


class NotImported(Struct, frozen=True, tag=True):
    """From a worker: its contestant does not import, or has no such function."""

    error: str


Greeting = Ready | NotImported

HOST_REQUEST: Decoder[HostRequest] = Decoder(HostRequest)
HOST_REPLY: Decoder[HostReply] = Decoder(HostReply)
GREETING: Decoder[Greeting] = Decoder(Greeting)

_encoder = Encoder()


def send(connection: Connection, message: Struct) -> None:
    """Send one message."""
    connection.send_bytes(_encoder.encode(message))


def receive(connection: Connection, decoder: Decoder[T]) -> T:
    """Wait for one message of the decoder's kind.

    Raises:
        EOFError: The other side is gone.

    """
    return decoder.decode(connection.recv_bytes())


def wait_for(
    connection: Connection, where: str, limit_s: float, pid: int, most_bytes: int | None
) -> Crashed | TimedOut | None:
    """Wait until there is something to read, also that the process is gone.

    With an eye on its memory, every 20 ms: a leak must not take the machine down, and a system that
    is out of memory often ends the wrong process.

    Args:
        connection: The worker's.
        where: What it is doing, for the outcome.
        limit_s: Time that it has, s.
        pid: Its process.
        most_bytes: Memory that it may have; None for no check, which disturbs it least.

    Returns:
        Why waiting is useless; None when there is something to read.

    """
    end = time.monotonic() + limit_s
    while not connection.poll(limit_s if most_bytes is None else min(limit_s, _LOOK_S)):
        if most_bytes is not None and resident_bytes(pid) > most_bytes:
            size = size_text(most_bytes)
            return Crashed(where, f"ended by whichext when its memory went beyond {size}")
        if time.monotonic() >= end:
            return TimedOut(where, round(limit_s * 1e9))
    return None
