"""Stage 5, race: verified contestants take turns, in fresh processes every epoch.

An epoch has one process per contestant, made from the same host. All but the one whose turn it is
are frozen. In a round each takes one turn, in a random order and in its mirror the next time. What
is measured is raw and stays in order; `judge` makes of it what may be said.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path

from whichext.kernel import Kernel
from whichext.options import Options
from whichext.progress import Progress, Stage
from whichext.race.epoch import Course, Entrant, run_epoch
from whichext.scorecard import Case, Check, Contestant, Timing
from whichext.verify import find_fault, find_refusal
from whichext.worker.crew import Crew

PreciseEnough = Callable[[tuple[Timing, ...]], bool]
"""Says of a case's timings so far whether more epochs would add nothing that is asked for."""

_FEWEST_EPOCHS = 2  # one epoch has no interval, whatever the time limit says


def race_all(
    kernel: Kernel,
    contestants: tuple[Contestant, ...],
    sites: Mapping[str, Path | None],
    cases: tuple[Case, ...],
    checks: tuple[Check, ...],
    options: Options,
    progress: Progress,
    precise_enough: PreciseEnough,
) -> tuple[Timing, ...]:
    """Race every contestant in every case for which it verified.

    Args:
        kernel: Makes the inputs.
        contestants: Who was asked for, the baseline first.
        sites: Folder of each built contestant's build by the contestant's name.
        cases: The cases to race.
        checks: What verify found; who has a fault does not race.
        options: Time, epochs and rounds.
        progress: Told of each epoch.
        precise_enough: Ends a case early.

    """
    rng = random.Random(options.seed)
    deadline = time.monotonic() + options.max_time_s
    timings: list[Timing] = []
    with Crew(kernel) as crew:
        for number, case in enumerate(cases):
            entrants = [
                Entrant(contestant, sites[contestant.name])
                for contestant in contestants
                if _may_race(contestant, case, sites, checks)
            ]
            if not entrants:
                continue
            share_s = max(0.0, deadline - time.monotonic()) / (len(cases) - number)
            with progress.stage(f"race {case.name}", max(1.0, share_s)) as stage:
                stage.begin("making the inputs")
                crew.prepare(case)
                course = Course(case.name, options.rounds, options.time_limit_s)
                epochs = _epochs(crew, course, entrants, rng)
                timings += _race_case(epochs, options, share_s, stage, precise_enough)
    return tuple(timings)


def _may_race(
    contestant: Contestant,
    case: Case,
    sites: Mapping[str, Path | None],
    checks: tuple[Check, ...],
) -> bool:
    """Whether it was built, has no fault, and did not refuse this case."""
    return (
        contestant.name in sites
        and find_fault(contestant.name, checks) is None
        and find_refusal(contestant.name, case.name, checks) is None
    )


def _race_case(
    epochs: Iterator[tuple[Timing, ...]],
    options: Options,
    share_s: float,
    stage: Stage,
    precise_enough: PreciseEnough,
) -> tuple[Timing, ...]:
    """Run epochs until they are precise enough, or the next would overrun the share of time."""
    start = time.monotonic()
    for done in range(1, options.max_epochs + 1):
        began = time.monotonic()
        stage.begin(f"epoch {done}")
        timings = next(epochs)
        now = time.monotonic()
        stage.end(f"{now - began:.1f} s", now - began)
        if done >= _FEWEST_EPOCHS and now - start + (now - began) > share_s:
            break
        if done >= options.min_epochs and precise_enough(timings):
            break
    return timings


def _epochs(
    crew: Crew, course: Course, entrants: list[Entrant], rng: random.Random
) -> Iterator[tuple[Timing, ...]]:
    """Endless epochs; each gives all timings of the case so far."""
    for epoch in count():
        run_epoch(crew, course, entrants, epoch, rng)
        yield tuple(_timing(entrant, course.case) for entrant in entrants)


def _timing(entrant: Entrant, case: str) -> Timing:
    return Timing(
        contestant=entrant.contestant.name,
        case=case,
        samples=tuple(entrant.samples),
        import_ns=tuple(entrant.import_ns),
        first_call_ns=tuple(entrant.first_call_ns),
        ended=entrant.ended,
    )
