"""The built-in kernel large_max: its inputs, its cases, and what it finds wrong."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.processes import PATIENCE_S, verified
from whichext.load.kernel import load_kernel
from whichext.load.select import choose_cases, choose_contestants
from whichext.model.case import Case
from whichext.model.check import find_fault
from whichext.model.options import Options
from whichext.model.outcome import Wrong

KERNEL = load_kernel("large_max")
SOURCES = ("file", "memory", "zarr")


def case(**params: Any) -> Case:
    usual = {"rows": 40, "columns": 12, "dtype": "int64", "source": "file", "chunks": (7, 5)}
    return Case("small", **{**usual, **params})


def values_of(one: Case) -> np.ndarray[Any, Any]:
    (values,) = KERNEL.inputs(one)
    found: np.ndarray[Any, Any] = values.compute(scheduler="synchronous")
    return found


@pytest.mark.parametrize("dtype", ["int64", "int8", "float64", "bool", "datetime64[ns]"])
@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_the_same_values_in_blocks(source: str, dtype: str) -> None:
    one = case(source=source, dtype=dtype)
    (values,) = KERNEL.inputs(one)
    assert (values.shape, str(values.dtype)) == ((40, 12), dtype)
    assert values.numblocks == ((1, 1) if source == "zarr" else (6, 3))
    np.testing.assert_array_equal(values_of(one), values_of(case(dtype=dtype)), strict=True)


def test_the_reference_answers_as_numpy_does() -> None:
    for one in (case(), case(dtype="float64", variant="nan"), case(chunks=(40, 12))):
        (values,) = KERNEL.inputs(one)
        expected = values_of(one).max(axis=0)
        np.testing.assert_array_equal(KERNEL.reference(values), expected, strict=True)
    assert np.isnan(values_of(case(dtype="float64", variant="nan"))).any()


def test_a_file_has_no_name_and_is_mapped_block_by_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (values,) = KERNEL.inputs(case())
    block = values.blocks[1, 1].compute(scheduler="synchronous")
    assert (block.shape, [*tmp_path.iterdir()]) == ((7, 5), [])


def test_by_default_cases_take_seconds_and_the_large_ones_have_four_gib() -> None:
    usual = choose_cases(KERNEL, Options())
    assert [one.source for one in usual] == list(SOURCES)
    assert {one.rows * one.columns * 8 for one in usual} == {2**27}
    large = choose_cases(KERNEL, Options(cases=("large",)))
    assert {(one.rows * one.columns * 8, one.dtype) for one in large} == {(2**32, "int64")}


def test_threads_of_dask_and_of_the_kernel_are_factors_and_both_are_told_apart() -> None:
    chosen = choose_contestants(KERNEL, Options(threads=(2,)))
    assert {one.name: one.pools for one in chosen} == {
        "in_turn": (),
        "daskpy.dask_max[2]": ("dask",),
        "rustpy.blocks.compute_max[2]": ("dask",),
        "rustpy.blocks.compute_max_in_turn[2]": ("kernel",),
        "rustpy.blocks.compute_max_crowded[2]": ("dask", "kernel"),
    }


def test_its_rust_project_is_that_of_find_max() -> None:
    shared, own = (
        next(one for one in load_kernel(name).projects if one.name == "rustpy")
        for name in ("large_max", "find_max")
    )
    assert shared.folder == own.folder
    # What a build depends on, so that there is one for both.
    assert (shared.needs, shared.requires) == (own.needs, own.requires)


WRONG = """
from dataclasses import replace

import dask.array as da

from whichext import Case
from whichext.load.kernel import load_kernel


def computed(values):
    return values.compute(scheduler="synchronous")


def last_rows_lost(values):
    return computed(values.blocks[:-1].max(axis=0) if values.numblocks[0] > 1 else 0 * values[0])


def nan_lost(values):
    return computed(da.nanmax(values, axis=0))


def columns_exchanged(values):
    blocks = [values.blocks[:, n] for n in range(values.numblocks[1])]
    return computed(da.concatenate(blocks[::-1], axis=1).max(axis=0))


def as_doubles(values):
    return computed(values.astype("float64").max(axis=0))


def not_computed(values):
    return values.max(axis=0)


def right(values):
    return computed(values.max(axis=0))


usual = {"rows": 40, "columns": 12, "source": "memory", "chunks": (7, 5)}
KERNEL = replace(
    load_kernel("large_max"),
    functions={one.__name__: one for one in (
        last_rows_lost, nan_lost, columns_exchanged, as_doubles, not_computed, right
    )},
    cases=(
        Case("whole", dtype="int64", **usual),
        Case("with_nan", dtype="float64", variant="nan", **usual),
    ),
    projects=(),
)
"""


@pytest.mark.slow
@pytest.mark.processes
def test_what_is_wrong_in_one_way_is_found_and_what_is_right_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "wrong"
    folder.mkdir()
    (folder / "kernel.py").write_text(WRONG)
    kernel = load_kernel(folder)
    options = Options(time_limit_s=PATIENCE_S)
    contestants = choose_contestants(kernel, options)
    sites = dict.fromkeys(one.name for one in contestants)
    checks = verified(kernel, contestants, sites, kernel.cases, options)
    faults = {one.entry: type(find_fault(one.name, checks)) for one in contestants}
    assert faults == {
        "in_turn": type(None),
        **dict.fromkeys(
            ("last_rows_lost", "nan_lost", "columns_exchanged", "as_doubles", "not_computed"), Wrong
        ),
        "right": type(None),
    }
