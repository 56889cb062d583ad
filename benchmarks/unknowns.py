"""Assumptions of the race that no paper covers: freezing, sample length, shared inputs.

    python benchmarks/unknowns.py

1. What stopping and continuing a process costs, and how much slower its first call is after.
2. How the spread of a turn's ratio between identical contestants depends on the turn's length.
3. Whether inputs that were inherited by fork are read as fast as inputs in shared memory, and on
   how large pages each lies.
"""

from __future__ import annotations

import math
import mmap
import random
import re
import statistics
import sys
import time
from multiprocessing import shared_memory
from pathlib import Path

import numpy as np
import numpy.typing as npt

from whichext.judge.selfcheck import KERNEL, copy_of_reference
from whichext.load.kernel import load_kernel
from whichext.model.kernel import Kernel
from whichext.pipeline import INPUTS
from whichext.race import in_worker as inside
from whichext.system.machine import describe_machine
from whichext.system.workers.crew import Crew, Worker

LENGTHS_NS = (1_000_000, 3_000_000, 10_000_000, 30_000_000, 100_000_000)


def main() -> None:
    """Print one block for each unknown."""
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    kernel = load_kernel(KERNEL)
    freezing(kernel)
    sample_length(kernel)
    shared_inputs()


def ask(worker: Worker, case: str, calls: int, warm: int = 0) -> inside.Turned:
    """One turn."""
    reply = worker.ask(inside.Turn(case, calls, warm), inside.REPLY, case, 60)
    assert isinstance(reply, inside.Turned), reply
    return reply


def freezing(kernel: Kernel) -> None:
    """Cost of a stop and a continue, and of the first call after it, against merely waiting."""
    print("1. freezing (against 10 ms of waiting without it, in turns)")
    for case in (kernel.cases[0], kernel.cases[10], kernel.cases[20]):
        with Crew(kernel, INPUTS) as crew:
            crew.prepare(case)
            worker = crew.spawn(copy_of_reference(0), None, inside.__name__, 60)
            extra_us, after_stop, after_wait = [], [], []
            for _ in range(200):
                took = {freeze: first_call(worker, case.name, freeze) for freeze in (False, True)}
                extra_us.append((took[True][0] - took[False][0]) / 1e3)
                after_wait.append(took[False][1])
                after_stop.append(took[True][1])
        low, middle, high = np.percentile(extra_us, [25, 50, 75])
        print(
            f"   {case.name}: a stop and a continue cost {middle:.0f} us (quartiles {low:.0f}, "
            f"{high:.0f}); the first call after a stop takes {statistics.median(after_stop):.2f}x, "
            f"after waiting {statistics.median(after_wait):.2f}x, the next one"
        )


def first_call(worker: Worker, case: str, freeze: bool) -> tuple[int, float]:
    """Time until a waiting worker has answered, ns, and its first call's time over the next's."""
    if freeze:
        worker.freeze()
    time.sleep(0.01)
    start = time.perf_counter_ns()
    if freeze:
        worker.thaw()
    first_ns = ask(worker, case, 1).took.wall_ns
    answered_ns = time.perf_counter_ns() - start
    return answered_ns, first_ns / ask(worker, case, 1, warm=1).took.wall_ns


def sample_length(kernel: Kernel) -> None:
    """Spread of ratios of identical contestants at equal total time, by length of a turn."""
    print("2. length of a turn (the same total time for each)")
    case = kernel.cases[10]
    with Crew(kernel, INPUTS) as crew:
        crew.prepare(case)
        pair = [crew.spawn(copy_of_reference(n), None, inside.__name__, 60) for n in range(2)]
        call_ns = ask(pair[0], case.name, 200, warm=10).took.wall_ns / 200
        for length_ns in LENGTHS_NS:
            calls = max(1, round(length_ns / call_ns))
            turns = max(8, int(4e9 / length_ns / 2))
            ratios = []
            for _ in range(turns):
                took = {}
                for n in random.sample(range(2), 2):
                    took[n] = ask(pair[n], case.name, calls, warm=1).took.wall_ns
                ratios.append(math.log(took[0] / took[1]))
            deviation = 1.4826 * statistics.median(
                abs(r - statistics.median(ratios)) for r in ratios
            )
            print(
                f"   {length_ns / 1e6:.0f} ms: {turns} turns, spread of one ratio {deviation:.2%}, "
                f"of their median {1.25 * deviation / turns**0.5:.3%}"
            )


def shared_inputs() -> None:
    """Reading 400 MB that NumPy allocated against 400 MB of shared memory, in turns."""
    print("3. inputs: NumPy's own allocation (what a fork inherits) against shared memory")
    count = 50_000_000
    own = np.ones(count)
    block = shared_memory.SharedMemory(create=True, size=count * 8)
    shared: npt.NDArray[np.float64] = np.frombuffer(block.buf, dtype=np.float64)
    shared[:] = 1.0
    ratios = []
    for _ in range(30):
        times = {}
        for name, array in random.sample([("own", own), ("shared", shared)], 2):
            start = time.perf_counter_ns()
            array.max()
            times[name] = time.perf_counter_ns() - start
        ratios.append(times["shared"] / times["own"])
    low, middle, high = np.percentile(ratios, [2.5, 50, 97.5])
    print(f"   shared memory takes {middle:.3f}x [{low:.3f}, {high:.3f}] (middle 95 % of 30 turns)")
    text = Path("/proc/self/smaps_rollup").read_text()
    for name in ("AnonHugePages", "ShmemPmdMapped"):
        found = re.search(rf"{name}:\s+(\d+) kB", text)
        print(
            f"   {name}: {int(found[1]) / 1e3 if found else 0:.0f} MB of {count * 8 / 1e6:.0f} MB"
        )
    print(f"   page size {mmap.PAGESIZE} bytes")
    del shared, array  # a block with readers cannot be closed
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
