"""Clusters of real processes: a scheduler, and workers that are labelled as machines."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from whichext.report.journal import kept_epochs

PATIENCE_S = 240.0
_LEAVE_S = 10.0
MARK = "WHICHEXT_TEST_CLUSTER"
"""A variable of the environment that all processes of a test's cluster have."""


@dataclass
class Cluster:
    """A scheduler with its workers, and clients that race on them."""

    folder: Path
    """Working folder of all of them, with the cache."""
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    """What is in the environment of all of them."""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    """All that were started here."""
    address: str = ""
    """The scheduler's."""

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a process of it."""
        marked = {MARK: self.mark, "XDG_CACHE_HOME": str(self.folder / "cache")}
        return {**os.environ, **marked, **more}

    def start(self, *words: str, log: str, **more: str) -> subprocess.Popen[bytes]:
        """Start a Python program of it."""
        with (self.folder / log).open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=self.folder,
                env=self.environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def schedule(self) -> subprocess.Popen[bytes]:
        """Start the scheduler; once more at the same address, if there was one."""
        port = int(self.address.rpartition(":")[2]) if self.address else _free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        words = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port))
        process = self.start(*words, "--no-dashboard", log="scheduler.log")
        wait_until(lambda: _listens(port))
        return process

    def work(self, label: str | None = None, *words: str, **more: str) -> subprocess.Popen[bytes]:
        """Start a worker, without a nanny unless that is asked for."""
        told = {} if label is None else {"WHICHEXT_MACHINE": label}
        usual = words or ("--no-nanny",)
        return self.start(
            *("distributed.cli.dask_worker", self.address, "--nthreads", "1", *usual),
            *("--no-dashboard", "--resources", "whichext=1"),
            log=f"worker-{label}.log",
            **told,
            **more,
        )

    def race(self, *words: str, kernel: Path, log: str = "client.log") -> subprocess.Popen[bytes]:
        """Start a client."""
        typed = ("whichext", "run", str(kernel), "--no-isolation", "--on", self.address, *words)
        return self.start(*typed, log=log)

    def said(self, log: str = "client.log") -> str:
        """What a process has printed."""
        path = self.folder / log
        return path.read_text(errors="replace") if path.exists() else ""

    def journals(self, machine: str) -> list[Path]:
        """What races that are under way on a machine have kept."""
        return list((self.folder / "cache/whichext/machines").glob(f"*/{machine}/*.part"))

    def await_epochs(self, machine: str, epochs: int = 1) -> None:
        """Wait until a race has kept so many: whatever the time, it has two at least."""
        wait_until(
            lambda: any(kept_epochs(one) >= epochs for one in self.journals(machine)), self.said
        )

    def await_workers(self, count: int) -> None:
        """Wait until so many are registered."""
        log = "scheduler.log"
        wait_until(lambda: self.said(log).count("Register worker") >= count, lambda: self.said(log))

    def alive(self) -> list[psutil.Process]:
        """All processes that belong to it, whoever started them."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            return (
                process.status() != psutil.STATUS_ZOMBIE
                and process.environ().get(MARK) == self.mark
            )
        return False

    def races(self) -> list[psutil.Process]:
        """The processes that conduct races."""
        return [one for one in self.alive() if "tethered" in " ".join(_words_of(one))]

    def stop(self) -> None:
        """End the workers and then the scheduler: Dask may wait for ever for both at once."""
        for process in reversed(self.processes):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_LEAVE_S)
            process.kill()
            process.wait()


def _words_of(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


@contextlib.contextmanager
def cluster(folder: Path, builds: Path) -> Iterator[Cluster]:
    """A cluster whose processes are all gone at the end, or the test fails.

    Args:
        folder: An empty folder.
        builds: Where builds are kept.

    """
    found = Cluster(folder)
    (folder / "cache/whichext").mkdir(parents=True)
    (folder / "cache/whichext/builds").symlink_to(builds)
    try:
        yield found
        found.stop()
        wait_until(lambda: not found.alive(), lambda: str([_words_of(p) for p in found.alive()]))
    finally:
        for process in found.alive():
            with contextlib.suppress(psutil.Error):
                process.kill()


def wait_until(done: Callable[[], object], otherwise: Callable[[], str] = lambda: "") -> None:
    """Wait for something that must come about."""
    until = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < until, otherwise()
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
