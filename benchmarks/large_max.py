"""find_max of 4 GiB in a Dask worker that may have 1 GiB, against dask.array.max.

    pip install '.[large]' distributed
    python benchmarks/large_max.py                      # 4 GiB in a temporary folder
    python benchmarks/large_max.py --folder DIR --gib 1 --pairs 20

Makes a file of int64, reads it once so that it is in the page cache, and opens it as an np.memmap.
Both contestants get the same Dask array over it, whose blocks are mapped one at a time, and one
worker process of Dask with two threads and a limit of a quarter of the array. They take turns in
random order. The peak of each is what the system saw as resident in the worker, blocks of the file
included.

`whichext run large_max` races the same in fresh processes, other shapes, dtypes and sources too.
"""

from __future__ import annotations

import argparse
import importlib
import math
import mmap
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from whichext.build import build_project
from whichext.build.store import Store
from whichext.judge.ratios import CONFIDENCE, find_ratio
from whichext.load.kernel import load_kernel
from whichext.model.contestant import RELEASE
from whichext.model.outcome import Built
from whichext.system.machine import describe_machine

COLUMNS = {"large-tall": 128, "large-square": 2**14, "large-wide": 2**20}
"""Columns of each shape, as the cases of the kernel have them."""
GIB = 2**30
PIECE_BYTES = 2**26
OURS, THEIRS = "find_max_blocks", "dask.array.max"


def main() -> None:
    """Race each shape, and print the ratio and the peaks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Formatter)
    parser.add_argument("--folder", type=Path, help="where the file goes; removed at the end")
    parser.add_argument("--gib", type=float, default=4.0, help="size of the array")
    parser.add_argument("--pairs", type=int, default=12, help="turns of each contestant")
    parser.add_argument("--threads", type=int, default=2, help="threads of the worker")
    parser.add_argument("--shape", choices=COLUMNS, nargs="*", default=[*COLUMNS])
    asked = parser.parse_args()
    when = datetime.now(UTC).isoformat(timespec="seconds")
    print(f"{when}  $ python {' '.join(sys.argv)}\n{describe_machine()}")
    site = built()
    sys.path.insert(0, site)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (site, os.environ.get("PYTHONPATH"))))
    limit_bytes = round(asked.gib * GIB / 4)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        path = Path(folder) / "values"
        values = fill(path, round(asked.gib * GIB) // 8)
        print(f"{huge_share(path):.0%} of the file can be mapped in pages of 2 MiB")
        for shape in asked.shape:
            array = np.memmap(path, dtype=np.int64, mode="r", shape=(values, 1)).reshape(
                -1, COLUMNS[shape]
            )
            with worker(asked.threads, limit_bytes) as client:
                race(client, shape, array, asked.pairs, limit_bytes)


class _Formatter(argparse.RawDescriptionHelpFormatter, argparse.ArgumentDefaultsHelpFormatter):
    """The text as it is, and the defaults."""


def built() -> str:
    """Where rustpy is, built as whichext builds it."""
    (project,) = (one for one in load_kernel("large_max").projects if one.toolchain == "rust")
    store = Store()
    found = build_project(project, RELEASE, store).result
    assert isinstance(found, Built), found
    return str(store.site(found.key))


def fill(path: Path, values: int) -> int:
    """Write so many values below 100,000, and read them once; how many they are."""
    values -= values % max(COLUMNS.values())
    with path.open("wb") as file:
        for first in range(0, values, PIECE_BYTES // 8):
            count = min(PIECE_BYTES // 8, values - first)
            file.write(np.random.default_rng(first).integers(0, 100_000, size=count).tobytes())
    with path.open("rb") as file:
        while file.read(PIECE_BYTES):
            pass
    return values


def huge_share(path: Path) -> float:
    """How much of a file the page cache has in pages of 2 MiB: mapping these costs least.

    How much it is depends on how fragmented the memory was when the file was written.
    """
    mapped = np.memmap(path, np.uint8, "r")
    mapped[:: mmap.PAGESIZE].max()
    lines = Path("/proc/self/smaps").read_text().splitlines()
    first = next(n for n, line in enumerate(lines) if line.endswith(str(path)))
    (kib,) = (int(line.split()[1]) for line in lines[first:][:40] if "FilePmdMapped" in line)
    return kib * 1024 / len(mapped)


@contextmanager
def worker(threads: int, limit_bytes: int) -> Iterator[Any]:
    """One worker process with a limit, which Dask's nanny watches."""
    from dask.distributed import Client, LocalCluster

    cluster = LocalCluster(
        n_workers=1,
        threads_per_worker=threads,
        memory_limit=limit_bytes,
        dashboard_address=None,
    )
    with cluster, Client(cluster) as client:
        yield client


def race(client: Any, shape: str, array: Any, pairs: int, limit_bytes: int) -> None:
    """Turns of both in pairs; print how they compare."""
    blocks = importlib.import_module("rustpy.blocks")
    cut = blocks.in_blocks(array)
    contestants: dict[str, Callable[[], Any]] = {
        OURS: lambda: blocks.find_max_blocks(array).compute(),
        THEIRS: lambda: cut.max(axis=0).compute(),
    }
    expected = contestants[THEIRS]()
    assert np.array_equal(contestants[OURS](), expected), "wrong"
    (pid,) = client.run(os.getpid).values()
    took: dict[str, list[float]] = {name: [] for name in contestants}
    peaks = dict.fromkeys(contestants, 0)
    order = random.Random(0)
    for _ in range(pairs):
        for name in order.sample([*contestants], len(contestants)):
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # forgets the peak
            start = time.perf_counter()
            contestants[name]()
            took[name].append(time.perf_counter() - start)
            peaks[name] = max(peaks[name], peak_bytes(pid))
    assert client.run(os.getpid).popitem()[1] == pid, "the nanny has restarted the worker"
    logs = [math.log(one / other) for one, other in zip(took[THEIRS], took[OURS], strict=True)]
    ratio = find_ratio(logs, CONFIDENCE, None)
    assert ratio is not None, "no pairs"
    print(f"\n{shape} {array.shape} int64, blocks of {cut.chunksize}, {pairs} pairs")
    for name in contestants:
        within = "within" if peaks[name] <= limit_bytes else "BEYOND"
        print(
            f"  {name:16} {np.median(took[name]):7.3f} s (median), peak {peaks[name] / GIB:.2f} GiB"
            f", {within} the limit of {limit_bytes / GIB:.2f} GiB"
        )
    print(f"  {THEIRS} takes {ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}] of the time")


def peak_bytes(pid: int) -> int:
    """Most memory that was resident in a process since its peak was forgotten."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
