"""What the arguments of a kernel may be: inputs stay within what it says."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import find
from inline_snapshot import snapshot

from whichext.model.call import Arguments, Call
from whichext.model.case import Case
from whichext.model.check import Property
from whichext.model.errors import KernelError
from whichext.model.forms import Stateful
from whichext.model.kernel import Kernel, Prepared
from whichext.verify.inputs import strategies
from whichext.verify.inputs.arguments import draw_each
from whichext.verify.inputs.nasty import nasty_inputs

LAYOUTS = ("Fortran order", "negative strides", "misaligned", "big-endian", "zero stride")


def kernel_of(**changes: Any) -> Kernel:
    told: dict[str, Any] = {"reference": lambda values: values.tolist(), **changes}
    return Kernel(
        question="Which arguments?",
        inputs=lambda case: (np.zeros(case.shape, case.dtype),),
        cases=(Case("big", shape=(1000, 1000), dtype="float64"),),
        dtypes=("float64",),
        **told,
    )


def nasty(**changes: Any) -> dict[str, Prepared]:
    """The nasty inputs by name, without the dtype in front."""
    found = nasty_inputs(kernel_of(**changes))
    return {name.removeprefix("float64 "): one for name, one in found.items()}


LABELS = {
    "values": strategies.array(ndim=2),
    "labels": strategies.array(dtypes="int64", min_value=0, max_value=9),
    "sums": strategies.array(dtypes="float64", min_value=-5.0, max_value=5.0),
    "count": strategies.just(3),
}


@cache
def of_labels() -> dict[str, Prepared]:
    """The nasty inputs of a kernel of labels; no test writes into them."""
    return nasty(reference=lambda *_: 0, arguments=LABELS)


def labelled(name: str) -> Arguments:
    return of_labels()[name].arguments


@pytest.mark.parametrize("name", [*LAYOUTS, "NaN", "extremes"])
def test_every_argument_stays_within_its_bounds(name: str) -> None:
    _, labels, sums, count = labelled(name)
    assert (labels.dtype.newbyteorder("="), sums.dtype.newbyteorder("=")) == ("int64", "float64")
    assert 0 <= labels.min() <= labels.max() <= 9
    assert np.abs(sums).max() <= 5
    assert count == 3


def test_every_array_gets_the_layout() -> None:
    assert [one.flags.aligned for one in labelled("misaligned")[:3]] == [False] * 3


def test_values_that_the_bounds_forbid_are_not_tried() -> None:
    found = nasty_inputs(
        kernel_of(arguments={"values": strategies.array(min_value=0, max_value=9)})
    )
    names_of_values = {name for name, one in found.items() if one.property is Property.VALUES}
    assert not {name for name in names_of_values if "negative" in name or "NaN" in name}


def test_an_axis_that_is_always_as_long_is_so_in_every_input() -> None:
    points = {"points": strategies.array(shape=(None, 2), dtypes="float64")}
    found = nasty_inputs(
        kernel_of(reference=lambda points: points.sum(), arguments=points, refuses=(TypeError,))
    )
    shapes = {one.arguments[0].shape for one in found.values()}
    assert {shape[1:] for shape in shapes} == {(2,)}
    assert {0, 1, 123} <= {shape[0] for shape in shapes}


def test_arguments_that_are_tied_are_so_in_every_input() -> None:
    tied = strategies.same_length({"ndim": 1}, {"dtypes": "int64"})
    for one in nasty_inputs(kernel_of(reference=lambda *_: 0, arguments=tied)).values():
        values, labels = one.arguments
        assert len(values) == len(labels)


def test_where_a_kernel_names_no_dtypes_inputs_have_no_dtype_in_front() -> None:
    kernel = kernel_of(arguments={"values": strategies.array(dtypes="int64")})
    found = nasty_inputs(dataclasses.replace(kernel, dtypes=()))
    assert {"plain", "misaligned", "extremes"} <= set(found)
    assert found["plain"].plain_of == "any"


@pytest.mark.parametrize(
    "stated",
    [
        {"reference": len, "arguments": {"text": strategies.text()}},
        {"reference": lambda one, other=None: (one, other)},
    ],
    ids=["no array", "arguments unknown"],
)
def test_without_an_array_the_smallest_case_must_be_answered(stated: dict[str, Any]) -> None:
    name, found = next(iter(nasty_inputs(kernel_of(**stated)).items()))
    assert name.endswith("big")
    assert (found.plain_of, found.property) == ("any", Property.PLAIN)


def test_a_few_inputs_of_any_kind_are_drawn_for_a_race_too() -> None:
    stated = {"words": strategies.lists(strategies.text()), "limit": strategies.integers(0, 9)}
    found = nasty_inputs(kernel_of(reference=lambda words, limit: words[:limit], arguments=stated))
    drawn = [one for one in found.values() if one.property is Property.DRAWN]
    assert len(drawn) > 10
    assert drawn[0].arguments == ([], 0)
    assert len({repr(one.arguments) for one in drawn}) > 10


def test_inputs_on_which_the_reference_fails_are_not_asked() -> None:
    stated = {"n": strategies.integers(0, 3)}
    found = nasty_inputs(
        kernel_of(reference=lambda n: 6 // n if isinstance(n, int) else n, arguments=stated)
    )
    drawn = [one for one in found.values() if one.property is Property.DRAWN]
    assert drawn
    assert 0 not in {one.arguments[0] for one in drawn}


def test_an_array_with_a_least_length_shrinks_to_it() -> None:
    values = strategies.array(shape=(strategies.length(9),))
    assert find(values, lambda _: True).shape == (9,)


@pytest.mark.parametrize("dtype", ["<U6", "T"])
def test_plain_arrays_of_texts_have_texts_of_many_lengths(dtype: str) -> None:
    stated = {"texts": strategies.array(dtypes=dtype)}
    kernel = dataclasses.replace(
        kernel_of(reference=np.strings.str_len, arguments=stated), dtypes=()
    )
    (texts,) = nasty_inputs(kernel)["plain"].arguments
    assert {len(text) for text in texts.tolist()} == set(range(7))


GROUPED = strategies.same_length(
    labels={"below": "n_groups"},
    values={"dtypes": "float64", "ndim": 2},
    n_groups=strategies.sampled_from((10, 1, 3)),
)


def test_a_strategy_beside_arrays_of_one_length_is_an_argument_as_it_is() -> None:
    tied = strategies.same_length({}, strategies.just(3), {"dtypes": "int64"})
    first, number, second = find(tied, lambda drawn: len(drawn[0]) > 2)
    assert (len(first), number) == (len(second), 3)


def test_values_below_another_argument_are_below_it_in_every_input() -> None:
    found = nasty(reference=lambda *call: call[2], arguments=GROUPED)
    inputs = [one.arguments for one in found.values()]
    assert {groups for _, _, groups in inputs} == {10, 1, 3}
    assert {labels.dtype.newbyteorder("=").name for labels, *_ in inputs} == {"int64"}
    assert all(len(labels) == len(values) for labels, values, _ in inputs)
    assert all(0 <= label < groups for labels, _, groups in inputs for label in labels)
    assert max(labels.max(initial=0) for labels, *_ in inputs) == 9


def test_arrays_of_one_length_have_each_of_the_lengths_that_are_wanted() -> None:
    kernel = kernel_of(reference=lambda *_: 0, arguments=GROUPED)
    drawn = draw_each(kernel, [{"lengths": (length,)} for length in (7, 67, 0)])
    assert [len(one[0]) for one in drawn if one is not None] == [7, 67, 0]


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        (
            {"labels": 3},
            "labels: expected a strategy, or a dictionary of arguments of array such as "
            '{"dtypes": "int64"}, got 3',
        ),
        (
            {"labels": {"below": "n"}},
            "labels: below: expected a strategy, such as n_groups=strategies.just(10), got 'n'",
        ),
        (
            {"labels": {"below": "n"}, "n_groups": strategies.just(1)},
            "labels: below: expected 'n_groups', got 'n'",
        ),
    ],
)
def test_what_cannot_be_drawn_together_is_refused_at_once(
    stated: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValueError, match="expected") as error:
        strategies.same_length(**stated)
    assert str(error.value) == problem


NO_GROUPS = strategies.same_length(
    labels={"below": "n_groups"}, values={"ndim": 2}, n_groups=strategies.integers(0, 20)
)


def test_where_no_number_is_below_an_argument_all_arrays_are_empty() -> None:
    labels, values, groups = find(NO_GROUPS, lambda drawn: drawn["n_groups"] == 0).values()
    assert (len(labels), len(values), groups) == (0, 0, 0)
    labels, values, groups = find(NO_GROUPS, lambda drawn: len(drawn["labels"]) > 2).values()
    assert len(values) > 2
    assert max(labels) < groups


def test_arrays_that_are_wanted_of_a_length_have_it_though_the_least_limit_is_0() -> None:
    kernel = kernel_of(reference=lambda *_: 0, arguments=NO_GROUPS)
    drawn = draw_each(kernel, [{"lengths": (length,)} for length in (7, 0)])
    assert [len(one[0]) for one in drawn if one is not None] == [7, 0]


def test_arrays_below_nothing_but_0_are_never_of_a_length() -> None:
    stated = strategies.same_length(labels={"below": "n"}, n=strategies.just(0))
    kernel = kernel_of(reference=lambda *_: 0, arguments=stated)
    drawn = draw_each(kernel, [{"lengths": (7,)}, {"lengths": (0,)}, {}])
    assert [None if one is None else one[0].size for one in drawn] == [None, 0, 0]


def test_values_below_a_negative_number_are_refused_with_the_argument_that_they_depend_on() -> None:
    stated = strategies.same_length(labels={"below": "n"}, n=strategies.just(-1))
    with pytest.raises(KernelError, match="n from 0 on"):
        draw_each(kernel_of(arguments=stated), [{}])


def failing(arguments: object) -> KernelError:
    kernel = dataclasses.replace(kernel_of(arguments=arguments), folder=Path("sums"))
    with pytest.raises(KernelError) as error:
        draw_each(kernel, [{}])
    return error.value


def test_the_next_step_after_a_failing_strategy_can_be_typed() -> None:
    below = strategies.integers(5, 1)
    assert failing({"values": below}).next_step == snapshot(
        'see what python -c "import whichext; [print(name, one.example()) for name, one in '
        "whichext.load_kernel('sums').arguments.items()]\" says"
    )
    assert failing(strategies.tuples(below)).next_step == snapshot(
        'see what python -c "import whichext; '
        "print(whichext.load_kernel('sums').arguments.example())\" says"
    )


def test_a_strategy_that_fails_is_told_as_such() -> None:
    def fail(_: object) -> object:
        raise ZeroDivisionError("oh")

    with pytest.raises(KernelError, match="ZeroDivisionError: oh"):
        nasty_inputs(kernel_of(arguments=strategies.array().map(fail)))


def drawn(arguments: Any, reference: Any = len) -> Arguments:
    """The simplest arguments."""
    (found,) = draw_each(kernel_of(arguments=arguments, reference=reference), [{}])
    assert found is not None
    return found


def test_a_parameter_that_the_reference_takes_by_keyword_alone_is_given_so() -> None:
    def reference(values: object, *, window: int) -> None:
        """Do nothing."""

    stated = {"values": strategies.just("x"), "window": strategies.just(5)}
    found = drawn(stated, reference)
    assert isinstance(found, Call)
    assert (tuple(found), found.keywords) == (("x", 5), ("window",))


def test_a_strategy_of_tuples_gives_the_arguments_as_they_are() -> None:
    assert drawn(strategies.tuples(strategies.just(1), strategies.just("x"))) == (1, "x")


def test_a_strategy_of_something_else_is_refused_with_what_to_write() -> None:
    with pytest.raises(KernelError, match="strategy of tuples"):
        drawn(strategies.integers())


DRAWN_BACKWARDS = strategies.just({"values": "v", "labels": "l"})


@pytest.mark.parametrize(
    ("reference", "positional", "keywords"),
    [
        (lambda labels, values: (labels, values), ("l", "v"), ()),
        (lambda labels, *, values: (labels, values), ("l", "v"), ("values",)),
        (lambda labels, count=3, values=4: (labels, count, values), ("l", "v"), ("values",)),
        (lambda labels, **named: (labels, named), ("l", "v"), ("values",)),
    ],
    ids=["positional", "keyword-only", "one left out", "any keyword"],
)
def test_arguments_by_name_go_where_the_reference_has_them_in_whatever_order_they_are_drawn(
    reference: Any, positional: tuple[str, ...], keywords: tuple[str, ...]
) -> None:
    kernel = kernel_of(reference=reference, arguments=DRAWN_BACKWARDS)
    (drawn,) = draw_each(kernel, [{}])
    assert isinstance(drawn, Call)
    assert (tuple(drawn), drawn.keywords) == (positional, keywords)


@pytest.mark.parametrize("reference", [lambda *both: both, np.add], ids=["any", "of C"])
def test_where_parameters_have_no_names_the_order_is_the_stated_one(reference: Any) -> None:
    stated = {"second": strategies.just(2), "first": strategies.just(1)}
    for _ in range(2):
        (drawn,) = draw_each(kernel_of(reference=reference, arguments=stated), [{}])
        assert tuple(drawn or ()) == (2, 1)


def test_a_drawn_name_that_the_reference_does_not_have_is_refused() -> None:
    kernel = kernel_of(reference=lambda labels, value: 0, arguments=DRAWN_BACKWARDS)  # noqa: ARG005
    with pytest.raises(KernelError) as error:
        draw_each(kernel, [{}])
    assert (error.value.got, error.value.next_step) == ("'values'", 'write "value"')


def test_streams_that_are_arrays_get_layouts_and_none_is_empty() -> None:
    class Total:
        def add(self, value: float) -> float:
            return value

    found = nasty(
        reference=Total,
        stateful=Stateful(method="add"),
        arguments=strategies.array(dtypes="float64", min_value=-5, max_value=5),
    )
    assert {"plain", "big-endian", "axis 0 of length 1"} <= set(found)
    assert min(len(one.arguments[0]) for one in found.values()) == 1
