"""How often a change is shown between two simulated races, where there is none and where there is.

    python benchmarks/changes.py [PAIRS]

Every race is a real one on a simulated machine (`tests/support/machines.py`), and each pair has two
seeds. The table has a line for each scenario. `other name` is the share of ratios whose verdict has
another name in the second race, although the true ratio is the same, and `excludes 1` that of
changes whose interval excludes 1. `shown` is how often a change is then shown: each is wrong. The
columns behind are the share of changes that are shown where all contestants but the baseline take
1.05, 1.1 and 1.3 times as long in the second race.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.machines import SCENARIOS
from support.runs import changes_between
from whichext.model.runs import Change

PAIRS = 100
FACTORS = (1.05, 1.1, 1.3)


def main() -> None:
    """Print the table."""
    pairs = int(sys.argv[1]) if sys.argv[1:] else PAIRS
    heads = ("ratios", "other name", "excludes 1", "shown", *(f"{one}x" for one in FACTORS))
    print(f"$ python {' '.join(sys.argv)}")
    print(f"{'':12}" + "".join(f"{head:>12}" for head in heads))
    with ProcessPoolExecutor(2) as pool:
        for scenario, noise in SCENARIOS.items():
            same, *others = (
                list(chain(*pool.map(partial(changes_between, noise, factor=one), range(pairs))))
                for one in (1.0, *FACTORS)
            )
            shares = [
                share([one.before is not one.after for one in same]),
                share([excludes_1(one) for one in same]),
                share([one.is_shown for one in same]),
                *(share([one.is_shown for one in found]) for found in others),
            ]
            print(f"{scenario:12}{len(same):12}" + "".join(f"{one:12.1%}" for one in shares))


def share(found: list[bool]) -> float:
    """Share of those that are true."""
    return sum(found) / len(found)


def excludes_1(change: Change) -> bool:
    """Whether the interval of a change excludes 1."""
    low, high = change.ratio.low, change.ratio.high
    return low is not None and high is not None and not low <= 1 <= high


if __name__ == "__main__":
    main()
