"""Is the limit probe's reader the fastest? Builds variants of its C sources and races them.

    .venv/bin/python benchmarks/limit_variants.py --megabytes 800 --threads 1 --rounds 15

One process, one array, a random order in each round; `x` is the median over rounds of (time as
shipped / time of the variant) of the same round: above 1 the variant is faster than the shipped.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import platform
import shlex
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

SOURCES = Path(__file__).parents[1] / "src/whichext/race/limit/limitprobe/src"
REGISTERS = {16: [], 32: ["-mavx2"], 64: ["-mavx512f"]}  # bytes -> flags, as in meson.build
SHIPPED = "as shipped"

Read = Callable[[], object]


class Span(ctypes.Structure):
    """`struct span` of reader.h."""

    _fields_ = (("start", ctypes.c_void_p), ("bytes", ctypes.c_size_t))


def variants() -> dict[str, tuple[str, ...]]:
    """Macros of each variant; FAR_LINES=0 makes it read every size in the way that it names."""
    found: dict[str, tuple[str, ...]] = {SHIPPED: ()}
    for streams in (1, 2, 4, 8, 12):
        found[f"{streams} streams"] = (f"FAR_STREAMS={streams}", "AHEAD_BYTES=0", "FAR_LINES=0")
    for ahead in (512, 1024, 2048):
        for hint, locality in (("T0", 3), ("T1", 2)):
            macros = (f"AHEAD_BYTES={ahead}", f"LOCALITY={locality}", "FAR_LINES=0")
            found[f"8 streams, {hint} {ahead} B ahead"] = macros
    for streams in (4, 12):
        found[f"{streams} streams, T1 1024 B ahead"] = (f"FAR_STREAMS={streams}", "FAR_LINES=0")
    for name, width in (("AVX2", 32), ("SSE2", 16)):
        found[f"{SHIPPED}, {name}"] = (f"WIDEST={width}",)
    found["threads whatever the size"] = ("BYTES_PER_THREAD=1",)
    return found


def build(macros: tuple[str, ...], folder: Path) -> ctypes.CDLL:
    """Compile the reader, which knows no Python, as meson.build does; macros apply to all of it."""
    cc = [*shlex.split(os.environ.get("CC", "cc")), "-O3", "-fPIC", "-pthread"]
    cc += [f"-D{macro}" for macro in macros]
    objects = []
    for width, flags in REGISTERS.items():
        if width == 16 or platform.machine() == "x86_64":
            objects.append(str(folder / f"lines_{width}.o"))
            source = str(SOURCES / "lines.c")
            command = [*cc, *flags, f"-DWIDTH={width}", "-c", source, "-o", objects[-1]]
            subprocess.run(command, check=True)
    library = folder / f"reader_{len(list(folder.glob('*.so')))}.so"
    reader = str(SOURCES / "reader.c")
    subprocess.run([*cc, "-shared", reader, *objects, "-o", str(library)], check=True)
    return ctypes.CDLL(str(library))


def reader(library: ctypes.CDLL, values: npt.NDArray[Any], threads: int) -> Read:
    """A call of `read_spans` on the whole array."""
    span = Span(values.ctypes.data, values.nbytes)
    library.read_spans.argtypes = (ctypes.POINTER(Span), ctypes.c_size_t, ctypes.c_size_t)
    library.read_spans.restype = ctypes.c_uint64
    return lambda: library.read_spans(ctypes.byref(span), 1, threads)


def race(readers: dict[str, Read], rounds: int, calls: int) -> dict[str, list[int]]:
    """Times in ns of every reader, one a round."""
    random, times = np.random.default_rng(), {name: [0] * rounds for name in readers}
    for turn in range(-1, rounds):  # the first only warms up
        for name in random.permutation(list(readers)).tolist():
            start = time.perf_counter_ns()
            for _ in range(calls):
                readers[name]()
            times[name][turn] = (time.perf_counter_ns() - start) // calls
    return times


def main() -> None:
    """Print one line a variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=800)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    values = np.random.default_rng(1).integers(0, 100_000, size=int(options.megabytes * 125_000))
    with tempfile.TemporaryDirectory() as folder:
        libraries = {name: build(macros, Path(folder)) for name, macros in variants().items()}
    readers = {name: reader(lib, values, options.threads) for name, lib in libraries.items()}
    expected = int(np.bitwise_xor.reduce(values.view(np.uint64)))
    assert {read() for read in readers.values()} == {expected}, "a variant reads something else"
    readers["1 thread"] = reader(libraries[SHIPPED], values, 1)
    readers["numpy.max"] = values.max
    readers["numpy.bitwise_xor.reduce"] = lambda: np.bitwise_xor.reduce(values)
    times = race(readers, options.rounds, max(1, 32_000_000 // values.nbytes))
    print(f"{values.nbytes} bytes, {options.threads} threads, {options.rounds} rounds")
    for name, taken in times.items():
        ratio = statistics.median(a / b for a, b in zip(times[SHIPPED], taken, strict=True))
        speed = values.nbytes / statistics.median(taken)
        print(f"{name:32} {speed:7.2f} GB/s   x {ratio:.3f}")


if __name__ == "__main__":
    main()
