"""Several results side by side: which verdicts changed, and what is in only some of them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from support.contestants import SMALL
from support.results import SKIPPED, changed, make_row
from support.runs import CY, NUMPY, RUST, elsewhere, run_with
from whichext.judge import judge_again, view_of
from whichext.judge.diff import find_diff
from whichext.model.errors import UsageError
from whichext.model.ratio import Verdict
from whichext.model.raw import Kind
from whichext.model.runs import Cell, Diff
from whichext.model.view import View

BOTH = ("small", "tall")


def diff(*views: View, baseline: str | None = None) -> Diff:
    """Results called a, b, c and on."""
    return find_diff({chr(ord("a") + n): view for n, view in enumerate(views)}, baseline)


def only_cell(found: Diff) -> Cell:
    ((_, cell),) = found.cells
    return cell


def test_the_same_data_twice_has_no_change() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    found = diff(view, view)
    cell = only_cell(found)
    assert (cell.contestant, cell.ratios[0]) == (CY, cell.ratios[1])
    assert (cell.held, cell.shown, cell.is_open) == (((Verdict.FASTER, 2),), (), False)
    assert (found.holding, found.changed, found.unshown) == (1, (), 0)


def test_results_that_hold_the_race_of_another_are_named() -> None:
    view, later = run_with({NUMPY: 2, CY: 1}), run_with({NUMPY: 2, CY: 1}, day=2)
    memo = view_of(replace(view.raw, kind=Kind.MEMO))
    assert [run.copy_of for run in diff(view, later, memo).runs] == [None, None, 0]


def test_a_contestant_that_takes_three_times_as_long_later_has_changed() -> None:
    found = diff(run_with({NUMPY: 2, CY: 1}), run_with({NUMPY: 2, CY: 3}, day=2))
    ((case, cell),) = found.changed
    ((run, change),) = cell.shown
    assert (case, run, change.since) == ("small", 1, 0)
    assert (change.before, change.after) == (Verdict.FASTER, Verdict.SLOWER)
    assert change.ratio.value == pytest.approx(3)
    assert (found.holding, found.unshown) == (0, 0)


def test_a_machine_that_is_slower_for_all_changes_no_ratio() -> None:
    found = diff(run_with({NUMPY: 2, CY: 1}), elsewhere(run_with({NUMPY: 20, CY: 10})))
    assert (found.holding, only_cell(found).shown) == (1, ())


def test_a_change_that_is_smaller_than_the_noise_is_not_shown() -> None:
    calm, loud = run_with({NUMPY: 2, CY: 1.9}), run_with({NUMPY: 2, CY: 2.2}, twin=1.3)
    assert diff(calm, run_with({NUMPY: 2, CY: 2.2})).changed
    found = diff(calm, loud)
    assert (found.changed, found.holding, found.unshown) == ((), 0, 1)
    assert only_cell(found).is_open


def test_a_verdict_is_counted_in_the_runs_that_came_to_it() -> None:
    faster, slower = run_with({NUMPY: 2, CY: 1}), run_with({NUMPY: 2, CY: 3})
    cell = only_cell(diff(slower, faster, faster))
    assert cell.held == ((Verdict.FASTER, 2), (Verdict.SLOWER, 1))
    assert [run for run, _ in cell.shown] == [1, 2]


def test_a_change_is_one_since_the_first_run_that_measured_the_contestant() -> None:
    without, with_it = run_with({NUMPY: 2, RUST: 1}), run_with({NUMPY: 2, RUST: 1, CY: 1})
    found = diff(without, with_it, run_with({NUMPY: 2, RUST: 1, CY: 3}))
    (cell,) = (cell for _, cell in found.cells if cell.contestant == CY)
    first, second, third = cell.changes
    assert (cell.ratios[0], first, second) == (None, None, None)
    assert third is not None
    assert third.since == 1


def test_the_leaders_are_those_of_each_run() -> None:
    found = diff(run_with({NUMPY: 2, CY: 1, RUST: 3}), run_with({NUMPY: 2, CY: 3, RUST: 1}))
    assert found.cases[0].leaders == ((CY,), (RUST,))


# Times


def test_of_one_machine_there_are_times_of_all_also_of_the_baseline() -> None:
    found = diff(run_with({NUMPY: 2, CY: 1}), run_with({NUMPY: 4, CY: 1}))
    assert found.one_machine
    assert found.cases[0].baseline_ns == pytest.approx((2_000, 4_000), rel=0.01)
    assert only_cell(found).medians_ns == pytest.approx((1_000, 1_000), rel=0.01)


@pytest.mark.parametrize(
    "fields", [{"cores": 4}, {"isa": "avx512"}, {"l3_cache_bytes": 1}, {"memory_bytes": 2}]
)
def test_of_different_machines_there_are_no_times(fields: dict[str, object]) -> None:
    view = run_with({NUMPY: 2, CY: 1})
    found = diff(view, elsewhere(view, cpu=view.raw.machine.cpu, **fields))
    assert not found.one_machine
    assert (found.cases[0].baseline_ns, only_cell(found).medians_ns) == ((), ())


def test_another_python_on_the_same_machine_leaves_the_times() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    other = elsewhere(view, cpu=view.raw.machine.cpu, python="CPython 3.13.0")
    assert diff(view, other).one_machine


# What only some have


def test_a_case_that_one_run_alone_has_is_listed_and_not_compared() -> None:
    found = diff(run_with({NUMPY: 2, CY: 1}, cases=BOTH), run_with({NUMPY: 2, CY: 1}))
    assert [one.case.name for one in found.cases] == ["small"]
    (partial,) = found.partial
    assert partial.case is not None
    assert (partial.case.name, partial.runs) == ("tall", (0,))


def test_a_case_of_the_same_name_with_other_parameters_is_another_case() -> None:
    view = run_with({NUMPY: 2, CY: 1}, cases=BOTH)
    larger = (SMALL.but(shape=(7, 7)), *view.raw.cases[1:])
    found = diff(view, view_of(replace(view.raw, cases=larger)))
    assert [one.case.name for one in found.cases] == ["tall"]
    assert [(one.case and one.case.shape, one.runs) for one in found.partial] == [
        ((20, 30), (0,)),
        ((7, 7), (1,)),
    ]


def test_a_parameter_that_is_said_or_left_at_its_usual_value_is_the_same_case() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    said = (SMALL.but(layout="C", summary="says more"),)
    assert len(diff(view, view_of(replace(view.raw, cases=said))).cells) == 1


def test_a_contestant_that_one_run_alone_measured_is_listed_with_what_became_of_it() -> None:
    measured = run_with({NUMPY: 2, RUST: 1, CY: 1})
    skipped = run_with({NUMPY: 2, RUST: 1})
    skipped = changed(
        skipped,
        contestants=measured.raw.contestants,
        rows=(*skipped.judged.rows, make_row(CY, SKIPPED)),
    )
    found = diff(measured, skipped, run_with({NUMPY: 2, RUST: 1}))
    assert [cell.contestant for _, cell in found.cells] == [RUST]
    (partial,) = found.partial
    assert (partial.contestant, partial.runs) == (CY, (0,))
    assert partial.outcomes[1:] == (SKIPPED, None)


# Baselines, and what cannot be compared


def test_with_another_baseline_ratios_are_as_if_judged_again() -> None:
    views = run_with({NUMPY: 4, CY: 2, RUST: 1}), run_with({NUMPY: 4, CY: 2, RUST: 3})
    found = {cell.contestant: cell for _, cell in diff(*views, baseline=CY).cells}
    again = [judge_again(view, CY).cases["small"].measured for view in views]
    assert found.keys() == {NUMPY, RUST}
    for name, cell in found.items():
        assert cell.ratios == tuple(measured[name].ratio for measured in again)


def test_results_of_different_baselines_are_compared_with_one_that_both_have() -> None:
    views = run_with({NUMPY: 2, CY: 1}), run_with({CY: 1, NUMPY: 2})
    with pytest.raises(UsageError, match=r"baseline=.*"):
        diff(*views)
    assert only_cell(diff(*views, baseline=CY)).held == ((Verdict.SLOWER, 2),)


def refused(*views: View) -> UsageError:
    with pytest.raises(UsageError) as caught:
        diff(*views)
    return caught.value


def test_what_has_nothing_in_common_is_refused() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    kernel = view_of(replace(view.raw, kernel="other"))
    assert refused(view, kernel).got.split(", ") == ["total in a", "other in b"]
    tall = run_with({NUMPY: 2, CY: 1}, cases=("tall",))
    assert refused(view, tall).got == "small, tall"
    verified = view_of(replace(view.raw, kind=Kind.VERIFY))
    assert refused(view, verified).where == "b"
    assert (refused(view).got, refused().got) == ("one", "none")
    nothing = view_of(replace(view.raw, timings=()))
    assert refused(view, nothing).expected


def test_a_full_diff_of_many_cells_counts_each_once() -> None:
    names = {f"c{n}.total": 1 + n / 10 for n in range(20)}
    views = [run_with({NUMPY: 2, **names}, cases=BOTH, day=day) for day in (1, 2, 3)]
    found = diff(*views)
    assert len(found.cells) == 40
    assert found.holding + len(found.changed) + found.unshown == 40
