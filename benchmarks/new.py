"""From nothing to the first table of four toolchains, as a new user types it.

    python benchmarks/new.py

Cold is with an empty cache of whichext's own; what pip and cargo have downloaded stays. Warm is the
same once more, in another folder, with the builds that are kept.
"""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from whichext.system.machine import describe_machine

TOOLCHAINS = "cython,rust,nanobind,numba"
COMMANDS = (
    ("new", "total", "--arg", "values=float64[:]", "--toolchains", TOOLCHAINS),
    ("run", "./total", "--quick"),
)


def main() -> None:
    """Type the commands twice, and print how long they took."""
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    print(f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {len(COMMANDS)} commands:")
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("cold", "warm"):
            folder = Path(scratch) / name
            folder.mkdir()
            took_s = [seconds(words, folder, Path(scratch) / "cache") for words in COMMANDS]
            rows = rows_in(folder / "printed.txt")
            print(f"{name}: {sum(took_s):.0f} s, {rows} of 4 toolchains in the first table")


def seconds(words: tuple[str, ...], folder: Path, cache: Path) -> float:
    """Wall time of a command, s; what it prints goes to a file."""
    command = [sys.executable, "-m", "whichext", *words]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    environment["PIP_CACHE_DIR"] = os.environ.get("PIP_CACHE_DIR", str(Path.home() / ".cache/pip"))
    start = time.perf_counter()
    with (folder / "printed.txt").open("w") as printed:
        subprocess.run(command, check=True, cwd=folder, env=environment, stdout=printed)
    return time.perf_counter() - start


def rows_in(printed: Path) -> int:
    """How many of the projects have a row with a time in the first table."""
    table = printed.read_text("utf-8").partition("┡")[2].partition("└")[0]
    return sum(f"total_{one}.total " in table for one in TOOLCHAINS.split(","))


if __name__ == "__main__":
    main()
