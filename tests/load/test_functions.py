"""Functions to compare: what is asked, what can be sent to another process, and what comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inline_snapshot import snapshot

from whichext.load.functions import restore, state, write
from whichext.load.kernel import load_kernel
from whichext.model.errors import KernelError, UsageError
from whichext.model.inline import worded
from whichext.model.kernel import Kernel, Tolerance
from whichext.system.workers import messages
from whichext.verify.inputs import strategies
from whichext.verify.inputs.provider import KernelInputs

VALUES = np.arange(6.0)


def total(values: Any) -> Any:
    return values.sum()


def added(values: Any) -> Any:
    return sum(values)


def stated(*functions: Any, inputs: Any = (VALUES,), **told: Any) -> Kernel:
    """The kernel of these functions."""
    return asked(*functions, inputs=inputs, **told).kernel()


def asked(*functions: Any, inputs: Any = (VALUES,), **told: Any) -> Any:
    usual: dict[str, Any] = {
        "sizes": (),
        "baseline": None,
        "equal": None,
        "mutates": (),
        "arguments": None,
    }
    return state(functions, inputs, **{**usual, **told})


def refusal(*functions: Any, **told: Any) -> UsageError:
    with pytest.raises(UsageError) as error:
        asked(*functions, **told)
    return error.value


def test_the_first_function_is_the_reference_and_all_others_race_against_it() -> None:
    kernel = stated(total, added)
    assert (kernel.reference_name, list(kernel.functions)) == ("total", ["added"])
    assert kernel.entry_names == ("added",)
    assert kernel.reference is total


@pytest.mark.parametrize("used_up", [iter([1]), (n for n in [1]), map(abs, [1])])
def test_an_iterator_that_one_call_uses_up_is_refused_with_a_list_as_the_next_step(
    used_up: Any,
) -> None:
    error = refusal(total, added, inputs=(used_up,))
    assert type(used_up).__name__ in error.problem
    assert "list(...)" in error.next_step


def test_the_baseline_is_the_reference_wherever_it_stands() -> None:
    kernel = stated({"one": total, "two": added}, baseline="two")
    assert (kernel.reference_name, list(kernel.functions)) == ("two", ["one"])


def test_one_tuple_is_one_case_with_the_shape_of_its_only_array() -> None:
    (case,) = stated(total, added).cases
    assert (case.name, case.text) == ("inputs", "(6,) float64, C order")
    assert stated(total, added).inputs(case)[0] is VALUES


@pytest.mark.parametrize(
    ("array", "text"),
    [
        (np.array(["a", "b"], "T"), "(2,) StringDType, C order"),
        (np.array(["a"], np.dtypes.StringDType(na_object=None)), "shape=(1,)"),
        (np.zeros(2, ">f8"), "(2,) >f8, C order"),
        (np.zeros(2, [("a", "int32")]), "shape=(2,)"),
        (np.asfortranarray(np.zeros((2, 3), "<U6")), "(2, 3) <U6, F order"),
    ],
)
def test_an_array_of_any_dtype_is_a_case_that_loads_and_is_made(
    tmp_path: Path, array: np.ndarray[Any, Any], text: str
) -> None:
    functions = asked(total, added, inputs=(array,))
    kernel = write(functions, tmp_path / "k")
    (case,) = load_kernel(tmp_path / "k").cases
    assert case.text == text
    prepared = KernelInputs(replace(kernel, reference=len)).prepare(case)
    assert isinstance(prepared, messages.Prepared)


def test_inputs_by_name_are_cases_by_that_name() -> None:
    kernel = stated(total, added, inputs={"few": ([1],), "two": (VALUES, VALUES)})
    assert [(case.name, case.text) for case in kernel.cases] == [("few", ""), ("two", "")]


def test_a_function_of_a_size_makes_a_case_for_each() -> None:
    kernel = stated(total, added, inputs=lambda size: (np.ones(size),), sizes=(10, 1000))
    assert [case.name for case in kernel.cases] == ["size 10", "size 1000"]
    assert len(kernel.inputs(kernel.cases[1])[0]) == 1000


def test_strategies_for_arguments_that_there_are_not_are_refused_before_any_process(
    tmp_path: Path,
) -> None:
    functions = asked(total, added, arguments={"value": strategies.integers()})
    with pytest.raises(KernelError) as error:
        write(functions, tmp_path / "compare")
    assert error.value.next_step == 'write "values"'


def test_answers_may_be_compared_by_a_function() -> None:
    assert stated(total, added, equal=np.allclose).agreement.equal is np.allclose
    exact = Tolerance(relative=1e-9, reason="sums may be added in any order")
    assert stated(total, added, equal=exact).tolerance is exact


@pytest.mark.parametrize(
    ("functions", "told", "argument"),
    [
        ((total,), {}, "functions"),
        ((), {}, "functions"),
        ((total, total), {}, "functions"),
        ((lambda v: v, lambda v: v), {}, "functions"),
        ((total, 3), {}, "functions"),
        (({"a@b": total, "c": added},), {}, "functions"),
        ((total, added), {"baseline": "totl"}, "baseline"),
        ((total, added), {"inputs": VALUES}, "inputs"),
        ((total, added), {"inputs": {}}, "inputs"),
        ((total, added), {"inputs": {"few": VALUES}}, "inputs"),
        ((total, added), {"inputs": (VALUES,), "sizes": (1, 2)}, "inputs"),
        ((total, added), {"inputs": lambda size: (size,)}, "sizes"),
        ((total, added), {"equal": 1e-9}, "equal"),
    ],
)
def test_an_argument_that_cannot_be_used_is_named_with_what_to_write(
    functions: tuple[Any, ...], told: dict[str, Any], argument: str
) -> None:
    error = refusal(*functions, **told)
    assert error.problem.startswith(argument)
    assert error.next_step


def test_a_kernel_of_functions_comes_back_from_its_folder(tmp_path: Path) -> None:
    factor = 3
    strided = np.arange(12.0)[::2]
    functions = {"tripled": lambda values: factor * values, "total": total}
    inputs = {"strided": (strided,), "text": ("x", [1])}
    write(asked(functions, inputs=inputs), tmp_path / "c")
    again = load_kernel(tmp_path / "c")
    assert again.reference(4) == 12
    assert [case.name for case in again.cases] == ["strided", "text"]
    (found,) = again.inputs(again.cases[0])
    assert (found.tolist(), found.strides) == (strided.tolist(), (16,))
    assert again.inputs(again.cases[1]) == ("x", [1])


def test_large_arrays_are_written_once_and_aligned(tmp_path: Path) -> None:
    odd, large = np.zeros(3, np.uint8), np.arange(1000.0)
    write(asked(total, added, inputs={"odd": (odd,), "a": (large,), "b": (large,)}), tmp_path / "c")
    assert (tmp_path / "c" / "buffers").stat().st_size < 1.1 * large.nbytes
    kernel = restore(tmp_path / "c")
    found = {case.name: kernel.inputs(case)[0] for case in kernel.cases}
    assert found["a"].flags.aligned
    np.testing.assert_array_equal(found["b"], large)


@pytest.mark.parametrize(
    ("made", "got"),
    [
        (VALUES, "an ndarray"),
        ([1.0], "a list"),
        ("x", "a str"),
        (None, "None"),
        (np.uint8(1), "a uint8"),
        (3, "an int"),
    ],
    ids=repr,
)
def test_a_function_of_a_size_returns_a_tuple(made: object, got: str) -> None:
    kernel = stated(total, added, inputs=lambda _: made, sizes=(1,))
    with pytest.raises(KernelError) as error:
        kernel.arguments_of(kernel.cases[0])
    assert error.value.got == got
    assert str(error.value).replace(got, "THIS") == snapshot("""\
size 1: inputs: expected a tuple of arguments, got THIS
Next: return a tuple, such as inputs=lambda n: (numpy.ones(n),)\
""")


def lost() -> None:
    raise ValueError("lost")


class HalfPickled:
    """An object that is sent, and that no process makes again."""

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        return lost, ()


def test_what_is_sent_and_not_made_again_is_told_as_what_was_given(tmp_path: Path) -> None:
    write(asked(total, added, inputs=(HalfPickled(),)), tmp_path / "c")
    with pytest.raises(KernelError) as error:
        load_kernel(tmp_path / "c")
    assert str(error.value) == snapshot("""\
what was given cannot be had in another process: ValueError: lost
Next: put it in a module that can be imported there, or give what can be pickled\
""")


@pytest.mark.parametrize(
    ("functions", "inputs", "told"),
    [
        ((lambda _: 1 / 0, added), (VALUES,), "inputs: <lambda> raises ZeroDivisionError"),
        ((lambda: 1, added), (VALUES,), "inputs: <lambda> raises TypeError"),
        ((total, added), lambda size: VALUES[size], "size 9: inputs raises IndexError"),
    ],
    ids=["raises", "takes others", "makes none"],
)
def test_what_fails_among_what_was_given_is_named(
    tmp_path: Path, functions: tuple[Any, ...], inputs: Any, told: str
) -> None:
    sizes = (9,) if callable(inputs) else ()
    kernel = write(asked(*functions, inputs=inputs, sizes=sizes), tmp_path / "c")
    failed = KernelInputs(kernel).prepare(kernel.cases[0])
    assert isinstance(failed, messages.Failed)
    assert worded(failed.what).startswith(told)
    assert worded(failed.next_step).startswith("fix ")
    assert "kernel.py" not in failed.next_step


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda thing: {"inputs": {"few": (thing,)}}, "inputs: few: argument values"),
        (lambda thing: {"inputs": (1, thing)}, "inputs: argument 1, the first being 0"),
        (lambda thing: {"function": lambda _: thing}, "one: its variable thing"),
        (lambda thing: {"inputs": lambda _: thing, "sizes": (1,)}, "inputs: its variable thing"),
    ],
    ids=["an argument", "one without a name", "a closure", "what makes inputs"],
)
def test_what_cannot_be_sent_to_another_process_is_named(
    tmp_path: Path, make: Callable[[Any], dict[str, Any]], named: str
) -> None:
    made = make(threading.Lock())
    function = made.get("function", total)
    inputs = made.get("inputs", {"few": (1,)})
    functions = {"one": function, "two": added}
    given = asked(functions, inputs=inputs, sizes=made.get("sizes", ()))
    with pytest.raises(UsageError) as error:
        write(given, tmp_path / "c")
    assert error.value.problem.partition(": expected")[0] == named
    assert "lock" in error.value.got


def test_a_single_size_needs_no_tuple() -> None:
    kernel = stated(total, added, inputs=lambda size: (np.ones(size),), sizes=10)
    assert [case.size for case in kernel.cases] == [10]
    assert refusal(total, added, inputs=lambda size: (size,), sizes=None).got == "None"


def test_sizes_may_be_an_array() -> None:
    kernel = stated(total, added, inputs=lambda size: (np.ones(size),), sizes=np.array([10, 20]))
    assert [(case.name, case.size) for case in kernel.cases] == [("size 10", 10), ("size 20", 20)]


@pytest.mark.parametrize(
    ("sizes", "got"),
    [((10, 10), "10 twice"), ((10, "10"), "10 twice"), ((1.0, 1j), "1j"), ((None, {1}), "{1}")],
)
def test_sizes_that_make_no_cases_are_refused_by_their_name(sizes: Any, got: str) -> None:
    error = refusal(total, added, inputs=lambda size: (size,), sizes=sizes)
    assert error.problem.startswith("sizes: expected")
    assert error.got == got
    assert "Case" not in error.next_step


def test_arguments_that_calls_may_change_are_named_or_numbered() -> None:
    for mutates in (("values",), (0,), "values", 0, ["values"]):
        kernel = stated(total, added, mutates=mutates)
        assert kernel.mutated_names == ("values",)


@pytest.mark.parametrize("mutates", [("value",), (1,), (-1,), (True,), None, (None,)])
def test_an_argument_that_is_not_there_is_refused(mutates: object) -> None:
    error = refusal(total, added, mutates=mutates)
    assert "mutates" in error.what
    assert error.got in (repr(mutates), repr(mutates[0]) if isinstance(mutates, tuple) else "")
    assert error.next_step


@pytest.mark.parametrize(
    ("functions", "next_step"),
    [
        ((total,), "give a second function: compare(total, g, inputs=...)"),
        ((), "give two functions: compare(f, g, inputs=...)"),
        ((total, total), 'name them: compare({"before": f, "after": g}, inputs=...)'),
    ],
)
def test_the_next_step_where_functions_are_missing_or_alike_is_the_call(
    functions: tuple[Any, ...], next_step: str
) -> None:
    assert refusal(*functions).next_step == next_step
