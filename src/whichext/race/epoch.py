"""One epoch: fresh processes for all contestants, and some rounds of turns among them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from whichext.build.session import Lineup, SoFar
from whichext.model.check import find_fault, find_refusal
from whichext.model.contestant import Case, Contestant, Role
from whichext.model.options import Options
from whichext.model.outcome import Crashed, Outcome
from whichext.model.raw import Raw, Sample, Timing
from whichext.race import in_worker
from whichext.race.plan import FAR, LONG_NS, SAMPLE_NS, Pace, find_pace, orders
from whichext.system.workers.crew import Crew, Worker, WorkerLostError

_SERVER = in_worker.__name__
_CALIBRATION_CALLS = 3
_ALIKE = 1.1
_CENSUS_NS = 2_000_000  # a shorter turn may be over before its threads have been on a processor


@dataclass
class Entrant:
    """A contestant in a case, and what has been measured of it so far."""

    contestant: Contestant
    site: Path | None
    pace: Pace | None = None
    samples: list[Sample] = field(default_factory=list)
    import_ns: list[int] = field(default_factory=list)
    first_call_ns: list[int] = field(default_factory=list)
    threads_seen: int | None = None
    ended: Outcome | None = None

    def resume(self, timing: Timing) -> None:
        """Take over what an earlier run measured; its pace is determined again.

        What was too slow for the earlier run may be fast enough for the time limit of this one.
        """
        self.samples = list(timing.samples)
        self.import_ns = list(timing.import_ns)
        self.first_call_ns = list(timing.first_call_ns)
        self.threads_seen = timing.threads_seen
        self.ended = timing.ended if isinstance(timing.ended, Crashed) else None

    def timing(self, case: str) -> Timing:
        """What has been measured so far, frozen."""
        return Timing(
            contestant=self.contestant.name,
            case=case,
            samples=tuple(self.samples),
            import_ns=tuple(self.import_ns),
            first_call_ns=tuple(self.first_call_ns),
            threads_seen=self.threads_seen,
            ended=self.ended,
        )

    def note(self, turned: in_worker.Turned, place: tuple[int, int, int]) -> None:
        """Add a turn: epoch, round and slot are its place."""
        assert self.pace is not None, "a turn is taken only with a pace"
        took = turned.took
        self.samples.append(
            Sample(*place, self.pace.calls, took.wall_ns, took.cpu_ns, turned.stolen_ns)
        )


@dataclass
class Track:
    """The race of a case, from epoch to epoch."""

    case: str
    """Name of the prepared input."""
    entrants: tuple[Entrant, ...]
    """What races, the baseline first."""
    most_rounds: int
    """Most rounds of an epoch."""
    limit_s: float
    """Time that a worker may take for one answer, s."""
    freeze: bool = True
    """Whether those that wait are stopped; off only to show what that does."""
    took_ns: Mapping[str, int] = field(default_factory=dict)
    """Time of the call that was verified, by contestant, ns; of those for which it is known."""
    compiled: frozenset[str] = frozenset()
    """Names of those that were compiled as a whole before they were imported, so that a first call
    compiles and loads nothing."""
    epochs_s: dict[int, float] = field(default_factory=dict)
    """Time of the last epoch of so many entrants, s."""
    hidden: bool = False
    """Whether it ended since noise hides what the time that was left could have resolved."""

    @property
    def names(self) -> frozenset[str]:
        """Names of all entrants."""
        return frozenset(entrant.contestant.name for entrant in self.entrants)

    @property
    def warm(self) -> bool:
        """Whether short turns begin with a call that is not timed.

        For all or for none of a case: a start from the cold adds some milliseconds to a turn, and
        must not do so to only some of those that are compared.
        """
        return min(self.took_ns.values(), default=0) < LONG_NS

    @property
    def slow(self) -> frozenset[str]:
        """Names of entrants with long calls, far longer than the baseline's, in verify.

        Turns of short calls take the same time, whatever a call takes.
        """
        names = [entrant.contestant.name for entrant in self.entrants]
        baseline_ns = self.took_ns.get(next(iter(names), ""), math.inf)
        least_ns = max(LONG_NS, FAR * baseline_ns)
        return frozenset(name for name in names if self.took_ns.get(name, 0) > least_ns)

    @property
    def raced(self) -> int:
        """Epochs that were raced already, by an earlier run."""
        samples = (sample for entrant in self.entrants for sample in entrant.samples)
        return max((sample.epoch + 1 for sample in samples), default=0)

    def expected_s(self, racing: int) -> float:
        """Time that an epoch of so many entrants will take, s; 0 before the first one."""
        return self.epochs_s.get(racing, max(self.epochs_s.values(), default=0.0))

    def so_far(self) -> SoFar:
        """What is known before the next epoch."""
        twins = (e.contestant.name for e in self.entrants if e.contestant.role is Role.TWIN)
        return SoFar(self.timings(), self.raced, self.slow, next(twins, None))

    def timings(self) -> tuple[Timing, ...]:
        """All that was measured so far."""
        return tuple(entrant.timing(self.case) for entrant in self.entrants)


@dataclass(frozen=True)
class Epoch:
    """One epoch of a case's race."""

    number: int
    """From 0."""
    racing: tuple[Entrant, ...]
    """The entrants that take part, the baseline first."""
    rng: random.Random
    """Draws the orders of turns."""
    lineup: Lineup
    """Which of them take a single turn."""

    def rounds_of(self, entrant: Entrant) -> int:
        """Rounds in which an entrant takes part."""
        assert entrant.pace is not None, "rounds follow from the pace"
        return entrant.pace.rounds if entrant.contestant.name in self.lineup.near else 1


def make_track(raw: Raw, sites: Mapping[str, Path | None], case: Case, options: Options) -> Track:
    """A case's race, with what an earlier run measured.

    Args:
        raw: Contestants, checks, and timings of an earlier run.
        sites: Folder of each built contestant's build by the contestant's name.
        case: The case.
        options: Rounds, limits and freezing.

    """
    earlier = {timing.contestant: timing for timing in raw.timings if timing.case == case.name}
    took_ns = {check.contestant: check.took_ns for check in raw.checks if check.input == case.name}
    entrants = []
    for contestant in raw.contestants:
        name = contestant.original
        barred = find_fault(name, raw.checks) or find_refusal(name, case.name, raw.checks)
        if contestant.name in sites and barred is None:
            entrant = Entrant(contestant, sites[contestant.name])
            if contestant.name in earlier:
                entrant.resume(earlier[contestant.name])
            entrants.append(entrant)
    return Track(
        case.name,
        tuple(entrants),
        options.rounds,
        options.time_limit_s,
        options.freeze,
        took_ns={
            entrant.contestant.name: known_ns
            for entrant in entrants
            if (known_ns := took_ns.get(entrant.contestant.original)) is not None
        },
        compiled=frozenset(e.contestant.name for e in entrants if _is_compiled(e.contestant, raw)),
    )


def _is_compiled(contestant: Contestant, raw: Raw) -> bool:
    """Whether all of its code is in libraries of its own, as far as the audit has seen."""
    evidence = (one for one in raw.evidence if one.is_of(contestant))
    in_libraries = any(one.libraries for one in evidence) and not contestant.requires
    return in_libraries or contestant.role is Role.LIMIT


def _begins_with_turn(track: Track, entrant: Entrant, epoch: Epoch) -> bool:
    """Whether the first call of a process is its turn: of far contestants that were verified.

    Not of those that may compile in it, or load what they call: verify's call has done so as well.
    """
    name = entrant.contestant.name
    return name in epoch.lineup.far & track.compiled and name in track.took_ns


def run_epoch(crew: Crew, track: Track, epoch: Epoch) -> None:
    """Race one epoch; samples are added to the entrants, and lost ones are marked as ended.

    Turns are asked for right here, so that few frames lie between a command and the clock.
    """
    workers = _line_up_all(crew, track, epoch)
    for entrant, pace, place in _turns(epoch, workers):
        worker = workers[entrant.contestant.name]
        first = _begins_with_turn(track, entrant, epoch)
        worker.thaw()
        turn = in_worker.Turn(track.case, pace.calls, pace.warm, census=first)
        try:
            reply = worker.ask(turn, in_worker.REPLY, track.case, track.limit_s)
            turned = _accepted(worker, reply, track)
            if first:
                entrant.first_call_ns.append(turned.took.wall_ns)
                entrant.threads_seen = entrant.threads_seen or turned.threads
            if first and turned.took.wall_ns > _ALIKE * track.took_ns[entrant.contestant.name]:
                turned = _ask(worker, turn, track)
            entrant.note(turned, place)
        except WorkerLostError as lost:
            entrant.ended = lost.outcome
            continue
        if track.freeze:
            worker.freeze()
    for worker in workers.values():
        worker.kill()


def _turns(
    epoch: Epoch, workers: Mapping[str, Worker]
) -> Iterator[tuple[Entrant, Pace, tuple[int, int, int]]]:
    """The next turn: contestant, epoch, round and slot; lost contestants take no more turns.

    The baseline takes two turns in each round, since its noise is in every ratio.
    """
    running = {e.contestant.name: e for e in epoch.racing if e.contestant.name in workers}
    baseline = epoch.racing[0].contestant.name if epoch.racing else ""
    names = [*running, *(name for name in running if name == baseline)]
    rounds = max((epoch.rounds_of(entrant) for entrant in running.values()), default=0)
    for number, order in enumerate(islice(orders(names, epoch.rng), rounds)):
        here = (e for e in map(running.__getitem__, order) if number < epoch.rounds_of(e))
        for slot, entrant in enumerate(here):
            if entrant.ended is None and entrant.pace is not None:
                yield entrant, entrant.pace, (epoch.number, number, slot)


def _line_up_all(crew: Crew, track: Track, epoch: Epoch) -> dict[str, Worker]:
    """A worker for each entrant that has not ended, by its name, in a random order."""
    running = {e.contestant.name: e for e in epoch.racing if e.ended is None}
    names = epoch.rng.sample(list(running), len(running))
    found = {name: _line_up(crew, track, running[name], epoch) for name in names}
    return {name: worker for name, worker in found.items() if worker is not None}


def _line_up(crew: Crew, track: Track, entrant: Entrant, epoch: Epoch) -> Worker | None:
    """Start a worker, make its first call, find its pace if it has none, and freeze it.

    Far contestants that were compiled before have no call before their turn. A first call that
    starts no pool for long is as good as a second one; where it takes longer than in verify, one
    follows.
    """
    try:
        worker = crew.spawn(entrant.contestant, entrant.site, _SERVER, track.limit_s)
        if _begins_with_turn(track, entrant, epoch):
            call_ns = track.took_ns[entrant.contestant.name]
            entrant.pace = find_pace(call_ns, track.most_rounds, warm=track.warm)
        else:
            _call_first(worker, track, entrant)
    except WorkerLostError as lost:
        entrant.ended = lost.outcome
        return None
    entrant.import_ns.append(worker.import_ns)
    if track.freeze:
        worker.freeze()
    return worker


def _call_first(worker: Worker, track: Track, entrant: Entrant) -> None:
    """Make the first call of a process, and find the contestant's pace if it has none."""
    census = entrant.pace is None
    first = _ask(worker, in_worker.Turn(track.case, calls=1, census=census), track)
    entrant.first_call_ns.append(first.took.wall_ns)
    if entrant.pace is None:
        call_ns = _known_ns(first, track, entrant) or _calibrate(worker, track, entrant)
        entrant.pace = find_pace(call_ns, track.most_rounds, warm=track.warm)


def _known_ns(first: in_worker.Turned, track: Track, entrant: Entrant) -> int | None:
    """Time of a call that is so long that nothing has to be calibrated, ns; None for others."""
    name = entrant.contestant.name
    known_ns = track.took_ns.get(name) if name in track.compiled else None
    if known_ns is None or min(known_ns, first.took.wall_ns) < LONG_NS:
        return None
    entrant.threads_seen = first.threads
    return min(known_ns, first.took.wall_ns)


def _calibrate(worker: Worker, track: Track, entrant: Entrant) -> int:
    """Least time of up to three calls, fewer where they are long, ns; counts busy threads as well.

    Short calls are timed several at once, since the first of them alone measures the clock.
    """
    one = in_worker.Turn(track.case, calls=1, census=True)
    turns = [_ask(worker, one, track)]
    while len(turns) < _CALIBRATION_CALLS and sum(t.took.wall_ns for t in turns) < SAMPLE_NS:
        turns.append(_ask(worker, one, track))
    best = min(turn.took.wall_ns for turn in turns)
    calls = find_pace(best, track.most_rounds, warm=track.warm).calls
    if calls > 1:
        many = _ask(worker, in_worker.Turn(track.case, calls, census=True), track)
        turns, best = [many], many.took.wall_ns // calls
    if turns[-1].took.wall_ns >= _CENSUS_NS:
        entrant.threads_seen = max((turn.threads or 0 for turn in turns), default=0) or None
    return best


def _ask(worker: Worker, turn: in_worker.Turn, track: Track) -> in_worker.Turned:
    # A turn is many calls, and the limit is for one of them that hangs.
    return _accepted(worker, worker.ask(turn, in_worker.REPLY, track.case, track.limit_s), track)


def _accepted(
    worker: Worker, reply: in_worker.Turned | in_worker.Refused, track: Track
) -> in_worker.Turned:
    """The turn; a contestant that raised a new error is lost."""
    if isinstance(reply, in_worker.Refused):
        worker.kill()
        raise WorkerLostError(Crashed(track.case, f"raised {reply.error} in the race"))
    return reply
