"""Judging and keeping one epoch, in a design of ten cells against one of a thousand.

    python benchmarks/per_epoch.py

A cell is a contestant in a case. Between two epochs the schedule looks at the case, and the
journal appends what the epoch added. The samples of ten contestants in `docs/results/find_max.json`
are gone through once more, as one case and as a hundred, both in turns; of the hundred, the last is
timed, when most was measured before it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from whichext.build.session import SoFar
from whichext.judge.schedule import Schedule
from whichext.model.raw import Raw, Timing
from whichext.report import result_file
from whichext.report.journal import FileJournal
from whichext.system.machine import describe_machine

RESULT = Path(__file__).parents[1] / "docs" / "results" / "find_max.json"
CONTESTANTS, FEW, MANY, REPEATS = 10, 1, 100, 40


def main() -> None:
    """Time both designs in turns; the interval is over the turns' ratios."""
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    raw = result_file.read(RESULT).raw
    ratios, few_us = [], []
    for _ in range(REPEATS):
        few_ns, many_ns = epoch_ns(raw, FEW), epoch_ns(raw, MANY)
        ratios.append(many_ns / few_ns)
        few_us.append(few_ns / 1_000)
    low, middle, high = np.percentile(ratios, [2.5, 50, 97.5])
    print(
        f"{CONTESTANTS * FEW} cells: {np.median(few_us):.0f} us an epoch; {CONTESTANTS * MANY} "
        f"cells: {middle:.2f}x that [{low:.2f}, {high:.2f}] (middle 95 % of {REPEATS} turns)"
    )


def epoch_ns(raw: Raw, cases: int) -> float:
    """Median time to judge and keep an epoch of the last of so many cases, ns."""
    size = raw.sizes[0]
    once = [timing for timing in raw.timings if timing.case == size.case][:CONTESTANTS]
    epochs = 1 + max(sample.epoch for timing in once for sample in timing.samples)
    rule = Schedule(raw.precision, epochs)
    with tempfile.TemporaryDirectory() as folder:
        journal = FileJournal(Path(folder) / "result.json")
        journal.begin(replace(raw, timings=()))
        for number in range(cases):
            name = f"case {number}"
            after = [[until(timing, name, epoch) for timing in once] for epoch in range(epochs)]
            took_ns = []
            for epoch, timings in enumerate(after):
                start_ns = time.perf_counter_ns()
                rule.lineup(SoFar(tuple(timings), epoch + 1))
                journal.add(epoch, replace(size, case=name), tuple(timings))
                took_ns.append(time.perf_counter_ns() - start_ns)
    return statistics.median(took_ns)


def until(timing: Timing, case: str, epoch: int) -> Timing:
    """A contestant's timing as it was after an epoch, under another case's name."""
    return replace(
        timing,
        case=case,
        samples=tuple(sample for sample in timing.samples if sample.epoch <= epoch),
        import_ns=timing.import_ns[: epoch + 1],
        first_call_ns=timing.first_call_ns[: epoch + 1],
    )


if __name__ == "__main__":
    main()
