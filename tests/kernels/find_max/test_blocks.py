"""rustpy.blocks: arrays in blocks get NumPy's maxima, or a clean error."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import dask.array
import numpy as np
import pytest
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

pytestmark = [pytest.mark.slow, pytest.mark.compiler]

Array = np.ndarray[Any, Any]

VALUES = np.random.default_rng(0).integers(0, 1_000, size=(30, 12))
DTYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "datetime64[ns]", "timedelta64[s]"),
    *(">i2", ">u8", ">f8", ">M8[us]"),
    *("longdouble", "complex128", "O"),
)


def in_chunks(values: Array, chunks: Any = (7, 4)) -> Any:
    return dask.array.from_array(values, chunks=chunks, name=False)


def computed(found: Any) -> Array:
    answer: Array = found.compute(scheduler="synchronous")
    return answer


def assert_maxima(blocks: ModuleType, array: Any, values: Array) -> None:
    """The maxima of columns and of rows are NumPy's, in the dtype of Dask's."""
    for axis in (0, 1):
        found = blocks.find_max_blocks(array, axis)
        expected = values.max(axis=axis)
        np.testing.assert_array_equal(computed(found), expected, strict=True)
        assert (found.shape, found.dtype) == (expected.shape, values.dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("chunks", [(7, 4), (1, 1), (30, 12), ((20, 1, 9), (5, 7))])
def test_every_dtype_in_any_chunks_gets_numpys_maxima(
    blocks: ModuleType, dtype: str, chunks: Any
) -> None:
    values = VALUES.astype(dtype)
    assert_maxima(blocks, in_chunks(values, chunks), values)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", ">f8"])
def test_a_nan_wins_in_whichever_block_it_is(blocks: ModuleType, dtype: str) -> None:
    values = VALUES.astype(dtype)
    values[[0, 17, 29], [0, 3, 11]] = np.nan
    assert_maxima(blocks, in_chunks(values), values)
    assert np.isnan(computed(blocks.find_max_blocks(in_chunks(values)))).sum() == 3


def test_a_time_that_is_none_wins_as_well(blocks: ModuleType) -> None:
    values = VALUES.astype("datetime64[ns]")
    values[17, 3] = "NaT"
    assert_maxima(blocks, in_chunks(values), values)


def test_zeros_of_either_sign_are_equal(blocks: ModuleType) -> None:
    values = np.array([[-0.0, 0.0], [0.0, -0.0], [-0.0, -0.0]])
    assert_maxima(blocks, in_chunks(values, (1, 1)), values)


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_any_values_in_any_chunks_and_order_get_numpys_maxima(
    blocks: ModuleType, data: st.DataObject
) -> None:
    shape = data.draw(st.tuples(st.integers(1, 12), st.integers(1, 12)))
    dtype = data.draw(st.sampled_from(["int8", "int64", "uint16", "float32", "float64", ">i4"]))
    values = data.draw(arrays(dtype, shape))
    turned = data.draw(st.sampled_from([values, np.asfortranarray(values), values[::-1, ::-1]]))
    chunks = tuple(data.draw(cuts(length)) for length in shape)
    assert_maxima(blocks, in_chunks(turned, chunks), turned)


@st.composite
def cuts(draw: st.DrawFn, length: int) -> tuple[int, ...]:
    """Lengths of chunks of an axis; some may be empty."""
    places = sorted(draw(st.lists(st.integers(0, length), max_size=4)))
    edges = (0, *places, length)
    return tuple(end - start for start, end in pairwise(edges))


def test_chunks_of_unknown_sizes_get_numpys_maxima(blocks: ModuleType) -> None:
    chosen = VALUES[:, 0] > 500
    some = in_chunks(VALUES, (7, 12))
    found = blocks.find_max_blocks(some[some[:, 0] > 500])
    np.testing.assert_array_equal(computed(found), VALUES[chosen].max(axis=0), strict=True)


def test_several_threads_in_each_block_change_no_answer(blocks: ModuleType) -> None:
    values = np.random.default_rng(1).integers(0, 10**6, size=(4_000, 2_000))
    array = in_chunks(values, (2_000, 2_000))
    for compute in (blocks.compute_max, blocks.compute_max_in_turn, blocks.compute_max_crowded):
        np.testing.assert_array_equal(compute(array, 2), values.max(axis=0), strict=True)


@pytest.mark.parametrize(("columns", "tasks"), [(8, [40, 1]), (2**20, [40, 10, 3, 1])])
def test_one_task_reduces_many_small_maxima_and_few_large_ones(
    blocks: ModuleType, columns: int, tasks: list[int]
) -> None:
    array = dask.array.zeros((40, columns), chunks=(1, columns))
    for axis, one in ((0, array), (1, array.T), (-1, array.T)):
        layers = blocks.find_max_blocks(one, axis).dask.layers
        assert [len(layer) for name, layer in layers.items() if "find_max" in name] == tasks


def test_without_rows_it_is_an_error_as_in_numpy_and_without_columns_it_is_empty(
    blocks: ModuleType,
) -> None:
    with pytest.raises(ValueError, match="one row"):
        computed(blocks.find_max_blocks(in_chunks(np.empty((0, 3)))))
    assert computed(blocks.find_max_blocks(in_chunks(np.empty((3, 0))))).shape == (0,)


# What is refused


@pytest.mark.parametrize("array", [VALUES, [[1, 2]], np.ma.masked_array(VALUES)])
def test_what_is_in_no_blocks_is_refused(blocks: ModuleType, array: Any) -> None:
    kind = type(array).__name__
    with pytest.raises(TypeError, match=f"got {kind}"):
        blocks.find_max_blocks(array)


def test_masked_blocks_are_refused_and_at_the_latest_when_they_are_computed(
    blocks: ModuleType,
) -> None:
    masked = in_chunks(VALUES).map_blocks(np.ma.masked_greater, 500)
    with pytest.raises(TypeError, match="got MaskedArray"):
        blocks.find_max_blocks(masked)
    unknown = in_chunks(VALUES).map_blocks(
        np.ma.masked_greater, 500, meta=np.empty((0, 0), VALUES.dtype)
    )
    with pytest.raises(TypeError, match="got MaskedArray"):
        computed(blocks.find_max_blocks(unknown))


@pytest.mark.parametrize("shape", [(3,), (2, 3, 4)])
def test_other_numbers_of_axes_are_refused(blocks: ModuleType, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=f"2-D .*, got {len(shape)}-D"):
        blocks.find_max_blocks(dask.array.zeros(shape))


# Files


@pytest.mark.parametrize("axis", [None, 2, -3, (0,), "0"])
def test_another_axis_is_refused(blocks: ModuleType, axis: Any) -> None:
    with pytest.raises(ValueError, match=re.escape(f"one axis of two, 0 or 1, got {axis!r}")):
        blocks.find_max_blocks(in_chunks(VALUES), axis)


@pytest.fixture
def mapped(tmp_path: Path) -> np.memmap[Any, Any]:
    """The values in a file, behind 13 bytes."""
    path = tmp_path / "values"
    array = np.memmap(path, VALUES.dtype, "w+", offset=13, shape=VALUES.shape)
    array[:] = VALUES
    return array


VIEWS = {
    "whole": np.s_[:],
    "some": np.s_[3:25:2, ::-3],
    "upside down": np.s_[::-1],
    "one row": np.s_[4:5],
    "one column": np.s_[:, 11:],
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("turned", [False, True])
def test_a_mapped_file_gets_numpys_maxima_through_any_view(
    blocks: ModuleType, mapped: Any, view: Any, turned: bool
) -> None:
    array = mapped[view].T if turned else mapped[view]
    assert_maxima(blocks, array, np.array(array))
    for chunks in ((7, 4), (1, 1)):
        cut = blocks.in_blocks(array).rechunk(chunks)
        np.testing.assert_array_equal(computed(cut), np.array(array), strict=True)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("processors", [1, 2, 64])
def test_tasks_of_several_blocks_of_a_file_get_numpys_maxima(
    blocks: ModuleType,
    mapped: Any,
    view: Any,
    turned: bool,
    processors: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    array = mapped[view].T if turned else mapped[view]
    with dask.config.set({"array.chunk-size": "100B"}):
        assert_maxima(blocks, array, np.array(array))


@pytest.mark.parametrize(
    ("processors", "tasks"), [(1, [8, 8, 1]), (2, [10, 10, 1]), (9, [30, 30, 1])]
)
def test_few_tasks_reduce_a_file_and_enough_for_all_processors(
    blocks: ModuleType,
    mapped: Any,
    processors: int,
    tasks: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    with dask.config.set({"array.chunk-size": "100B"}):  # a row of 96 bytes
        layers = blocks.find_max_blocks(mapped).dask.layers
    assert [len(layer) for layer in layers.values()][-3:] == tasks


def test_what_was_written_last_is_read_whatever_the_mode(blocks: ModuleType, mapped: Any) -> None:
    for mode in ("r", "r+", "c"):
        array = np.memmap(mapped.filename, VALUES.dtype, mode, offset=13, shape=VALUES.shape)
        if mode != "r":
            array[7, 3] += 5_000
        assert_maxima(blocks, array, np.array(array))
    # What mode "c" has changed is in no file.
    assert mapped.max() == VALUES[7, 3] + 5_000


def test_blocks_of_a_file_are_pieces_of_it(blocks: ModuleType, tmp_path: Path) -> None:
    shape = (2**14, 2**11)  # 256 MiB that are nowhere on the disk
    for order, whole in (("C", 1), ("F", 0)):
        array = np.memmap(tmp_path / order, np.int64, "w+", shape=shape, order=order)
        cut = blocks.in_blocks(array)
        assert cut.numblocks[whole] == 1
        assert cut.numblocks[1 - whole] > 1


def test_a_mapped_array_is_sent_as_the_path_of_its_file(blocks: ModuleType, mapped: Any) -> None:
    found = blocks.find_max_blocks(mapped)
    sent = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(computed(sent), VALUES.max(axis=0), strict=True)
    assert bytes(VALUES[:1]) not in pickle.dumps(found)


def test_a_file_that_is_gone_is_named(blocks: ModuleType, mapped: Any) -> None:
    found = blocks.find_max_blocks(mapped)
    Path(mapped.filename).unlink()
    with pytest.raises(FileNotFoundError, match="values"):
        computed(found)


def test_a_mapped_file_is_not_held_as_a_whole(blocks: ModuleType, tmp_path: Path) -> None:
    array = np.memmap(tmp_path / "values", np.int8, "w+", shape=(2**19, 2**10))
    array[:] = 1
    del array
    code = (
        "import sys, numpy as np, dask; sys.path[:0] = sys.argv[2:]\n"
        "from pathlib import Path\n"
        "from rustpy import blocks\n"
        "def peak():\n"
        "    lines = Path('/proc/self/status').read_text().splitlines()\n"
        "    return next(int(one.split()[1]) // 1024 for one in lines if 'VmHWM' in one)\n"
        "array = np.memmap(sys.argv[1], np.int8, 'r', shape=(2**19, 2**10))\n"
        "dask.config.set({'array.chunk-size': '16MiB'})\n"
        "blocks.compute_max(array[:1000], 2)\n"
        "before = peak()\n"
        "assert (blocks.compute_max(array, 2) == 1).all()\n"
        "print(peak() - before)\n"
    )
    site = str(Path(str(blocks.__file__)).parents[1])
    command = [sys.executable, "-c", code, str(tmp_path / "values"), site]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(told.stdout) < 100, "MiB of 512 in blocks of 16, two at a time"


@pytest.mark.parametrize("dtype", ["int64", "float32", "uint8"])
def test_a_zarr_array_gets_numpys_maxima_with_a_last_chunk_that_is_shorter(
    blocks: ModuleType, tmp_path: Path, dtype: str
) -> None:
    values = VALUES.astype(dtype)
    stored = zarr.create_array(
        str(tmp_path / "values.zarr"), shape=values.shape, chunks=(7, 4), dtype=dtype
    )
    stored[:] = values
    assert_maxima(blocks, stored, values)


def test_importing_it_does_not_import_dask(blocks: ModuleType) -> None:
    site = str(Path(str(blocks.__file__)).parents[1])
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "import rustpy.blocks; print('dask' in sys.modules)"
    )
    command = [sys.executable, "-c", code, site]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


def test_the_code_of_its_page_runs(
    blocks: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Path(__file__).parents[3] / "docs" / "howto" / "arrays_larger_than_memory.md"
    found = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    (code,) = (text for text in found if f"from {blocks.__name__} import" in text)
    monkeypatch.chdir(tmp_path)
    exec(code, {})
