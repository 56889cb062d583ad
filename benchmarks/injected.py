"""Are effects of known size recovered? Ten races of a factor worth 1.5x and of one worth nothing.

python benchmarks/injected.py --repetitions 10
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from whichext import run
from whichext.model.insight import Effect
from whichext.system.machine import describe_machine

KERNEL = Path(__file__).parent / "kernels" / "injected"
TRUTH = {"passes": 1.5, "label": 1.0}
"""How many times as fast each factor makes a contestant."""


def main() -> None:
    """Race, count how often the interval has the truth, and print one line for each factor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=10)
    repetitions = parser.parse_args().repetitions
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    races = [run(KERNEL, seed=seed, max_time_s=12).judged.effects for seed in range(repetitions)]
    for factor, truth in TRUTH.items():
        found = [next(effect for effect in race if effect.factor == factor) for race in races]
        recovered = sum(holds(effect, truth) for effect in found)
        texts = [f"{effect.ratio.inverse} {effect.ratio.verdict}" for effect in found]
        print(f"{factor}, {truth}x: recovered in {recovered} of {repetitions} races; {texts}")


def holds(effect: Effect, truth: float) -> bool:
    """Whether the true ratio lies in the interval."""
    speed_up = effect.ratio.inverse
    return (speed_up.low or 0.0) <= truth <= (speed_up.high or 0.0)


if __name__ == "__main__":
    main()
