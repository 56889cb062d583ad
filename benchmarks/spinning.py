"""Does an OpenMP pool that spins while it waits slow its neighbours? With freezing on, and off.

    python benchmarks/spinning.py --repetitions 12

A neighbour with two threads races NumPy beside an OpenMP contestant whose idle threads spin for
ever (`GOMP_SPINCOUNT=infinite`), and in a second race, which differs in nothing else, sleep at
once. The neighbour's ratio to NumPy in the first race, over its ratio in the second, should be 1.
Which of the two comes first changes every time, so that a drift of the machine is not taken for a
shift. The case is 80 MB because the neighbour's ratio differs least from race to race there (1 %;
on 8 MB 2 %). Without freezing the shift is large, and a third of the repetitions will do.
"""

from __future__ import annotations

import argparse
import math
import os
import sys

import numpy as np
from scipy.special import stdtrit

from whichext.model.options import Options
from whichext.model.outcome import Measured
from whichext.model.view import View
from whichext.pipeline import execute
from whichext.system.machine import describe_machine

NEIGHBOUR, SPINNER = "rustpy.find_max_disjoint", "cypy.find_max_prange"


def main() -> None:
    """Race in pairs and print the shift with its interval for both settings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=12)
    repetitions = parser.parse_args().repetitions
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    for freeze, times in ((True, repetitions), (False, max(3, repetitions // 3))):
        shifts, floors = [], []
        for seed in range(times):
            order = (True, False) if seed % 2 else (False, True)
            races = {spins: race(spins=spins, freeze=freeze, seed=seed) for spins in order}
            shifts.append(log_ratio(races[True]) - log_ratio(races[False]))
            floors += [r.noise_floor for r in races.values() if r.noise_floor is not None]
        half = float(stdtrit(times - 1, 0.975)) * np.std(shifts, ddof=1) / times**0.5
        shift, low, high = (math.exp(np.mean(shifts) + s * half) for s in (0, -1, 1))
        word = "on" if freeze else "off"
        print(
            f"freezing {word}: neighbour takes {shift:.3f}x [{low:.3f}, {high:.3f}] its time "
            f"beside a spinning pool; noise floor of these races {np.percentile(floors, 95):.1%}",
            flush=True,
        )


def race(*, spins: bool, freeze: bool, seed: int) -> View:
    """A short race on 80 MB, whose workers inherit how OpenMP's idle threads wait."""
    os.environ["OMP_WAIT_POLICY"] = "active" if spins else "passive"
    os.environ["GOMP_SPINCOUNT"] = "infinite" if spins else "0"
    options = Options(
        cases=("100x100000",),
        entries=(NEIGHBOUR, SPINNER),
        freeze=freeze,
        seed=seed,
        max_time_s=10,
    )
    return execute("find_max", options)


def log_ratio(view: View) -> float:
    """Logarithm of the neighbour's time over NumPy's."""
    outcome = next(r.outcome for r in view.judged.rows if r.contestant.startswith(NEIGHBOUR))
    assert isinstance(outcome, Measured), outcome
    return outcome.ratio.centre


if __name__ == "__main__":
    main()
