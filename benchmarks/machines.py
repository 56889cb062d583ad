"""How often intervals over machines hold what they should, in simulated fleets.

    python benchmarks/machines.py

The true ratio of each machine is drawn around a mean, and its race adds an error of its own,
unequal between machines. Counted is how often the interval of the mean holds the mean, and that of
a further machine holds the true ratio of one more. Aim: 95 %.
"""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime

from whichext.judge.random_effect import fit, further_machine, mean_over
from whichext.judge.ratios import CONFIDENCE, ratio_of
from whichext.model.ratio import Ratio
from whichext.system.machine import describe_machine

FLEETS = 4_000
EPOCHS = 9
SCENES = {
    "alike, errors 1 to 20 %": (0.0, 0.2),
    "5 % apart, errors 1 to 20 %": (0.05, 0.2),
    "20 % apart, errors 1 to 20 %": (0.2, 0.2),
    "20 % apart, errors 1 to 2 %": (0.2, 0.02),
}
"""How far true ratios of machines are apart, and the greatest error of a race, of logarithms."""


def coverage(machines: int, apart: float, largest: float, chance: random.Random) -> tuple[int, int]:
    """In how many fleets the mean, and a further machine, lay in their intervals."""
    mean_covered = further_covered = 0
    for _ in range(FLEETS):
        ratios = []
        for _ in range(machines):
            error = chance.uniform(0.01, largest)
            centre = chance.gauss(chance.gauss(0.0, apart), error)
            ratios.append(ratio_of(centre, error, EPOCHS, CONFIDENCE, None))
        found = fit([ratios], CONFIDENCE)
        assert found is not None
        further = further_machine(found, CONFIDENCE, ratios)
        mean_covered += holds(mean_over(found, CONFIDENCE, ratios), 0.0)
        further_covered += holds(further, chance.gauss(0.0, apart))
    return mean_covered, further_covered


def holds(ratio: Ratio, centre: float) -> bool:
    """Whether the interval holds that logarithm."""
    return ratio.low is not None and abs(ratio.centre - centre) <= ratio.half_width


def main() -> None:
    """Print the coverage in each scene."""
    machine = describe_machine()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine.cpu}, {machine.cores} cores")
    print(f"{FLEETS} fleets each; standard error {math.sqrt(0.05 * 0.95 / FLEETS):.1%}\n")
    print(f"{'fleet':32}{'machines':>9}{'mean':>9}{'further':>9}")
    for name, (apart, largest) in SCENES.items():
        for machines in (3, 4, 5, 8, 12):
            found = coverage(machines, apart, largest, random.Random(machines))
            mean, further = (f"{covered / FLEETS:.1%}" for covered in found)
            print(f"{name:32}{machines:9}{mean:>9}{further:>9}")


if __name__ == "__main__":
    main()
