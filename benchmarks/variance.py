"""Where the variance of a race comes from, and where its seconds go, by case and contestant.

    python benchmarks/variance.py [KERNEL]

Races the kernel (find_max unless another is named) in fresh processes and in rounds, as a race
does, but with three timed calls in each turn, each timed by itself. So three spreads can be told
apart: between calls of one turn, between rounds of one process, and between processes. The last two
are those of the logarithm of a contestant's time over the baseline's of the same round.

The last column is the number of turns an epoch that gives the narrowest interval for the time, at
most 8. It is sqrt(process / turn * between rounds / between processes), the latter as variances.
A process costs its start, its end and its first call.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from whichext.build.store import Store
from whichext.load.kernel import load_kernel
from whichext.model.contestant import Contestant
from whichext.model.options import Options
from whichext.model.raw import Kind, Raw
from whichext.pipeline import INPUTS, execute
from whichext.race import in_worker
from whichext.race.plan import orders
from whichext.race.yardsticks import add_yardsticks, sites_in
from whichext.system.machine import describe_machine
from whichext.system.workers.crew import Crew, Worker, WorkerLostError

EPOCHS, ROUNDS, CALLS, LIMIT_S, MOST_ROUNDS = 4, 4, 3, 60.0, 8
WIDTHS = (7, 5, 8, 8, 8, 7, 8, 10, 7)
FAR_NS = 300_000_000
"""Contestants with a call longer than this take two rounds an epoch, or this would take an hour."""

Floats = npt.NDArray[np.float64]


@dataclass
class Took:
    """What one contestant took in one case."""

    start_ns: list[int] = field(default_factory=list)
    first_ns: list[int] = field(default_factory=list)
    end_ns: list[int] = field(default_factory=list)
    calls_ns: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    """Each call of a turn, by epoch and round."""


def main() -> None:
    """Measure every case of the usual race and print one table for each."""
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    kernel = load_kernel(sys.argv[1] if sys.argv[1:] else "find_max")
    raw = execute(kernel, Options(), kind=Kind.AUDIT).raw
    store = Store()
    raw = add_yardsticks(raw, store)
    sites = sites_in(raw, store)
    with Crew(kernel, INPUTS) as crew:
        for case in raw.cases:
            begin_s = time.perf_counter()
            crew.prepare(case)
            print(f"\n{case.name}: inputs {time.perf_counter() - begin_s:.1f} s")
            print_table(raw, race(crew, raw, sites, case.name))


def race(crew: Crew, raw: Raw, sites: Mapping[str, Path | None], case: str) -> dict[str, Took]:
    """Some epochs of all contestants that were built."""
    racing = [one for one in raw.contestants if one.name in sites and imports(crew, one, sites)]
    found = {contestant.name: Took() for contestant in racing}
    for epoch in range(EPOCHS):
        rng = random.Random(epoch)
        workers = {
            one.name: start(crew, one, sites[one.name], case, found[one.name])
            for one in rng.sample(racing, len(racing))
        }
        for number, order in zip(range(ROUNDS), orders(list(workers), rng), strict=False):
            for name in order:
                if number < 2 or found[name].first_ns[-1] < FAR_NS:
                    found[name].calls_ns[epoch, number] = turn(workers[name], case)
        for name, worker in workers.items():
            begin_ns = time.perf_counter_ns()
            worker.kill()
            found[name].end_ns.append(time.perf_counter_ns() - begin_ns)
    return found


def imports(crew: Crew, one: Contestant, sites: Mapping[str, Path | None]) -> bool:
    """Whether a contestant can be imported; peers may be absent."""
    try:
        crew.spawn(one, sites[one.name], in_worker.__name__, LIMIT_S).kill()
    except WorkerLostError:
        return False
    return True


def start(crew: Crew, one: Contestant, site: Path | None, case: str, took: Took) -> Worker:
    """A worker after its first call, frozen."""
    begin_ns = time.perf_counter_ns()
    worker = crew.spawn(one, site, in_worker.__name__, LIMIT_S)
    took.start_ns.append(time.perf_counter_ns() - begin_ns)
    took.first_ns.append(ask(worker, case))
    worker.freeze()
    return worker


def turn(worker: Worker, case: str) -> list[int]:
    """The times of the calls of a turn, ns; the first one only warms up."""
    worker.thaw()
    times = [ask(worker, case) for _ in range(1 + CALLS)]
    worker.freeze()
    return times


def ask(worker: Worker, case: str) -> int:
    """Time of a call, ns."""
    reply = worker.ask(in_worker.Turn(case, calls=1), in_worker.REPLY, case, LIMIT_S)
    assert isinstance(reply, in_worker.Turned), reply
    return reply.took.wall_ns


def print_table(raw: Raw, found: Mapping[str, Took]) -> None:
    """One row a contestant, fastest first; spreads are standard deviations of logarithms."""
    heads = ("start", "end", "first", "after", "call", "calls", "rounds", "processes", "best")
    print(f"{'':28}{'milliseconds':>35}{'spread between':>24}{'turns':>7}")
    print(f"{'contestant':28}" + "".join(f"{h:>{w}}" for h, w in zip(heads, WIDTHS, strict=True)))
    baseline = logs(found[raw.baseline])
    for name, took in sorted(found.items(), key=lambda one: np.median(logs(one[1]))):
        spreads, best = ("-", "-", "-"), "-"
        if name != raw.baseline:
            calls, rounds, processes = variances(logs(took), baseline)
            spreads = tuple(f"{math.sqrt(one):.1%}" for one in (calls, rounds, processes))
            best = f"{best_turns(took, rounds, processes):.1f}"
        cells = (*(f"{one:.1f}" for one in milliseconds(took)), *spreads, best)
        print(f"{name:28}" + "".join(f"{c:>{w}}" for c, w in zip(cells, WIDTHS, strict=True)))


def milliseconds(took: Took) -> tuple[float, ...]:
    """Medians: start, end, first call, first call after a stop, and any other call."""
    after = [times[0] for times in took.calls_ns.values()]
    others = [ns for times in took.calls_ns.values() for ns in times[1:]]
    parts = (took.start_ns, took.end_ns, took.first_ns, after, others)
    return tuple(float(np.median(part)) / 1e6 for part in parts)


def variances(mine: Floats, baseline: Floats) -> tuple[float, float, float]:
    """Variances between calls of a turn, rounds of a process, and processes."""
    calls = float(np.mean(np.var(mine, axis=2, ddof=1)))
    turns = np.mean(mine, axis=2) - np.mean(baseline, axis=2)[:, : mine.shape[1]]
    rounds = float(np.mean(np.var(turns, axis=1, ddof=1)))
    processes = float(np.var(np.mean(turns, axis=1), ddof=1)) - rounds / turns.shape[1]
    return calls, rounds, max(0.0, processes)


def logs(took: Took) -> Floats:
    """Logarithms of the timed calls, (n_epochs, n_rounds, n_calls)."""
    rounds = 1 + max(number for _, number in took.calls_ns)
    return np.log(
        [[took.calls_ns[epoch, number][1:] for number in range(rounds)] for epoch in range(EPOCHS)]
    )


def best_turns(took: Took, rounds: float, processes: float) -> float:
    """Turns an epoch that give the narrowest interval for the time, at most `MOST_ROUNDS`."""
    start, end, first, _, call = milliseconds(took)
    cost = (start + end + first) / call
    return min(MOST_ROUNDS, math.sqrt(cost * rounds / processes) if processes else math.inf)


if __name__ == "__main__":
    main()
