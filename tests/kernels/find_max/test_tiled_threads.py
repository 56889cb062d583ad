"""find_max_tiled with threads in both languages, and cypy's builds for older processors."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from inline_snapshot import snapshot

pytestmark = [pytest.mark.slow, pytest.mark.compiler]

Array = npt.NDArray[Any]
FindMax = Callable[..., Array]

TASKS = Path("/proc/self/task")
SHAPES = ((10, 600_000), (600_000, 10), (3000, 2000), (6_000_000, 1), (1, 6_000_000))


def _large(shape: tuple[int, int], dtype: str) -> Array:
    values = np.random.default_rng(shape[0]).integers(-100, 100, shape).astype(dtype)
    values[-1, -1] = values[0, 0] = 120  # at both ends: neither may be left out
    return values


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", ["int8", "int64", "float32"])
def test_large_arrays_get_the_same_answer_from_every_thread_count(
    find_max: FindMax, dtype: str, shape: tuple[int, int]
) -> None:
    values = _large(shape, dtype)
    for layout in (values, values[::-1, ::-1], np.asfortranarray(values), values[:, ::-2]):
        expected = layout.max(axis=0)
        for threads in (None, 1, 2, 3, 8, 1024):
            np.testing.assert_array_equal(find_max(layout, threads=threads), expected)


def test_out_is_written_by_all_threads(find_max: FindMax) -> None:
    values = _large((10, 600_000), "int64")
    out = np.zeros(600_000, "int64")

    assert find_max(values, threads=3, out=out) is out
    np.testing.assert_array_equal(out, values.max(axis=0))


def test_a_forked_child_of_a_parallel_caller_still_gets_answers(find_max: FindMax) -> None:
    values = _large((3000, 2000), "int64")
    find_max(values, threads=3)

    pid = os.fork()
    if pid == 0:
        right = np.array_equal(find_max(values, threads=3), values.max(axis=0))
        # One helper at least: it may lie down before the second is called, and be called again.
        os._exit(0 if right and len(list(TASKS.iterdir())) >= 2 else 1)

    watchdog = threading.Timer(20, os.kill, (pid, 9))
    watchdog.start()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    watchdog.cancel()
    assert code == 0


def test_several_python_threads_share_the_pool(find_max: FindMax) -> None:
    arrays = [_large((1000 + n, 700), "int64") + n for n in range(6)]
    wrong: list[int] = []

    def call(n: int) -> None:
        expected = arrays[n].max(axis=0)
        results = (find_max(arrays[n], threads=3) for _ in range(30))
        wrong.extend(n for result in results if not np.array_equal(result, expected))

    callers = [threading.Thread(target=call, args=(n,)) for n in range(len(arrays))]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert wrong == []


def _run(modules: dict[str, ModuleType], code: str, **environment: str) -> str:
    """What a fresh process prints that imports cypy, numpy as np, and has 48 MB of values."""
    site = Path(str(modules["cypy"].__file__)).parents[1]
    start = (
        f"import sys; sys.path.insert(0, {str(site)!r}); import cypy, numpy as np, os, resource\n"
    )
    start += "values = np.arange(6_000_000).reshape(3000, 2000)\n"
    start += "tasks = lambda: len(os.listdir('/proc/self/task'))\n"
    environment = {"OPENBLAS_NUM_THREADS": "1", **environment}
    done = subprocess.run(
        [sys.executable, "-c", start + code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_threads_is_a_ceiling_and_helpers_are_kept_for_the_next_call(
    modules: dict[str, ModuleType],
) -> None:
    code = "for n in (1, 3, 3, 2): cypy.find_max_tiled(values, threads=n); print(tasks())"

    counts = [int(count) for count in _run(modules, code).split()]

    # A helper that is late to lie down again may be replaced, once in each of the two last calls.
    assert counts[:2] == [1, 3]
    assert 3 <= counts[-1] <= 6


def test_a_small_array_starts_no_thread(modules: dict[str, ModuleType]) -> None:
    code = "cypy.find_max_tiled(values[:50], threads=8); print(tasks())"

    assert _run(modules, code) == "1"


@pytest.mark.parametrize(
    ("wanted", "tasks"), [("3", 3), ("2,5", 2), ("1", 1), ("0", None), ("many", None), ("", None)]
)
def test_by_default_omp_num_threads_or_else_the_cpus_of_the_process_decide(
    modules: dict[str, ModuleType], wanted: str, tasks: int | None
) -> None:
    code = "cypy.find_max_tiled(values); print(tasks())"

    found = _run(modules, code, OMP_NUM_THREADS=wanted)

    assert int(found) == (tasks or len(os.sched_getaffinity(0)))


def test_where_no_thread_can_be_started_the_caller_does_all_the_work(
    modules: dict[str, ModuleType],
) -> None:
    code = """
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (4 << 20),) * 2)
result = cypy.find_max_tiled(values, threads=8)
print(tasks(), bool((result == values[-1]).all()))
"""

    assert _run(modules, code) == "1 True"


@pytest.mark.parametrize("build", ["baseline", "avx2", "avx512"])
def test_the_builds_for_older_processors_give_the_same_answers(
    modules: dict[str, ModuleType], build: str
) -> None:
    code = """
random = np.random.default_rng(1)
wrong = []
for dtype in "? b h i q B H I Q e f d M8[s]".split():
    for shape in ((1, 40), (9, 5000), (5000, 9), (77, 77), (100_000, 1)):
        bits = random.integers(0, 256, (*shape, np.dtype(dtype).itemsize), np.uint8)
        values = (bits & 1 if dtype == "?" else bits).view(dtype)[..., 0]
        for layout in (values, np.asfortranarray(values), values[::2, ::2]):
            with np.errstate(invalid="ignore"):
                expected = layout.max(axis=0)
            result = cypy.find_max_tiled(layout)
            nothing = expected != expected
            if not np.array_equal(result[~nothing], expected[~nothing]) or not (
                np.array_equal(result != result, nothing)
            ):
                wrong.append((dtype, shape, layout.strides))
loaded = [name for name in sys.modules if "_kernels_" in name]
print(loaded, wrong)
"""
    from_cpu = _run(modules, "from cypy import _cpu; print(_cpu.build_to_use())")
    builds = ["baseline", "avx2", "avx512"]
    loaded = min(build, from_cpu, key=builds.index)

    assert _run(modules, code, CYPY_SIMD=build) == f"['cypy._kernels_{loaded}'] []"


def test_an_unknown_build_is_refused_on_import(modules: dict[str, ModuleType]) -> None:
    assert _run(modules, "", CYPY_SIMD="mmx") == snapshot(
        "ImportError: CYPY_SIMD must be one of baseline, avx2, avx512, got 'mmx'"
    )
