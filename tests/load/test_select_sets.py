"""Sets of entries: who races where one is asked for, and where none is."""

from __future__ import annotations

import dataclasses

import pytest
from inline_snapshot import snapshot

from support.contestants import CASES, kernel_of, names, refusal
from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.trials import resolve_claim
from whichext.model.kernel import Entry
from whichext.model.sets import sets_of

PLAIN = Entry(function="plain")
BOTH = Entry(function="both", sets=("default", "small"))
SMALL = Entry(function="small", sets=("small",))
KERNEL = kernel_of({"cypy": (PLAIN, BOTH), "rustpy": (SMALL,)})


def test_without_a_set_the_default_one_races() -> None:
    assert names(KERNEL) == ["numpy", "cypy.plain", "cypy.both"]


def test_the_default_set_may_be_named() -> None:
    assert names(KERNEL, set="default") == names(KERNEL)


def test_a_set_races_with_the_reference() -> None:
    assert names(KERNEL, set="small") == ["numpy", "cypy.both", "rustpy.small"]


def test_entries_that_are_named_are_chosen_among_all() -> None:
    assert names(KERNEL, entries=("*.small", "*.plain")) == ["numpy", "cypy.plain", "rustpy.small"]


def test_entries_and_a_set_choose_those_of_the_set() -> None:
    assert names(KERNEL, entries=("cypy.*",), set="small") == ["numpy", "cypy.both"]


def test_projects_that_are_named_race_with_all_of_their_entries() -> None:
    assert names(kernel_of({"rustpy": (SMALL,)}), projects=("rustpy",)) == ["numpy", "rustpy.small"]


def test_a_set_applies_to_every_profile_and_thread_count() -> None:
    pool = Entry(function="pool", threads="threads", sets=("small",))
    found = names(kernel_of({"cypy": (PLAIN, pool)}), set="small", threads=(1, 2))
    assert found == ["numpy", "cypy.pool[1]", "cypy.pool[2]"]


def test_the_baseline_races_whatever_its_set_is() -> None:
    assert names(KERNEL, set="small", baseline="cypy.plain") == [
        "cypy.plain",
        "numpy",
        "cypy.both",
        "rustpy.small",
    ]


def test_functions_of_a_kernel_are_in_the_default_set_alone() -> None:
    kernel = dataclasses.replace(KERNEL, functions={"added": lambda values: values})
    assert sets_of(kernel) == {
        "default": ["cypy.plain", "cypy.both", "added"],
        "small": ["cypy.both", "rustpy.small"],
    }


def test_a_kernel_without_entries_has_its_reference_in_the_default_set() -> None:
    assert (sets_of(CASES), names(CASES)) == ({}, ["numpy"])


def test_an_unknown_set_is_refused_with_those_that_there_are() -> None:
    error = refusal(KERNEL, set="smal")
    assert str(error) == snapshot(
        'set="smal" is no set of this kernel: expected one of default, small\nNext: set="small"'
    )


def test_where_no_entry_is_in_the_default_set_another_one_must_be_named() -> None:
    assert refusal(kernel_of({"rustpy": (SMALL,)})).choices == ("small",)


def test_an_entry_outside_of_the_set_is_refused_with_those_that_are_in_it() -> None:
    error = refusal(KERNEL, entries=("cypy.plain",), set="small")
    assert str(error) == snapshot(
        """\
entries="cypy.plain" fits no entry of the set small: expected one of numpy, cypy.both, \
rustpy.small, or a pattern with * or ?
Next: give one of these, such as entries="numpy"\
"""
    )


@pytest.mark.parametrize("name", ["cypy.plain", "rustpy.small"])
def test_claims_are_about_entries_of_any_set(name: str) -> None:
    claim = parse_claim(f"{name} is 2x faster than numpy on small")
    assert resolve_claim(claim, KERNEL, threads=1).one.entry == name
