"""Several runs, machines and versions beside each other: what one of them does to the others."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.clusters import Cluster, cluster
from support.processes import RecordingProgress
from whichext.build.store import Store
from whichext.cli.machines import cluster as dask_cluster
from whichext.cli.machines import follow, run_on_machines
from whichext.model.errors import FleetError
from whichext.model.options import Options
from whichext.model.outcome import BuildFailed
from whichext.model.raw import Raw
from whichext.report import result_file

pytestmark = [pytest.mark.slow, pytest.mark.processes]

ROW_SUM = Path(__file__).parents[2] / "kernels" / "row_sum"
SHORT = ("--case", "small", "--max-time", "1")
TINY_DISK = """
import errno, pathlib
def full(self, *_):
    raise OSError(errno.ENOSPC, "No space left on device")
pathlib.Path.write_bytes = full
"""


@pytest.fixture
def machines(tmp_path: Path, store: Store) -> Iterator[Cluster]:
    with cluster(tmp_path, store.folder) as found:
        found.schedule()
        yield found


def raw_of(machines: Cluster, file: str) -> Raw:
    return result_file.read(machines.folder / file).raw


def test_a_machine_of_two_workers_races_once_and_its_result_has_the_command_that_was_typed(
    machines: Cluster,
) -> None:
    machines.work("a"), machines.work("a")
    client = machines.race(*SHORT, "-o", "out", kernel=ROW_SUM)
    assert client.wait() == 0, machines.said()
    assert [path.name for path in sorted((machines.folder / "out").iterdir())] == [
        "a.json",
        "fleet.request",
    ]
    raw = raw_of(machines, "out/a.json")
    assert raw.machine.label == "a"
    assert machines.address in raw.command
    assert not [*(machines.folder / "cache/whichext/machines").glob("*")]


def test_two_runs_on_a_host_race_one_after_the_other(machines: Cluster) -> None:
    machines.work("a"), machines.work("b")
    other = Cluster(machines.folder, machines.mark, machines.processes)
    other.schedule()
    other.work("c")
    clients = [
        machines.race(*SHORT, "-o", "one", kernel=ROW_SUM, log="one.log"),
        other.race(*SHORT, "-o", "two", kernel=ROW_SUM, log="two.log"),
    ]
    most = 0
    while any(client.poll() is None for client in clients):
        most = max(most, len(machines.races()))
        time.sleep(0.1)
    assert [client.returncode for client in clients] == [0, 0], machines.said("two.log")
    assert most == 1
    assert len([*machines.folder.glob("one/*.json"), *machines.folder.glob("two/*.json")]) == 3


def test_a_kernel_that_does_not_build_on_one_machine_is_raced_on_the_others(
    machines: Cluster, tmp_path: Path
) -> None:
    broken = tmp_path / "broken" / "flit_core"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise RuntimeError('broken')")
    path = {"PYTHONPATH": f"{broken.parent}:{machines.environment().get('PYTHONPATH', '')}"}
    machines.work("a", XDG_CACHE_HOME=str(tmp_path / "other"))
    machines.work("b", XDG_CACHE_HOME=str(tmp_path / "another"), **path)
    client = machines.race(*SHORT, "-o", "out", kernel=ROW_SUM)
    assert client.wait() == 1
    builds = {name: raw_of(machines, f"out/{name}.json").builds for name in "ab"}
    failed = {name: isinstance(found[0].result, BuildFailed) for name, found in builds.items()}
    assert failed == {"a": False, "b": True}


def test_a_disk_that_is_full_there_is_said_and_stops_no_other_machine(
    machines: Cluster, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "sitecustomize.py").write_text(TINY_DISK)
    path = {"PYTHONPATH": f"{tmp_path / 'full'}:{machines.environment().get('PYTHONPATH', '')}"}
    machines.work("a"), machines.work("b", **path)
    client = machines.race(*SHORT, "-o", "out", kernel=ROW_SUM)
    assert client.wait() == 1
    assert "b: failed: [Errno 28]" in machines.said()
    assert [path.name for path in (machines.folder / "out").glob("*.json")] == ["a.json"]


def test_an_error_of_the_kernel_comes_back_with_the_names_of_machines(
    machines: Cluster, tmp_path: Path
) -> None:
    kernel = shutil.copytree(ROW_SUM, tmp_path / "row_sum")
    text = (kernel / "kernel.py").read_text()
    (kernel / "kernel.py").write_text(text.replace("default_rng(0)", "default_rng('none')"))
    machines.work("a")
    client = machines.race(*SHORT, "-o", "out", kernel=kernel)
    assert client.wait() == 1
    assert machines.said().count("a: failed: row_sum:") == 1


def test_a_machine_with_another_version_is_refused(
    machines: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machines.work("a")
    machines.await_workers(1)
    monkeypatch.setattr(dask_cluster, "__version__", "0.0")
    progress = RecordingProgress()
    found = run_on_machines(
        ROW_SUM, Options(), machines.address, tmp_path / "out", None, progress, "it"
    )
    (one,) = found.entrants
    assert (one.name, one.file) == ("127.0.0.1", None)
    assert one.problem.count("0.0") == 2
    assert len(progress.notes) == 1


def test_a_scheduler_without_workers_is_an_error(
    machines: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(follow, "FIRST_S", 1.0)
    with pytest.raises(FleetError) as caught:
        run_on_machines(
            ROW_SUM,
            Options(),
            machines.address,
            tmp_path / "out",
            None,
            RecordingProgress(),
            "it",
        )
    assert caught.value.got == "none in 1 s"
    assert not (tmp_path / "out").exists()
