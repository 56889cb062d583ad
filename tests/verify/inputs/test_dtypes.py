"""Nasty inputs by dtype: for which there are some, and what times and single bytes get."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from whichext.model.case import Case
from whichext.model.check import Property
from whichext.model.kernel import Entry, Kernel, Project
from whichext.verify.inputs.nasty import nasty_inputs
from whichext.verify.inputs.strategies import array

Array = npt.NDArray[Any]

TIMES = ("datetime64[ns]", "timedelta64[s]")


def kernel_of(*dtypes: str, projects: tuple[Project, ...] = (), **changes: Any) -> Kernel:
    """A kernel of two-dimensional arrays."""
    return Kernel(
        question="How nasty?",
        reference=lambda values: values.shape,
        inputs=lambda case: (np.zeros(case.shape, case.dtype),),
        cases=(Case(name="big", shape=(100, 100), dtype=dtypes[0]),),
        dtypes=dtypes,
        bytes_moved=lambda _: 0,
        projects=projects,
        **changes,
    )


def project_of(*dtypes: tuple[str, ...] | None) -> Project:
    """A project with an entry for each declaration of dtypes."""
    return Project(
        name="fast",
        folder=Path("fast"),
        module="fast",
        toolchain="c",
        needs=(),
        entries=tuple(Entry(function=f"f{n}", dtypes=names) for n, names in enumerate(dtypes)),
    )


def array_of(name: str, dtype: str, **changes: Any) -> Array:
    (array,) = nasty_inputs(kernel_of(dtype, **changes))[f"{dtype} {name}"].arguments
    assert isinstance(array, np.ndarray)
    return array


def test_there_are_inputs_of_every_dtype_that_an_entry_declares_after_the_kernels_own() -> None:
    projects = (project_of(("int8", "float64"), None), project_of(("uint8", "int8")))
    found = nasty_inputs(kernel_of("float64", "bool", projects=projects))
    dtypes = dict.fromkeys(name.split(" ")[0] for name in found)
    assert list(dtypes) == ["float64", "bool", "int8", "uint8"]


def test_a_dtype_that_an_entry_declares_has_the_inputs_of_any_other() -> None:
    declared = nasty_inputs(kernel_of("bool", projects=(project_of(("int8",)),)))
    own = nasty_inputs(kernel_of("int8"))
    found = {name for name in declared if name.startswith("int8")}
    assert found < set(own)
    assert all(own[name].property is Property.LAYOUTS for name in set(own) - found)
    assert declared["int8 plain"].plain_of == "int8"


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8"])
def test_a_single_byte_has_no_order_and_is_always_aligned(dtype: str) -> None:
    two_bytes, one_byte = nasty_inputs(kernel_of("uint16")), nasty_inputs(kernel_of(dtype))
    names = [{name.split(" ", 1)[1] for name in found} for found in (two_bytes, one_byte)]
    of_values = {name for name in names[0] if name.startswith(("extremes", "greatest"))}
    absent = {name.partition(" (")[0] for name in names[0] - names[1] - of_values}
    assert absent == {"big-endian", "misaligned"}


@pytest.mark.parametrize("dtype", ["int8", "int64"])
def test_all_negative_is_negative_also_where_the_least_integer_was(dtype: str) -> None:
    least = int(np.iinfo(dtype).min)
    near = {"values": array(ndim=2, min_value=least, max_value=least + 100)}
    found = array_of("all negative", dtype, arguments=near)
    assert found.max() < 0


@pytest.mark.parametrize("dtype", TIMES)
def test_times_that_are_all_negative_are_none_of_them_missing(dtype: str) -> None:
    array = array_of("all negative", dtype)
    assert array.dtype == np.dtype(dtype)
    assert array.view("int64").max() < 0
    assert not np.isnat(array).any()


@pytest.mark.parametrize("dtype", TIMES)
def test_extremes_of_a_time_are_those_next_to_nat(dtype: str) -> None:
    array = array_of("extremes", dtype)
    numbers = array.view("int64")
    assert (array.dtype, numbers[0, 0], numbers[-1, -1]) == (dtype, 1 - 2**63, 2**63 - 1)


@pytest.mark.parametrize("dtype", TIMES)
def test_nat_is_first_last_in_the_middle_and_all_along_one_index(dtype: str) -> None:
    nat = np.isnat(array_of("NaT", dtype))
    found = [nat.flat[0], nat.flat[nat.size // 2], nat.flat[-1], nat[..., -1].all(), nat.all()]
    assert list(map(bool, found)) == [True, True, True, True, False]
