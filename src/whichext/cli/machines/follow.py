"""Follows the races of machines to their ends, whatever becomes of workers and of the scheduler."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from whichext.cli.machines import there
from whichext.cli.machines.cluster import (
    ClientClosedError,
    asking,
    look_at,
    name_of,
    workers_of,
)
from whichext.cli.machines.folder import Folder
from whichext.cli.machines.jobs import MOST_TRIES, Job, Place, Plan, free_job
from whichext.cli.machines.kept import forget
from whichext.cli.machines.request import Request
from whichext.model.errors import FleetError, WhichextError, describe_error
from whichext.model.inline import argument, foreign
from whichext.model.raw import INTERRUPTED
from whichext.model.view import View
from whichext.report import result_file
from whichext.system.progress import Progress

if TYPE_CHECKING:
    from distributed import Client, Future

GRACE_S = 30.0
"""Time in which a lost worker may come back: Dask's nannies start it again, s."""
FIRST_S = 30.0
"""Time in which the first worker must be there, s."""
LOOK_S = 1.0
"""Time between two looks at the scheduler."""
_TICK_S = 0.2
_FETCH_S = 15.0
_LEAVE_S = 20.0
_OVER = ("finished", "error")
_GONE = ("cancelled", "lost")

Keep = Callable[[str, View], View]
"""Writes a result of that name, and gives it as it is written."""


@dataclass
class Fleet:
    """The machines of a run, and what they do."""

    client: Client
    """The connection to the scheduler."""
    folder: Folder
    """Where results go."""
    kernel: str
    """Path of the kernel's folder among the files."""
    files: bytes
    """The archive of the kernel's files."""
    plan: Plan
    """What machines are to do."""
    keep: Keep
    """Writes a result."""
    progress: Progress
    """Where to say what becomes of machines."""
    jobs: list[Job] = field(default_factory=list)
    """All that is to be done."""
    places: dict[str, Place] = field(default_factory=dict)
    """The machines by name."""
    refused: dict[str, str] = field(default_factory=dict)
    """Why workers cannot race, by the host of the worker."""
    submission: str = field(default_factory=lambda: uuid.uuid4().hex)
    """What tells this try at the run from earlier ones, which may have been ended."""
    _known: dict[str, str] = field(default_factory=dict)
    """The machine of each worker, by address; empty for one that cannot race."""
    _states: SimpleQueue[Mapping[str, str]] = field(default_factory=SimpleQueue)
    _looked_at: float = -math.inf
    _seen_at: float = 0.0
    """When the scheduler has answered last."""

    def follow(self) -> None:
        """Hand out what is to be done until all of it is settled.

        Raises:
            FleetError: There are no workers, or the scheduler is lost.
            KeyboardInterrupt: Ctrl-C; the machines have ended their races by then.

        """
        self._seen_at = time.monotonic()
        for name, view in self.folder.finished().items():
            self.jobs.append(Job(name, (), view=view, settled=True))
            self.progress.note(f"{name}: was done before")
        try:
            with asking(self.client):
                self.client.subscribe_topic(
                    self.folder.key, lambda event: self._states.put(event[1])
                )
                while not self._is_done():
                    self._look()
                    for place in self.places.values():
                        self._hand_out(place)
                    time.sleep(_TICK_S)
                    self._collect()
            self._forget()
        except ClientClosedError as error:
            raise self._lost(str(error)) from error
        except KeyboardInterrupt:
            self._end()
            raise

    def _is_done(self) -> bool:
        waits = not self.places and not self.refused
        if waits and time.monotonic() - self._seen_at > FIRST_S:
            raise FleetError(
                f"{self.client.scheduler.address}",
                "start them with the command dask worker, on each machine",
                expected="a scheduler with workers",
                got=f"none in {FIRST_S:g} s",
            )
        return not waits and all(job.settled for job in self.jobs)

    def _look(self) -> None:
        """See which workers there are; say which machines are lost, and what is new of others."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_S:
            return
        self._looked_at = now
        try:
            workers = workers_of(self.client)
            new = [address for address in workers if address not in self._known]
            if new:
                self._meet(new)
        except OSError as error:
            for place in self.places.values():
                place.workers = {}  # nothing is handed out until it answers again
            self._miss(error)
            return
        if self.places:
            self._seen_at = now
        for place in self.places.values():
            place.workers = {
                address: there.RESOURCE in workers[address].get("resources", {})
                for address in workers
                if self._known.get(address) == place.name
            }
            if place.workers:
                place.left_at = now
            elif place.job is not None or self._has_work(place):
                self._lose(place, now)

    def _meet(self, new: list[str]) -> None:
        """Find out which machines new workers are on."""
        seen = look_at(self.client, new)
        met: dict[str, Place] = {}
        for address, machine in seen.machines.items():
            self._known[address] = name = name_of(machine)
            if name not in self.places:
                met.setdefault(name, Place(name, machine, left_at=time.monotonic()))
        if met:
            self.places |= met
            done = {job.name for job in self.jobs}
            wanted = self.plan.jobs_for([*met.values()])
            self.jobs += [job for job in wanted if job.name not in done]
        for place in met.values():
            if not place.takes_part:
                self._say(place, "takes no part: it is of another kind than most")
        for address, problem in seen.refused.items():
            self._known[address] = ""
            host = urlsplit(address).hostname or address
            if self.refused.setdefault(host, problem) is problem:
                self.progress.note(f"{host}: {problem}")
        self.folder.begun |= bool(self.places or self.refused)

    def _miss(self, error: OSError) -> None:
        """The scheduler did not answer: after a while, it is lost."""
        if time.monotonic() - self._seen_at >= GRACE_S:
            raise self._lost(describe_error(error)) from error

    def _lost(self, why: str) -> FleetError:
        """The end of a run without its scheduler."""
        done = sum(job.view is not None and not job.problem for job in self.jobs)
        return FleetError(
            f"the scheduler is lost: {why}",
            "start it again with its workers, unless it was one of local:N, and go on with "
            f"{argument('resume', str(self.folder.path))}: what was measured stays",
            got=f"{done} of {len(self.jobs)} results",
        )

    def _has_work(self, place: Place) -> bool:
        return free_job(self.jobs, place, ()) is not None

    def _lose(self, place: Place, now: float) -> None:
        """A machine without a worker gets some time to come back."""
        self._drop(place)
        gone_s = now - place.left_at
        if gone_s < GRACE_S:
            self._say(place, "lost its worker; waits for another one")
            return
        self._say(place, "lost")
        others = [
            one for one in self.places.values() if one.takes_part and now - one.left_at < GRACE_S
        ]
        for job in self.jobs:
            if not job.settled and (job.machine == place.name or (not job.machine and not others)):
                job.settle(problem=f"the machine was lost: it had no worker for {GRACE_S:g} s")

    def _drop(self, place: Place) -> None:
        """Let go of what a machine does; another one, or the machine later, may take it."""
        if place.future is not None:
            with suppress(OSError, TimeoutError), asking(self.client):
                place.future.cancel()
        place.future, place.job = None, None
        self._looked_at = -math.inf  # see what is left before anything is handed out again

    def _hand_out(self, place: Place) -> None:
        """Send a free machine what it may do next."""
        if place.job is not None or not place.workers:
            return
        job = free_job(self.jobs, place, [one.job for one in self.places.values()])
        if job is None:
            return
        if job.tries == MOST_TRIES:
            job.settle(problem=job.problem or "its worker was lost again and again")
            self._say(place, f"failed: {job.problem}")
            return
        job.tries += 1
        place.job, place.at = job, next(iter(place.workers))
        request = Request(
            key=self.folder.key,
            submission=self.submission,
            name=job.name,
            machine=place.name,
            kernel=self.kernel,
            files=self.files,
            words=job.words,
        )
        place.future = self.client.submit(
            there.race,
            request,
            workers=[place.at],
            allow_other_workers=False,
            pure=False,
            resources={there.RESOURCE: 1} if place.workers[place.at] else None,
        )
        self._say(place, there.State.SENT)

    def _collect(self) -> None:
        """Take in what machines say, and what came of their races."""
        while not self._states.empty():
            told = self._states.get()
            place = self.places.get(told["machine"])
            if place is not None and place.job is not None and place.job.name == told["name"]:
                self._say(place, told["state"])
        for place in self.places.values():
            if place.future is None or place.job is None:
                continue
            if place.future.status in _OVER:
                self._take(place, place.job, place.future)
            elif place.future.status in _GONE or place.at not in place.workers:
                self._drop(place)

    def _take(self, place: Place, job: Job, future: Future[Any]) -> None:
        try:
            came: there.Came = future.result(timeout=_FETCH_S)
        except (OSError, TimeoutError, CancelledError):  # lost after it had finished
            self._drop(place)
            return
        except Exception as error:
            lost = type(error).__name__ == "KilledWorker"
            came = there.Came(problem=describe_error(error), ended=lost)
        self._drop(place)
        try:
            self._settle(place, job, came)
        except WhichextError as error:  # such as a disk that is full, here
            job.settle(problem=f"{error.marked_problem}. Next: {error.marked_next_step}")
            self._say(place, f"failed: {job.problem}")

    def _settle(self, place: Place, job: Job, came: there.Came) -> None:
        if came.result is not None:
            view = result_file.parse(came.result, f"{job.name} of {place.name}")
            job.view = self.keep(job.name, view)
            if not came.problem:
                job.settle(job.view)
                self._say(place, "done")
                return
        job.problem = foreign(came.problem)
        if came.ended:
            self._say(place, f"was ended: {job.problem}")
        else:
            job.settle(problem=job.problem)
            self._say(place, f"failed: {job.problem}")

    def _end(self) -> None:
        """End the races, and take in what they have measured."""
        # Also those of which no future is there yet: Ctrl-C may have come while one was made.
        busy = [place for place in self.places.values() if place.job is not None]
        try:
            with suppress(OSError, TimeoutError), asking(self.client):
                self._end_races(busy)
        finally:  # also where Ctrl-C comes again
            for job in self.jobs:
                if not job.settled:
                    job.settle(problem=INTERRUPTED)

    def _end_races(self, busy: list[Place]) -> None:
        for place in busy:
            if place.future is not None and place.future.status == "pending":
                self._say(place, "ends, since the run was interrupted")
        workers = [place.at for place in busy if place.at in place.workers]
        if workers:
            self.client.run(there.end, self.submission, workers=workers, on_error="ignore")
        until = time.monotonic() + _LEAVE_S
        while any(place.future for place in busy) and time.monotonic() < until:
            time.sleep(_TICK_S)
            self._collect()

    def _forget(self) -> None:
        """Have machines remove what they kept, once all of it is here."""
        if any(job.problem for job in self.jobs):
            return
        workers = [next(iter(place.workers)) for place in self.places.values() if place.workers]
        with suppress(OSError, TimeoutError), asking(self.client):
            if workers:
                self.client.run(forget, self.folder.key, workers=workers, on_error="ignore")

    def _say(self, place: Place, what: str) -> None:
        """One line, where something has changed."""
        if place.said != what:
            place.said = what
            job = f" {place.job.name}" if place.job and place.job.machine is None else ""
            self.progress.note(f"{place.name}{job}: {what}")
