"""Who races in what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from inline_snapshot import snapshot

from support.contestants import (
    CASES,
    PARALLEL,
    RIVALS,
    chosen_cases,
    kernel_of,
    names,
    only,
    refusal,
)
from whichext.load.select import choose_cases, choose_contestants
from whichext.model.contestant import DEBUG, RELEASE, Factor
from whichext.model.errors import UsageError
from whichext.model.forms import Stateful
from whichext.model.kernel import Entry
from whichext.model.options import Options

# Cases


def test_without_a_wish_all_cases_are_chosen() -> None:
    assert chosen_cases() == ["wide", "tall", "wide-float"]


def test_cases_keep_the_kernels_order_and_not_the_commands() -> None:
    assert chosen_cases("tall", "wide") == ["wide", "tall"]


def test_a_pattern_chooses_all_cases_that_fit() -> None:
    assert chosen_cases("wide*") == ["wide", "wide-float"]


def test_a_case_that_two_patterns_fit_is_chosen_once() -> None:
    assert chosen_cases("wide", "w*") == ["wide", "wide-float"]


def test_a_name_is_not_a_prefix() -> None:
    assert chosen_cases("wide") == ["wide"]


def test_a_case_that_does_not_exist_is_refused_with_those_that_do_and_the_closest() -> None:
    with pytest.raises(UsageError) as caught:
        choose_cases(CASES, Options(cases=("wide", "talll")))
    assert caught.value.choices[:3] == ("wide", "tall", "wide-float")
    assert caught.value.next_step == 'cases="tall"'


def test_a_name_in_capitals_is_another_name() -> None:
    kernel = kernel_of({}, cases=("wide", "WIDE"))
    chosen = choose_cases(kernel, Options(cases=("WIDE",)))
    assert [case.name for case in chosen] == ["WIDE"]


# Contestants


def test_the_reference_comes_first_and_then_entries_by_project_profile_and_threads() -> None:
    assert names(RIVALS) == [
        "numpy",
        "cypy.find_max",
        "cypy.find_max@debug",
        "cypy.find_max_parallel[2]",
        "rustpy.find_max",
        "rustpy.find_max_pool[2]",
    ]


def test_thread_counts_multiply_parallel_entries_alone() -> None:
    assert names(RIVALS, threads=(1, 4), entries=("rustpy.*",)) == [
        "numpy",
        "rustpy.find_max",
        "rustpy.find_max_pool[1]",
        "rustpy.find_max_pool[4]",
    ]


def test_profiles_asked_for_replace_those_that_entries_declare() -> None:
    assert names(RIVALS, profiles=("native", "checked"), entries=("*.find_max",)) == [
        "numpy",
        "cypy.find_max@native",
        "cypy.find_max@checked",
        "rustpy.find_max@native",
        "rustpy.find_max@checked",
    ]


def test_profiles_and_thread_counts_multiply() -> None:
    assert names(RIVALS, profiles=("debug",), threads=(1, 2), entries=("*parallel",)) == [
        "numpy",
        "cypy.find_max_parallel@debug[1]",
        "cypy.find_max_parallel@debug[2]",
    ]


def test_what_is_asked_for_twice_races_once() -> None:
    options: dict[str, Any] = {"profiles": ("debug", "debug"), "threads": (2, 2)}
    assert names(RIVALS, entries=("cypy.*", "*.find_max*"), **options) == [
        "numpy",
        "cypy.find_max@debug",
        "cypy.find_max_parallel@debug[2]",
        "rustpy.find_max@debug",
        "rustpy.find_max_pool@debug[2]",
    ]


def test_the_reference_is_there_whatever_entries_are_asked_for() -> None:
    assert names(RIVALS, entries=("rustpy.find_max",)) == ["numpy", "rustpy.find_max"]


def test_the_reference_may_be_asked_for_alone() -> None:
    assert names(RIVALS, entries=("numpy",)) == ["numpy"]


def test_a_kernel_without_projects_has_its_reference() -> None:
    assert names(CASES) == ["numpy"]


def test_a_serial_entry_has_one_thread_and_no_count_in_its_name() -> None:
    contestant = only(RIVALS, "rustpy.find_max")
    assert (contestant.threads, contestant.parallel, contestant.threads_by) == (1, False, None)


def test_a_parallel_entry_gets_its_count_by_the_keyword_that_it_declares() -> None:
    contestant = only(RIVALS, "cypy.find_max_parallel[2]")
    assert (contestant.threads, contestant.parallel, contestant.threads_by) == (
        2,
        True,
        "n_threads",
    )


def test_an_entry_whose_threads_only_variables_set_gets_no_keyword() -> None:
    contestant = only(RIVALS, "rustpy.find_max_pool[2]")
    assert (contestant.threads, contestant.threads_by) == (2, "environment")


def test_a_contestant_knows_its_project_by_folder_and_its_code_by_module() -> None:
    contestant = only(RIVALS, "cypy.find_max@debug")
    assert (contestant.project, contestant.module, contestant.function, contestant.profile) == (
        "cypy_folder",
        "cypy",
        "find_max",
        DEBUG,
    )


def test_an_entry_without_dtypes_must_answer_those_of_the_kernel() -> None:
    kernel = replace(RIVALS, dtypes=("int8", "bool"))
    assert only(kernel, "rustpy.find_max").dtypes == ("int8", "bool")


def test_an_entry_with_dtypes_must_answer_these_alone() -> None:
    entry = Entry(function="f", dtypes=("float32",))
    assert only(kernel_of({"cypy": (entry,)}), "cypy.f").dtypes == ("float32",)


def test_the_reference_answers_the_dtypes_of_the_kernel() -> None:
    assert only(RIVALS, "numpy").dtypes == RIVALS.dtypes


def test_a_contestant_knows_what_it_requires_and_how_to_get_it() -> None:
    entry = Entry(function="f", requires=("torch",), remedy="ask for it")
    contestant = only(kernel_of({"cypy": (entry,)}), "cypy.f")
    assert (contestant.requires, contestant.remedy) == (("torch",), "ask for it")


def test_factors_are_the_entrys_and_its_toolchain_sorted_by_name() -> None:
    assert only(RIVALS, "rustpy.find_max").factors == (
        Factor("order", "row"),
        Factor("toolchain", "rust"),
    )


def test_an_entry_may_correct_its_projects_toolchain() -> None:
    entry = Entry(function="f", factors={"toolchain": "c"})
    assert only(kernel_of({"cypy": (entry,)}), "cypy.f").factors == (Factor("toolchain", "c"),)


def test_the_reference_needs_no_build_and_has_the_kernels_factors() -> None:
    reference = only(RIVALS, "numpy")
    assert (reference.project, reference.module, reference.profile, reference.factors) == (
        None,
        None,
        RELEASE,
        (Factor("order", "any"), Factor("toolchain", "numpy")),
    )


@pytest.mark.parametrize("pattern", ["cypy.findmax", "cypy", "small"])
def test_an_entry_that_does_not_exist_is_refused_with_those_that_do(pattern: str) -> None:
    problem = refusal(RIVALS, entries=(pattern,)).problem
    assert problem.replace(f'"{pattern}"', "PATTERN") == snapshot(
        "entries=PATTERN fits no entry: expected one of numpy, cypy.find_max, "
        "cypy.find_max_parallel, rustpy.find_max, rustpy.find_max_pool, or a pattern "
        "with * or ?"
    )


def test_the_closest_entry_is_the_next_step() -> None:
    assert refusal(RIVALS, entries=("cypy.findmax",)).next_step == 'entries="cypy.find_max"'


def test_an_unknown_profile_is_refused_with_the_known_ones_and_the_closest() -> None:
    error = refusal(RIVALS, profiles=("release", "debgu"))
    assert str(error) == snapshot(
        'profiles="debgu" is no profile: expected one of release, native, debug, checked\n'
        'Next: profiles="debug"'
    )


# The baseline


def test_a_baseline_comes_first_and_the_reference_right_after_it() -> None:
    assert names(RIVALS, baseline="rustpy.find_max")[:3] == [
        "rustpy.find_max",
        "numpy",
        "cypy.find_max",
    ]


def test_a_baseline_is_there_once_although_it_is_also_an_entry() -> None:
    assert sorted(names(RIVALS, baseline="rustpy.find_max")) == sorted(names(RIVALS))


def test_a_baseline_races_although_no_pattern_asks_for_it() -> None:
    assert names(RIVALS, baseline="cypy.find_max", entries=("rustpy.find_max",)) == [
        "cypy.find_max",
        "numpy",
        "rustpy.find_max",
    ]


@pytest.mark.parametrize("name", ["cypy.find_max@debug", "cypy.find_max_parallel[2]", "numpy"])
def test_a_baseline_may_be_named_in_full(name: str) -> None:
    assert names(RIVALS, baseline=name)[0] == name


@pytest.mark.parametrize(
    ("entry", "contestant", "options"),
    [
        ("cypy.find_max_parallel", "cypy.find_max_parallel[2]", {}),
        ("rustpy.find_max", "rustpy.find_max@debug", {"profiles": ("debug",)}),
    ],
)
def test_a_baseline_may_be_named_by_an_entry_that_only_one_contestant_has(
    entry: str, contestant: str, options: dict[str, Any]
) -> None:
    assert names(RIVALS, baseline=entry, **options)[0] == contestant


def test_a_full_name_wins_over_an_entry_that_several_contestants_have() -> None:
    assert names(RIVALS, baseline="cypy.find_max")[0] == "cypy.find_max"


def test_an_entry_of_several_contestants_is_no_baseline_until_one_of_them_is_named() -> None:
    error = refusal(RIVALS, baseline="cypy.find_max_parallel", threads=(1, 2))
    several = ("cypy.find_max_parallel[1]", "cypy.find_max_parallel[2]")
    assert "names several contestants" in error.problem
    assert (error.choices, error.next_step) == (several, f'baseline="{several[0]}"')


def test_an_unknown_baseline_is_refused_with_all_contestants_and_the_closest() -> None:
    error = refusal(RIVALS, baseline="rustpy.findmax")
    assert "is no contestant" in error.problem
    assert (list(error.choices), error.next_step) == (names(RIVALS), 'baseline="rustpy.find_max"')


def test_a_pattern_is_no_baseline() -> None:
    assert "is no contestant" in refusal(RIVALS, baseline="rustpy.*").problem


def test_without_thread_counts_there_is_one_of_all_usable_processors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("whichext.load.select.usable_cores", lambda: 12)
    assert names(kernel_of({"cypy": (PARALLEL,)}), threads=()) == [
        "numpy",
        "cypy.find_max_parallel[12]",
    ]


def test_thread_counts_given_are_used_as_they_are() -> None:
    assert names(kernel_of({"cypy": (PARALLEL,)}), threads=(4, 1)) == [
        "numpy",
        "cypy.find_max_parallel[4]",
        "cypy.find_max_parallel[1]",
    ]


def test_entries_that_are_classes_have_the_method_that_is_timed() -> None:
    class Total:
        def add(self, value: float) -> float:
            return value

    kernel = kernel_of({"cy": [Entry(function="Total")]})
    assert [one.method for one in choose_contestants(kernel, Options())] == [None, None]
    kernel = replace(kernel, reference=Total, stateful=Stateful(method="add"))
    assert [one.method for one in choose_contestants(kernel, Options())] == [None, "add"]
