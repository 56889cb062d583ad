"""When a ratio changed from one run to another, and what differs between runs."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from support.machines import SCENARIOS, Noise
from support.results import around, make_machine
from support.runs import CY, NUMPY, RUST, built_as, changes_between, elsewhere, run_with
from whichext.judge import view_of
from whichext.judge.runs import (
    change_of,
    common_baseline,
    find_differences,
    is_same_race,
    ratio_between,
    same_code,
)
from whichext.model.errors import UsageError
from whichext.model.ratio import Ratio, Verdict
from whichext.model.raw import Machine
from whichext.model.runs import Subject

HALF = around(math.log(0.5), 0.02)


def change(before: Ratio, after: Ratio) -> tuple[bool, Verdict]:
    """Whether a change is shown, and which way."""
    found = change_of(0, before, after)
    return found.is_shown, found.ratio.verdict


def test_a_race_is_known_again_though_its_contestants_are_in_another_order() -> None:
    raw = run_with({NUMPY: 2, CY: 1}).raw
    assert is_same_race(raw, replace(raw, timings=raw.timings[::-1]))
    assert not is_same_race(raw, replace(raw, timings=raw.timings[:1]))


def test_the_same_data_twice_is_no_change() -> None:
    assert change(HALF, HALF) == (False, Verdict.TIE)


def test_a_ratio_that_is_twice_the_other_is_a_change() -> None:
    assert change(HALF, around(0.0, 0.02)) == (True, Verdict.SLOWER)


def test_a_change_has_the_root_of_the_sum_of_the_squares_of_both_widths() -> None:
    found = change_of(3, around(0.0, 0.03, epochs=9), around(0.5, 0.04, epochs=5))
    assert (found.since, found.ratio.epochs) == (3, 5)
    assert found.ratio.centre == pytest.approx(0.5)
    assert found.ratio.half_width == pytest.approx(0.05)


@pytest.mark.parametrize(("first", "second"), [(0.12, None), (None, 0.12), (0.12, 0.01)])
def test_a_change_within_the_greater_noise_is_not_shown(
    first: float | None, second: float | None
) -> None:
    before, after = around(0.0, 0.001, noise=first), around(math.log(1.1), 0.001, noise=second)
    assert change(before, after) == (False, Verdict.UNRESOLVED)
    assert change(replace(before, noise=None), replace(after, noise=None))[0]


def test_intervals_that_exclude_each_other_by_less_than_1_percent_are_no_change() -> None:
    assert not change(around(0.0, 0.0), around(0.008, 0.0))[0]


def test_intervals_that_overlap_although_their_verdicts_have_other_names_are_no_change() -> None:
    before, after = around(math.log(0.97), 0.01), around(math.log(0.98), 0.02)
    found = change_of(0, before, after)
    assert (found.before, found.after) == (Verdict.FASTER, Verdict.UNRESOLVED)
    assert not found.is_shown
    assert not found.is_of_verdict


def test_after_a_single_epoch_no_change_is_shown() -> None:
    assert not change(HALF, around(0.0, math.inf, epochs=1))[0]


def test_a_change_within_one_verdict_is_none_of_the_verdict() -> None:
    found = change_of(0, around(math.log(0.2), 0.02), HALF)
    assert (found.is_shown, found.is_of_verdict) == (True, False)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_of_two_races_with_the_same_truth_no_change_is_shown_though_verdicts_have_other_names(
    scenario: str,
) -> None:
    pairs = [one for seed in range(4) for one in changes_between(SCENARIOS[scenario], seed)]
    assert len(pairs) == 20
    assert [found for found in pairs if found.is_shown] == []


@pytest.mark.slow
def test_of_two_races_on_a_calm_machine_a_change_of_5_percent_is_shown() -> None:
    pairs = [one for seed in range(3) for one in changes_between(Noise(), seed, 1.05)]
    assert {found.ratio.verdict for found in pairs} == {Verdict.SLOWER}


# The ratio itself


def test_a_ratio_to_the_baseline_is_the_one_of_the_result() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    (case,) = view.cases.values()
    assert ratio_between(view, case, CY, NUMPY) is case.measured[CY].ratio


def test_a_ratio_to_another_contestant_comes_from_the_rounds_of_the_two() -> None:
    view = run_with({NUMPY: 4, CY: 2, RUST: 1})
    (case,) = view.cases.values()
    found = ratio_between(view, case, RUST, CY)
    assert found is not None
    assert (found.value, found.verdict) == (pytest.approx(0.5), Verdict.FASTER)


def test_there_is_no_ratio_to_what_was_not_measured() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    (case,) = view.cases.values()
    assert (ratio_between(view, case, CY, RUST), ratio_between(view, case, RUST, CY)) == (
        None,
        None,
    )


def test_results_with_different_baselines_need_one_that_all_of_them_measured() -> None:
    views = {"a": run_with({NUMPY: 2, CY: 1}), "b": run_with({CY: 1, NUMPY: 2, RUST: 3})}
    assert common_baseline(views, CY, "baseline") == CY
    for asked in (None, RUST, "fortran.total"):
        with pytest.raises(UsageError) as caught:
            common_baseline(views, asked, "baseline")
        assert caught.value.choices == (NUMPY, CY)


# What differs


def values(*differences: Subject, of: tuple[object, ...]) -> dict[Subject, tuple[object, ...]]:
    return dict.fromkeys(differences, of)


def test_between_two_runs_that_are_alike_nothing_differs() -> None:
    assert find_differences([run_with({NUMPY: 1}), run_with({NUMPY: 1}, day=2)]) == ()


def test_every_field_of_a_machine_is_something_that_can_differ() -> None:
    view = run_with({NUMPY: 1})
    names = [one for one in Machine.__struct_fields__ if one not in ("boot", "label")]
    other = {
        name: f"{value}, another" if isinstance(value, str) else not value if value is True else 7
        for name, value in ((n, getattr(make_machine(), n)) for n in names)
    }
    found = {one.subject: one.values for one in find_differences([view, elsewhere(view, **other)])}
    assert found == {
        Subject(name): (getattr(make_machine(), name), value) for name, value in other.items()
    }


def test_what_a_kernel_keeps_of_the_memory_is_no_difference_of_one_machine() -> None:
    view = run_with({NUMPY: 1})
    restarted = elsewhere(view, cpu=make_machine().cpu, memory_bytes=8_000_100_000)
    assert find_differences([view, restarted]) == ()


def test_versions_settings_code_and_commits_differ_each_of_what_they_are_of() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    before = built_as(view, "gcc 12", "one")
    after = built_as(view, "gcc 13", "other", commit="d" * 40)
    after = view_of(replace(after.raw, whichext_version="0.2", kernel_digest="e" * 24))
    found = find_differences([before, after])
    assert [(one.subject, one.name, one.of) for one in found] == [
        (Subject.WHICHEXT, "", ()),
        (Subject.KERNEL, "", ()),
        (Subject.REVISION, "cy", ()),
        (Subject.TOOL, "cc", ("cy",)),
        (Subject.FACTOR, "optimisation", (CY,)),
        (Subject.MACHINE_CODE, "cy", ()),
    ]
    assert found[3].values == ("gcc 12", "gcc 13")
    assert found[4].values == ("O3", "O2")


def test_what_one_run_alone_has_is_no_difference() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    found = find_differences([view, built_as(view, "gcc 12", "one"), view])
    assert found == ()


def test_what_differs_in_the_same_way_of_several_contestants_is_said_once() -> None:
    view = run_with({NUMPY: 2, CY: 1, "cy.other": 1})
    runs = [built_as(view, "gcc 12", "one"), built_as(view, "gcc 12", "other")]
    factors = [one for one in find_differences(runs) if one.subject is Subject.FACTOR]
    assert [one.of for one in factors] == [(CY, "cy.other")]


def test_what_differs_of_other_contestants_is_left_out_where_two_matter() -> None:
    view = run_with({NUMPY: 2, CY: 1, RUST: 1})
    runs = [built_as(view, "gcc 12", "one"), built_as(view, "gcc 13", "other", "d" * 40)]
    assert find_differences(runs, frozenset((NUMPY, RUST))) == ()
    assert len(find_differences(runs, frozenset((NUMPY, CY)))) == 4


def test_the_same_machine_code_in_all_runs_is_named() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    one, other = built_as(view, "gcc 12", "one"), built_as(view, "gcc 12", "other")
    assert same_code([one, view, one]) == ("cy",)
    assert same_code([one, other, one]) == same_code([one, view]) == ()
