"""Who does what next: every machine all of it, or machines of a kind a part each."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from support.results import make_machine
from whichext.cli.machines.jobs import MOST_CHUNKS, Everywhere, Job, Place, free_job, spread
from whichext.model.options import Options


def place(name: str, cpu: str = "A") -> Place:
    return Place(name, replace(make_machine(), label=name, cpu=cpu))


def test_every_machine_does_all_of_it_itself() -> None:
    plan = Everywhere(("--quick",))
    jobs = plan.jobs_for([place("a"), place("b")])
    assert [(job.name, job.machine, job.words) for job in jobs] == [
        ("a", "a", ("--quick",)),
        ("b", "b", ("--quick",)),
    ]
    assert free_job(jobs, place("b"), ()) == jobs[1]
    assert free_job(jobs, place("c"), ()) is None


def test_cases_are_spread_in_order_with_their_share_of_the_time() -> None:
    plan = spread(["x", "y", "z"], Options(max_time_s=12))
    assert [(job.name, job.words) for job in plan.jobs] == [
        ("part-1", ("--case", "x", "--max-time", "4.0")),
        ("part-2", ("--case", "y", "--max-time", "4.0")),
        ("part-3", ("--case", "z", "--max-time", "4.0")),
    ]


@pytest.mark.parametrize("cases", [1, 2, 47, 48, 49, 1000])
def test_no_case_is_lost_or_done_twice_and_parts_are_few(cases: int) -> None:
    names = [f"n{number}" for number in range(cases)]
    jobs = spread(names, Options(max_time_s=1000)).jobs
    assert [name for job in jobs for name in job.words[1].split(",")] == names
    assert len(jobs) <= MOST_CHUNKS
    assert [job.name for job in jobs] == sorted({job.name for job in jobs})


def test_a_free_machine_takes_what_nobody_has_and_nothing_that_is_settled() -> None:
    jobs = [Job("one", ()), Job("two", ()), Job("three", ())]
    jobs[0].settle()
    assert free_job(jobs, place("a"), [jobs[1], None]) == jobs[2]
    jobs[2].settle(problem="lost")
    assert free_job(jobs, place("a"), [jobs[1]]) is None


def test_machines_of_another_kind_than_most_take_no_part_whatever_they_are_called() -> None:
    plan = spread(["x", "y"], Options())
    found = [place("a", "B"), place("b"), place("c")]
    jobs = plan.jobs_for(found)
    assert [one.takes_part for one in found] == [False, True, True]
    assert free_job(jobs, found[0], ()) is None
    late = [place("d", "B"), place("e")]
    assert plan.jobs_for(late) == ()
    assert [one.takes_part for one in late] == [False, True]
