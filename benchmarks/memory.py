"""Peak memory of a race of eight contestants on an 800 MB case.

    python benchmarks/memory.py

Runs `whichext run find_max --case wide` and adds up the proportional set size of all its processes
ten times a second: shared pages count once, however many processes map them.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from whichext.report import result_file
from whichext.system.machine import describe_machine

# With NumPy, its twin and two limits that makes eight that race.
ENTRIES = "cypy.find_max,rustpy.find_max,rustpy.find_max_disjoint"
COMMAND = ("run", "find_max", "--case", "wide", "--entry", ENTRIES, "--max-time", "25")
RESULT_BYTES = 1_000_000 * 8


def main() -> None:
    """Watch one run and print its peak beside its input and outputs."""
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "wide.json"
        command = [sys.executable, "-m", "whichext", *COMMAND, "-o", str(result)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            peak = max(peak, proportional_bytes(psutil.Process(process.pid)))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        view = result_file.read(result)
    racing = len({timing.contestant for timing in view.raw.timings})
    input_bytes = view.raw.sizes[0].input_bytes
    assert input_bytes is not None, "nothing was raced"
    needed = input_bytes + racing * RESULT_BYTES
    print(
        f"{racing} contestants, input {input_bytes:,} bytes, "
        f"outputs {racing * RESULT_BYTES:,} bytes; peak {peak:,} bytes: "
        f"{peak / needed:.3f} of input and outputs"
    )


def proportional_bytes(process: psutil.Process) -> int:
    """Proportional set size of a process and all its children, bytes."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        for one in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                total += one.memory_full_info().pss
    return total


if __name__ == "__main__":
    main()
