"""A fake of Dask: its scheduler, and what becomes of the races that are handed out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from support.results import make_machine
from whichext.cli.machines.cluster import Seen
from whichext.cli.machines.request import Request
from whichext.cli.machines.there import Came


@dataclass
class FakeFuture:
    """What comes of a race."""

    status: str = "pending"
    outcome: Came | Exception | None = None

    def cancel(self) -> None:
        """Do nothing."""

    def result(self, timeout: float) -> Came:
        """What came."""
        assert timeout > 0
        if isinstance(self.outcome, Exception):
            raise self.outcome
        assert self.outcome is not None
        return self.outcome


Step = Callable[["FakeDask"], Came | Exception | str]


@dataclass
class FakeDask:
    """A scheduler whose workers do what is written for each race that is handed out."""

    script: Iterator[Step]
    """What becomes of the races, in the order in which they are handed out; a text is the status
    of a future of which nothing comes."""
    labels: dict[str, str]
    """The machine of each worker, by address; workers come and go by changing it."""
    sent: list[tuple[str, str]] = field(default_factory=list)
    """The address and the name of each race that was handed out."""
    looks: int = 0
    answers: bool = True
    status: str = "running"
    """As Dask's client has it: one that has closed itself answers nothing any more."""
    called: list[object] = field(default_factory=list)
    told: list[object] = field(default_factory=list)
    """What was given to that, and which workers were asked."""

    address: str = "tcp://scheduler:8786"

    @property
    def scheduler(self) -> FakeDask:
        """What knows the address."""
        return self

    def subscribe_topic(self, topic: str, handler: object) -> None:
        """Send no events."""

    def submit(self, function: object, request: Request, *, workers: list[str], **_: Any) -> Any:
        """Do what is written."""
        assert callable(function)
        self.sent.append((workers[0], request.name))
        came = next(self.script)(self)
        if isinstance(came, str):
            return FakeFuture(came)
        return FakeFuture("error" if isinstance(came, Exception) else "finished", came)

    def run(self, function: Any, *told: Any, workers: list[str], **_: Any) -> None:
        """Note what was called on workers."""
        self.called.append(function.__name__)
        self.told += [*told, *workers]

    def workers(self, _: object) -> dict[str, Any]:
        """The workers that there are."""
        self.looks += 1
        assert self.looks < 100_000
        assert self.status != "closed", "nothing to ask"
        if not self.answers:
            raise OSError("gone")
        return {address: {"resources": {"whichext": 1}} for address in self.labels}

    def look_at(self, _: object, addresses: list[str]) -> Seen:
        """Their machines."""
        machine = make_machine()
        return Seen({one: replace(machine, label=self.labels[one]) for one in addresses})
