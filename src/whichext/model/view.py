"""A result with an index: every lookup is computed once, in one place."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress

from msgspec.structs import replace

from whichext.model.case import Case
from whichext.model.check import Memory, Property
from whichext.model.contestant import Contestant, Profile, Role
from whichext.model.evidence import Evidence
from whichext.model.insight import Effect
from whichext.model.judged import CaseJudged, Judged, Round
from whichext.model.outcome import Built, Measured, Outcome
from whichext.model.ratio import DIFFERENCE, ENOUGH_EPOCHS, least_difference
from whichext.model.raw import Build, CaseSize, Raw, Timing

_ROUNDING = 1e-9


@dataclass(frozen=True)
class CaseView:
    """One case of a result."""

    case: Case
    """The case."""
    size: CaseSize
    """How much a call moves in it."""
    judged: CaseJudged
    """Its race as a whole."""
    timings: Mapping[str, Timing]
    """What counts of the samples, by contestant: without the rounds that were dropped."""
    outcomes: Mapping[str, Outcome]
    """What became of each contestant, by name."""
    effects: tuple[Effect, ...] = ()
    """What single factors do in it."""
    memory: Mapping[str, Memory] = field(default_factory=dict)
    """What a call took of the memory beyond inputs and answer, by contestant; empty where nothing
    was measured."""

    @property
    def amount(self) -> float:
        """How large it is among the cases of its kernel."""
        return self.size.amount_in(self.case)

    @property
    def noise(self) -> float | None:
        """How far apart identical code was, as a share; None where no twin raced."""
        return self.judged.noise

    @property
    def tail_noise(self) -> float | None:
        """How far apart the tail latencies of identical code were, as a share."""
        return self.judged.tail_noise

    @property
    def noise_needs(self) -> int | None:
        """Epochs after which noise is the twin's distance from its original; None where it is that.

        Over few epochs it is how little they say of the twin, and more of them make that less.
        """
        twin, noise = self.judged.twin, self.judged.noise
        if twin is None or noise is None or twin.epochs >= ENOUGH_EPOCHS:
            return None
        return ENOUGH_EPOCHS if math.log1p(noise) > abs(twin.centre) + _ROUNDING else None

    @cached_property
    def least_epochs(self) -> int:
        """Epochs below which a ratio is shown with their number: eight, or all that were raced."""
        most = max((outcome.ratio.epochs for outcome in self.measured.values()), default=0)
        return min(ENOUGH_EPOCHS, most)

    @cached_property
    def measured(self) -> Mapping[str, Measured]:
        """What was measured, by contestant, the fastest first."""
        found = ((n, o) for n, o in self.outcomes.items() if isinstance(o, Measured))
        return dict(sorted(found, key=lambda item: item[1].ratio.value))


@dataclass(frozen=True)
class Altered:
    """A result file says something else than its samples give."""

    what: str
    """Where, verdicts first, and what both say there."""
    is_of_verdict: bool
    """Whether it is a verdict, a claim or a leader: what is said of a result in words."""


@dataclass(frozen=True)
class View:
    """A raw result and its judgement, with access by name."""

    raw: Raw
    """What was measured."""
    judged: Judged
    """What follows from it."""
    altered: Altered | None = None
    """What the file says otherwise that it was read from; None where it says the same."""

    @property
    def altered_verdict(self) -> str | None:
        """Which verdict its file has that its samples do not give; None for none.

        Numbers alone may be others in a file of another version, and count as little.
        """
        found = self.altered
        return found.what if found is not None and found.is_of_verdict else None

    @cached_property
    def cases(self) -> Mapping[str, CaseView]:
        """The cases by name, in their order."""
        sizes = {size.case: size for size in self.raw.sizes}
        judged = {case.case: case for case in self.judged.cases}
        timings: dict[str, dict[str, Timing]] = {name: {} for name in sizes}
        for timing in self.raw.timings:
            dropped = frozenset(judged[timing.case].dropped)
            timings[timing.case][timing.contestant] = without(timing, dropped)
        outcomes: dict[str, dict[str, Outcome]] = {name: {} for name in sizes}
        for row in self.judged.rows:
            outcomes[row.case][row.contestant] = row.outcome
        effects: dict[str, list[Effect]] = {name: [] for name in sizes}
        for effect in self.judged.effects:
            effects[effect.case].append(effect)
        return {
            case.name: CaseView(
                case=case,
                size=sizes[case.name],
                judged=judged[case.name],
                timings=timings[case.name],
                outcomes=outcomes[case.name],
                effects=tuple(effects[case.name]),
                memory=self._memory.get(case.name, {}),
            )
            for case in self.raw.cases
        }

    @cached_property
    def contestants(self) -> Mapping[str, Contestant]:
        """The contestants by name, the baseline first."""
        return {contestant.name: contestant for contestant in self.raw.contestants}

    @cached_property
    def competing(self) -> tuple[Contestant, ...]:
        """The contestants that are compared: no twins and no limits."""
        return tuple(c for c in self.raw.contestants if c.is_compared)

    @cached_property
    def reference(self) -> Contestant:
        """The contestant that is right by definition."""
        return next(c for c in self.raw.contestants if c.role is Role.REFERENCE)

    def build_of(self, contestant: Contestant) -> Build | None:
        """The build that a contestant runs; None for one that needs none."""
        return self._builds.get((contestant.project, contestant.profile))

    def evidence_of(self, contestant: Contestant) -> Evidence | None:
        """The evidence on that build; None if there is none."""
        return self._evidence.get((contestant.project, contestant.profile))

    @property
    def limit_is_native(self) -> bool:
        """Whether the reader of the limit was built, so that NumPy does not read instead."""
        projects = {c.project for c in self.raw.contestants if c.role is Role.LIMIT}
        builds = (build for build in self.raw.builds if build.project in projects)
        return any(isinstance(build.result, Built) for build in builds)

    @property
    def epochs(self) -> tuple[int, int]:
        """The fewest and the most epochs behind a ratio; 0 where nothing was measured."""
        found = [o.ratio.epochs for case in self.cases.values() for o in case.measured.values()]
        return min(found, default=0), max(found, default=0)

    @property
    def borders(self) -> tuple[float, float]:
        """Least distance from 1 that counts as a difference: in the best and in the worst case."""
        found = [least_difference(case.noise) for case in self.cases.values()]
        return min(found, default=DIFFERENCE), max(found, default=DIFFERENCE)

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], Mapping[str, Effect]]:
        """Effects of single factors, by the names of the two contestants and by case."""
        found: dict[tuple[str, str], dict[str, Effect]] = {}
        for effect in self.judged.effects:
            pair = (effect.contestant_before, effect.contestant_after)
            found.setdefault(pair, {})[effect.case] = effect
        return found

    @property
    def noise_floor(self) -> float | None:
        """How far the A/A twin's ratio was from 1 at most, over all cases; None without a twin."""
        return None if self.judged.noise is None else self.judged.noise.floor

    @cached_property
    def _memory(self) -> Mapping[str, Mapping[str, Memory]]:
        """Of cases that one thread calls: verify calls all others so as well."""
        found: dict[str, dict[str, Memory]] = {}
        usual = {one.name for one in self.raw.cases if one.callers == 1 and not one.forked}
        for check in self.raw.checks:
            if check.property is Property.CASES and check.input in usual and check.memory:
                found.setdefault(check.input, {})[check.contestant] = check.memory
        return found

    @cached_property
    def _builds(self) -> Mapping[tuple[str | None, Profile], Build]:
        return {(build.project, build.profile): build for build in self.raw.builds}

    @cached_property
    def _evidence(self) -> Mapping[tuple[str | None, Profile], Evidence]:
        return {(one.project, one.profile): one for one in self.raw.evidence}


def without(timing: Timing, dropped: frozenset[Round]) -> Timing:
    """The timing without the samples of dropped rounds."""
    if not dropped:
        return timing
    kept = [(s.epoch, s.round) not in dropped for s in timing.samples]
    return replace(
        timing,
        samples=tuple(compress(timing.samples, kept)),
        latencies=tuple(compress(timing.latencies, kept)),
    )


def check_whole(raw: Raw) -> None:
    """Find out whether all that a raw result names is in it once, and its times are times.

    Raises:
        LookupError: Something is named that is not there, or is there twice, or is no time.

    """
    _check_times(raw)
    contestants, cases = [one.name for one in raw.contestants], [one.name for one in raw.cases]
    raced = [f"{one.contestant} in {one.case}" for one in raw.timings]
    sizes, named = [one.case for one in raw.sizes], {one.contestant for one in raw.timings}
    _check_once({"contestant": contestants, "case": cases, "race of": raced})
    timed = {timing.case for timing in raw.timings}
    absent = {
        "case": (timed | set(raw.hidden)) - set(cases),
        "size of the case": set(cases) - set(sizes),
        "contestant": (named | {one.contestant for one in raw.checks}) - set(contestants),
        "baseline": {raw.baseline} - set(contestants) if contestants else set(),
    }
    for what, lacking in absent.items():
        if lacking:
            raise LookupError(f"the {what} {min(lacking)} is not in it")


def _check_once(every: Mapping[str, Sequence[str]]) -> None:
    for what, names in every.items():
        twice = next((name for name, count in Counter(names).items() if count > 1), None)
        if twice is not None:
            raise LookupError(f"the {what} {twice} is in it twice")


def _check_times(raw: Raw) -> None:
    for timing in raw.timings:
        for one in timing.samples:
            if one.wall_ns < 1 or one.calls < 1:
                raise LookupError(f"a turn of {timing.contestant} has no time or no calls")
        spent = (ns for one in timing.samples for ns in (one.cpu_ns, one.stolen_ns))
        if min((*spent, *timing.import_ns, *timing.first_call_ns), default=0) < 0:
            raise LookupError(f"a time of {timing.contestant} is below 0")
