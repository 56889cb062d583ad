"""Is a slowdown of known size found? Ten races each: 3 % at the defaults, 10 % with --quick.

python benchmarks/slowdown.py --repetitions 10
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from whichext.model.options import Options
from whichext.model.outcome import Measured
from whichext.model.ratio import Verdict
from whichext.pipeline import execute
from whichext.system.machine import describe_machine

KERNEL = Path(__file__).parent / "kernels" / "slower"


def main() -> None:
    """Race, count, and print one line per setting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=10)
    repetitions = parser.parse_args().repetitions
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    quick = Options.quick()
    for entry, options in (("slowed.by_3_percent", Options()), ("slowed.by_10_percent", quick)):
        found = [race_once(entry, options, seed) for seed in range(repetitions)]
        called = sum(verdict is Verdict.SLOWER for verdict, _ in found)
        print(f"{entry}: called slower in {called} of {repetitions} races")
        for start in range(0, repetitions, 3):
            print("  " + ", ".join(ratio for _, ratio in found[start : start + 3]))


def race_once(entry: str, options: Options, seed: int) -> tuple[Verdict, str]:
    """One race of the reference, its twin and one slowed entry."""
    view = execute(KERNEL, replace(options, entries=(entry,), seed=seed))
    outcome = next(row.outcome for row in view.judged.rows if row.contestant == entry)
    assert isinstance(outcome, Measured), outcome
    ratio = outcome.ratio
    return ratio.verdict, f"{ratio.value:.3f} [{ratio.low:.3f}, {ratio.high:.3f}]"


if __name__ == "__main__":
    main()
