"""Is a slowdown of known size found, and none where there is none?

    python benchmarks/slowdown.py [--repetitions 10]

Each race of the first kind has an entry that does 3 % more work and two that do none more; it may
take 55 s. Those of the second kind are as long as with `--quick`, and do 10 % more.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from whichext.model.options import Options
from whichext.model.outcome import Measured
from whichext.model.ratio import Ratio, Verdict
from whichext.pipeline import execute
from whichext.system.machine import describe_machine

KERNEL = Path(__file__).parent / "kernels" / "slower"
KINDS = (
    (
        ("slowed.by_3_percent", "slowed.by_0_percent", "slowed.by_0_percent_again"),
        replace(Options(), max_time_s=55.0),
    ),
    (("slowed.by_10_percent",), Options.quick()),
)


def main() -> None:
    """Race, count, and print a paragraph for each entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=10)
    repetitions = parser.parse_args().repetitions
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    for entries, options in KINDS:
        races = [race_once(entries, options, seed) for seed in range(repetitions)]
        for entry in entries:
            found = [race[entry] for race in races]
            called = sum(ratio.verdict is Verdict.SLOWER for ratio in found)
            print(f"{entry}: called slower in {called} of {repetitions} races")
            for start in range(0, repetitions, 3):
                print("  " + ", ".join(map(text, found[start : start + 3])), flush=True)


def race_once(entries: tuple[str, ...], options: Options, seed: int) -> dict[str, Ratio]:
    """One race of the reference, its twin and some slowed entries."""
    view = execute(KERNEL, replace(options, entries=entries, seed=seed))
    return {
        row.contestant: row.outcome.ratio
        for row in view.judged.rows
        if isinstance(row.outcome, Measured)
    }


def text(ratio: Ratio) -> str:
    """A ratio with three decimals."""
    return f"{ratio.value:.3f} [{ratio.low:.3f}, {ratio.high:.3f}]"


if __name__ == "__main__":
    main()
