"""Going on from an earlier run, and refusing to where it measured something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from builders import (
    BUILD_FAILED,
    CRASHED,
    SMALL,
    TALL,
    make_build,
    make_built,
    make_scorecard,
    make_timing,
    steady,
)
from whichext import Options, load_kernel
from whichext.load.resume import find_earlier
from whichext.load.select import choose_contestants
from whichext.model.errors import UsageError
from whichext.model.scorecard import Scorecard, Timing
from whichext.report import as_json

ROW_SUM = Path(__file__).parents[1] / "kernels" / "row_sum"
BASELINE, OURS, OTHER, TWIN = "numpy", "cy.total", "rust.total", "numpy (A/A twin)"

NEXT = "run without resume, since ratios from two different set-ups say nothing together"


def now() -> Scorecard:
    """A run before its race."""
    builds = [make_build("cy"), make_build("rust", BUILD_FAILED)]
    return make_scorecard(names=[BASELINE, OURS, TWIN], cases=[SMALL, TALL], builds=builds)


def then() -> Scorecard:
    """The same, after the race of two cases."""
    timings = [
        make_timing(name, steady(1_000), case)
        for case in ("small", "tall")
        for name in (BASELINE, OURS, TWIN)
    ]
    return replace(now(), timings=tuple(timings))


def timings_of(earlier: Scorecard | None, run: Scorecard) -> tuple[Timing, ...]:
    """What this run may go on from."""
    return find_earlier(earlier, run).timings


def test_the_bytes_of_the_inputs_come_along() -> None:
    sizes = {course.case: course.input_bytes for course in then().courses}
    assert find_earlier(then(), now()).input_bytes == sizes


def test_without_an_earlier_run_there_is_nothing_to_go_on_from() -> None:
    assert timings_of(None, now()) == ()


def test_an_earlier_run_of_the_same_things_gives_all_its_timings_whole() -> None:
    found = timings_of(then(), now())
    assert sorted(found, key=str) == sorted(then().timings, key=str)


def test_an_earlier_run_that_measured_nothing_gives_nothing() -> None:
    assert timings_of(now(), now()) == ()


def test_a_run_read_back_from_its_file_is_the_same_run() -> None:
    contestants = choose_contestants(load_kernel(ROW_SUM), Options())
    run = replace(then(), contestants=contestants, timings=())
    assert find_earlier(as_json.parse(as_json.render(run), "file"), run).timings == ()


def test_timings_come_in_the_order_of_this_runs_contestants() -> None:
    backwards = replace(then(), timings=then().timings[::-1])
    found = timings_of(backwards, now())
    assert [t.contestant for t in found if t.case == "tall"] == [BASELINE, OURS, TWIN]


def test_who_left_the_race_then_has_left_it_now() -> None:
    lost = make_timing(OURS, [1_000], ended=CRASHED)
    assert timings_of(replace(then(), timings=(lost,)), now()) == (lost,)


def test_a_contestant_that_is_not_asked_for_now_is_left_out() -> None:
    fewer = replace(now(), contestants=now().contestants[:1])
    assert {t.contestant for t in timings_of(then(), fewer)} == {BASELINE}


def test_a_contestant_that_is_new_changes_nothing_for_the_others() -> None:
    more = make_scorecard(names=[BASELINE, OTHER, OURS, TWIN], cases=[SMALL, TALL])
    assert timings_of(then(), more) == timings_of(then(), now())


def test_a_case_that_is_not_asked_for_now_is_left_out() -> None:
    fewer = replace(now(), cases=(TALL,))
    assert {t.case for t in timings_of(then(), fewer)} == {"tall"}


def test_a_case_that_is_new_changes_nothing_for_the_others() -> None:
    more = replace(now(), cases=(*now().cases, replace(SMALL, name="new")))
    assert timings_of(then(), more) == timings_of(then(), now())


def on_machine(**parts: object) -> Callable[[Scorecard], Scorecard]:
    return lambda scorecard: replace(scorecard, machine=replace(scorecard.machine, **parts))


def with_build(key: str) -> Callable[[Scorecard], Scorecard]:
    return lambda scorecard: replace(scorecard, builds=(make_build("cy", make_built(key)),))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda s: replace(s, whichext_version="9"), "whichext: expected 0.1.0, got 9"),
        (lambda s: replace(s, kernel="mean"), "kernel: expected total, got mean"),
        (
            lambda s: replace(s, kernel_digest="e" * 24),
            f"text of kernel.py (hash): expected {'d' * 24}, got {'e' * 24}",
        ),
        (lambda s: replace(s, baseline=OURS), "baseline: expected numpy, got cy.total"),
        (on_machine(cpu="Slowium 1"), "cpu: expected Testium 9000, got Slowium 1"),
        (on_machine(cores=64), "cores: expected 2, got 64"),
        (on_machine(isa="sse4.2"), "isa: expected avx2, got sse4.2"),
        (on_machine(l2_cache_bytes=1), "l2_cache_bytes: expected 1048576, got 1"),
        (on_machine(l3_cache_bytes=1), "l3_cache_bytes: expected 33554432, got 1"),
        (on_machine(system="Linux 2.6"), "system: expected Linux 6.1 x86_64, got Linux 2.6"),
        (on_machine(python="PyPy 7"), "python: expected CPython 3.12.1, got PyPy 7"),
        (on_machine(numpy="1.26"), "numpy: expected 2.3.0, got 1.26"),
        (
            with_build("f" * 24),
            f"build of cy @release: expected 0123456789abcdef01234567, got {'f' * 24}",
        ),
    ],
)
def test_a_run_of_something_else_is_refused_with_both_sides(
    change: Callable[[Scorecard], Scorecard], text: str
) -> None:
    with pytest.raises(UsageError) as caught:
        timings_of(change(then()), now())
    name, _, sides = text.partition(": ")
    error = caught.value
    assert error.problem == f"resume: the earlier run had another {name}: {sides}"
    assert sides == f"expected {error.expected}, got {error.got}"


def test_the_next_step_of_another_run_is_one_without_it() -> None:
    with pytest.raises(UsageError) as caught:
        timings_of(replace(then(), kernel="mean"), now())
    assert caught.value.next_step == NEXT


def test_a_case_of_the_same_name_that_is_another_now_is_refused() -> None:
    longer = replace(SMALL, shape=(21, 30))
    with pytest.raises(UsageError, match="had another case small: "):
        timings_of(replace(then(), cases=(longer, TALL)), now())


def test_another_build_under_another_profile_is_no_obstacle() -> None:
    debug = make_build("cy", make_built("f" * 24), profile="debug")
    assert find_earlier(replace(then(), builds=(*then().builds, debug)), now())


@pytest.mark.parametrize("built_then", [True, False])
def test_a_project_that_was_built_in_one_of_the_runs_alone_is_no_obstacle(
    built_then: bool,
) -> None:
    rust = make_build("rust") if built_then else make_build("rust", BUILD_FAILED)
    rust_now = make_build("rust", BUILD_FAILED) if built_then else make_build("rust")
    earlier = replace(then(), builds=(make_build("cy"), rust))
    assert find_earlier(earlier, replace(now(), builds=(make_build("cy"), rust_now)))


def test_a_limit_that_another_reader_read_then_is_refused() -> None:
    run = make_scorecard(names=[BASELINE, "limit[1]"])
    limit = replace(run.contestants[1], module="whichext.race.limit.fallback")
    fallen_back = replace(run, contestants=(run.contestants[0], limit))
    for earlier, this in ((run, fallen_back), (fallen_back, run)):
        with pytest.raises(UsageError, match=r"had another contestant limit\[1\]: expected"):
            find_earlier(earlier, this)


def test_before_anything_is_built_what_is_known_already_is_compared() -> None:
    unbuilt = replace(now(), builds=(), contestants=now().contestants[:2])
    assert find_earlier(then(), unbuilt)
    with pytest.raises(UsageError, match="had another isa"):
        find_earlier(on_machine(isa="neon")(then()), unbuilt)


@pytest.mark.parametrize("parts", [{"virtual": False}, {"memory_bytes": 1}])
def test_what_may_change_from_day_to_day_is_no_obstacle(parts: dict[str, object]) -> None:
    assert timings_of(on_machine(**parts)(then()), now())
