"""Dask's cluster: connected to or started, and the machines that its workers are on."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from whichext.cli.machines import there
from whichext.model import __version__
from whichext.model.errors import FleetError, UsageError, describe_error
from whichext.model.inline import argument, foreign
from whichext.model.raw import Machine
from whichext.system.signals import signal_group

if TYPE_CHECKING:
    from distributed import Client

EXTRA = "pip install 'whichext[fleet]'"
ANSWER_S = 10.0
"""Time that a scheduler has to answer, s."""

_DASK = "distributed"
_LOCAL_CLUSTER = "whichext.cli.machines.local"
_LEAVE_S = 20.0
_LOCAL = re.compile(r"local:([1-9]\d{0,2})")
_ENCRYPTED = ("tls://", "wss://")
_ADDRESS = re.compile(r"[a-z]+://\S+")
_NOT_PLAIN = re.compile(r"[^\w.-]+", re.ASCII)
_DIGITS = 8


@dataclass(frozen=True)
class Seen:
    """What a look at the cluster showed of its new workers."""

    machines: Mapping[str, Machine] = field(default_factory=dict)
    """The machine of each worker on which a race can be run, by address."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Why none can be run, by the address of a worker."""


@contextmanager
def connected(on: str) -> Iterator[Client]:
    """A client of the scheduler that is named, or of a cluster of this machine's own.

    Args:
        on: Address of a scheduler, or "local:N" for N workers here.

    Raises:
        UsageError: It is neither.
        FleetError: Dask is not installed, there is no scheduler, or no certificate for it.

    """
    local = _LOCAL.fullmatch(on)
    if local is None and not _ADDRESS.fullmatch(on):
        raise _no_cluster(on)
    try:
        from distributed import Client
    except ImportError as error:
        sides = {"expected": "the Python package distributed", "got": str(error)}
        raise FleetError(argument("cluster", on), EXTRA, **sides) from error
    if local is None:
        _check_address(on)
    with _quiet(), nullcontext(on) if local is None else _started(int(local[1])) as address:
        with _reached(on):
            client = Client(address, timeout=ANSWER_S, set_as_default=False)
        with client:
            yield client


def _no_cluster(on: str, got: str = "") -> UsageError:
    return UsageError(
        argument("cluster", on),
        argument("cluster", "tcp://scheduler:8786"),
        expected='the address of a Dask scheduler, or "local:N" for N workers here',
        got=got,
    )


def _check_address(on: str) -> None:
    """Refuse what a client would not even try: it takes long to end then, with a traceback."""
    import dask
    from distributed import Security
    from distributed.comm import get_address_host_port

    try:
        get_address_host_port(on)
    except ValueError as error:
        raise _no_cluster(on, str(error)) from error
    loader = dask.config.get("distributed.client.security-loader", None)
    ours = Security().get_connection_args("client")
    if on.startswith(_ENCRYPTED) and loader is None and ours.get("ssl_context") is None:
        raise FleetError(
            argument("cluster", on),
            "set distributed.comm.tls.ca-file and distributed.comm.tls.client in Dask's settings",
            expected="a certificate to connect with",
            got="none",
        )


@contextmanager
def _started(workers: int) -> Iterator[str]:
    """The address of the scheduler of a cluster of this machine's own, which ends with this."""
    ours, theirs = os.pipe()
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", _LOCAL_CLUSTER, str(workers), str(ours)],
            pass_fds=(ours,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches this process alone, which then ends the races
            text=True,
        )
        os.close(ours)
        try:
            assert process.stdout is not None
            with process.stdout as output:
                address = output.readline().strip()
            if not address:
                raise _not_started(log)
            yield address
        finally:
            os.close(theirs)
            _end(process)


def _not_started(log: TextIO) -> FleetError:
    log.seek(0)
    return FleetError(
        "no workers could be started here",
        "see how many processes this machine allows, or ask for fewer",
        got=(log.read().strip().splitlines() or ["no reason"])[-1],
    )


def _end(process: subprocess.Popen[str]) -> None:
    """Wait for the end of a cluster, which ends its workers; a slow one is killed with them."""
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LEAVE_S)
    finally:  # also where Ctrl-C ends the wait
        signal_group(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _reached(on: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FleetError(
            argument("cluster", on),
            "start one with the command dask scheduler, and see that its port can be reached",
            expected=f"a Dask scheduler that answers within {ANSWER_S:g} s",
            got=describe_error(error),
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Dask logs of lost workers off the screen: it is said in words of our own."""
    names = (name for name in logging.root.manager.loggerDict if name.startswith(f"{_DASK}."))
    loggers = [logging.getLogger(name) for name in (_DASK, *names)]
    # Some have levels of their own, which that of their parent does not change.
    before = [(logger, logger.level) for logger in loggers if logger.level or logger.name == _DASK]
    for logger, _ in before:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in before:
            logger.setLevel(level)


class ClientClosedError(OSError):
    """Dask's client has closed itself, since its scheduler stayed away."""


@contextmanager
def asking(client: Client) -> Iterator[None]:
    """Make one error of all those that a client raises when it has closed itself.

    Raises:
        ClientClosedError: It has.

    """
    try:
        yield
    except Exception as error:
        if client.status not in ("closing", "closed"):
            raise
        raise ClientClosedError(f"it did not answer for {ANSWER_S:g} s") from error


def workers_of(client: Client) -> dict[str, Mapping[str, Any]]:
    """What the scheduler says of each worker, by address.

    Raises:
        OSError: It does not answer.

    """
    # Not `scheduler_info`: what it gives, a background task may replace by a summary meanwhile.
    told = client.sync(client.scheduler.identity, n_workers=-1)
    found: dict[str, Mapping[str, Any]] = dict(told["workers"])
    return found


def look_at(client: Client, addresses: Sequence[str]) -> Seen:
    """Find out which machines workers are on; one that is lost meanwhile is in neither list."""
    told = client.run(there.describe, workers=list(addresses), on_error="return")
    machines, refused = {}, {}
    for address, found in told.items():
        match found:
            case {"version": version, "machine": machine} if version == __version__:
                machines[address] = msgspec.json.decode(machine, type=Machine)
            case {"version": version}:
                refused[address] = (
                    f"it has whichext {foreign(str(version))}, and here is {__version__}. "
                    f"Next: pip install whichext=={__version__} there"
                )
            case ImportError():
                refused[address] = f"{foreign(describe_error(found))}. Next: {EXTRA} there"
            case OSError():
                continue
            case _:
                refused[address] = foreign(describe_error(found))
    return Seen(machines, refused)


def name_of(machine: Machine) -> str:
    """A name for a machine and its file: what its owner calls it, or a short hash."""
    digits = hashlib.sha256(repr(machine.identity).encode()).hexdigest()[:_DIGITS]
    if machine.label is None:
        return f"machine-{digits}"
    plain = _NOT_PLAIN.sub("-", machine.label).strip("-.")
    return plain if plain == machine.label else f"{plain or 'machine'}-{digits}"
