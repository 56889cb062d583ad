"""The NumPy reader stands in for limitprobe: same answers, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from whichext.race import limit

Array = npt.NDArray[Any]
Read = Callable[..., int]

arrays = hnp.arrays(
    st.sampled_from(["int64", "float64", "int8", "uint16", ">f4", "bool"]),
    hnp.array_shapes(min_dims=0, min_side=0, max_side=12),
)


@pytest.mark.slow
@pytest.mark.compiler
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(arrays, max_size=3),
    transposed=st.booleans(),
    threads=st.sampled_from([1, 2, 3, 7]),
)
def test_both_readers_give_the_same_checksum(
    probe: Read, values: list[Array], transposed: bool, threads: int
) -> None:
    arguments = [value.T if transposed else value for value in values]

    assert limit.read(*arguments, threads=threads) == probe(*arguments, threads=threads)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    size=st.integers(0, 5000)
    | st.integers((1 << 20) - 70, (1 << 20) + 70)
    | st.integers(8 << 20, (8 << 20) + 700),
    start=st.integers(0, 70),
    threads=st.sampled_from([1, 2, 3, 7]),
)
def test_both_readers_give_the_same_checksum_for_any_size_and_address(
    probe: Read, size: int, start: int, threads: int
) -> None:
    values = np.random.default_rng(size).integers(0, 256, size + start, np.uint8)[start:]

    assert limit.read(values, threads=threads) == probe(values, threads=threads)


def test_small_arrays_start_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit, "ThreadPoolExecutor", None)

    assert limit.read(np.ones(1 << 17, np.int64), np.ones(1), threads=7) == limit.read(
        np.ones(1 << 17, np.int64), np.ones(1)
    )


def test_large_arrays_are_shared_out_among_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    class Recording(ThreadPoolExecutor):
        def __init__(self, workers: int) -> None:
            started.append(workers)
            super().__init__(workers)

    monkeypatch.setattr(limit, "ThreadPoolExecutor", Recording)
    monkeypatch.setattr(limit, "_BYTES_PER_THREAD", 1000)
    values = np.arange(1000)

    assert limit.read(values, threads=3) == limit.read(values)
    assert started == [3]
