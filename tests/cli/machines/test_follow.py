"""What is done about workers, machines and schedulers that are lost, with a fake of Dask."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace

from support.fake_dask import FakeDask, FakeFuture
from support.processes import RecordingProgress
from support.results import make_race, steady
from whichext.cli.machines import follow
from whichext.cli.machines.folder import Folder
from whichext.cli.machines.follow import Fleet
from whichext.cli.machines.jobs import MOST_TRIES, Everywhere, spread
from whichext.cli.machines.there import Came
from whichext.cli.wording import SHELL
from whichext.model.errors import FleetError, ResultNotWrittenError
from whichext.model.inline import argument, code, unmarked
from whichext.model.options import Options
from whichext.model.raw import INTERRUPTED
from whichext.model.view import View
from whichext.report import result_file

RACE = make_race({"numpy": steady(1_000)})
WHOLE = Came(result_file.encode(RACE))


class KilledWorker(Exception):  # noqa: N818  # Dask's name
    """As Dask has it."""


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Fleet]:
    """Make a fleet of fakes; nothing in it waits for long."""
    for name, value in {"_TICK_S": 0.0, "LOOK_S": 0.0, "GRACE_S": 0.05, "FIRST_S": 0.05}.items():
        monkeypatch.setattr(follow, name, value)

    def make(dask: FakeDask, plan: Any = None) -> Fleet:
        monkeypatch.setattr(follow, "workers_of", dask.workers)
        monkeypatch.setattr(follow, "look_at", dask.look_at)

        def keep(name: str, view: View) -> View:
            result_file.write(view, tmp_path / f"{name}.json")
            return view

        return Fleet(
            client=cast(Any, dask),
            folder=Folder(tmp_path, "key"),
            kernel="files/k",
            files=b"",
            plan=plan or Everywhere(()),
            keep=keep,
            progress=RecordingProgress(),
        )

    return make


def whole(_: FakeDask) -> Came:
    return WHOLE


def problems(fleet: Fleet) -> dict[str, str]:
    assert all(job.settled for job in fleet.jobs)
    return {job.name: job.problem for job in fleet.jobs}


def test_each_machine_races_once_and_is_told_to_forget(fleet: Callable[..., Fleet]) -> None:
    dask = FakeDask(iter([whole, whole]), {"w1": "a", "w2": "a", "w3": "b"})
    found = fleet(dask)
    found.follow()
    assert dask.sent == [("w1", "a"), ("w3", "b")]
    assert problems(found) == {"a": "", "b": ""}
    assert dask.called == ["forget"]
    assert found.folder.begun


def test_a_run_that_finds_no_machine_has_not_begun(fleet: Callable[..., Fleet]) -> None:
    found = fleet(FakeDask(iter([]), {}))
    with pytest.raises(FleetError, match="dask worker"):
        found.follow()
    assert not found.folder.begun


def test_a_race_of_a_lost_worker_goes_to_a_spare_one(fleet: Callable[..., Fleet]) -> None:
    def lose(dask: FakeDask) -> str:
        del dask.labels["w1"]
        return "pending"

    dask = FakeDask(iter([lose, whole]), {"w1": "a", "w2": "a"})
    found = fleet(dask)
    found.follow()
    assert dask.sent == [("w1", "a"), ("w2", "a")]
    assert problems(found) == {"a": ""}


def test_a_machine_that_stays_away_is_lost_and_its_part_of_a_sweep_is_not(
    fleet: Callable[..., Fleet],
) -> None:
    def lose(dask: FakeDask) -> str:
        del dask.labels["w1"]
        return "pending"

    alone = FakeDask(iter([lose, whole]), {"w1": "a", "w2": "b"})
    found = fleet(alone)
    found.follow()
    assert {name: bool(problem) for name, problem in problems(found).items()} == {
        "a": True,
        "b": False,
    }
    for file in found.folder.path.glob("*.json"):
        file.unlink()
    shared = FakeDask(iter([lose, whole, whole]), {"w1": "a", "w2": "b"})
    found = fleet(shared, spread(["x", "y"], Options()))
    found.follow()
    assert shared.sent == [("w1", "part-1"), ("w2", "part-2"), ("w2", "part-1")]
    assert problems(found) == {"part-1": "", "part-2": ""}


@pytest.mark.parametrize(
    "ended",
    [Came(problem="killed by SIGKILL", ended=True), KilledWorker("k")],
    ids=["race", "dask"],
)
def test_what_is_ended_from_outside_is_tried_again_a_few_times(
    fleet: Callable[..., Fleet], ended: Came | Exception
) -> None:
    dask = FakeDask(iter([lambda _: ended] * MOST_TRIES), {"w1": "a"})
    found = fleet(dask)
    found.follow()
    assert len(dask.sent) == MOST_TRIES
    assert problems(found)["a"]


def test_an_error_is_final_and_what_was_measured_before_it_is_kept(
    fleet: Callable[..., Fleet],
) -> None:
    dask = FakeDask(iter([lambda _: Came(WHOLE.result, "disk full")]), {"w1": "a"})
    found = fleet(dask)
    found.follow()
    assert problems(found) == {"a": "disk full"}
    assert found.jobs[0].view is not None
    assert dask.called == []


def test_what_cannot_be_written_here_is_said_in_words_of_either_reader(
    fleet: Callable[..., Fleet],
) -> None:
    def fail(*_: object) -> View:
        raise ResultNotWrittenError("the disk is full", f"another {argument('save')}")

    found = fleet(FakeDask(iter([whole]), {"w": "a"}))
    found.keep = fail
    found.follow()
    assert "another -o" in unmarked(problems(found)["a"], SHELL)
    assert "another save" in unmarked(problems(found)["a"])


def test_no_text_of_a_machine_becomes_one_of_ours(fleet: Callable[..., Fleet]) -> None:
    found = fleet(FakeDask(iter([lambda _: Came(problem=code("b"))]), {"w": "a"}))
    found.follow()
    assert problems(found) == {"a": "cb"}


def test_a_lost_scheduler_costs_no_tries_and_is_an_error(fleet: Callable[..., Fleet]) -> None:
    def lose(dask: FakeDask) -> str:
        dask.answers = False
        return "cancelled"

    dask = FakeDask(iter([lose]), {"w1": "a"})
    with pytest.raises(FleetError) as caught:
        fleet(dask).follow()
    assert caught.value.got == "0 of 1 results"
    assert len(dask.sent) == 1


def test_a_scheduler_that_dask_has_given_up_is_lost_at_once_and_costs_nobody_a_crash(
    fleet: Callable[..., Fleet], monkeypatch: pytest.MonkeyPatch
) -> None:
    def close(dask: FakeDask) -> str:
        dask.status = "closed"
        return "cancelled"

    monkeypatch.setattr(follow, "GRACE_S", 1e9)
    with pytest.raises(FleetError) as caught:
        fleet(FakeDask(iter([close]), {"w1": "a"})).follow()
    assert caught.value.got == "0 of 1 results"
    assert "resume=" in caught.value.next_step


def test_results_that_are_all_here_outlive_the_scheduler(
    fleet: Callable[..., Fleet], monkeypatch: pytest.MonkeyPatch
) -> None:
    def close(dask: FakeDask) -> Came:
        monkeypatch.setattr(dask, "run", None)
        dask.status = "closed"
        return WHOLE

    found = fleet(FakeDask(iter([close]), {"w1": "a"}))
    found.follow()
    assert problems(found) == {"a": ""}


def test_a_scheduler_that_answers_again_is_followed_on(fleet: Callable[..., Fleet]) -> None:
    def falter(dask: FakeDask) -> str:
        dask.answers, usual = False, dask.workers

        def again(_: object) -> dict[str, Any]:
            dask.answers = True
            follow.workers_of = usual  # type: ignore[assignment]  # the fake's
            raise OSError("busy")

        follow.workers_of = again  # type: ignore[assignment]  # the fake's
        return "cancelled"

    dask = FakeDask(iter([falter, whole]), {"w1": "a"})
    found = fleet(dask)
    found.follow()
    assert problems(found) == {"a": ""}


def test_what_was_finished_before_is_not_raced_again(fleet: Callable[..., Fleet]) -> None:
    dask = FakeDask(iter([whole]), {"w1": "a", "w2": "b"})
    found = fleet(dask)
    half = View(replace(RACE.raw, stopped=INTERRUPTED), RACE.judged)
    result_file.write(RACE, found.folder.file("a"))
    result_file.write(RACE, found.folder.file("absent"))
    result_file.write(half, found.folder.file("b"))
    found.follow()
    assert dask.sent == [("w2", "b")]
    assert problems(found) == {"a": "", "absent": "", "b": ""}


def test_ctrl_c_ends_races_and_takes_in_what_they_have(fleet: Callable[..., Fleet]) -> None:
    half = View(replace(RACE.raw, stopped=INTERRUPTED), RACE.judged)
    future = FakeFuture()
    dask = FakeDask(iter([]), {"w1": "a"})
    found = fleet(dask)

    def run(function: Any, *_: Any, **__: Any) -> None:
        dask.called.append(function.__name__)
        future.status = "finished"
        future.outcome = Came(result_file.encode(half), INTERRUPTED, ended=True)

    def submit(*_: Any, **__: Any) -> FakeFuture:
        found._collect = stop  # type: ignore[method-assign]  # once
        return future

    def stop() -> None:
        del found._collect
        raise KeyboardInterrupt

    dask.run, dask.submit = run, submit  # type: ignore[method-assign, assignment]  # once
    with pytest.raises(KeyboardInterrupt):
        found.follow()
    assert dask.called == ["end"]
    assert problems(found) == {"a": INTERRUPTED}
    assert found.jobs[0].view is not None


def test_a_second_ctrl_c_leaves_no_race_without_a_word(fleet: Callable[..., Fleet]) -> None:
    def interrupt(*_: object, **__: object) -> Came:
        raise KeyboardInterrupt

    dask = FakeDask(iter([interrupt]), {"w1": "a"})
    dask.run = interrupt  # type: ignore[method-assign, assignment]  # Ctrl-C while machines end
    found = fleet(dask)
    with pytest.raises(KeyboardInterrupt):
        found.follow()
    assert problems(found) == {"a": INTERRUPTED}


def test_ctrl_c_while_a_race_is_handed_out_ends_it_too_and_no_later_submission(
    fleet: Callable[..., Fleet],
) -> None:
    def interrupt(_: FakeDask) -> Came:
        raise KeyboardInterrupt

    dask = FakeDask(iter([interrupt]), {"w1": "a", "w2": "a"})
    found = fleet(dask)
    with pytest.raises(KeyboardInterrupt):
        found.follow()
    assert (dask.called, dask.told) == (["end"], [found.submission, "w1"])
    assert fleet(dask).submission != found.submission
