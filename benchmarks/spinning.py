"""Does an OpenMP pool that spins while it waits slow its neighbours? With freezing on, and off.

    python benchmarks/spinning.py --repetitions 10

A neighbour with two threads races NumPy, alternately alone and beside an OpenMP contestant whose
idle threads spin for ever (`OMP_WAIT_POLICY=active`). The neighbour's ratio to NumPy beside the
spinner, over its ratio without, should be 1.
"""

from __future__ import annotations

import argparse
import math
import os
import sys

import numpy as np
from scipy.special import stdtrit

from whichext import Options, compare
from whichext.machine import describe_machine
from whichext.scorecard import Measured, Scorecard

NEIGHBOUR, SPINNER = "rustpy.find_max_disjoint", "cypy.find_max_prange"


def main() -> None:
    """Race in pairs and print the shift with its interval for both settings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=10)
    repetitions = parser.parse_args().repetitions
    os.environ |= {"OMP_WAIT_POLICY": "active", "GOMP_SPINCOUNT": "infinite"}
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    for freeze in (True, False):
        shifts, floors = [], []
        for seed in range(repetitions):
            alone = race((NEIGHBOUR,), freeze=freeze, seed=seed)
            beside = race((NEIGHBOUR, SPINNER), freeze=freeze, seed=seed)
            shifts.append(log_ratio(beside) - log_ratio(alone))
            floors.append(max(alone.noise_floor or 0.0, beside.noise_floor or 0.0))
        half = float(stdtrit(repetitions - 1, 0.975)) * np.std(shifts, ddof=1) / repetitions**0.5
        shift, low, high = (math.exp(np.mean(shifts) + s * half) for s in (0, -1, 1))
        word = "on" if freeze else "off"
        print(
            f"freezing {word}: neighbour takes {shift:.3f}x [{low:.3f}, {high:.3f}] its time "
            f"beside a spinning pool; noise floor of these races {np.percentile(floors, 95):.1%}"
        )


def race(entries: tuple[str, ...], *, freeze: bool, seed: int) -> Scorecard:
    """A short race on 8 MB."""
    options = Options(
        cases=("100x10000",), entries=entries, freeze=freeze, seed=seed, max_time_s=8, min_epochs=4
    )
    return compare("find_max", options)


def log_ratio(scorecard: Scorecard) -> float:
    """Logarithm of the neighbour's time over NumPy's."""
    outcome = next(r.outcome for r in scorecard.rows if r.contestant.startswith(NEIGHBOUR))
    assert isinstance(outcome, Measured), outcome
    return math.log(outcome.estimate.ratio)


if __name__ == "__main__":
    main()
