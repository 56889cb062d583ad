"""Cases: a name, parameters, and what reports say of them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from whichext.model.case import Case, Layout, identity_of, in_order
from whichext.model.errors import KernelError


def test_a_parameter_is_read_as_an_attribute_and_by_its_name() -> None:
    case = Case("large", n=10**7, window=5)
    assert (case.n, case["n"], case.window) == (10**7, 10**7, 5)


def test_a_parameter_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(AttributeError, match=r"no parameter m\b.*\bn, window"):
        _ = Case("large", n=1, window=5).m


def test_a_case_of_an_array_is_in_c_order_unless_it_says_otherwise() -> None:
    assert Case("wide", shape=(2, 3), dtype="int64").layout is Layout.C
    assert Case("wide", shape=(2, 3), dtype="int64", layout="F").layout is Layout.F


def test_an_unknown_layout_stays_as_it_is_for_the_check_of_the_kernel() -> None:
    assert Case("wide", layout="G").layout == "G"


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({}, ""),
        ({"n": 10**7}, "n=10,000,000"),
        ({"n": 3, "kind": "sorted"}, "n=3, kind=sorted"),
        ({"shape": (100, 10**6), "dtype": "int64"}, "(100, 1,000,000) int64, C order"),
        (
            {"shape": (4,), "dtype": "bool", "layout": Layout.F, "window": 3},
            "(4,) bool, F order, window=3",
        ),
        ({"shape": (4,)}, "shape=(4,)"),
        ({"shape": (4,), "dtype": "T"}, "(4,) StringDType, C order"),
        ({"n": 4, "dtype": "T"}, "n=4, dtype=StringDType"),
    ],
)
def test_reports_say_the_parameters(params: dict[str, Any], text: str) -> None:
    assert Case("one", **params).text == text


def test_what_its_name_says_is_not_said_again() -> None:
    assert Case("size 1000", size=1000).text == ""
    assert Case("size 1", size=10).text == "size=10"
    assert Case("size 1", size=1, seed=3).text == "seed=3"


def test_lists_become_tuples_so_that_a_case_is_the_same_after_it_was_written() -> None:
    case = Case("one", shape=[2, 3], dtype="int64", parts={"a": [1, (2, "x")]}, layout=Layout.F)
    assert case.shape == (2, 3)
    assert msgspec.json.decode(msgspec.json.encode(case), type=Case) == case


@pytest.mark.parametrize("value", [object(), float("nan"), float("inf"), {1: 2}, {3}, b"x"])
def test_a_parameter_that_json_does_not_have_is_refused(value: object) -> None:
    with pytest.raises(KernelError) as error:
        Case("one", n=value)
    assert (error.value.where, error.value.what) == ("case one", "parameter n")
    assert error.value.got == repr(value)


@pytest.mark.parametrize("name", ["params", "text", "but", "sweep", "_hidden"])
def test_a_name_that_a_case_needs_for_itself_is_refused(name: str) -> None:
    with pytest.raises(KernelError, match="rename it"):
        Case("one", **{name: 1})


def test_a_sweep_is_a_family_with_a_case_for_each_value() -> None:
    cases = Case.sweep("sizes", "n", (10, 1_000), window=5, summary="ever more")
    assert [case.name for case in cases] == ["sizes-10", "sizes-1000"]
    assert [(case.n, case.window, case.family, case.summary) for case in cases] == [
        (10, 5, "sizes", "ever more"),
        (1_000, 5, "sizes", "ever more"),
    ]


def test_a_case_can_be_had_with_another_name_or_parameter() -> None:
    case = Case("one", n=1, m=2, summary="first", forked=True)
    assert case.but(name="two", m=3) == Case("two", n=1, m=3, summary="first", forked=True)


@pytest.mark.parametrize(
    ("params", "magnitude"),
    [
        ({}, 1),
        ({"n": 1_000, "kind": "x", "deep": True}, 1_000),
        ({"shape": (10, 20), "window": 5}, 1_000),
        ({"n": 0}, 1),
    ],
)
def test_how_large_a_case_is_follows_from_its_whole_numbers(
    params: dict[str, Any], magnitude: float
) -> None:
    assert Case("one", **params).magnitude == magnitude


def test_what_is_said_of_a_case_does_not_make_it_another_one() -> None:
    case = Case("wide", shape=(2, 3), dtype="int64")
    assert identity_of(case.but(summary="more", family="sweep")) == identity_of(case)
    assert identity_of(case.but(layout="C")) == identity_of(case)
    others = [
        {"layout": "F"},
        {"shape": (3, 2)},
        {"name": "tall"},
        {"callers": 2},
        {"forked": True},
    ]
    assert identity_of(case) not in [identity_of(case.but(**params)) for params in others]


def test_cases_of_a_family_follow_each_other_by_size_and_others_keep_their_place() -> None:
    def swept(n: int) -> Case:
        return Case(f"s-{n}", family="s", n=n)

    one, two = Case("one", n=9), Case("two", n=1)
    cases = [one, swept(51), swept(53), two, swept(52), swept(50)]
    assert [case.name for case in in_order(cases)] == ["one", "s-50", "s-51", "s-52", "s-53", "two"]


def test_cases_of_a_family_that_are_as_large_keep_their_order() -> None:
    names = ("s-int", "s-float", "s-text")
    assert [case.name for case in in_order(Case(name, family="s") for name in names)] == [*names]
