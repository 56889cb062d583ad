"""Plans a race: the twin and limits to add, the order of turns, and the time per case."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from whichext.build import build_project
from whichext.build.frontend import Builder, build_wheel
from whichext.build.session import Session
from whichext.build.store import Store, find_sites
from whichext.load.kernel import load_project
from whichext.model.contestant import RELEASE, Case, Contestant, Factor, Role
from whichext.model.inline import argument
from whichext.model.options import Options
from whichext.model.outcome import Built
from whichext.model.raw import Raw
from whichext.race import limit as stand_in

SAMPLE_NS = 10_000_000
"""Time that a turn should take, so that all contestants are timed over equal time, ns."""

START_NS = 60_000_000
"""About what a fresh process costs before its first call, ns; for estimates alone."""
FEWEST_EPOCHS = 2
"""Epochs of a case that are raced whatever the time limit says: one has no interval."""

_WARM_BELOW_NS = 10 * SAMPLE_NS
"""Calls longer than this start warm or cold alike: refilling a core's caches and waking a pool take
well under a millisecond, less than a hundredth of such a call."""

_EPOCH_SHARE_NS = 250_000_000
"""Time that one contestant's turns may take in an epoch, ns: slow ones take fewer turns."""

_MOST_CALLS = 10_000_000


@dataclass(frozen=True)
class Pace:
    """The calls per turn of a contestant in a case; found once, then the same in every epoch."""

    calls: int
    """Calls that are timed together."""
    warm: int
    """Calls before them that are not timed."""
    rounds: int
    """Rounds of an epoch in which it takes part."""


def find_pace(call_ns: int, most_rounds: int) -> Pace:
    """The pace for a contestant whose call takes `call_ns` nanoseconds."""
    call_ns = max(1, call_ns)
    calls = min(max(1, round(SAMPLE_NS / call_ns)), _MOST_CALLS)
    warm = 1 if call_ns < _WARM_BELOW_NS else 0
    turn_ns = (calls + warm) * call_ns
    rounds = min(max(1, _EPOCH_SHARE_NS // turn_ns), most_rounds)
    return Pace(calls, warm, rounds)


def orders(names: list[str], rng: random.Random) -> Iterator[list[str]]:
    """Endless orders of turns: a random one, then its mirror, then another random one.

    Mirroring cancels a drift that is linear in time; randomness keeps any fixed neighbourhood or
    position from becoming part of the result.
    """
    while True:
        order = rng.sample(names, len(names))
        yield order
        yield order[::-1]


def shares(raw: Raw, options: Options) -> Iterator[tuple[Case, float]]:
    """Each case with its share of the time, s; time that one case leaves goes to the others.

    Shares are as the cases' epochs are long, so that each can have as many of them.
    """
    deadline = time.monotonic() + options.max_time_s
    costs = [epoch_s(raw, case, options) for case in raw.cases]
    for number, case in enumerate(raw.cases):
        left_s = max(0.0, deadline - time.monotonic())
        yield case, left_s * costs[number] / sum(costs[number:])


def epoch_s(raw: Raw, case: Case, options: Options) -> float:
    """Estimated time of an epoch of a case, from the calls of verify, s."""
    took = {
        check.contestant: check.took_ns
        for check in raw.checks
        if check.input == case.name and check.took_ns is not None
    }
    total_ns = 0
    for contestant in raw.contestants:
        call_ns = took.get(contestant.original, min(took.values(), default=0))
        pace = find_pace(call_ns, options.rounds)
        total_ns += START_NS + call_ns * (1 + pace.rounds * (pace.calls + pace.warm))
    return total_ns / 1e9


def estimate(raw: Raw, options: Options) -> str:
    """How long the race will take, before it begins."""
    all_cases_s = sum(epoch_s(raw, case, options) for case in raw.cases)
    fewest_s = FEWEST_EPOCHS * all_cases_s
    cases = "case" if len(raw.cases) == 1 else "cases"
    limit = argument("max_time_s")
    most = (
        f"{options.max_time_s:.0f} s are spent ({limit})"
        if fewest_s <= options.max_time_s
        else f"{fewest_s:.0f} s are spent: more than {limit}, for {FEWEST_EPOCHS} epochs of each"
    )
    return (
        f"race: {len(raw.contestants)} contestants in {len(raw.cases)} {cases}; "
        f"{options.min_epochs} epochs of each take about {options.min_epochs * all_cases_s:.0f} s, "
        f"at most about {most}"
    )


LIMIT_FOLDER = Path(__file__).parent / "limit" / "limitprobe"


def line_up(session: Session, raw: Raw) -> Raw:
    """Add the baseline's twin and the limits."""
    return add_yardsticks(raw, session.store)


def add_yardsticks(raw: Raw, store: Store, builder: Builder = build_wheel) -> Raw:
    """Add the baseline's twin and a limit for every thread count.

    Args:
        raw: The contestants, the baseline first, and their builds.
        store: Where the limit's build is kept, and the twin's copy of the baseline's.
        builder: What builds the limit.

    Returns:
        The same with the twin and limits after the contestants, and with the limit's build. NumPy's
        fastest reader replaces the limit if its build failed.

    """
    baseline, sites = raw.contestants[0], find_sites(raw.contestants, raw.builds, store)
    added: list[Contestant] = []
    if baseline.name in sites:
        _copy(sites[baseline.name], store)
        added.append(replace(baseline, role=Role.TWIN))
    project = load_project(LIMIT_FOLDER)
    assert project is not None, "the limit's pyproject.toml has a table [tool.whichext]"
    build = build_project(project, RELEASE, store, builder)
    native = isinstance(build.result, Built)
    for threads in sorted({1, *(contestant.threads for contestant in raw.contestants)}):
        limit = Contestant(
            entry="limit",
            project=project.name,
            module=project.module if native else stand_in.__name__,
            function="read",
            profile=RELEASE,
            threads=threads,
            threads_by="threads",
            factors=(Factor("toolchain", "c" if native else "numpy"),),
            role=Role.LIMIT,
        )
        added.append(limit)
    return replace(raw, contestants=(*raw.contestants, *added), builds=(*raw.builds, build))


def sites_in(raw: Raw, store: Store) -> dict[str, Path | None]:
    """Folder from which each contestant is imported, by name; None for what needs none.

    A contestant that was not built is left out, and so is its twin.
    """
    sites = find_sites(raw.contestants, raw.builds, store)
    for contestant in raw.contestants:
        if contestant.role is Role.TWIN and contestant.original in sites:
            site = sites[contestant.original]
            sites[contestant.name] = None if site is None else _twin_of(site)
        elif contestant.role is Role.LIMIT:
            sites.setdefault(contestant.name, None)  # NumPy reads where its project did not build
    return sites


def _twin_of(site: Path) -> Path:
    return site.with_name("twin")


def _copy(site: Path | None, store: Store) -> None:
    """Copy a build for the twin, so that its code lies in other pages of memory and cache."""
    if site is None:
        return
    copy = _twin_of(site)
    with store.locked(site.parent.name):
        if not copy.exists():
            partial = site.with_name("twin.partial")
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(site, partial)
            partial.rename(copy)
