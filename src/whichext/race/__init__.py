"""Stage 5, race: verified contestants take turns, in fresh processes every epoch.

    for each case:
        for each epoch, until its time is spent or all intervals are narrow enough:
            one fresh process for each contestant; all but the one whose turn it is are frozen
            for each round, in a random order and the next time in its mirror: one turn each

What is measured is raw and stays in order; `judge` makes of it what may be said.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from msgspec.structs import replace

from whichext.build.session import Session
from whichext.load.resume import resume
from whichext.model.errors import WhichextError
from whichext.model.raw import INTERRUPTED, Raw
from whichext.race.epoch import Epoch, Track, make_track, run_epoch
from whichext.race.plan import FEWEST_EPOCHS, estimate, shares, sites_in
from whichext.system.progress import Stage


def race(session: Session, raw: Raw) -> Raw:
    """Race every contestant in every case for which it verified.

    The race ends early, and returns what it measured with the reason, in four cases: Ctrl-C, inputs
    that cannot be made, the loss of their process, and an epoch that cannot be kept.
    """
    raw = resume(session.earlier, raw)
    sites = sites_in(raw, session.store)
    timings = {(timing.case, timing.contestant): timing for timing in raw.timings}
    sizes = {size.case: size for size in raw.sizes}
    stopped = None
    session.progress.note(estimate(raw, session.options))
    try:
        session.journal.begin(raw)
        for case, share_s in shares(raw, session.options):
            with session.progress.stage(f"race {case.name}", max(1.0, share_s)) as stage:
                stage.begin("making the inputs")
                input_bytes = session.crew.prepare(case).input_bytes
                sizes[case.name] = replace(sizes[case.name], input_bytes=input_bytes)
                track = make_track(raw, sites, case, session.options)
                for epoch in _epochs(session, track, share_s, stage):
                    run_epoch(session.crew, track, epoch)
                    found = track.timings()
                    timings |= {(case.name, timing.contestant): timing for timing in found}
                    session.journal.add(epoch.number, sizes[case.name], found)
    except KeyboardInterrupt:
        stopped = INTERRUPTED
    except WhichextError as error:
        stopped = str(error)
    return replace(
        raw, timings=tuple(timings.values()), sizes=tuple(sizes.values()), stopped=stopped
    )


def _epochs(session: Session, track: Track, share_s: float, stage: Stage) -> Iterator[Epoch]:
    """Race epochs until no contestant continues, the time is spent, or there are enough."""
    options, number = session.options, track.raced
    start, done = time.monotonic(), 0
    while staying := session.stopping.staying(track.timings()) if number else track.names:
        racing = tuple(e for e in track.entrants if e.contestant.name in staying)
        # By epoch, so that a continued race does not repeat the orders that it has had.
        rng = random.Random(f"{options.seed} {track.case} {number}")
        stage.begin(f"epoch {number + 1}")
        began = time.monotonic()
        yield Epoch(number, racing, rng)
        took_s = time.monotonic() - began
        stage.end(f"{took_s:.1f} s", took_s)
        number, done = number + 1, done + 1
        out_of_time = time.monotonic() - start + took_s > share_s
        enough = number >= options.max_epochs or (done >= FEWEST_EPOCHS and out_of_time)
        if enough or all(entrant.ended is not None for entrant in racing):
            return
