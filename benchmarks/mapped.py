"""Where the time of `large_max.py` goes: ways to the blocks of a file that is in the page cache.

    pip install '.[large]' distributed
    python benchmarks/mapped.py [--folder DIR] [--gib 4] [--rounds 12]

Threads reduce blocks of 128 MiB of a file of int64, (n, 128), without Dask. Each way takes a turn
in each round, in random order. A block is mapped when its turn comes, as `in_blocks` does; or with
MAP_POPULATE, so that one call of the system maps all its pages; or read piece by piece into a
buffer. In the ways that end with "kept", the whole file stays mapped. "one value a page" reads no
more than that of each block, so it is what mapping costs.
"""

from __future__ import annotations

import argparse
import math
import mmap
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from large_max import built, fill, huge_share

from whichext.judge.ratios import CONFIDENCE, find_ratio
from whichext.system.machine import describe_machine

COLUMNS, ITEM = 128, 8
BLOCK_BYTES = 2**27
MAPPED = "find_max, mapped"

Array = np.ndarray[Any, Any]
Reduce = Callable[[Array], object]
Way = Callable[[int], object]
"""Reduces the block that begins at some byte of the file."""


def main() -> None:
    """Race the ways, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--gib", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    when = datetime.now(UTC).isoformat(timespec="seconds")
    print(f"{when}  $ python {' '.join(sys.argv)}\n{describe_machine()}\n")
    sys.path.insert(0, built())
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        path = Path(folder) / "values"
        values = fill(path, round(asked.gib * 2**30) // ITEM)
        print(f"{huge_share(path):.0%} of the file can be mapped in pages of 2 MiB\n")
        with path.open("rb") as file, ThreadPoolExecutor(asked.threads) as pool:
            blocks = range(0, values * ITEM // BLOCK_BYTES * BLOCK_BYTES, BLOCK_BYTES)
            took = race(ways(file.fileno(), path), blocks, pool, asked.rounds)
    for name, times in took.items():
        logs = [math.log(one / other) for one, other in zip(times, took[MAPPED], strict=True)]
        ratio = find_ratio(logs, CONFIDENCE, None)
        assert ratio is not None, "no rounds"
        interval = f"{ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]"
        print(f"{name:28}{np.median(times):8.3f} s   {interval}")


def ways(file: int, path: Path) -> dict[str, Way]:
    """All ways by their names."""
    from rustpy import find_max_tiled

    def ours(block: Array) -> object:
        return find_max_tiled(block, 0, 1)

    def numpy(block: Array) -> object:
        return block.max(axis=0)

    def touch(block: Array) -> object:
        return block.reshape(-1)[:: mmap.PAGESIZE // ITEM].sum()

    return {
        MAPPED: mapped(file, ours),
        "numpy, mapped": mapped(file, numpy),
        "one value a page, mapped": mapped(file, touch),
        "find_max, populated": mapped(file, ours, mmap.MAP_POPULATE),
        "find_max, read by 256 KiB": read(file, ours, 2**18),
        "find_max, read by 1 MiB": read(file, ours, 2**20),
        "find_max, kept": kept(path, ours),
        "numpy, kept": kept(path, numpy),
    }


def mapped(file: int, reduce: Reduce, flags: int = 0) -> Way:
    """Map a block, reduce it, give it back."""

    def way(first: int) -> None:
        memory = mmap.mmap(file, BLOCK_BYTES, mmap.MAP_SHARED | flags, mmap.PROT_READ, offset=first)
        reduce(np.frombuffer(memory, np.int64).reshape(-1, COLUMNS))
        memory.close()

    return way


def read(file: int, reduce: Reduce, piece_bytes: int) -> Way:
    """Read pieces of a block into one buffer, and reduce each."""

    def way(first: int) -> None:
        buffer = np.empty((piece_bytes // ITEM // COLUMNS, COLUMNS), np.int64)
        for begin in range(first, first + BLOCK_BYTES, piece_bytes):
            os.preadv(file, [buffer], begin)
            reduce(buffer)

    return way


def kept(path: Path, reduce: Reduce) -> Way:
    """Reduce a block of a file that stays mapped as a whole."""
    whole = np.memmap(path, np.int64, "r").view(np.ndarray)

    def way(first: int) -> None:
        block = whole[first // ITEM : (first + BLOCK_BYTES) // ITEM]
        reduce(block.reshape(-1, COLUMNS))

    return way


def race(
    contestants: dict[str, Way], blocks: range, pool: ThreadPoolExecutor, rounds: int
) -> dict[str, list[float]]:
    """Seconds of each way in each round; before the first, each takes a turn that is not timed."""
    took: dict[str, list[float]] = {name: [] for name in contestants}
    order = random.Random(0)
    for number in range(rounds + 1):
        for name in order.sample([*contestants], len(contestants)):
            start = time.perf_counter()
            list(pool.map(contestants[name], blocks))
            if number:
                took[name].append(time.perf_counter() - start)
    return took


if __name__ == "__main__":
    main()
