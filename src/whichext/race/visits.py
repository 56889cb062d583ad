"""Which case races next, until when, and for how long: cases share the time.

Every case is visited until its first look, at the fewest epochs that an interval should rest on. A
case that is then not precise enough is visited again, until twice as many epochs, and so on. The
time that is left is divided by what the cases still need. Looks are scheduled beforehand, so that
what was measured does not decide when it is looked at.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from whichext.build.session import Lineup, Schedule
from whichext.model.case import Case
from whichext.model.inline import argument
from whichext.model.options import Options
from whichext.model.raw import Raw
from whichext.race.plan import START_NS
from whichext.race.track import Track

FEWEST_EPOCHS = 2
"""Epochs of a case that are raced whatever the time limit says: one has no interval."""

_SHORTEST_S = 1e-3  # an epoch takes longer, and shares of nothing could not be divided


@dataclass(frozen=True)
class Visit:
    """Some epochs of a case."""

    case: Case
    """The case."""
    until: int
    """The epoch at which it is looked at."""
    share_s: float
    """Time that may be spent, s."""


def each_visit(
    raw: Raw, tracks: Mapping[str, Track], schedule: Schedule, options: Options
) -> Iterator[Visit]:
    """Visits to all cases, and again to those that need more; ends when the time is spent.

    Args:
        raw: The cases.
        tracks: The race of each case, which goes on between visits.
        schedule: Says what a case still needs.
        options: Time, epochs and rounds.

    """
    deadline = time.monotonic() + options.max_time_s
    until = min(max(options.min_epochs, FEWEST_EPOCHS), options.max_epochs)
    needs_s = {name: max(_SHORTEST_S, cost_s(track, until)) for name, track in tracks.items()}
    while needs_s:
        before = {name: tracks[name].raced for name in needs_s}
        yield from _visit_all(raw, needs_s, until, deadline)
        stuck = _is_stuck(tracks, before, until)
        if stuck and len(before) == 1:
            return
        left_s = deadline - time.monotonic()
        found = {
            name: _need_s(track, schedule, left_s, until, options.max_epochs)
            for name, track in tracks.items()
        }
        open_s = {name: need_s for name, need_s in found.items() if need_s > 0}
        until = _next_look(until, [tracks[name].raced for name in open_s], options.max_epochs)
        # Those that did not get as far come first.
        needs_s = {name: need_s for name, need_s in open_s.items() if tracks[name].raced < until}
        if stuck:  # one case gets all of the time
            needs_s = dict(list(needs_s.items())[:1])


def _visit_all(
    raw: Raw, needs_s: Mapping[str, float], until: int, deadline: float
) -> Iterator[Visit]:
    """A visit to each of these cases; the time is divided by what they need."""
    going = [case for case in raw.cases if case.name in needs_s]
    for number, case in enumerate(going):
        left_s = max(0.0, deadline - time.monotonic())
        rest_s = sum(needs_s[other.name] for other in going[number:])
        yield Visit(case, until, left_s * needs_s[case.name] / rest_s)


def _is_stuck(tracks: Mapping[str, Track], before: Mapping[str, int], until: int) -> bool:
    """Whether no share was as long as an epoch, of those that had not got as far yet."""
    behind = {name: raced for name, raced in before.items() if raced < until}
    return bool(behind) and all(tracks[name].raced == raced for name, raced in behind.items())


def _next_look(until: int, raced: Sequence[int], most: int) -> int:
    """The epoch of the next look: twice that of the last one, once no case is behind it."""
    while raced and until <= min(raced):
        until *= 2
    return min(until, most)


def _need_s(track: Track, schedule: Schedule, left_s: float, until: int, most_epochs: int) -> float:
    """About the time that a case needs until it is precise, s; 0 where it is not visited again."""
    so_far, raced = track.so_far(), track.raced
    racing = any(entrant.ended is None for entrant in track.entrants)
    lineup = schedule.lineup(so_far) if racing else Lineup()
    epoch_s = max(_SHORTEST_S, track.expected_s(len(lineup.racing)))
    if track.hidden or not lineup.racing or raced >= most_epochs or epoch_s > left_s:
        return 0.0
    if raced < until:  # no look yet
        return max(epoch_s, cost_s(track, until))
    outlook = schedule.outlook(so_far, left_s / epoch_s)
    track.hidden = outlook.hidden
    return 0.0 if outlook.hidden else max(1.0, outlook.more_epochs) * epoch_s


def cost_s(track: Track, until: int) -> float:
    """Estimated time of a case's epochs from now until some epoch, from the calls of verify, s.

    What was not verified is taken to be as fast as the fastest.
    """
    least_ns = min(track.took_ns.values(), default=0)
    left = range(track.raced, until)
    total_ns = 0.0
    for number, entrant in enumerate(track.entrants):
        call_ns = track.took_ns.get(entrant.contestant.name, least_ns)
        pace = track.pace(call_ns)
        turn_ns = call_ns * (pace.calls + pace.warm)
        if entrant.contestant.name in track.slow:
            first_ns = call_ns * (entrant.contestant.name not in track.compiled)
            total_ns += sum(START_NS + first_ns + turn_ns for n in left if n % track.block == 0)
        else:
            turns = pace.rounds * (1 + (number == 0))
            total_ns += len(left) * (START_NS + call_ns + turns * turn_ns)
    return total_ns / 1e9


def estimate(tracks: Collection[Track], options: Options) -> str | None:
    """How long the race will take, before it begins; None where none races."""
    usual_s = sum(cost_s(track, options.min_epochs) for track in tracks)
    fewest_s = sum(cost_s(track, FEWEST_EPOCHS) for track in tracks)
    cases = "case" if len(tracks) == 1 else "cases"
    contestants = len({name for track in tracks for name in track.names})
    if not contestants:
        return None
    limit = argument("max_time_s")
    most = (
        f"{_seconds(options.max_time_s)} are spent ({limit})"
        if fewest_s <= options.max_time_s
        else f"{_seconds(fewest_s)} are spent: more than {limit}, for {FEWEST_EPOCHS} epochs of "
        "each"
    )
    take, fewer = "take", ""
    if usual_s > options.max_time_s:
        take = "would take"
        fewer = "" if fewest_s > options.max_time_s else ", so there are fewer epochs"
    return (
        f"race: {contestants} contestants in {len(tracks)} {cases}; "
        f"{options.min_epochs} epochs of each {take} about {_seconds(usual_s)}, "
        f"at most about {most}{fewer}"
    )


def _seconds(time_s: float) -> str:
    return f"{time_s:.1f} s" if time_s < 1 else f"{time_s:.0f} s"
