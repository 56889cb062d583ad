"""Single epochs among fakes."""

from __future__ import annotations

import random
from pathlib import Path

from support.contestants import racer
from support.processes import FakeCrew
from whichext.build.session import Lineup
from whichext.model.outcome import Crashed
from whichext.race.epoch import run_epoch
from whichext.race.in_worker import Turn
from whichext.race.track import Entrant, Epoch, Track

MS = 1_000_000
TRACK = Track("small", (), most_rounds=2, limit_s=60.0)
ALIKE = {"a": MS, "b": 2 * MS, "c": MS // 2}
CRASH = Crashed("small", "killed by SIGSEGV")
CALIBRATED = 5
"""Turns before the race of a contestant with short calls: the first, three alone, one of many."""


def entrants(crew: FakeCrew) -> dict[str, Entrant]:
    """One entrant for each contestant that the crew knows the time of."""
    return {name: Entrant(racer(name), Path("/site") / name) for name in crew.call_ns}


def raced(
    crew: FakeCrew,
    *,
    epochs: int = 1,
    seed: int = 0,
    track: Track = TRACK,
    slower: str = "",
    far: str = "",
) -> dict[str, Entrant]:
    """The entrants after some epochs; those that are named take a single turn in each."""
    found, rng = entrants(crew), random.Random(seed)
    lineup = Lineup(frozenset(found) - {*slower, *far}, frozenset(slower), frozenset(far))
    for epoch in range(epochs):
        run_epoch(crew.as_crew, track, Epoch(epoch, tuple(found.values()), rng, lineup))
    return found


def turns_of(crew: FakeCrew, name: str) -> list[Turn]:
    return [e.turn for e in crew.events if e.turn is not None and e.who == name]
