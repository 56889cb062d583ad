"""The entrants of a case, what was measured of each so far, and an epoch of their race."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from whichext.build.session import Lineup, SoFar
from whichext.model.case import Case
from whichext.model.check import find_fault, find_refusal
from whichext.model.contestant import Contestant, Role
from whichext.model.options import Options
from whichext.model.outcome import Crashed, Outcome, TimedOut, Wrong
from whichext.model.ratio import FAR
from whichext.model.raw import Latencies, Raw, Sample, Timing, find_wrong
from whichext.race import in_worker
from whichext.race.plan import LONG_NS, Pace, find_block, find_pace

_ALTERNATES_NS = 1_000_000_000  # three more calls of this length, once
_ALTERNATES_WITHIN = 2.0  # times the fastest call in verify
_FORK_S = 2.0
_FORK_PATIENCE = 20  # how many times as long as expected


@dataclass
class Entrant:
    """A contestant in a case, and what has been measured of it so far."""

    contestant: Contestant
    site: Path | None
    pace: Pace | None = None
    samples: list[Sample] = field(default_factory=list)
    latencies: list[Latencies] = field(default_factory=list)
    import_ns: list[int] = field(default_factory=list)
    first_call_ns: list[int] = field(default_factory=list)
    threads_seen: int | None = None
    starts_slowly: bool = False
    """Whether the first call of a process takes longer than others."""
    alternated: bool = False
    """Whether it was right in calls between each two of which the element changed."""
    remembers: bool = False
    """Whether it was seen to find answers again by the content of its arguments."""
    ended: Outcome | None = None

    def resume(self, timing: Timing) -> None:
        """Take over what an earlier run measured; its pace is determined again.

        What was too slow for the earlier run may be fast enough for the time limit of this one. A
        forked child that hung has waited for what is not there in it, and would do so again.
        """
        self.samples = list(timing.samples)
        self.latencies = list(timing.latencies)
        self.import_ns = list(timing.import_ns)
        self.first_call_ns = list(timing.first_call_ns)
        self.threads_seen = timing.threads_seen
        self.remembers = timing.remembers
        hung = isinstance(timing.ended, TimedOut) and timing.ended.in_child
        self.ended = timing.ended if hung or isinstance(timing.ended, Crashed | Wrong) else None

    def timing(self, case: str) -> Timing:
        """What has been measured so far, frozen."""
        return Timing(
            contestant=self.contestant.name,
            case=case,
            samples=tuple(self.samples),
            latencies=tuple(self.latencies),
            import_ns=tuple(self.import_ns),
            first_call_ns=tuple(self.first_call_ns),
            threads_seen=self.threads_seen,
            remembers=self.remembers,
            ended=self.ended,
        )

    def note(self, turned: in_worker.Turned, place: tuple[int, int, int]) -> None:
        """Add a turn: epoch, round and slot are its place."""
        assert self.pace is not None, "a turn is taken only with a pace"
        took = turned.took
        self.samples.append(
            Sample(*place, self.pace.calls, took.wall_ns, took.cpu_ns, turned.stolen_ns)
        )
        self.alternated |= turned.alternated
        self.remembers |= turned.remembers
        if turned.latencies is not None:
            # An earlier run may have kept none of its turns.
            unknown = [Latencies()] * (len(self.samples) - 1 - len(self.latencies))
            self.latencies += [*unknown, turned.latencies]


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
    compares: bool = True
    """Whether there is memory to compare the answers of timed calls."""
    changes: bool = True
    """Whether an element is known that changes the answer."""
    callers: int = 1
    """Python threads that call at once in a turn."""
    pass_calls: int = 1
    """Calls of a method in one pass over its stream; a turn is made of whole passes."""
    most_calls: int | None = None
    """Most calls of a turn, for which there is memory; None for no such limit."""
    forked: bool = False
    """Whether turns are taken in a forked child."""

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

    def pace(self, call_ns: int) -> Pace:
        """The pace of a contestant whose call takes so long, ns; all callers make as many calls.

        Where several call, all contestants make as many in a turn as the baseline does, so that
        the tails of all rest on as many calls.
        """
        pace = self._pace_of_passes(call_ns)
        if self.callers == 1:
            return replace(pace, calls=pace.calls * self.pass_calls)
        baseline_ns = next(iter(self.took_ns.values()), call_ns)
        calls = self._pace_of_passes(baseline_ns).calls
        return replace(pace, calls=-(-calls // self.callers) * self.callers)

    def _pace_of_passes(self, call_ns: int) -> Pace:
        """The pace in passes over a stream; of a function, in calls."""
        most = {} if self.most_calls is None else {"most_calls": self.most_calls}
        return find_pace(call_ns * self.pass_calls, self.most_rounds, warm=self.warm, **most)

    def forked_limit_s(self, entrant: Entrant) -> float:
        """Time that a turn in a forked child may take, s: a hang there is not waited for long."""
        known_ns, pace = self.took_ns.get(entrant.contestant.name), entrant.pace
        if known_ns is None or pace is None:
            return self.limit_s
        turn_s = known_ns * (pace.calls + pace.warm) / 1e9
        return min(self.limit_s, _FORK_S + _FORK_PATIENCE * turn_s)

    @cached_property
    def slow(self) -> frozenset[str]:
        """Names of entrants with long calls, far longer than the baseline's, in verify.

        Turns of short calls take the same time, whatever a call takes.
        """
        names = [entrant.contestant.name for entrant in self.entrants]
        baseline_ns = self.took_ns.get(next(iter(names), ""), math.inf)
        least_ns = max(LONG_NS, FAR * baseline_ns)
        return frozenset(name for name in names if self.took_ns.get(name, 0) > least_ns)

    @cached_property
    def block(self) -> int:
        """Those that are slow race in one of so many epochs."""
        near_ns = [ns for name, ns in self.took_ns.items() if name not in self.slow]
        return find_block(near_ns, [self.took_ns[name] for name in self.slow])

    @property
    def raced(self) -> int:
        """Epochs that were raced already, by an earlier run."""
        last = (entrant.samples[-1] for entrant in self.entrants if entrant.samples)
        return max((sample.epoch + 1 for sample in last), default=0)

    def expected_s(self, racing: int) -> float:
        """Time that an epoch of so many entrants will take, s; 0 before the first one."""
        return self.epochs_s.get(racing, max(self.epochs_s.values(), default=0.0))

    def so_far(self) -> SoFar:
        """What is known before the next epoch."""
        roles = {entrant.contestant.role: entrant.contestant.name for entrant in self.entrants}
        twin, harness = roles.get(Role.TWIN), roles.get(Role.HARNESS)
        return SoFar(self.timings(), self.raced, self.slow, self.block, twin, harness)

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

    def is_changed(self, number: int) -> bool:
        """Whether one element of the input has its other value in a round; -1 is before the first.

        All turns of a round have the same input, so that ratios compare like with like.
        """
        return (number + self.number // 2) % 2 == 0

    def compared(self, track: Track, entrant: Entrant, number: int) -> str | None:
        """Where a wrong answer would be, of a turn whose last answer is compared; None of others.

        Of each contestant one turn of an epoch: the last one, and in every second epoch the one
        before. So in four epochs each value of the element in it has met each one in the first
        call, and two of them show what is remembered, in the process or on disk.
        """
        if not entrant.contestant.answers or not track.compares:
            return None
        turn = max(0, self.rounds_of(entrant) - 1 - self.number % 2)
        return f"{track.case}, epoch {self.number + 1}" if number == turn else None

    def alternates_below_ns(self, track: Track, entrant: Entrant, number: int) -> int | None:
        """Of what length calls are followed by pairs between which the element changes, ns.

        Once of each contestant, after its first compared turn. Of long calls that are far from the
        fastest, or take over a second, a pair would take long. It is made where the timed calls
        take less than half of what one took in verify, as they do where answers are remembered.
        """
        name = entrant.contestant.name
        if entrant.alternated or self.compared(track, entrant, number) is None:
            return None
        known_ns = track.took_ns.get(name, 0)
        least_ns = min(track.took_ns.values(), default=0)
        is_far = name in self.lineup.far or known_ns > _ALTERNATES_WITHIN * least_ns
        return max(LONG_NS if is_far else _ALTERNATES_NS, known_ns // 2)


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
    wrong = find_wrong(raw.timings, raw.cases)
    entrants = []
    for contestant in raw.contestants:
        name = contestant.original
        barred = find_fault(name, raw.checks) or find_refusal(name, case.name, raw.checks)
        if contestant.name in sites and barred is None:
            entrant = Entrant(contestant, sites[contestant.name])
            if contestant.name in earlier:
                entrant.resume(earlier[contestant.name])
            entrant.ended = entrant.ended or wrong.get(contestant.name)
            entrants.append(entrant)
    return Track(
        case.name,
        tuple(entrants),
        options.rounds,
        options.time_limit_s,
        options.freeze,
        callers=case.callers,
        pass_calls=next((size.calls for size in raw.sizes if size.case == case.name), 1),
        forked=case.forked,
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
    return in_libraries or not contestant.answers


def bar_everywhere(tracks: Iterable[Track]) -> None:
    """Take out of all races any contestant that answered a timed call wrongly in one of them.

    As a wrong answer in verify does: an entry that is wrong once is not trusted anywhere, since one
    that remembers answers may be right in a case by accident. What it did before stays, as raw
    data. A crash, a hang or an error is seen wherever it happens, and bars in its own case alone,
    as does all that happens in a forked child.
    """
    everywhere = list(tracks)
    entrants = [entrant for track in everywhere if not track.forked for entrant in track.entrants]
    wrong = {e.contestant.name: e.ended for e in entrants if isinstance(e.ended, Wrong)}
    for entrant in (entrant for track in everywhere for entrant in track.entrants):
        entrant.ended = entrant.ended or wrong.get(entrant.contestant.name)
