"""What the harness adds to a short call: the timed loop against straight-line code.

    python benchmarks/overhead.py

`take` repeats `call(*arguments)` in a loop. The same calls written out one after the other, with no
loop and no star, are what a program would do that makes them; the difference is the harness's. Both
are timed in turns within one process, and the interval is over the turns' ratios.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from whichext.build import build_project
from whichext.build.store import Store
from whichext.load.project import load_project
from whichext.model.contestant import RELEASE
from whichext.model.outcome import Built
from whichext.race.calls import repeated
from whichext.race.timed import take
from whichext.race.yardsticks import LIMIT_FOLDER
from whichext.system.machine import describe_machine

TURNS, WRITTEN_OUT, REPEATS = 200, 1_000, 50


def main() -> None:
    """Measure calls of about 40, 100 and 200 ns."""
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    read = limit_reader()
    cases: dict[str, tuple[Callable[..., Any], Any]] = {
        "len(list)": (len, [1, 2, 3]),
        "limitprobe.read, 800 bytes": (read, np.zeros(100)),
        "limitprobe.read, 16 kB": (read, np.zeros(2_000)),
        "ndarray.max, 80 bytes": (np.ndarray.max, np.zeros(10)),
    }
    for name, (call, argument) in cases.items():
        ratios, straight_ns = compare_loops(call, argument)
        low, middle, high = np.percentile(ratios, [2.5, 50, 97.5])
        print(
            f"{name}: {straight_ns:.0f} ns a call; the harness adds {middle - 1:+.1%} "
            f"[{low - 1:+.1%}, {high - 1:+.1%}]"
        )


def compare_loops(call: Callable[..., Any], argument: Any) -> tuple[list[float], float]:
    """Ratios of the harness's time to straight-line code's, and the latter's time per call, ns."""
    names: dict[str, Any] = {}
    exec("def written_out(call, argument):\n" + "    call(argument)\n" * WRITTEN_OUT, names)
    written_out = names["written_out"]
    ratios, straight = [], []
    for _ in range(TURNS):
        calls = repeated(call, (argument,), WRITTEN_OUT * REPEATS)
        took, _ = take(calls.others, calls.last)
        start = time.perf_counter_ns()
        for _ in range(REPEATS):
            written_out(call, argument)
        straight_ns = time.perf_counter_ns() - start
        ratios.append(took.wall_ns / straight_ns)
        straight.append(straight_ns / (WRITTEN_OUT * REPEATS))
    return ratios, statistics.median(straight)


def limit_reader() -> Callable[..., Any]:
    """The C reader of the limit: a C call that does very little for a small array."""
    project, store = load_project(LIMIT_FOLDER), Store()
    assert project is not None
    result = build_project(project, RELEASE, store).result
    assert isinstance(result, Built), result
    sys.path.insert(0, str(store.site(result.key)))
    import limitprobe

    reader: Callable[..., Any] = limitprobe.read
    return reader


if __name__ == "__main__":
    main()
