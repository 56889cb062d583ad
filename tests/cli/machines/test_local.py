"""Workers on this machine alone, and cases that are spread over machines."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.clusters import Cluster, cluster, wait_until
from whichext.build.store import Store
from whichext.report import result_file

pytestmark = [pytest.mark.slow, pytest.mark.processes]

ROW_SUM = Path(__file__).parents[2] / "kernels" / "row_sum"


@pytest.fixture
def machines(tmp_path: Path, store: Store) -> Iterator[Cluster]:
    with cluster(tmp_path, store.folder) as found:
        yield found


def cases_of(path: Path) -> list[str]:
    return [case.name for case in result_file.read(path).raw.cases]


def test_workers_here_are_one_machine_that_races_once(machines: Cluster) -> None:
    machines.address = "local:2"
    client = machines.race("--case", "small", "--max-time", "1", "-o", "out", kernel=ROW_SUM)
    assert client.wait() == 0, machines.said()
    (file,) = (machines.folder / "out").glob("*.json")
    assert cases_of(file) == ["small"]


@pytest.mark.parametrize(
    ("send", "number", "code"),
    [
        (os.kill, signal.SIGINT, 1),
        (os.killpg, signal.SIGINT, 1),
        (os.kill, signal.SIGKILL, -signal.SIGKILL),
    ],
    ids=["Ctrl-C", "Ctrl-C of a terminal", "a client that is killed"],
)
def test_what_ends_the_client_leaves_no_process_and_the_run_can_be_continued(
    machines: Cluster, send: Callable[[int, int], None], number: int, code: int
) -> None:
    machines.address = "local:1"
    words = ("--case", "small", "--max-time", "2", "-o", "out")
    client = machines.race(*words, kernel=ROW_SUM)
    journals = machines.folder / "cache/whichext/machines"
    wait_until(lambda: [*journals.glob("*/*/*.part")], machines.said)
    send(client.pid, number)
    assert client.wait() == code, machines.said()
    wait_until(lambda: not machines.alive())
    again = machines.race(*words, "--resume", "out", kernel=ROW_SUM, log="again.log")
    assert again.wait() == 0, machines.said("again.log")


def test_cases_are_spread_over_machines_and_a_lost_one_leaves_its_part_to_another(
    machines: Cluster,
) -> None:
    machines.schedule()
    workers = {label: machines.work(label) for label in ("a", "b")}
    client = machines.race("--max-time", "6", "--spread", "-o", "out", kernel=ROW_SUM)
    wait_until(lambda: machines.journals("a") + machines.journals("b"), machines.said)
    lost = "a" if machines.journals("a") else "b"
    machines.await_epochs(lost)
    workers[lost].kill()
    assert client.wait() == 0, machines.said()
    files = sorted((machines.folder / "out" / "parts").glob("*.json"))
    assert [cases_of(file) for file in files] == [["small"], ["column-major"]]
    assert {result_file.read(file).raw.machine.label for file in files} == {"a", "b"} - {lost}
    assert cases_of(machines.folder / "out" / "sweep.json") == ["small", "column-major"]
