"""Stage 5, race: verified contestants take turns, in fresh processes every epoch.

    for each visit to a case, until its time is spent or all intervals are narrow enough:
        for each epoch:
            one fresh process for each contestant; all but the one whose turn it is are frozen
            for each round, in a random order and the next time in its mirror: one turn each

What is measured is raw and stays in order; `judge` makes of it what may be said.
"""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Iterator, Mapping

from msgspec.structs import replace

from whichext.build.session import Session
from whichext.load.resume import resume
from whichext.model.case import Case
from whichext.model.errors import WhichextError
from whichext.model.raw import INTERRUPTED, Raw, Timing, find_wrong
from whichext.race.epoch import run_epoch
from whichext.race.plan import find_most_calls
from whichext.race.track import Epoch, Track, bar_everywhere, make_track
from whichext.race.visits import FEWEST_EPOCHS, Visit, each_visit, estimate
from whichext.race.yardsticks import sites_in
from whichext.system.machine import free_bytes
from whichext.system.progress import Stage
from whichext.system.workers.messages import Prepared


def race(session: Session, raw: Raw) -> Raw:
    """Race every contestant in every case for which it verified.

    The race ends early, and returns what it measured with the reason, in four cases: Ctrl-C, inputs
    that cannot be made, the loss of their process, and an epoch that cannot be kept.
    """
    raw, options = resume(session.earlier, raw), session.options
    sites = sites_in(raw, session.store)
    tracks = {case.name: make_track(raw, sites, case, options) for case in raw.cases}
    timings = {(timing.case, timing.contestant): timing for timing in raw.timings}
    sizes = {size.case: size for size in raw.sizes}
    stopped = None
    expected = estimate(tracks.values(), options)
    if expected is not None:
        session.progress.note(expected)
    try:
        session.journal.begin(raw)
        # One stage for all cases: each is visited several times, and would begin anew each time.
        with session.progress.stage("race", max(1.0, options.max_time_s)) as stage:
            start = time.monotonic()
            for visit in each_visit(raw, tracks, session.schedule, options):
                name = visit.case.name
                stage.begin(f"{name}, making the inputs")
                prepared = session.crew.prepare(visit.case)
                sizes[name] = replace(sizes[name], input_bytes=prepared.input_bytes)
                _with_prepared(tracks[name], prepared)
                for epoch in _epochs(session, tracks[name], visit, stage):
                    run_epoch(session.crew, tracks[name], epoch)
                    bar_everywhere(tracks.values())
                    found = tracks[name].timings()
                    timings |= {(name, timing.contestant): timing for timing in found}
                    session.journal.add(epoch.number, sizes[name], found)
            took_s = time.monotonic() - start
            stage.begin("all cases")
            stage.end(f"done in {took_s:.0f} s", max(1.0, options.max_time_s))
    except KeyboardInterrupt:
        stopped = INTERRUPTED
    except WhichextError as error:
        stopped = str(error)
    return replace(
        _with_unseen(raw, tracks),
        timings=tuple(_ended(timings.values(), raw.cases)),
        sizes=tuple(sizes.values()),
        hidden=tuple(case.name for case in raw.cases if tracks[case.name].hidden),
        stopped=stopped,
    )


def _with_prepared(track: Track, prepared: Prepared) -> None:
    """Note in a case's race what is known of its inputs."""
    track.most_calls = find_most_calls(prepared.copy_bytes, prepared.copy_ns, free_bytes())
    track.compares &= prepared.fits
    track.changes &= prepared.changes or not prepared.fits


def _with_unseen(raw: Raw, tracks: Mapping[str, Track]) -> Raw:
    """With the cases in which a wrong answer, or a kept one, would not be seen."""
    names = [case.name for case in raw.cases]
    return replace(
        raw,
        uncompared=tuple(n for n in names if n in raw.uncompared or not tracks[n].compares),
        unchanging=tuple(n for n in names if n in raw.unchanging or not tracks[n].changes),
    )


def _ended(timings: Collection[Timing], cases: tuple[Case, ...]) -> Iterator[Timing]:
    """The timings; those of a contestant that was wrong in one case end with that in all cases."""
    wrong = find_wrong(timings, cases)
    for timing in timings:
        yield replace(timing, ended=timing.ended or wrong.get(timing.contestant))


def _epochs(session: Session, track: Track, visit: Visit, stage: Stage) -> Iterator[Epoch]:
    """Race epochs until no contestant continues, the time is spent, or there are enough."""
    start = time.monotonic()
    while track.raced < visit.until and any(e.ended is None for e in track.entrants):
        number = track.raced
        lineup = session.schedule.lineup(track.so_far())
        expected_s = track.expected_s(len(lineup.racing))
        out_of_time = time.monotonic() - start + expected_s > visit.share_s
        if not lineup.racing or (number >= FEWEST_EPOCHS and out_of_time):
            return
        racing = tuple(e for e in track.entrants if e.contestant.name in lineup.racing)
        # By epoch, so that a continued race does not repeat the orders that it has had.
        rng = random.Random(f"{session.options.seed} {track.case} {number}")
        stage.begin(f"{track.case}, epoch {number + 1}")
        began = time.monotonic()
        yield Epoch(number, racing, rng, lineup)
        took_s = time.monotonic() - began
        track.epochs_s[len(racing)] = took_s
        stage.end(f"{took_s:.1f} s", took_s)
