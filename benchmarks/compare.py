"""Seconds from the call of `compare` to its verdict, for two functions of microseconds.

    python benchmarks/compare.py [--repetitions 5]

Each repetition compares two ways to add a thousand numbers at a precision of 5 %.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np

from whichext import compare
from whichext.system.machine import describe_machine

PRECISION = 0.05


def total(values: np.ndarray) -> float:
    """By way of the method."""
    return float(values.sum())


def reduced(values: np.ndarray) -> float:
    """By way of the ufunc."""
    return float(np.add.reduce(values))


def main() -> None:
    """Compare, and print the seconds and what came out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=5)
    repetitions = parser.parse_args().repetitions
    print(f"{describe_machine().cpu}; precision {PRECISION:.0%}")
    values = np.random.default_rng(0).random(1000)
    seconds = []
    for seed in range(repetitions):
        start = time.perf_counter()
        result = compare(total, reduced, inputs=(values,), precision=PRECISION, seed=seed)
        seconds.append(time.perf_counter() - start)
        ratio = result.ratio("reduced")
        print(f"{seconds[-1]:.1f} s: {ratio}, {ratio.verdict}, {ratio.epochs} epochs")
    print(f"median {statistics.median(seconds):.1f} s, most {max(seconds):.1f} s")


if __name__ == "__main__":
    main()
