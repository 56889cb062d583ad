"""The course of one ratio over results."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from support.results import make_samples
from support.runs import CY, NUMPY, RUST, built_as, elsewhere, run_with
from whichext.judge import view_of
from whichext.judge.history import find_history
from whichext.model.errors import UnknownNameError, UsageError
from whichext.model.ratio import Verdict
from whichext.model.raw import Kind
from whichext.model.runs import History, Skipped, Subject, Why
from whichext.model.view import View


def runs(*times_us: float, **others: object) -> dict[str, View]:
    """A run a day in which CY takes these times, and numpy two microseconds."""
    return {
        f"{day}.json": run_with({NUMPY: 2, CY: time}, day=day, **others)  # type: ignore[arg-type]  # keywords of run_with
        for day, time in enumerate(times_us, start=1)
    }


def shown(history: History) -> list[int]:
    """Numbers of the runs of the only course in which a change is shown."""
    (course,) = history.courses
    return [one.run for one in course.points if one.change is not None and one.change.is_shown]


def test_runs_are_in_the_order_in_which_they_began() -> None:
    first, second, third = runs(1, 1, 1).items()
    found = find_history(dict((third, first, second)), CY)
    assert [run.name for run in found.runs] == ["1.json", "2.json", "3.json"]
    assert (found.kernel, found.of, found.over) == ("total", CY, NUMPY)
    assert [one.ratio.verdict for one in found.courses[0].points] == [Verdict.FASTER] * 3
    assert shown(found) == []


def test_a_change_is_marked_in_the_run_in_which_it_came_and_not_after() -> None:
    found = find_history(runs(1, 1, 3, 3, 1), CY)
    assert shown(found) == [2, 4]
    change = found.courses[0].points[2].change
    assert change is not None
    assert (change.before, change.after) == (Verdict.FASTER, Verdict.SLOWER)


def test_a_slow_drift_is_shown_once_it_has_gone_far_enough() -> None:
    found = find_history(runs(1, 1.006, 1.012, 1.018, 1.024), CY)
    assert shown(found) == [2, 4]


def test_a_run_that_is_less_certain_is_not_what_later_ones_are_compared_with() -> None:
    views = runs(1, 1, 3)
    rough = views["1.json"].raw
    wide = make_samples([[500 * (1 + epoch), 1000, 2000] for epoch in range(9)])
    timings = tuple(
        replace(one, samples=wide) if one.contestant == CY else one for one in rough.timings
    )
    found = find_history({**views, "1.json": view_of(replace(rough, timings=timings))}, CY)
    last = found.courses[0].points[-1].change
    assert last is not None
    assert (last.since, last.is_shown) == (1, True)


def test_noise_hides_a_change_that_is_smaller() -> None:
    views = runs(1, 1.2)
    assert shown(find_history(views, CY)) == [1]
    loud = run_with({NUMPY: 2, CY: 1.2}, day=2, twin=1.4)
    assert shown(find_history({**views, "2.json": loud}, CY)) == []


def test_where_a_change_is_shown_it_is_said_what_else_differs_for_the_two() -> None:
    before, after = runs(1, 3).values()
    views = {
        "1.json": built_as(before, "gcc 12", "one"),
        "2.json": built_as(after, "gcc 13", "one"),
    }
    change = find_history(views, CY).courses[0].points[1].change
    assert change is not None
    assert [(one.subject, one.values) for one in change.differences] == [
        (Subject.TOOL, ("gcc 12", "gcc 13"))
    ]


def test_machines_and_cases_are_courses_of_their_own() -> None:
    views = runs(1, 3, 1, 3, cases=("small", "tall"))
    views = {name: elsewhere(v) if name[0] in "24" else v for name, v in views.items()}
    found = find_history(views, CY)
    assert [
        (course.machine.cpu, course.case.name, [one.run for one in course.points])
        for course in found.courses
    ] == [
        ("Testium 9000", "small", [0, 2]),
        ("Testium 9000", "tall", [0, 2]),
        ("Other 3", "small", [1, 3]),
        ("Other 3", "tall", [1, 3]),
    ]
    assert all(not (one.change and one.change.is_shown) for c in found.courses for one in c.points)


def test_one_case_can_be_asked_for() -> None:
    found = find_history(runs(1, 1, cases=("small", "tall")), CY, case="tall")
    assert [course.case.name for course in found.courses] == ["tall"]


def test_another_baseline_can_be_asked_for_and_results_without_it_are_left_out() -> None:
    views = {**runs(1), "rust.json": run_with({NUMPY: 2, CY: 1, RUST: 4}, day=3)}
    found = find_history(views, CY, over=RUST)
    assert [run.name for run in found.runs] == ["rust.json"]
    assert found.courses[0].points[0].ratio.value == pytest.approx(0.25)
    assert found.skipped == (Skipped(name="1.json", why=Why.WITHOUT),)


def test_what_cannot_be_read_does_not_have_the_two_or_is_a_copy_is_left_out_with_why() -> None:
    views = runs(1, 1)
    memo = replace(views["1.json"].raw, kind=Kind.MEMO)
    unread = Skipped(name="notes.json", why=Why.UNREAD, detail="no result")
    other = replace(run_with({NUMPY: 2, RUST: 1}).raw, kernel="other")
    views |= {"memo.json": view_of(memo), "other.json": view_of(other)}
    found = find_history(views, CY, unread=(unread,))
    assert [run.name for run in found.runs] == ["1.json", "2.json"]
    assert found.skipped == (
        unread,
        Skipped(name="memo.json", why=Why.COPY, detail="1.json"),
        Skipped(name="other.json", why=Why.WITHOUT),
    )


@pytest.mark.parametrize(
    ("asked", "argument"),
    [
        ({"of": "cy.totl"}, 'of="cy.total"'),
        ({"of": CY, "over": "nump"}, 'over="numpy"'),
        ({"of": CY, "over": CY}, 'over="numpy"'),
        ({"of": CY, "case": "smal"}, 'case="small"'),
    ],
)
def test_a_name_that_no_result_has_is_refused_with_the_nearest(
    asked: Mapping[str, str], argument: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        find_history(runs(1), **asked)  # type: ignore[arg-type]  # wrong ones
    assert caught.value.next_step == argument


def test_of_several_kernels_in_a_folder_those_that_have_the_contestant_must_be_one() -> None:
    views = runs(1, 1)
    other = view_of(replace(views["2.json"].raw, kernel="other"))
    with pytest.raises(UsageError) as caught:
        find_history({**views, "2.json": other}, CY)
    assert caught.value.got.split(", ") == ["total in 1.json", "other in 2.json"]


def test_results_with_different_baselines_need_one_that_is_asked_for() -> None:
    views = {**runs(1), "2.json": run_with({RUST: 1, CY: 1, NUMPY: 2}, day=2)}
    with pytest.raises(UsageError) as caught:
        find_history(views, CY)
    assert caught.value.next_step == 'over="numpy"'
    assert len(find_history(views, CY, over=NUMPY).runs) == 2


def test_two_that_never_raced_in_the_same_case_have_no_ratio() -> None:
    view = run_with({NUMPY: 2, CY: 1, RUST: 1}, cases=("small", "tall"))
    apart = {CY: "tall", RUST: "small"}
    timings = tuple(t for t in view.raw.timings if apart.get(t.contestant) != t.case)
    with pytest.raises(UsageError) as caught:
        find_history({"a": view_of(replace(view.raw, timings=timings))}, CY, over=RUST)
    assert caught.value.expected
