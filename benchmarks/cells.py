"""How a large design grows: time and memory a cell, and what is left after kills.

    python benchmarks/cells.py [FILE.svg]

A cell is a contestant in a case. The kernel has ten contestants and a sweep over sizes, so 1,000
cells are 100 cases. First it is raced with 125 to 1,000 cells: the seconds and the greatest memory
of the program itself, from its start to its end. Then the 1,000 cells are raced again, and the
program is killed five times (SIGKILL) and each time started again with --resume. Shown is whether
each epoch that was measured before a kill is in the final result, and whether one was measured
twice.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import altair
import psutil

import whichext
from whichext.model.raw import Raw
from whichext.report.journal import part_of, read_journal
from whichext.system.machine import describe_machine

CONTESTANTS = 10
SIZES = (125, 250, 500, 1000)
KILLS = 5
EVERY_S = 0.2
KERNEL = f'''
"""Sums of values, in {CONTESTANTS - 1} copies, over many sizes."""

import functools

import numpy as np

from whichext import Case, Kernel


def total(values):
    return values.sum()


def copy(number, values):
    return values.sum()


KERNEL = Kernel(
    question="How does a large design grow?",
    reference=total,
    functions={{f"copy{{n}}": functools.partial(copy, n) for n in range({CONTESTANTS - 1})}},
    cases=Case.sweep("n", over="n", values=range(1000, 1000 + CASES)),
    inputs=lambda case: (np.arange(case.n),),
)
'''


def main() -> None:
    """Race and print; draw where a file is named."""
    machine = describe_machine()
    print(f"$ python {' '.join(sys.argv)}")
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine.cpu}, {machine.cores} cores\n")
    print(f"{'cells':>6}{'s':>8}{'ms a cell':>12}{'MB':>8}")
    rows = []
    for cells in SIZES:
        with kernel_of(cells) as folder:
            seconds, peak = raced(folder, folder / "result.json")
        rows.append({"cells": cells, "seconds": seconds, "megabytes": peak / 1e6})
        print(f"{cells:6}{seconds:8.0f}{1e3 * seconds / cells:12.0f}{peak / 1e6:8.0f}", flush=True)
    with kernel_of(SIZES[-1]) as folder:
        print(killed(folder, rows[-1]["seconds"]))
    if sys.argv[1:]:
        draw(Path(sys.argv[1]), rows)


@contextmanager
def kernel_of(cells: int) -> Iterator[Path]:
    """The folder of a kernel with so many cells."""
    with TemporaryDirectory(prefix="whichext-cells-") as name:
        text = KERNEL.replace("CASES", str(cells // CONTESTANTS))
        Path(name, "kernel.py").write_text(text)
        yield Path(name)


def started(folder: Path, output: Path, *words: str) -> subprocess.Popen[bytes]:
    """A run that races as little as it can in each case."""
    command = [sys.executable, "-m", "whichext", "run", folder, "-o", output, "--max-time", "1"]
    return subprocess.Popen(
        [*map(str, command), *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def raced(folder: Path, output: Path) -> tuple[float, int]:
    """Seconds of a run, and the greatest memory of its own process, bytes."""
    start = time.monotonic()
    with started(folder, output) as run:
        _, status, usage = os.wait4(run.pid, 0)
        assert run.stderr is not None
        assert os.waitstatus_to_exitcode(status) == 0, run.stderr.read().decode()
        run.returncode = 0
    return time.monotonic() - start, usage.ru_maxrss * 1024


def killed(folder: Path, seconds: float) -> str:
    """What is left of a run that is killed five times, in a sentence."""
    output, chance = folder / "result.json", random.Random(1)
    before: dict[tuple[object, ...], object] = {}
    kept = []
    for number in range(KILLS + 1):
        words = ["--resume", str(output)] if part_of(output).exists() else []
        with started(folder, output, *words) as run:
            if number == KILLS:
                run.communicate()
                break
            wait_for_more(output, len(before), seconds * chance.uniform(0.1, 0.3))
            children = psutil.Process(run.pid).children(recursive=True)
            run.send_signal(signal.SIGKILL)
        psutil.wait_procs(children, timeout=10)
        assert not [child for child in children if child.is_running()], "processes are left"
        after = samples(read_journal(part_of(output).read_bytes()))
        assert all(after.get(place) == sample for place, sample in before.items()), "lost"
        before = after
        kept.append(len(after))
    final = samples(whichext.read(output).raw)
    lost = sum(final.get(place) != sample for place, sample in before.items())
    return (
        f"killed {KILLS} times, after {', '.join(map(str, kept))} turns;\nat the end {len(final)} "
        f"turns: {lost} lost, 0 measured twice"
    )


def wait_for_more(output: Path, known: int, seconds: float) -> None:
    """Wait so long, and until the run has measured more than it began with."""
    until = time.monotonic() + seconds
    while time.monotonic() < until or not has_more(output, known):
        time.sleep(EVERY_S)


def has_more(output: Path, known: int) -> bool:
    """Whether the journal has more turns than that."""
    journal = part_of(output)
    return journal.exists() and len(samples(read_journal(journal.read_bytes()))) > known


def samples(raw: Raw) -> dict[tuple[object, ...], object]:
    """Every turn by where it belongs; none may be there twice."""
    found: dict[tuple[object, ...], object] = {}
    for timing in raw.timings:
        for one in timing.samples:
            place = (timing.case, timing.contestant, one.epoch, one.round, one.slot)
            assert place not in found, f"{place} was measured twice"
            found[place] = one
    return found


def draw(path: Path, rows: list[dict[str, float]]) -> None:
    """Seconds and memory over cells, each from zero, so that a line shows what is linear."""
    data = altair.Data(values=rows)
    charts = [
        altair.Chart(data, width=320, height=220)
        .mark_line(point=True)
        .encode(
            altair.X("cells:Q", title="cells", scale=altair.Scale(zero=True)),
            altair.Y(f"{name}:Q", title=title, scale=altair.Scale(zero=True)),
        )
        for name, title in (("seconds", "seconds"), ("megabytes", "greatest memory, MB"))
    ]
    altair.hconcat(*charts).save(path)


if __name__ == "__main__":
    main()
