"""What every entry of find_max promises, whatever it is written in."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from inline_snapshot import snapshot

from whichext.load.kernel import load_kernel
from whichext.model.kernel import Prepared
from whichext.verify.inputs.nasty import nasty_inputs

pytestmark = [pytest.mark.slow, pytest.mark.compiler]

Array = npt.NDArray[Any]
Entry = Callable[..., Any]

SERIAL = (
    "cypy.find_max",
    "cypy.find_max_rows",
    "rustpy.find_max",
    "rustpy.find_max_rows",
)
PARALLEL = (
    "cypy.find_max_prange",
    "rustpy.find_max_parallel",
    "rustpy.find_max_unsafe",
    "rustpy.find_max_disjoint",
)
each = pytest.mark.parametrize("entry", SERIAL + PARALLEL, indirect=True)
each_parallel = pytest.mark.parametrize("entry", PARALLEL, indirect=True)

KERNEL = load_kernel("find_max")


@cache
def answered() -> dict[str, Prepared]:
    """Nasty inputs that each entry must answer; made by its tests, and not for a collection."""
    return {
        name: prepared
        for name, prepared in nasty_inputs(KERNEL).items()
        if not prepared.refusal
        and not any(kind in name for kind in ("big-endian", "subclass"))
        and name.startswith(KERNEL.dtypes)
    }


@each
def test_every_nasty_array_of_native_byte_order_gets_the_answer_of_numpy(entry: Entry) -> None:
    assert len(answered()) > 50
    for name, prepared in answered().items():
        (values,) = prepared.arguments

        result = entry(values)

        np.testing.assert_array_equal(result, prepared.answer, err_msg=name)
        assert (result.dtype, result.flags.owndata) == (values.dtype, True), name


@each
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_strided_view_of_any_values_gets_the_answer_of_numpy(
    entry: Entry, data: st.DataObject
) -> None:
    dtype = data.draw(st.sampled_from(["int64", "float64"]))
    base = data.draw(hnp.arrays(dtype, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9)))
    steps = data.draw(st.tuples(*[st.sampled_from([-3, -2, -1, 1, 2, 3])] * 2))
    view = base[:: steps[0], :: steps[1]]
    view = view.T if data.draw(st.booleans()) else view

    np.testing.assert_array_equal(entry(view), view.max(axis=0))


REFUSED = (
    ([[1, 2]], TypeError, "{name} expects a NumPy array, got list"),
    (
        np.ma.masked_array([[1]]),
        TypeError,
        "{name} expects a plain NumPy array, got the subclass MaskedArray: "
        "pass numpy.asarray(values)",
    ),
    (np.arange(3), ValueError, "{name} expects a 2-D array, got 1-D with shape (3,)"),
    (
        np.zeros((2, 3, 4)),
        ValueError,
        "{name} expects a 2-D array, got 3-D with shape (2, 3, 4)",
    ),
    (
        np.zeros((2, 2), np.int32),
        TypeError,
        "{name} supports int64 and float64 in native byte order, got int32",
    ),
    (
        np.zeros((2, 2), ">i8"),
        TypeError,
        "{name} supports int64 and float64 in native byte order, got >i8",
    ),
    (np.zeros((0, 5)), ValueError, "{name} needs at least one row, got shape (0, 5)"),
)


@each
@pytest.mark.parametrize(
    ("values", "kind", "text"), REFUSED, ids=[text.split(" got ")[1] for *_, text in REFUSED]
)
def test_wrong_input_gets_an_exception_that_says_both_sides(
    entry: Entry, values: Any, kind: type[Exception], text: str
) -> None:
    with pytest.raises(kind) as caught:
        entry(values)

    assert str(caught.value) == text.format(name=entry.__name__)


@each_parallel
@pytest.mark.parametrize("threads", [1, 2, 3, 8, None])
def test_the_answer_is_the_same_for_every_thread_count(entry: Entry, threads: int | None) -> None:
    values = np.random.default_rng(1).integers(-1000, 1000, size=(50, 301))

    np.testing.assert_array_equal(entry(values, threads=threads), values.max(axis=0))


@each_parallel
def test_a_thread_count_below_one_is_refused(entry: Entry) -> None:
    with pytest.raises(ValueError, match=r"^threads .* 1, got 0$"):
        entry(np.zeros((2, 2)), threads=0)


@each
def test_the_gil_is_released_while_computing(entry: Entry) -> None:
    values = np.zeros((2_000, 20_000))
    running, ticks = threading.Event(), 0

    def tick() -> None:
        nonlocal ticks
        while running.is_set():
            ticks += 1
            time.sleep(0)

    running.set()
    ticker = threading.Thread(target=tick)
    ticker.start()
    before = ticks
    entry(values)
    during = ticks - before
    running.clear()
    ticker.join()

    assert during > 10


@each
def test_several_python_threads_may_call_it_at_once(entry: Entry) -> None:
    values = np.random.default_rng(2).integers(0, 9, size=(40, 500))
    results: list[Array] = []
    callers = [
        threading.Thread(target=lambda: results.extend(entry(values) for _ in range(20)))
        for _ in range(4)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert len(results) == 80
    assert all(np.array_equal(result, values.max(axis=0)) for result in results)


@pytest.mark.parametrize("entry", PARALLEL[1:], indirect=True)
def test_a_forked_child_of_a_parallel_caller_still_gets_answers(entry: Entry) -> None:
    values = np.arange(12).reshape(3, 4)
    entry(values, threads=2)

    pid = os.fork()
    if pid == 0:
        os._exit(0 if np.array_equal(entry(values, threads=2), values.max(axis=0)) else 1)

    assert _exit_code_within(pid, seconds=20) == 0


def _exit_code_within(pid: int, seconds: float) -> int | None:
    """Exit code of a child; None when it had to be killed."""
    killer = threading.Timer(seconds, os.kill, (pid, 9))
    killer.start()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    killer.cancel()
    return None if code < 0 else code


def test_an_unknown_schedule_is_refused_with_the_known_ones(
    modules: dict[str, ModuleType],
) -> None:
    with pytest.raises(ValueError, match="schedule") as caught:
        modules["cypy"].find_max_prange(np.zeros((2, 2)), schedule="auto")

    assert str(caught.value) == snapshot(
        "schedule must be 'static', 'dynamic' or 'guided', got 'auto'"
    )


@pytest.mark.parametrize("schedule", ["static", "dynamic", "guided"])
def test_every_schedule_gives_the_same_answer(
    modules: dict[str, ModuleType], schedule: str
) -> None:
    values = np.random.default_rng(3).random((30, 77))

    result = modules["cypy"].find_max_prange(values, threads=2, schedule=schedule)

    np.testing.assert_array_equal(result, values.max(axis=0))
