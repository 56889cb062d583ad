"""Cases that are called from several threads at once, or in a forked child."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.builds import build_here
from support.cli import printed
from support.contestants import make_kernel
from support.epochs import MS, TRACK, entrants, raced, turns_of
from support.processes import FakeCrew
from support.results import make_timing
from whichext.build.session import Lineup
from whichext.build.store import Store
from whichext.load.statements import check_statements
from whichext.model.case import Case
from whichext.model.errors import KernelError
from whichext.model.insight import ThreadsUnlikeAsked
from whichext.model.options import Options
from whichext.model.outcome import FEWEST_TAIL_CALLS, Measured, Outcome, TimedOut, Wrong
from whichext.model.raw import Latencies, Timing
from whichext.model.view import View
from whichext.pipeline import execute
from whichext.race.epoch import run_epoch
from whichext.race.in_worker import Turned
from whichext.race.plan import Pace
from whichext.race.timed import Took
from whichext.race.track import Epoch, Track
from whichext.report.race import case_blocks

KERNEL = Path(__file__).parents[1] / "kernels" / "in_the_field"
FREE, TURNS, POOL = "free.row_max", "takes_turns.row_max", "keeps_a_pool.row_max"
CHILD, MANY = "wrong_in_a_child.row_max", "full_of_callers.row_max"

CROWD, FORKED = replace(TRACK, callers=4), replace(TRACK, forked=True)


@pytest.mark.parametrize(("call_ms", "calls"), [(1, 12), (2, 8), (30, 4)])
def test_all_callers_of_a_turn_make_as_many_calls(call_ms: int, calls: int) -> None:
    crew = FakeCrew({"alone": call_ms * MS})
    samples = raced(crew, track=CROWD)["alone"].samples
    assert {sample.calls for sample in samples} == {calls}


def test_only_turns_have_several_callers() -> None:
    crew = FakeCrew({"alone": 30 * MS})
    raced(crew, track=CROWD)
    assert [turn.callers for turn in turns_of(crew, "alone")] == [1, 1, 1, 4, 4, 4, 4]


def test_only_turns_are_taken_in_a_forked_child() -> None:
    crew = FakeCrew({"alone": 30 * MS})
    raced(crew, track=FORKED)
    limits = [turn.forked_s for turn in turns_of(crew, "alone")]
    assert limits == [None, None, 60.0, 60.0, 60.0, 60.0]


def test_before_a_fork_there_is_always_a_call() -> None:
    crew = FakeCrew({"a": 30 * MS, "b": 300 * MS})
    took_ns, compiled = dict(crew.call_ns), frozenset(crew.call_ns)
    track = Track("small", (), 2, 60.0, took_ns=took_ns, compiled=compiled, forked=True)
    found = entrants(crew)
    lineup = Lineup(frozenset("a"), frozenset(), frozenset("b"))
    run_epoch(crew.as_crew, track, Epoch(0, tuple(found.values()), random.Random(0), lineup))
    assert [turn.forked_s for turn in turns_of(crew, "b")] == [None, pytest.approx(2 + 20 * 0.3)]


def test_a_child_that_is_lost_ends_the_contestants_race() -> None:
    hang = TimedOut("small, in a forked child (an unsafe fork)", 5, in_child=True)
    crew = FakeCrew({"a": 30 * MS, "b": 30 * MS}, faults={("b", 2): hang})
    found = raced(crew, track=FORKED)
    assert found["b"].ended == hang
    assert found["a"].ended is None


@pytest.mark.parametrize("callers", [0, -1, 257, True, "2", 2.0, None])
def test_callers_that_no_case_can_have_are_refused(callers: Any) -> None:
    case = Case(name="odd", shape=(4,), dtype="float64", callers=callers)
    with pytest.raises(KernelError) as caught:
        check_statements("field", make_kernel(case))
    assert (caught.value.where, caught.value.what) == ("field: case odd", "callers")
    assert caught.value.got == repr(callers)


@pytest.mark.parametrize("forked", ["yes", 1, None])
def test_what_says_neither_that_a_case_is_forked_nor_not_is_refused(forked: Any) -> None:
    case = Case(name="odd", shape=(4,), dtype="float64", forked=forked)
    with pytest.raises(KernelError) as caught:
        check_statements("field", make_kernel(case))
    assert (caught.value.where, caught.value.what) == ("field: case odd", "forked")
    assert caught.value.got == repr(forked)


def test_several_threads_of_a_forked_child_may_call() -> None:
    both = Case(name="both", shape=(4,), dtype="float64", callers=2, forked=True)
    check_statements("field", make_kernel(both))
    crew = FakeCrew({"alone": 30 * MS})
    raced(crew, track=replace(CROWD, forked=True))
    turns = [(turn.callers, turn.forked_s) for turn in turns_of(crew, "alone")]
    assert turns == [(1, None)] * 3 + [(4, 60.0)] * 4


LATENCIES = Latencies((320,), (4,))


def test_the_latencies_of_an_earlier_run_are_kept() -> None:
    earlier = Timing(contestant="alone", case="small", samples=(), latencies=(LATENCIES,))
    entrant = entrants(FakeCrew({"alone": MS}))["alone"]
    entrant.resume(earlier)
    assert entrant.timing("small").latencies == (LATENCIES,)


def test_turns_of_an_earlier_run_without_latencies_have_none_after_it() -> None:
    """So those that follow keep their place beside their turn."""
    earlier = make_timing("alone", [1_000], rounds=2)
    entrant = entrants(FakeCrew({"alone": MS}))["alone"]
    entrant.resume(earlier)
    entrant.pace = Pace(4, 0, 2)
    entrant.note(Turned(Took(5, 5), 0, latencies=LATENCIES), (1, 0, 0))
    found = entrant.timing("small").latencies
    assert found == (Latencies(), Latencies(), LATENCIES)


@pytest.mark.parametrize("in_child", [False, True])
def test_a_hang_of_a_forked_child_stays_one_when_the_run_goes_on(in_child: bool) -> None:
    hang = TimedOut("small", 5, in_child=in_child)
    entrant = entrants(FakeCrew({"alone": MS}))["alone"]
    entrant.resume(Timing(contestant="alone", case="small", samples=(), ended=hang))
    assert entrant.ended == (hang if in_child else None)


@pytest.fixture(scope="module")
def view(store: Store) -> View:
    """A real race of all cases."""
    build_here(KERNEL, store)
    return execute(KERNEL, Options(max_time_s=3, min_epochs=3, time_limit_s=2.0), store=store)


def outcome_of(view: View, case: str, contestant: str) -> Outcome:
    return view.cases[case].outcomes[contestant]


@pytest.mark.slow
@pytest.mark.processes
def test_a_call_that_hangs_in_a_forked_child_is_an_unsafe_fork_in_that_case_alone(
    view: View,
) -> None:
    hung = outcome_of(view, "forked", POOL)
    assert isinstance(hung, TimedOut)
    assert "an unsafe fork" in hung.where
    assert isinstance(outcome_of(view, "alone", POOL), Measured)
    assert isinstance(outcome_of(view, "crowd", POOL), Measured)


@pytest.mark.slow
@pytest.mark.processes
def test_an_answer_that_is_wrong_in_a_forked_child_bars_there_alone(view: View) -> None:
    for case in ("forked", "crowded_fork"):
        found = outcome_of(view, case, CHILD)
        assert isinstance(found, Wrong)
        assert "unsafe fork" in found.where
    assert isinstance(outcome_of(view, "alone", CHILD), Measured)
    assert isinstance(outcome_of(view, "crowd", CHILD), Measured)


@pytest.mark.slow
@pytest.mark.processes
def test_an_answer_that_is_wrong_only_from_many_threads_at_once_is_found_in_the_race(
    store: Store,
) -> None:
    """Not in verify, where fewer threads call at once."""
    options = Options(max_time_s=2, min_epochs=2, cases=("throng",), entries=(FREE, MANY))
    throng = execute(KERNEL, options, store=store)
    found = outcome_of(throng, "throng", MANY)
    assert isinstance(found, Wrong)
    assert "7 threads" in found.where
    assert isinstance(outcome_of(throng, "throng", FREE), Measured)


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize("case", ["alone", "crowd", "forked", "crowded_fork"])
def test_a_call_that_is_safe_everywhere_is_measured_everywhere(view: View, case: str) -> None:
    assert isinstance(outcome_of(view, case, FREE), Measured)


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize("name", ["numpy", FREE, TURNS, "limit[1]"])
def test_tail_latencies_are_measured_where_several_threads_call(view: View, name: str) -> None:
    crowd, alone = outcome_of(view, "crowd", name), outcome_of(view, "alone", name)
    assert isinstance(crowd, Measured)
    assert isinstance(alone, Measured)
    assert crowd.tail is not None
    assert crowd.tail.calls >= FEWEST_TAIL_CALLS
    assert alone.tail is None
    assert crowd.tail.latency_ns is not None
    assert crowd.tail.latency_ns > 0
    assert crowd.tail.ratio is not None


@pytest.mark.slow
@pytest.mark.processes
def test_callers_beyond_the_contestants_threads_are_no_warning(view: View) -> None:
    unlike = [w for w in view.judged.warnings if isinstance(w, ThreadsUnlikeAsked)]
    assert [one for one in unlike if one.case == "crowd"] == []


@pytest.mark.slow
@pytest.mark.processes
def test_the_report_has_a_table_of_tail_latencies_where_several_threads_call(view: View) -> None:
    said = {name: printed(*case_blocks(view, case)) for name, case in view.cases.items()}
    with_tail = [name for name, text in said.items() if "tail latency" in text]
    assert with_tail == ["crowd", "crowded_fork"]
