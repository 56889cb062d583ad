"""How long commands take to start, against what they cannot do without, in turns.

python benchmarks/startup.py
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from whichext.system.machine import describe_machine

ROOT = Path(__file__).parents[1]
REPEATS = 15
RESULT = ROOT / "docs" / "results" / "find_max.json"
PYTHON = [sys.executable, "-c"]
WHICHEXT = [sys.executable, "-m", "whichext"]
PAIRS = {
    "import whichext over import numpy": ([*PYTHON, "import whichext"], [*PYTHON, "import numpy"]),
    "whichext --help over import typer": ([*WHICHEXT, "--help"], [*PYTHON, "import typer"]),
    "whichext show over import numpy": ([*WHICHEXT, "show", RESULT], [*PYTHON, "import numpy"]),
}


def main() -> None:
    """Time each pair in turns; the interval holds the middle 95 % of the turns' ratios."""
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    for what, (one, other) in PAIRS.items():
        seconds(one), seconds(other)  # bytecode and the file cache
        turns = np.array([(seconds(one), seconds(other)) for _ in range(REPEATS)])
        low, middle, high = np.percentile(turns[:, 0] / turns[:, 1], [2.5, 50, 97.5])
        took_s = np.median(turns[:, 0])
        print(f"{what}: {middle:.2f}x [{low:.2f}, {high:.2f}], {took_s:.2f} s")


def seconds(command: list[str | Path]) -> float:
    """Wall time of a command, s."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
