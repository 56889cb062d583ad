"""Going on from an earlier run, and refusing to where it measured something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from support.contestants import SMALL, TALL
from support.results import (
    BUILD_FAILED,
    CRASHED,
    changed,
    make_build,
    make_built,
    make_size,
    make_timing,
    make_view,
    steady,
)
from whichext import load_kernel
from whichext.load.resume import resume
from whichext.load.select import choose_contestants
from whichext.model.errors import UsageError
from whichext.model.options import Options
from whichext.model.raw import Timing
from whichext.model.view import View
from whichext.report import result_file

ROW_SUM = Path(__file__).parents[1] / "kernels" / "row_sum"
BASELINE, OURS, OTHER, TWIN = "numpy", "cy.total", "rust.total", "numpy (A/A twin)"

CASES = ("small", "tall")
NEXT = "run without resume, since ratios from two different set-ups say nothing together"


def now() -> View:
    """A run before its race."""
    builds = [make_build("cy"), make_build("rust", BUILD_FAILED)]
    return make_view(names=[BASELINE, OURS, TWIN], cases=[SMALL, TALL], builds=builds)


def then() -> View:
    """The same, after the race of two cases."""
    timings = [
        make_timing(name, steady(1_000), case)
        for case in ("small", "tall")
        for name in (BASELINE, OURS, TWIN)
    ]
    return changed(now(), timings=tuple(timings))


def timings_of(earlier: View | None, run: View) -> tuple[Timing, ...]:
    """What this run may go on from."""
    return resume(earlier and earlier.raw, run.raw).timings


def resumes(earlier: View, run: View) -> bool:
    """Whether this run may go on from an earlier one."""
    return resume(earlier.raw, run.raw) is not None


def test_the_bytes_of_the_inputs_come_along() -> None:
    unraced = replace(now().raw, sizes=tuple(make_size(c, input_bytes=None) for c in CASES))
    assert resume(then().raw, unraced).sizes == then().raw.sizes


def test_what_was_not_compared_then_is_still_so_of_the_cases_of_now() -> None:
    earlier = changed(then(), uncompared=("tall", "gone"), unchanging=("gone", "tall"))
    found = resume(earlier.raw, now().raw)
    assert (found.uncompared, found.unchanging) == (("tall",), ("tall",))


def test_without_an_earlier_run_there_is_nothing_to_go_on_from() -> None:
    assert timings_of(None, now()) == ()


def test_an_earlier_run_of_the_same_things_gives_all_its_timings_whole() -> None:
    found = timings_of(then(), now())
    assert sorted(found, key=str) == sorted(then().raw.timings, key=str)


def test_an_earlier_run_that_measured_nothing_gives_nothing() -> None:
    assert timings_of(now(), now()) == ()


def test_a_run_read_back_from_its_file_is_the_same_run() -> None:
    contestants = choose_contestants(load_kernel(ROW_SUM), Options())
    run = changed(then(), contestants=contestants, timings=())
    assert timings_of(result_file.parse(result_file.encode(run), "file"), run) == ()


def test_timings_come_in_the_order_of_this_runs_contestants() -> None:
    backwards = changed(then(), timings=then().raw.timings[::-1])
    found = timings_of(backwards, now())
    assert [t.contestant for t in found if t.case == "tall"] == [BASELINE, OURS, TWIN]


def test_who_left_the_race_then_has_left_it_now() -> None:
    lost = make_timing(OURS, [1_000], ended=CRASHED)
    assert timings_of(changed(then(), timings=(lost,)), now()) == (lost,)


def test_a_contestant_that_is_not_asked_for_now_is_left_out() -> None:
    fewer = changed(now(), contestants=now().raw.contestants[:1])
    assert {t.contestant for t in timings_of(then(), fewer)} == {BASELINE}


def test_a_contestant_that_is_new_changes_nothing_for_the_others() -> None:
    more = make_view(names=[BASELINE, OTHER, OURS, TWIN], cases=[SMALL, TALL])
    assert timings_of(then(), more) == timings_of(then(), now())


def test_a_case_that_is_not_asked_for_now_is_left_out() -> None:
    fewer = changed(now(), cases=(TALL,))
    assert {t.case for t in timings_of(then(), fewer)} == {"tall"}


def test_a_case_that_is_new_changes_nothing_for_the_others() -> None:
    more = changed(now(), cases=(*now().raw.cases, SMALL.but(name="new")))
    assert timings_of(then(), more) == timings_of(then(), now())


def on_machine(**parts: object) -> Callable[[View], View]:
    return lambda view: changed(view, machine=replace(view.raw.machine, **parts))


def with_build(key: str) -> Callable[[View], View]:
    return lambda view: changed(view, builds=(make_build("cy", make_built(key)),))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda s: changed(s, whichext_version="9"), "whichext: expected 0.1.0, got 9"),
        (lambda s: changed(s, kernel="mean"), "kernel: expected total, got mean"),
        (
            lambda s: changed(s, kernel_digest="e" * 24),
            f"text of kernel.py (hash): expected {'d' * 24}, got {'e' * 24}",
        ),
        (lambda s: changed(s, baseline=OURS), "baseline: expected numpy, got cy.total"),
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
    change: Callable[[View], View], text: str
) -> None:
    with pytest.raises(UsageError) as caught:
        timings_of(change(then()), now())
    name, _, sides = text.partition(": ")
    error = caught.value
    assert error.problem.endswith(f" another {name}: {sides}")
    assert sides == f"expected {error.expected}, got {error.got}"


def test_the_next_step_of_another_run_is_one_without_it() -> None:
    with pytest.raises(UsageError) as caught:
        timings_of(changed(then(), kernel="mean"), now())
    assert caught.value.next_step == NEXT


def test_a_case_of_the_same_name_that_is_another_now_is_refused() -> None:
    longer = SMALL.but(shape=(21, 30))
    with pytest.raises(UsageError, match="another case small: "):
        timings_of(changed(then(), cases=(longer, TALL)), now())


def test_another_build_under_another_profile_is_no_obstacle() -> None:
    debug = make_build("cy", make_built("f" * 24), profile="debug")
    assert resumes(changed(then(), builds=(*then().raw.builds, debug)), now())


@pytest.mark.parametrize("built_then", [True, False])
def test_a_project_that_was_built_in_one_of_the_runs_alone_is_no_obstacle(
    built_then: bool,
) -> None:
    rust = make_build("rust") if built_then else make_build("rust", BUILD_FAILED)
    rust_now = make_build("rust", BUILD_FAILED) if built_then else make_build("rust")
    earlier = changed(then(), builds=(make_build("cy"), rust))
    assert resumes(earlier, changed(now(), builds=(make_build("cy"), rust_now)))


def test_a_limit_that_another_reader_read_then_is_refused() -> None:
    run = make_view(names=[BASELINE, "limit[1]"])
    limit = replace(run.raw.contestants[1], module="whichext.race.limit")
    fallen_back = changed(run, contestants=(run.raw.contestants[0], limit))
    for earlier, this in ((run, fallen_back), (fallen_back, run)):
        with pytest.raises(UsageError, match=r"another contestant limit\[1\]: "):
            resumes(earlier, this)


def test_before_anything_is_built_what_is_known_already_is_compared() -> None:
    unbuilt = changed(now(), builds=(), contestants=now().raw.contestants[:2])
    assert resumes(then(), unbuilt)
    with pytest.raises(UsageError, match="had another isa"):
        resumes(on_machine(isa="neon")(then()), unbuilt)


@pytest.mark.parametrize("parts", [{"virtual": False}, {"memory_bytes": 1}])
def test_what_may_change_from_day_to_day_is_no_obstacle(parts: dict[str, object]) -> None:
    assert timings_of(on_machine(**parts)(then()), now())
