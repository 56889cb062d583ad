"""One epoch: fresh processes for all contestants, and some rounds of turns among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec.structs import replace

from whichext.model.errors import ClockError
from whichext.model.outcome import Crashed, TimedOut, Wrong
from whichext.race import in_worker
from whichext.race.plan import LONG_NS, SAMPLE_NS, Pace, orders
from whichext.race.track import Entrant, Epoch, Track
from whichext.system.workers.crew import Crew, Worker, WorkerLostError

_SERVER = in_worker.__name__
_CALIBRATION_CALLS = 3
_ALIKE = 1.1
_CENSUS_NS = 2_000_000  # a shorter turn may be over before its threads have been on a processor
_FORK_S = 10.0  # to fork a large process, and to find out what became of the child


def _begins_with_turn(track: Track, entrant: Entrant, epoch: Epoch) -> bool:
    """Whether the first call of a process is its turn: of far contestants that were verified.

    Not of those that may compile in it, or load what they call: verify's call has done so as well.
    Before a fork there is always a call, since that is what may make it unsafe.
    """
    name, quick = entrant.contestant.name, epoch.lineup.far & track.compiled
    known = name in quick and name in track.took_ns
    return known and not track.forked and not entrant.starts_slowly


def run_epoch(crew: Crew, track: Track, epoch: Epoch) -> None:
    """Race one epoch; samples are added to the entrants, and lost ones are marked as ended.

    Turns are asked for right here, so that few frames lie between a command and the clock.
    """
    workers = _line_up_all(crew, track, epoch)
    for entrant, pace, place in _turns(epoch, workers):
        worker = workers[entrant.contestant.name]
        first = _begins_with_turn(track, entrant, epoch)
        worker.thaw()
        turn = in_worker.Turn(
            track.case,
            pace.calls,
            pace.warm,
            census=first,
            changed=epoch.is_changed(place[1]),
            compared=epoch.compared(track, entrant, place[1]),
            callers=track.callers,
            forked_s=track.forked_limit_s(entrant) if track.forked else None,
            alternates_below_ns=epoch.alternates_below_ns(track, entrant, place[1]),
        )
        try:
            # The child of a worker is given up before the worker is.
            limit_s = track.limit_s + _FORK_S * track.forked
            reply = worker.ask(turn, in_worker.REPLY, track.case, limit_s)
            turned = _accepted(worker, reply, track)
            if first:
                entrant.first_call_ns.append(turned.took.wall_ns // turn.calls)
                entrant.threads_seen = entrant.threads_seen or turned.threads
            if first and not entrant.samples and _starts_slowly(turned, turn.calls, track, entrant):
                entrant.starts_slowly = True
                turned = _ask(worker, turn, track)
            entrant.note(turned, place)
        except WorkerLostError as lost:
            entrant.ended = lost.outcome
            continue
        if track.freeze:
            worker.freeze()
    for worker in workers.values():
        worker.kill()


def _starts_slowly(turned: in_worker.Turned, calls: int, track: Track, entrant: Entrant) -> bool:
    """Whether a first call took longer than the call that was verified, which was no first one."""
    return turned.took.wall_ns > _ALIKE * calls * track.took_ns[entrant.contestant.name]


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
    starts no pool for long is as good as a second one. Where it takes longer than in verify, in the
    first epoch, each of its turns follows such a call from then on. That is decided once: a second
    call only after slow ones would make it look faster.
    """
    try:
        worker = crew.spawn(entrant.contestant, entrant.site, _SERVER, track.limit_s)
        if _begins_with_turn(track, entrant, epoch):
            call_ns = track.took_ns[entrant.contestant.name]
            entrant.pace = track.pace(call_ns)
        else:
            changed = epoch.is_changed(-1)
            one = in_worker.Turn(track.case, track.pass_calls, changed=changed)
            _call_first(worker, track, entrant, one)
    except WorkerLostError as lost:
        entrant.ended = lost.outcome
        return None
    entrant.import_ns.append(worker.import_ns)
    if track.freeze:
        worker.freeze()
    return worker


def _call_first(worker: Worker, track: Track, entrant: Entrant, one: in_worker.Turn) -> None:
    """Make the first call of a process, and find the contestant's pace if it has none."""
    first = _ask(worker, replace(one, census=entrant.pace is None), track)
    entrant.first_call_ns.append(first.took.wall_ns // one.calls)
    if entrant.pace is None:
        call_ns = _known_ns(first, track, entrant) or _calibrate(worker, track, entrant, one)
        entrant.pace = track.pace(call_ns)


def _known_ns(first: in_worker.Turned, track: Track, entrant: Entrant) -> int | None:
    """Time of a call that is so long that nothing has to be calibrated, ns; None for others."""
    name = entrant.contestant.name
    known_ns = track.took_ns.get(name) if name in track.compiled else None
    if known_ns is None:
        return None
    pass_ns = min(known_ns * track.pass_calls, first.took.wall_ns)
    if pass_ns < LONG_NS:
        return None
    entrant.threads_seen = first.threads
    return pass_ns // track.pass_calls


def _calibrate(worker: Worker, track: Track, entrant: Entrant, one: in_worker.Turn) -> int:
    """Least time of up to three calls, fewer where they are long, ns; counts busy threads as well.

    Short calls are timed several at once, since the first of them alone measures the clock. Of a
    method, it is the time of a call in up to three passes.
    """
    one = replace(one, census=True)
    turns = [_ask(worker, one, track)]
    while len(turns) < _CALIBRATION_CALLS and sum(t.took.wall_ns for t in turns) < SAMPLE_NS:
        turns.append(_ask(worker, one, track))
    best = min(turn.took.wall_ns for turn in turns) // one.calls
    calls = track.pace(best).calls
    if calls > one.calls:
        many = _ask(worker, replace(one, calls=calls), track)
        turns, best = [many], many.took.wall_ns // calls
    if turns[-1].took.wall_ns >= _CENSUS_NS:
        entrant.threads_seen = max((turn.threads or 0 for turn in turns), default=0) or None
    return best


def _ask(worker: Worker, turn: in_worker.Turn, track: Track) -> in_worker.Turned:
    # A turn is many calls, and the limit is for one of them that hangs.
    return _accepted(worker, worker.ask(turn, in_worker.REPLY, track.case, track.limit_s), track)


def _accepted(worker: Worker, reply: in_worker.Reply, track: Track) -> in_worker.Turned:
    """The turn; a contestant that was wrong, raised a new error or lost its child is lost."""
    if isinstance(reply, Wrong | Crashed | TimedOut):
        worker.kill()
        raise WorkerLostError(reply)
    if isinstance(reply, in_worker.Refused):
        worker.kill()
        raise WorkerLostError(Crashed(track.case, f"raised {reply.error} in the race"))
    if reply.took.wall_ns < 1:
        raise ClockError(
            "the clock of this machine went back, or stood still, while calls were timed",
            "find out what sets it (a virtual machine that was moved, or its clock source), and "
            "run again",
            where=track.case,
            expected="a turn of some time",
            got=f"{reply.took.wall_ns} ns",
        )
    return reply
