"""Runs of find_max in a row: seconds, epochs, half-widths, leaders; also beside another version.

    python benchmarks/designs.py [--repetitions 5] [--old TREE] [--burner] [--epochs N]

`--old` names a checkout of an earlier version, which then takes turns with this one, with the same
seconds for the race. `--epochs` races so many of each case instead, and compares the seconds of the
two: what a whole run costs more. `--burner` keeps a quarter of both processors busy meanwhile.
Below 3x are contestants that take less than three times the baseline's time. Beyond are those that
are named as leaders though they take over 1.25 times as long as the first one.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Process
from pathlib import Path

from whichext.model.options import Options
from whichext.model.outcome import Measured
from whichext.model.view import CaseView, View
from whichext.report import result_file
from whichext.system.machine import describe_machine

HERE = Path(__file__).parents[1]
RUN = "import whichext; whichext.run('find_max', max_time_s={seconds}, seed={seed}, save={path!r})"
COUNTED = """
from pathlib import Path
from whichext.model.options import Options
from whichext.pipeline import execute
from whichext.report.result_file import encode
options = Options(max_time_s=600, max_epochs={epochs}, min_epochs={epochs}, seed={seed})
Path({path!r}).write_bytes(encode(execute("find_max", options)))
"""
NEAR, BEYOND = 3.0, 1.25
DUTY, PERIOD_S = 0.25, 0.1


@dataclass(frozen=True)
class Found:
    """What one run found."""

    seconds: float
    view: View


def main() -> None:
    """Run, and print a line for each run and case, and the medians of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--old", type=Path)
    parser.add_argument("--burner", action="store_true")
    parser.add_argument("--epochs", type=int)
    asked = parser.parse_args()
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    trees = {"new": HERE, **({"old": asked.old} if asked.old else {})}
    runs: dict[str, list[Found]] = {name: [] for name in trees}
    with tempfile.TemporaryDirectory() as folder, burning(asked.burner):
        for seed in range(asked.repetitions):
            for name, tree in trees.items():
                path = Path(folder) / f"{name}-{seed}.json"
                found = run(tree, seed, path, asked.epochs)
                runs[name].append(found)
                print(f"{name} {seed}: {found.seconds:.1f} s", flush=True)
                for case in found.view.cases.values():
                    print(f"  {describe(case)}", flush=True)
    for name, found in runs.items():
        cases = [case for one in found for case in one.view.cases.values()]
        count = sum(bool(beyond(case)) for case in cases)
        print(f"{name}: one that takes over {BEYOND}x is named in {count} of {len(cases)} races")
    if asked.epochs and asked.old:
        print(f"seconds of equal epochs, new over old: {quotients(runs)}")
    print_widths(runs)


def print_widths(runs: dict[str, list[Found]]) -> None:
    """The median and the worst half-width of each case."""
    for number, case in enumerate(runs["new"][0].view.cases):
        for what, index in (("median", 0), ("worst", 1)):
            print(f"{case}: {what} half-width, median of runs: {compared(runs, number, index)}")


def quotients(runs: dict[str, list[Found]]) -> str:
    """How many times as long each run of the new version took, as the one after it."""
    pairs = zip(runs["new"], runs["old"], strict=True)
    return ", ".join(f"{new.seconds / old.seconds:.2f}" for new, old in pairs)


def compared(runs: dict[str, list[Found]], number: int, index: int) -> str:
    """A half-width of a case under each version, and the quotient of the two."""
    middle = {
        name: statistics.median(half_widths(one, number)[index] for one in found)
        for name, found in runs.items()
    }
    text = ", ".join(f"{name} {width:.1%}" for name, width in middle.items())
    return f"{text}: {middle['new'] / middle['old']:.2f}" if "old" in middle else text


def run(tree: Path, seed: int, path: Path, epochs: int | None) -> Found:
    """One run of a version, in a process of its own."""
    command = RUN.format(seconds=Options.max_time_s, seed=seed, path=str(path))
    if epochs:
        command = COUNTED.format(epochs=epochs, seed=seed, path=str(path))
    start_s = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    subprocess.run([sys.executable, "-c", command], env=environment, check=True, cwd=path.parent)
    return Found(time.perf_counter() - start_s, result_file.read(path))


def measured(case: CaseView) -> dict[str, Measured]:
    """What is compared below three times the baseline's time, without the baseline."""
    return {
        name: outcome
        for name, outcome in case.measured.items()
        if name in case.timings and outcome.ratio.value < NEAR and name != case.judged.baseline
    }


def half_widths(found: Found, number: int) -> tuple[float, float]:
    """Median and worst half-width of all contestants of a case, as shares of their ratios."""
    case = list(found.view.cases.values())[number]
    others = [o for name, o in case.measured.items() if name != case.judged.baseline]
    widths = [math.expm1(o.ratio.half_width) for o in others]
    return statistics.median(widths), max(widths)


def describe(case: CaseView) -> str:
    """Epochs, half-widths and leaders of a case."""
    epochs = [outcome.ratio.epochs for outcome in measured(case).values()]
    widths = [math.expm1(o.ratio.half_width) for n, o in case.measured.items() if n in case.timings]
    widths.remove(0.0)  # the baseline's own
    names = case.judged.leaders.names if case.judged.leaders else ()
    return (
        f"{case.case.name}: epochs {min(epochs)} to {max(epochs)} below 3x; half-width "
        f"{statistics.median(widths):.1%}, worst {max(widths):.1%}; leaders {', '.join(names)}; "
        f"beyond {', '.join(beyond(case)) or 'none'}"
    )


def beyond(case: CaseView) -> list[str]:
    """Names of leaders that take over 1.25 times as long as the first one."""
    names = case.judged.leaders.names if case.judged.leaders else ()
    least = BEYOND * case.measured[names[0]].ratio.value if names else math.inf
    return [name for name in names if case.measured[name].ratio.value > least]


@contextmanager
def burning(wanted: bool) -> Iterator[None]:  # as it was asked
    """Keep a share of every processor busy."""
    burners = [Process(target=burn, args=(cpu,)) for cpu in os.sched_getaffinity(0) if wanted]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()


def burn(cpu: int) -> None:
    """Keep one processor busy for a share of each period."""
    os.sched_setaffinity(0, {cpu})
    while True:
        end_s = time.perf_counter() + DUTY * PERIOD_S
        while time.perf_counter() < end_s:
            pass
        time.sleep((1 - DUTY) * PERIOD_S)


if __name__ == "__main__":
    main()
