"""The parts of a sweep as one result: each case from its part, and only where parts fit."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from support.results import changed, make_machine
from support.runs import CY, NUMPY, built_as, run_with
from whichext.cli.machines.sweep import joined
from whichext.judge import view_of
from whichext.model.check import Check, Property
from whichext.model.outcome import Right, Wrong
from whichext.model.raw import INTERRUPTED, Raw

FAST = {NUMPY: 2.0, CY: 1.0}
PLAIN = Check(contestant=CY, input=None, result=Right(), count=4)
FAULT = Check(
    contestant=CY,
    input="odd shape",
    result=Wrong(where="at (0,)", expected="1", got="2"),
)


def of_case(name: str) -> Check:
    return Check(contestant=CY, input=name, result=Right(), property=Property.CASES)


def part(case: str, label: str, day: int = 1, **fields: Any) -> Raw:
    """The race of a case on a machine of that name."""
    machine = replace(make_machine(), label=label, boot=label)
    view = run_with(FAST, cases=(case,), day=day, machine=machine, checks=(PLAIN, of_case(case)))
    return replace(view.raw, **fields)


def test_each_case_comes_from_its_part_and_the_machine_is_of_their_kind() -> None:
    parts = [part("small", "a"), part("tall", "b", day=2)]
    whole = joined(parts)
    assert whole is not None
    assert [case.name for case in whole.cases] == ["small", "tall"]
    assert whole.timings == (*parts[0].timings, *parts[1].timings)
    assert (whole.machine.label, whole.machine.boot) == (None, None)
    assert whole.duration_ns == 24 * 3600 * 10**9 + parts[1].duration_ns
    judged = view_of(whole)
    alone = [view_of(one) for one in parts]
    assert [
        judged.cases[name].measured[CY].ratio == view.cases[name].measured[CY].ratio
        for name, view in zip(("small", "tall"), alone, strict=True)
    ] == [True, True]


def test_what_each_part_verified_again_is_counted_once_and_each_case_is_kept() -> None:
    other = part("tall", "b", checks=(PLAIN, FAULT, of_case("tall")))
    whole = joined([part("small", "a"), other])
    assert whole is not None
    assert whole.checks == (PLAIN, of_case("small"), FAULT, of_case("tall"))


@pytest.mark.parametrize(
    "unlike",
    [
        {"kernel_digest": "another"},
        {"whichext_version": "0.0.1"},
        {"stopped": INTERRUPTED},
        {"machine": replace(make_machine(), cpu="Other")},
        {"contestants": ()},
        {"baseline": CY},
    ],
)
def test_parts_that_do_not_fit_stay_apart(unlike: dict[str, Any]) -> None:
    assert joined([part("small", "a"), part("tall", "b", **unlike)]) is None


def test_parts_with_other_builds_stay_apart() -> None:
    first = built_as(changed(view_of(part("small", "a"))), "1", "one").raw
    (build,) = first.builds
    other = replace(first, builds=(replace(build, result=replace(build.result, key="other")),))
    assert joined([first, first]) is not None
    assert joined([first, other]) is None
