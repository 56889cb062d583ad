"""How often 95 % intervals and leaders are right, in simulated races with the whole rule.

    python benchmarks/simulated.py [RACES]

Every race is a real one on a simulated machine (`tests/support/machines.py`): calibration, turns,
far contestants, looks, stopping and judging are the program's own. The table has a line for each
scenario and a column for each contestant: the share of races whose interval holds the true ratio.
Behind them are the mean number of epochs, and how often the fastest was named, both of two equals
were, and one that takes over 1.25 times as long as the fastest was. Last, how much longer an equal
of the baseline seems to take, in the mean of all races.
"""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.machines import EPOCHS, SCENARIOS, count, shares

RACES, PARTS = 4000, 16


def main() -> None:
    """Print the table."""
    races = int(sys.argv[1]) if sys.argv[1:] else RACES
    print(f"$ python {' '.join(sys.argv)}")
    print(f"{'':12}" + "".join(f"{head:>8}" for head in shares(Counter(), races)))
    seeds = [range(part, races, PARTS) for part in range(PARTS)]
    with ProcessPoolExecutor(2) as pool:
        for scenario, noise in SCENARIOS.items():
            found = Counter[str]()
            for part in pool.map(count, [noise] * PARTS, seeds):
                found.update(part)  # a sum of counters would leave out what is negative
            cells = (
                f"{share:8.1f}" if head == EPOCHS else f"{share:8.1%}"
                for head, share in shares(found, races).items()
            )
            print(f"{scenario:12}" + "".join(cells), flush=True)


if __name__ == "__main__":
    main()
