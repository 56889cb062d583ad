"""A snippet, run, gives back the arguments that it was written of."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import dask.array
import numpy as np
import numpy.typing as npt
import pytest
from inline_snapshot import snapshot

from whichext.load.kernel import load_kernel
from whichext.model.call import Call, parameter_names
from whichext.model.case import Case
from whichext.model.forms import Stateful
from whichext.model.kernel import Kernel
from whichext.verify.inputs.nasty import nasty_inputs
from whichext.verify.inputs.snippet import MOST_BYTES, is_short, write_recipe, write_snippet

Array = npt.NDArray[Any]

DTYPES = ("int8", "int64", "uint16", "bool", "float16", "float32", "float64", "complex64")
TIMES = ("datetime64[ns]", "timedelta64[s]")


def run(snippet: str) -> dict[str, Any]:
    """The names that it leaves."""
    names: dict[str, Any] = {}
    exec(compile(snippet, "snippet", "exec"), names)
    return names


@cache
def nasty(dtype: str) -> dict[str, Array]:
    """The one array of every nasty input that is short."""
    kernel = Kernel(
        question="How nasty?",
        reference=lambda values: values.shape,
        inputs=lambda case: (
            np.arange(np.prod(case.shape)).reshape(case.shape).astype(case.dtype),
        ),
        cases=(Case(name="big", shape=(100, 100), dtype=dtype),),
        dtypes=(dtype,),
        bytes_moved=lambda _: 0,
    )
    arrays = ((name, one.arguments) for name, one in nasty_inputs(kernel).items())
    return {name: arguments[0] for name, arguments in arrays if is_short(arguments)}


def traits(array: Array) -> tuple[object, ...]:
    """All that a snippet promises to keep but the elements."""
    flags = array.flags
    return array.dtype, array.shape, array.strides, flags.aligned, flags.writeable


@pytest.mark.parametrize("dtype", DTYPES + TIMES)
def test_a_nasty_array_comes_back_as_it_was(dtype: str) -> None:
    for name, array in nasty(dtype).items():
        again = run(write_snippet((array,), ("values",)))["values"]
        assert traits(again) == traits(array), name
        np.testing.assert_array_equal(again, array, err_msg=name)


def test_most_nasty_inputs_are_short() -> None:
    assert min(len(nasty(dtype)) for dtype in DTYPES + TIMES) > 15


def test_what_lies_between_the_elements_comes_back_too() -> None:
    array = nasty("int64")["int64 skipping strides"]
    again = run(write_snippet((array,), ("values",)))["values"]
    with_gaps, expected = (
        np.lib.stride_tricks.as_strided(one, (4,), (8,)).tolist() for one in (again, array)
    )
    assert with_gaps == expected
    assert with_gaps[1::2] == [2**63 - 1] * 2


def test_a_plain_array_is_written_as_anybody_would() -> None:
    written = write_snippet((np.array([[1, 2], [3, 4]], np.int32), 3), ("values",))
    assert written == snapshot("""\
import numpy as np

values = np.array([[1, 2], [3, 4]], 'int32')
argument_2 = 3\
""")


def test_nan_and_infinity_are_imported_where_they_are_used() -> None:
    assert write_snippet((np.array([np.nan, -np.inf, -0.0]),), ("values",)) == snapshot("""\
import numpy as np
from numpy import inf, nan

values = np.array([nan, -inf, -0.0], 'float64')\
""")


@pytest.mark.parametrize(
    "value",
    [
        np.ma.masked_array([[1, 2], [3, 4]], mask=[[True, False], [False, False]]),
        np.array([[1, None]], dtype=object),
        np.array(1),
        np.zeros((2, 0, 3)),
        np.array(["a", "bc"]),
        [[1, 2], [3, 4]],
    ],
    ids=["masked", "objects", "zero-dimensional", "empty", "text", "a list"],
)
def test_what_is_no_plain_array_of_numbers_comes_back_as_well(value: Any) -> None:
    again = run(write_snippet((value,), ("values",)))["values"]
    assert type(again) is type(value)
    np.testing.assert_array_equal(np.asarray(again), np.asarray(value))
    assert np.ma.getmaskarray(again).tolist() == np.ma.getmaskarray(value).tolist()


OWN = '''def twice(number):
    """Two times a number."""
    return 2 * number


thrice = lambda number: 3 * number
'''


@pytest.fixture
def own(tmp_path: Path) -> dict[str, Any]:
    """What a kernel.py defines, which no other process can import."""
    path = tmp_path / "kernel.py"
    path.write_text(OWN)
    names: dict[str, Any] = {"__name__": "_whichext_kernel_own"}
    exec(compile(OWN, path, "exec"), names)
    return names


@pytest.mark.parametrize(
    "value",
    [
        *("text", "nan", b"bytes", bytearray(b"ab"), 3, 2.5, True, None, range(3), 1j),
        *([], (), (1,), {}, set(), frozenset(), frozenset({1})),
        pytest.param({1, "a"}, id="mixed set"),  # two processes may print it in another order
        {"a": [1, (2, None)], 3: {"b": b""}},
        Fraction(1, 3),
        *(abs, math.floor, len, Fraction),
        np.datetime64("2020-01-01"),
        np.float32(0.1),
    ],
    ids=repr,
)
def test_what_is_no_array_comes_back_as_it_was(value: Any) -> None:
    again = run(write_snippet((value,), ("value",)))["value"]
    assert type(again) is type(value)
    assert again == value


def test_arrays_in_lists_come_back_too() -> None:
    again = run(write_snippet(([np.arange(3), {"a": np.array(["x", ""], "T")}],), ("parts",)))
    first, rest = again["parts"]
    assert first.tolist() == [0, 1, 2]
    assert rest["a"].tolist() == ["x", ""]


@pytest.mark.parametrize(("name", "answer"), [("twice", "14"), ("thrice", "21")])
def test_a_function_comes_back_as_what_it_does(
    own: dict[str, Any], name: str, answer: str, tmp_path: Path
) -> None:
    path = tmp_path / "pasted.py"
    path.write_text(write_snippet((own[name],), ("function",)) + "\nprint(function(7))\n")
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == answer


def test_a_function_is_written_as_its_author_wrote_it(own: dict[str, Any]) -> None:
    assert write_snippet((own["twice"], 3), ("function", "n")) == snapshot('''\
def twice(number):
    """Two times a number."""
    return 2 * number
function = twice
n = 3\
''')


def test_arguments_by_keyword_have_their_names() -> None:
    arguments = Call([1.5], 2, window=3, centre="no")
    assert write_snippet(arguments, ("values",)) == snapshot("""\
values = [1.5]
argument_2 = 2
window = 3
centre = 'no'\
""")


def test_no_arguments_are_none() -> None:
    assert write_snippet(()) == snapshot("arguments = ()")


@pytest.mark.parametrize("dtype", ["<U6", "T", ">U3"])
def test_arrays_of_texts_are_written_as_texts(dtype: str) -> None:
    written = write_snippet((np.array([["a", ""], ["nan", "bé"]], dtype),), ("texts",))
    assert "[['a', ''], ['nan', 'bé']]" in written
    again = run(written)["texts"]
    assert again.dtype == np.dtype(dtype)
    assert again.tolist() == [["a", ""], ["nan", "bé"]]


def test_long_texts_and_lists_are_not_written_out() -> None:
    short, long = ["word"] * 9, ["word"] * MOST_BYTES
    assert is_short((short, {"a": short}, "a"))
    assert not is_short((long,))
    assert not is_short(("a" * (MOST_BYTES + 1),))
    assert not is_short(({"a": [np.zeros(MOST_BYTES)]},))
    # Its representation is short, and all of its values would be written.
    assert not is_short((dask.array.from_array(np.zeros(MOST_BYTES), name=False),))


def test_a_subclass_comes_back_as_one_of_the_same_name() -> None:
    class Odd(np.ndarray[Any, Any]):
        pass

    again = run(write_snippet((np.arange(3).view(Odd),), ("values",)))["values"]
    assert (type(again).__name__, isinstance(again, np.ndarray)) == ("Odd", True)


def test_long_arrays_are_not_written_out() -> None:
    assert is_short((np.zeros(MOST_BYTES, np.int8), "axis"))
    assert not is_short((np.zeros(MOST_BYTES + 1, np.int8),))
    assert not is_short((np.zeros(2 * MOST_BYTES, np.int8)[::-1000],))


def test_parameters_have_the_functions_own_names() -> None:
    def reference(values: object, /, labels: object, *, keyword: int = 0) -> None:
        """Do nothing."""

    assert parameter_names(reference) == ("values", "labels")
    assert parameter_names(max) == ()


@pytest.mark.parametrize(("name", "is_case"), [("small", True), ("float64 odd shape", False)])
def test_a_long_input_is_made_by_its_kernel(row_sum: Kernel, name: str, is_case: bool) -> None:
    arguments = run(write_recipe(row_sum, name, is_case=is_case))["arguments"]
    case = next(case for case in row_sum.cases if case.name == "small")
    expected = row_sum.inputs(case) if is_case else nasty_inputs(row_sum)[name].arguments
    np.testing.assert_array_equal(arguments[0], expected[0])


def test_a_long_input_of_a_kernel_with_functions_is_made_by_the_kernel(row_sum: Kernel) -> None:
    kernel = replace(row_sum, functions={"added": sum})
    assert "load_kernel(" in write_recipe(kernel, "small", is_case=True)


def test_a_built_in_kernel_is_named_and_one_of_ones_own_is_a_path(row_sum: Kernel) -> None:
    built_in = next(iter(load_kernel(name) for name in ("find_max",)))
    assert "load_kernel('find_max')" in write_recipe(built_in, "wide", is_case=True)
    assert repr(str(Path(row_sum.folder))) in write_recipe(row_sum, "small", is_case=True)


def test_items_of_a_stream_with_several_values_are_written_as_calls() -> None:
    stream = [Call(1, 2.5), Call("a", by=np.zeros(2))]
    snippet = write_snippet((stream,), ("stream",))
    assert snippet.splitlines()[-1] == (
        "stream = [whichext.Call(1, 2.5), whichext.Call('a', by=np.array([0.0, 0.0], 'float64'))]"
    )
    first, second = run(snippet)["stream"]
    assert (first, first.keywords, second.keywords) == (Call(1, 2.5), (), ("by",))


def test_the_recipe_of_a_class_makes_its_stream(row_sum: Kernel) -> None:
    of_class = replace(row_sum, stateful=Stateful(method="add"))
    assert "\narguments = kernel.arguments_of(case)" in write_recipe(
        of_class, "small", is_case=True
    )
