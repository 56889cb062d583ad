"""What both readers promise, held against a naive checksum."""

from __future__ import annotations

import array
import mmap
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

pytestmark = [pytest.mark.slow, pytest.mark.compiler]

Array = npt.NDArray[Any]
Read = Callable[..., int]

MEBIBYTE = 1 << 20
THREADS = (1, 2, 3, 7)
DTYPES = ("int64", "float64", "int8", "float32", ">i8", "complex128", "M8[ns]", "i1,f8", "S3")

lenient = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
sizes_bytes = st.integers(0, 5000) | st.integers(MEBIBYTE - 200, MEBIBYTE + 200)


def checksum(*contents: bytes) -> int:
    """The definition, word by word."""
    total = 0
    for turn, content in enumerate(contents):
        word = 0
        for at in range(0, len(content), 8):
            word ^= int.from_bytes(content[at : at + 8], "little")
        for _ in range(turn):
            word = (word << 1 | word >> 63) & (2**64 - 1)
        total ^= word
    return total


def noise(n_bytes: int, seed: int = 0) -> Array:
    """Random bytes, shape (n_bytes,)."""
    return np.random.default_rng(seed).integers(0, 256, n_bytes, np.uint8)


@lenient
@given(size=sizes_bytes, start=st.integers(0, 130), threads=st.sampled_from(THREADS))
def test_any_size_at_any_address_has_the_checksum_of_its_bytes(
    read: Read, size: int, start: int, threads: int
) -> None:
    content = noise(size + start)[start:]

    assert read(content, threads=threads) == checksum(content.tobytes())


@lenient
@given(
    dtype=st.sampled_from(DTYPES),
    shape=st.lists(st.integers(0, 9), max_size=3),
    order=st.sampled_from("CF"),
    threads=st.sampled_from(THREADS),
)
@example(dtype="int64", shape=[], order="C", threads=1)
@example(dtype="int64", shape=[300, 500], order="F", threads=3)
def test_any_dtype_and_order_is_read_as_it_lies_in_memory(
    read: Read, dtype: str, shape: list[int], order: Any, threads: int
) -> None:
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    values = np.ndarray(shape, dtype, noise(size).tobytes(), order=order)

    assert read(values, threads=threads) == checksum(values.tobytes("A"))


@lenient
@given(sizes=st.lists(sizes_bytes, max_size=4), threads=st.sampled_from(THREADS))
def test_several_arguments_are_all_read(read: Read, sizes: list[int], threads: int) -> None:
    contents = [noise(size, seed) for seed, size in enumerate(sizes)]

    assert read(*contents, threads=threads) == checksum(*(c.tobytes() for c in contents))


# Sizes in MiB: from one part to several, and from data that is near to data that is far.
@pytest.mark.parametrize("mebibytes", [2, 7, 8, 10, 16, 33])
def test_large_arrays_have_one_checksum_for_every_thread_count(read: Read, mebibytes: int) -> None:
    content = noise(mebibytes * MEBIBYTE + 77)[5:]
    whole = content[: content.size // 8 * 8]
    tail = int.from_bytes(content[whole.size :].tobytes(), "little")
    expected = tail ^ int(np.bitwise_xor.reduce(np.frombuffer(whole.tobytes(), "<u8")))

    assert {read(content, threads=threads) for threads in (*THREADS, 64)} == {expected}


def test_a_large_and_a_small_argument_are_both_shared_out(read: Read) -> None:
    large, small = noise(17 * MEBIBYTE), noise(9)

    total = read(small, large, small, threads=3)

    assert total == read(small, large, small)
    assert total == read(small) ^ read(b"", large) ^ read(b"", b"", small)


@lenient
@given(data=st.data(), size=st.integers(1, 3000), flip=st.integers(1, 255))
def test_changing_any_byte_changes_the_checksum(
    read: Read, data: st.DataObject, size: int, flip: int
) -> None:
    content = noise(size)
    before = read(content)
    content[data.draw(st.integers(0, size - 1))] ^= flip

    assert read(content) != before


@pytest.mark.parametrize("threads", [1, 3])
def test_every_single_byte_of_a_shared_out_array_counts(read: Read, threads: int) -> None:
    content = noise(12 * MEBIBYTE + 13)[3:]
    before = read(content, threads=threads)
    for at in [*range(0, content.size, content.size // 97), content.size - 1]:
        content[at] ^= 1
        assert read(content, threads=threads) != before, at
        content[at] ^= 1


def test_an_array_given_twice_does_not_cancel_itself(read: Read) -> None:
    content = noise(100)
    before = read(content, content)
    content[50] ^= 1

    assert read(content, content) != before


@pytest.mark.parametrize("ignored", [(), (3,), ("text",), (None,), (2.5, [1, 2], {"a": 1})])
def test_what_has_no_buffer_is_ignored(read: Read, ignored: tuple[object, ...]) -> None:
    content = noise(40)

    assert read(*ignored) == 0
    assert read(*ignored, content, *ignored, content) == read(content, content)


def test_whatever_has_a_buffer_is_read(read: Read) -> None:
    content = noise(64)
    expected = read(content)
    mapped = mmap.mmap(-1, 64)
    mapped[:] = content.tobytes()

    for other in (
        content.tobytes(),
        bytearray(content),
        memoryview(content),
        array.array("d", content.tobytes()),
        memoryview(np.asfortranarray(content.view("i8").reshape(4, 2).T)),
        np.ma.masked_array(content),
        mapped,
    ):
        assert read(other) == expected


def test_read_only_arrays_are_read_and_no_array_is_changed(read: Read) -> None:
    content = noise(1000)
    content.flags.writeable = False
    before = content.tobytes()

    assert read(content) == checksum(before)
    assert content.tobytes() == before


@pytest.mark.parametrize(
    ("values", "strides"),
    [
        (np.zeros(10, np.int64)[::2], "(16,)"),
        (np.zeros((4, 6), np.int64)[:, :3], "(48, 8)"),
        (np.zeros(10, np.int64)[::-1], "(-8,)"),
        (np.broadcast_to(np.int64(3), (2, 3)), "(0, 0)"),
        (memoryview(bytes(10))[::3], "(3,)"),
        (np.zeros(10, "M8[ns]")[::2], "(16,)"),
    ],
)
def test_an_array_with_gaps_is_refused_with_its_strides(
    named: tuple[str, Read], values: object, strides: str
) -> None:
    name, read = named

    with pytest.raises(ValueError, match="strides") as caught:
        read(7, np.zeros(3), values)

    said = str(caught.value).replace(name, "READER").replace(strides, "STRIDES")
    assert said == snapshot(
        "READER expects contiguous arrays, got strides STRIDES in argument 3: pass "
        "numpy.ascontiguousarray(values)"
    )


def test_a_refusal_lets_go_of_the_buffers_before_it(read: Read) -> None:
    held = bytearray(8)

    with pytest.raises(ValueError, match="strides"):
        read(held, np.zeros(4)[::2])

    held.extend(b"more")  # BufferError while anybody holds it


def test_the_buffers_are_given_back_after_reading(read: Read) -> None:
    held = bytearray(8)
    read(held)

    held.extend(b"more")


def test_an_exporter_that_refuses_for_its_own_reason_is_quoted(read: Read) -> None:
    released = memoryview(b"abc")
    released.release()

    with pytest.raises(ValueError, match="released memoryview"):
        read(released)


@pytest.mark.parametrize("threads", [0, -1, 1025, 10**30, -(10**30)])
def test_a_thread_count_out_of_range_is_refused(named: tuple[str, Read], threads: int) -> None:
    name, read = named

    with pytest.raises(ValueError, match="threads") as caught:
        read(b"abc", threads=threads)

    said = str(caught.value).replace(name, "READER").replace(f"got {threads}", "got THREADS")
    assert said == snapshot("READER expects 1 to 1024 threads, got THREADS")


@pytest.mark.parametrize(("threads", "kind"), [("2", "str"), (2.0, "float"), (None, "NoneType")])
def test_a_thread_count_that_is_no_integer_is_refused(
    named: tuple[str, Read], threads: object, kind: str
) -> None:
    name, read = named

    with pytest.raises(TypeError) as caught:
        read(b"abc", threads=threads)

    said = str(caught.value).replace(name, "READER").replace(kind, "KIND")
    assert said == snapshot("READER expects threads to be an int, got KIND")


def test_numpy_integers_are_thread_counts(read: Read) -> None:
    assert read(b"abc", threads=np.int32(2)) == checksum(b"abc")


def test_another_keyword_is_refused(read: Read) -> None:
    with pytest.raises(TypeError, match="pool"):
        read(b"abc", pool=1)


def test_an_exception_of_the_thread_count_itself_comes_through(read: Read) -> None:
    class Broken:
        def __index__(self) -> int:
            raise RuntimeError("no idea")

    with pytest.raises(RuntimeError, match="no idea"):
        read(b"abc", threads=Broken())


def test_the_gil_is_released_while_reading(read: Read) -> None:
    values = np.zeros(64 * MEBIBYTE, np.uint8)
    entered, running, ticks = threading.Event(), threading.Event(), 0

    def tick() -> None:
        nonlocal ticks
        entered.set()
        while running.is_set():
            time.sleep(0)
            ticks += 1

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)  # s: nobody loses the GIL by the clock, only by giving it away
    running.set()
    ticker = threading.Thread(target=tick)
    try:
        ticker.start()
        entered.wait()
        before = ticks
        for _ in range(20):
            read(values)
        during = ticks - before
    finally:
        running.clear()
        sys.setswitchinterval(interval)
        ticker.join()

    assert during > 0


def test_as_many_threads_as_are_allowed_may_be_asked_for(read: Read) -> None:
    content = noise(100_003)

    assert read(content, threads=1024) == read(content)


def test_several_python_threads_may_read_at_once(read: Read) -> None:
    content, results = noise(7 * MEBIBYTE), []
    callers = [
        threading.Thread(target=lambda: results.extend(read(content, threads=2) for _ in range(9)))
        for _ in range(4)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert results == [read(content)] * 36


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="RLIMIT_AS is Linux's way")
def test_limitprobe_reads_all_where_the_system_grants_no_thread(probe: Read, site: Path) -> None:
    content = noise(40 * MEBIBYTE)
    # Stacks of 8 MiB do not fit into the little address space that is left.
    program = f"""
import resource, sys
sys.path.insert(0, {str(site)!r})
import limitprobe
content = sys.stdin.buffer.read()
resource.setrlimit(resource.RLIMIT_STACK, (8 << 20, resource.RLIM_INFINITY))
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 20), resource.RLIM_INFINITY))
print(limitprobe.read(content, threads=7))
"""
    result = subprocess.run(
        [sys.executable, "-c", program], input=content.tobytes(), capture_output=True, check=False
    )

    assert (result.stderr, int(result.stdout)) == (b"", probe(content))
