"""What is lost in the middle of a race: its process, a worker, the client, the scheduler."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.clusters import Cluster, cluster, wait_until
from support.processes import RecordingProgress
from whichext.build.store import Store
from whichext.cli.machines import OnMachines, follow, run_on_machines
from whichext.model.errors import FleetError
from whichext.model.options import Options
from whichext.model.raw import Raw
from whichext.report import result_file
from whichext.report.journal import read_journal

pytestmark = [pytest.mark.slow, pytest.mark.processes]

ROW_SUM = Path(__file__).parents[2] / "kernels" / "row_sum"
LONG = ("--case", "small", "--max-time", "3", "-o", "out")


@pytest.fixture
def machines(tmp_path: Path, store: Store) -> Iterator[Cluster]:
    with cluster(tmp_path, store.folder) as found:
        found.schedule()
        yield found


def kept(machines: Cluster, machine: str) -> Raw:
    """What the race of a machine has measured so far."""
    (journal,) = machines.journals(machine)
    return read_journal(journal.read_bytes())


def result(machines: Cluster, machine: str) -> Raw:
    """The result of a machine, as the client wrote it."""
    return result_file.read(machines.folder / f"out/{machine}.json").raw


def has_all(after: Raw, before: Raw) -> bool:
    """Whether nothing that was measured is lost or measured again."""
    samples = [{(t.case, t.contestant): t.samples for t in raw.timings} for raw in (after, before)]
    return all(samples[0][place][: len(found)] == found for place, found in samples[1].items())


def kill_race(machines: Cluster) -> None:
    (race,) = machines.races()
    race.kill()


def test_a_race_that_is_killed_goes_on_with_what_it_had(machines: Cluster) -> None:
    machines.work("a")
    client = machines.race(*LONG, kernel=ROW_SUM)
    machines.await_epochs("a")
    before = kept(machines, "a")
    kill_race(machines)
    assert client.wait() == 0, machines.said()
    assert has_all(result(machines, "a"), before)
    assert "SIGKILL" in machines.said()


def test_a_race_goes_on_when_a_nanny_has_started_its_worker_again(machines: Cluster) -> None:
    machines.work("a", "--nanny")
    client = machines.race(*LONG, kernel=ROW_SUM)
    machines.await_epochs("a")
    before = kept(machines, "a")
    (race,) = machines.races()
    race.parent().kill()  # type: ignore[union-attr]  # it has one
    assert client.wait() == 0, machines.said()
    assert has_all(result(machines, "a"), before)


def test_a_race_goes_on_at_another_worker_of_the_machine(machines: Cluster) -> None:
    worker, spare = machines.work("a"), machines.work("a")
    client = machines.race(*LONG, kernel=ROW_SUM)
    machines.await_epochs("a")
    before = kept(machines, "a")
    (race,) = machines.races()
    next(one for one in (worker, spare) if one.pid == race.ppid()).kill()
    assert client.wait() == 0, machines.said()
    assert has_all(result(machines, "a"), before)


def test_what_a_lost_client_began_is_gone_on_with_and_nothing_is_measured_twice(
    machines: Cluster,
) -> None:
    machines.work("a"), machines.work("b")
    client = machines.race(*LONG, kernel=ROW_SUM)
    wait_until(lambda: list((machines.folder / "out").glob("*.json")), machines.said)
    (first,) = (machines.folder / "out").glob("*.json")
    other = "b" if first.stem == "a" else "a"
    done = first.read_bytes()
    machines.await_epochs(other)
    before = kept(machines, other)
    client.kill()
    client.wait()
    again = machines.race(*LONG, "--resume", "out", kernel=ROW_SUM, log="again.log")
    assert again.wait() == 0, machines.said("again.log")
    assert first.read_bytes() == done
    assert has_all(result(machines, other), before)


def test_ctrl_c_ends_the_races_keeps_what_they_have_and_says_how_to_go_on(
    machines: Cluster,
) -> None:
    machines.work("a"), machines.work("b")
    client = machines.race(*LONG, kernel=ROW_SUM)
    wait_until(lambda: machines.journals("a") + machines.journals("b"), machines.said)
    busy = "a" if machines.journals("a") else "b"
    machines.await_epochs(busy)
    before = kept(machines, busy)
    os.kill(client.pid, signal.SIGINT)
    assert client.wait() == 1, machines.said()
    assert machines.races() == []
    assert has_all(result(machines, busy), before)
    assert "--resume out" in machines.said()
    again = machines.race(*LONG, "--resume", "out", kernel=ROW_SUM, log="again.log")
    assert again.wait() == 0, machines.said("again.log")
    assert has_all(result(machines, busy), before)


def raced_here(machines: Cluster, then: Callable[[], None]) -> OnMachines:
    """A run whose client is this process; something happens after the first epochs."""
    watch = threading.Thread(target=then, daemon=True)
    watch.start()
    options = Options(cases=("small",), max_time_s=3, isolation=False)
    folder = machines.folder / "out"
    progress = RecordingProgress()
    try:
        return run_on_machines(ROW_SUM, options, machines.address, folder, None, progress, "it")
    finally:
        watch.join()


def test_a_machine_that_does_not_come_back_is_lost_and_the_others_go_on(
    machines: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = {label: machines.work(label) for label in ("a", "b")}
    machines.await_workers(2)
    lost: list[str] = []

    def lose_one() -> None:
        wait_until(lambda: machines.journals("a") + machines.journals("b"))
        lost.append("a" if machines.journals("a") else "b")
        machines.await_epochs(lost[0])
        workers[lost[0]].kill()

    monkeypatch.setattr(follow, "GRACE_S", 3)
    found = raced_here(machines, lose_one)
    by_name = {one.name: one for one in found.entrants}
    gone = by_name.pop(lost[0])
    assert (gone.file, bool(gone.problem)) == (None, True)
    (other,) = by_name.values()
    assert other.view is not None
    assert (other.view.raw.stopped, other.problem) == (None, "")


@pytest.mark.parametrize("grace_s", [3, follow.GRACE_S], ids=["before Dask gives up", "after"])
def test_a_lost_scheduler_is_said_with_the_next_step(
    machines: Cluster, monkeypatch: pytest.MonkeyPatch, grace_s: float
) -> None:
    machines.work("a")
    machines.await_workers(1)

    def lose_it() -> None:
        machines.await_epochs("a")
        machines.processes[0].kill()

    monkeypatch.setattr(follow, "GRACE_S", grace_s)
    with pytest.raises(FleetError) as caught:
        raced_here(machines, lose_it)
    assert str(machines.folder / "out") in caught.value.next_step
