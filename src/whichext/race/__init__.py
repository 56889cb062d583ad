"""Stage 5, race: verified contestants take turns, in fresh processes every epoch.

An epoch has one process per contestant, made from the same host. All but the one whose turn it is
are frozen. In a round each takes one turn, in a random order and in its mirror the next time. What
is measured is raw and stays in order; `judge` makes of it what may be said.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from whichext.model.check import Check, find_fault, find_refusal
from whichext.model.contestant import Case, Contestant
from whichext.model.errors import WhichextError
from whichext.model.inline import argument
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.scorecard import Race, Timing
from whichext.race.epoch import Entrant, Track, run_epoch
from whichext.race.schedule import START_NS, find_pace
from whichext.system.progress import Progress, Stage
from whichext.system.workers.crew import Crew

NextField = Callable[[tuple[Timing, ...]], frozenset[str]]
"""Says from a case's timings so far who should race another epoch; nobody ends the case."""

Keep = Callable[[Race], None]
"""Is given all that was measured so far after every epoch."""

_FEWEST_EPOCHS = 2  # one epoch has no interval, whatever the time limit says


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Who races in what."""

    contestants: tuple[Contestant, ...]
    """The baseline first."""
    sites: Mapping[str, Path | None]
    """Folder of each built contestant's build by the contestant's name."""
    cases: tuple[Case, ...]
    """The cases to race, in order."""
    checks: tuple[Check, ...]
    """What verify found; who has a fault does not race."""
    earlier: Race = field(default_factory=Race)
    """What an earlier run measured, to go on from."""


def race_all(
    kernel: Kernel,
    plan: Plan,
    options: Options,
    progress: Progress,
    next_field: NextField,
    keep: Keep,
) -> Race:
    """Race every contestant in every case for which it verified.

    Ctrl-C, inputs that cannot be made, the loss of the process that holds them, or a result that
    cannot be kept ends the race and not the run: what was measured is returned, with the reason.

    Args:
        kernel: Makes the inputs.
        plan: Who races in what.
        options: Time, epochs and rounds.
        progress: Told of each epoch.
        next_field: Ends a case early, and lets contestants leave.
        keep: Told of all that was measured, after every epoch.

    """
    timings = {(timing.case, timing.contestant): timing for timing in plan.earlier.timings}
    input_bytes = dict(plan.earlier.input_bytes)

    def race_so_far(stopped: str | None = None) -> Race:
        return Race(timings=tuple(timings.values()), input_bytes=dict(input_bytes), stopped=stopped)

    progress.note(_estimate(plan, options))
    try:
        with Crew(kernel) as crew:
            for case, share_s in _shares(plan, options):
                entrants = _entrants(plan, case)
                with progress.stage(f"race {case.name}", max(1.0, share_s)) as stage:
                    stage.begin("making the inputs")
                    input_bytes[case.name] = crew.prepare(case).input_bytes
                    track = Track(case.name, options.rounds, options.time_limit_s, options.freeze)
                    epochs = _epochs(crew, track, entrants, next_field, options.seed)
                    for found in _until(epochs, options, share_s, stage):
                        timings |= {(case.name, timing.contestant): timing for timing in found}
                        keep(race_so_far())
    except KeyboardInterrupt:
        return race_so_far("it was interrupted")
    except WhichextError as error:
        return race_so_far(str(error))
    return race_so_far()


def _shares(plan: Plan, options: Options) -> Iterator[tuple[Case, float]]:
    """Each case with its share of the time, s; what one case leaves is there for the others.

    Shares are as the cases' epochs are long, so that each can have as many of them.
    """
    deadline = time.monotonic() + options.max_time_s
    costs = [epoch_s(plan, case, options) for case in plan.cases]
    for number, case in enumerate(plan.cases):
        left_s = max(0.0, deadline - time.monotonic())
        yield case, left_s * costs[number] / sum(costs[number:])


def epoch_s(plan: Plan, case: Case, options: Options) -> float:
    """About how long an epoch of a case will take, from how long verify's calls took, s."""
    took = {
        check.contestant: check.took_ns
        for check in plan.checks
        if check.input == case.name and check.took_ns is not None
    }
    total_ns = 0
    for contestant in plan.contestants:
        call_ns = took.get(contestant.original, min(took.values(), default=0))
        pace = find_pace(call_ns, options.rounds)
        total_ns += START_NS + call_ns * (1 + pace.rounds * (pace.calls + pace.warm))
    return total_ns / 1e9


def _estimate(plan: Plan, options: Options) -> str:
    """How long the race will take, before it begins."""
    all_cases_s = sum(epoch_s(plan, case, options) for case in plan.cases)
    fewest_s = _FEWEST_EPOCHS * all_cases_s
    cases = "case" if len(plan.cases) == 1 else "cases"
    limit = argument("max_time_s")
    most = (
        f"{options.max_time_s:.0f} s are spent ({limit})"
        if fewest_s <= options.max_time_s
        else f"{fewest_s:.0f} s are spent, for {_FEWEST_EPOCHS} epochs whatever {limit} says"
    )
    return (
        f"race: {len(plan.contestants)} contestants in {len(plan.cases)} {cases}; "
        f"{options.min_epochs} epochs of each take about {options.min_epochs * all_cases_s:.0f} s, "
        f"at most about {most}"
    )


def _entrants(plan: Plan, case: Case) -> list[Entrant]:
    """Who may race in a case: built, without a fault, and not refusing it."""
    earlier = {
        timing.contestant: timing for timing in plan.earlier.timings if timing.case == case.name
    }
    entrants = []
    for contestant in plan.contestants:
        name = contestant.original
        barred = find_fault(name, plan.checks) or find_refusal(name, case.name, plan.checks)
        if contestant.name in plan.sites and barred is None:
            entrant = Entrant(contestant, plan.sites[contestant.name])
            if contestant.name in earlier:
                entrant.resume(earlier[contestant.name])
            entrants.append(entrant)
    return entrants


def _epochs(
    crew: Crew,
    track: Track,
    entrants: list[Entrant],
    next_field: NextField,
    seed: int,
) -> Iterator[tuple[Timing, ...]]:
    """Epochs until nobody should race on; each gives all timings of the case so far.

    An epoch that is interrupted does not count: its contestants have not all had their turns.
    """
    timings = tuple(entrant.timing(track.case) for entrant in entrants)
    epoch = max((sample.epoch + 1 for t in timings for sample in t.samples), default=0)
    while staying := next_field(timings) if epoch else {e.contestant.name for e in entrants}:
        racing = [entrant for entrant in entrants if entrant.contestant.name in staying]
        # By epoch, so that a race that goes on does not repeat the orders that it has had.
        rng = random.Random(f"{seed} {track.case} {epoch}")
        run_epoch(crew, track, racing, epoch, rng)
        epoch += 1
        timings = tuple(entrant.timing(track.case) for entrant in entrants)
        yield timings
        if not any(entrant.ended is None for entrant in racing):
            return


def _until(
    epochs: Iterator[tuple[Timing, ...]], options: Options, share_s: float, stage: Stage
) -> Iterator[tuple[Timing, ...]]:
    """Pass epochs on until the next one would overrun the share of time, or there were enough."""
    start = began = time.monotonic()
    stage.begin("epoch 1")
    for done, timings in enumerate(epochs, start=1):
        now = time.monotonic()
        stage.end(f"{now - began:.1f} s", now - began)
        yield timings
        out_of_time = now - start + (now - began) > share_s
        raced = max((sample.epoch + 1 for t in timings for sample in t.samples), default=0)
        if raced >= options.max_epochs or (done >= _FEWEST_EPOCHS and out_of_time):
            return
        stage.begin(f"epoch {raced + 1}")
        began = now
