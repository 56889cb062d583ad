"""The set of toolchains: the same function in seven of them, right or refused on every input."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from whichext.load.kernel import load_kernel
from whichext.load.select import choose_contestants
from whichext.model.kernel import REFUSALS
from whichext.model.options import Options
from whichext.model.sets import sets_of
from whichext.verify.inputs.nasty import nasty_inputs

Array = npt.NDArray[Any]
Entry = Callable[..., Any]

KERNEL = load_kernel("find_max")
NEW = ("capi", "nanobindpy", "numbapy", "pybindpy", "pythranpy")
"""Projects of this set alone; those of cypy and rustpy have tests of their own."""
DECLARED = {
    project.entry_name(entry.function): entry.dtypes or KERNEL.dtypes
    for project in KERNEL.projects
    if project.name in NEW
    for entry in project.entries
}

each = pytest.mark.parametrize("entry", DECLARED, indirect=True)
each_with_dtypes = pytest.mark.parametrize(
    ("entry", "dtypes"), DECLARED.items(), indirect=["entry"]
)
any_example = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_the_set_has_a_naive_and_a_good_entry_of_seven_projects() -> None:
    modules = sorted((*NEW, "cypy", "rustpy"))
    expected = [f"{name}.{entry}" for name in modules for entry in ("find_max_tiled", "find_max")]
    assert sets_of(KERNEL)["toolchains"] == expected


def test_the_seven_are_written_in_seven_toolchains() -> None:
    chosen = choose_contestants(KERNEL, Options(set="toolchains"))
    toolchains = {c.toolchain for c in chosen} - {"numpy"}
    assert len(toolchains) == len(NEW) + 2


def test_the_default_set_has_none_of_the_new_projects() -> None:
    chosen = choose_contestants(KERNEL, Options())
    assert {c.module for c in chosen} == {None, "cypy", "rustpy", "peers"}


def test_both_bindings_of_cpp_have_the_same_kernel() -> None:
    one, other = (
        (Path(KERNEL.folder) / project / "src" / "maxima.hpp").read_text("utf-8")
        for project in ("nanobindpy", "pybindpy")
    )
    assert one == other


@pytest.mark.slow
@pytest.mark.compiler
@each_with_dtypes
def test_every_nasty_array_is_answered_as_numpy_does_or_refused(
    entry: Entry, dtypes: tuple[str, ...]
) -> None:
    answered = set()
    for name, prepared in nasty_inputs(KERNEL).items():
        try:
            result = entry(*prepared.arguments)
        except REFUSALS:
            assert prepared.plain_of not in dtypes, name
            continue
        assert not prepared.refusal, name
        np.testing.assert_array_equal(result, prepared.answer, err_msg=name)
        assert (type(result), result.dtype) == (np.ndarray, prepared.answer.dtype), name
        answered.add(prepared.plain_of)

    assert set(dtypes) <= answered


@pytest.mark.slow
@pytest.mark.compiler
@each_with_dtypes
@any_example
@given(data=st.data())
def test_any_layout_of_any_values_is_answered_as_numpy_does(
    entry: Entry, dtypes: tuple[str, ...], data: st.DataObject
) -> None:
    dtype = data.draw(st.sampled_from(dtypes))
    shape = st.tuples(st.integers(1, 70), st.integers(0, 300))
    base = data.draw(hnp.arrays(dtype, shape, elements=hnp.from_dtype(np.dtype(dtype))))
    base = np.asfortranarray(base) if data.draw(st.booleans()) else base
    steps = data.draw(st.tuples(*[st.sampled_from([-2, -1, 1, 2])] * 2))
    view = base[:: steps[0], :: steps[1]]

    if entry.__module__ == "pythranpy" and not view.flags.forc:
        with pytest.raises(ValueError, match="without gaps"):
            entry(view)
    else:
        np.testing.assert_array_equal(entry(view), view.max(axis=0))


# Fewer rows than places, narrow and wide rows, blocks and lanes that are cut, and columns of each.
SHAPES = (
    *((rows, columns) for rows in (1, 7, 8, 9, 100) for columns in (1, 127, 128, 129, 20_000)),
    *((rows, columns) for rows in (255, 256, 257, 2049, 50_001) for columns in (1, 3)),
)


@pytest.mark.slow
@pytest.mark.compiler
@each_with_dtypes
@pytest.mark.parametrize("shape", SHAPES)
def test_every_way_through_memory_finds_the_greatest_value_wherever_it_is(
    entry: Entry, dtypes: tuple[str, ...], shape: tuple[int, int]
) -> None:
    random = np.random.default_rng(0)
    for dtype in dtypes:
        for order in ("C", "F"):
            values = np.asarray(random.integers(0, 100, size=shape), dtype, order=order)
            if dtype.startswith("float"):
                values[random.integers(0, shape[0], 9), random.integers(0, shape[1], 9)] = np.nan
            np.testing.assert_array_equal(entry(values), values.max(axis=0), err_msg=dtype)


@pytest.mark.slow
@pytest.mark.compiler
@each
def test_a_read_only_array_is_answered(entry: Entry) -> None:
    values = np.arange(12.0).reshape(3, 4)
    values.flags.writeable = False
    np.testing.assert_array_equal(entry(values), values[2])


@pytest.mark.slow
@pytest.mark.compiler
@each
def test_the_gil_is_released_while_computing(entry: Entry) -> None:
    values = np.zeros((2_000, 20_000))
    entry(values[:2])  # Numba compiles
    running, ticks = threading.Event(), 0

    def tick() -> None:
        nonlocal ticks
        while running.is_set():
            ticks += 1
            time.sleep(0)

    running.set()
    ticker = threading.Thread(target=tick)
    ticker.start()
    during = []
    for _ in range(10):  # another process may have the processor during one of them
        before = ticks
        entry(values)
        during.append(ticks - before)
    running.clear()
    ticker.join()

    assert max(during) > 10


@pytest.mark.slow
@pytest.mark.compiler
def test_the_wheel_in_c_is_for_every_later_python(modules: dict[str, ModuleType]) -> None:
    (library,) = Path(str(modules["capi"].__file__)).parent.glob("_capi*")
    assert library.name == "_capi.abi3.so"
