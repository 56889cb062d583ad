"""What is done on a machine, as far as no process is needed: its folder, its lock, its words."""

from __future__ import annotations

from dataclasses import replace as with_fields
from pathlib import Path

import distributed  # noqa: F401  # before the variables are set that it would read
import pytest
from msgspec.structs import replace

from support.results import make_race, steady
from whichext.cli.machines import there
from whichext.cli.machines.kept import kept_folder
from whichext.cli.machines.request import Request
from whichext.cli.machines.there import State
from whichext.load.kernel import load_kernel
from whichext.model.raw import CUT_SHORT, INTERRUPTED
from whichext.model.view import View
from whichext.report import result_file
from whichext.report.bundle_file import pack

ROW_SUM = Path(__file__).parents[2] / "kernels" / "row_sum"


@pytest.fixture
def request_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Request:
    """A request whose files are those of a real kernel."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    kernel, files = pack(load_kernel(ROW_SUM))
    return Request(
        key="k", submission="s", name="a", machine="a", kernel=kernel, files=files, words=()
    )


def folder_of(request: Request) -> Path:
    folder = kept_folder() / request.key / request.machine
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_the_kernel_that_is_unpacked_is_the_one_that_was_packed(request_: Request) -> None:
    there._unpack(request_, folder_of(request_))
    there._unpack(request_, folder_of(request_))  # a second try finds it
    folder = folder_of(request_)
    assert load_kernel(folder / request_.kernel).digest == load_kernel(ROW_SUM).digest
    assert [path.name for path in folder.iterdir()] == ["files"]


def test_what_is_finished_is_given_without_a_race(
    request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(there, "_reporting", lambda _: lambda _: None)
    race = make_race({"numpy": steady(1_000)})
    result_file.write(race, folder_of(request_) / "a.json")
    came = there.race(request_)
    assert came.result is not None
    assert result_file.parse(came.result, "it").raw == race.raw
    assert came.problem == ""


@pytest.mark.parametrize(
    ("stopped", "finished"),
    [(None, True), ("a process was lost", True), (INTERRUPTED, False), (CUT_SHORT, False)],
)
def test_what_was_ended_from_outside_is_not_finished(
    tmp_path: Path, stopped: str | None, finished: bool
) -> None:
    race = make_race({"numpy": steady(1_000)})
    result_file.write(View(replace(race.raw, stopped=stopped), race.judged), tmp_path / "a.json")
    assert there._is_finished(tmp_path / "a.json") == finished


def test_a_folder_that_nobody_can_write_is_what_comes_of_it(
    request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(there, "_reporting", lambda _: lambda _: None)
    folder_of(request_).rmdir()
    (kept_folder() / "k" / "a").write_text("a file")
    came = there.race(request_)
    assert (came.result, came.ended) == (None, False)
    assert came.problem


def test_one_lock_is_held_by_one_at_a_time_and_others_say_that_they_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(there, "_SHARED", tmp_path)
    monkeypatch.setattr(there, "_LOOK_S", 0.0)
    said: list[State] = []

    def say(state: State) -> None:
        said.append(state)
        there.end("second")

    with there._alone("first", said.append) as descriptor:
        assert descriptor is not None
        assert said == []
        with there._alone("second", say) as other:
            assert other is None
    with there._alone("third", said.append) as descriptor:
        assert descriptor is not None
    assert said == [State.WAITING]


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody else hold the lock or hear what is said, and no other test see what was ended."""
    monkeypatch.setattr(there, "_SHARED", tmp_path)
    monkeypatch.setattr(there, "_reporting", lambda _: lambda _: None)
    monkeypatch.setattr(there, "_ended", set())


@pytest.mark.usefixtures("alone")
def test_an_end_that_overtakes_its_request_still_ends_it_and_no_later_submission(
    request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    def run(request: Request, *_: object) -> tuple[str, bool]:
        started.append(request.submission)
        return "", True

    monkeypatch.setattr(there, "_run", run)
    there.end("s")
    came = there.race(request_)
    assert (came.result, came.ended) == (None, True)
    there.race(with_fields(request_, submission="later"))
    assert started == ["later"]


@pytest.mark.processes
@pytest.mark.usefixtures("alone")
def test_an_end_that_comes_while_files_are_unpacked_ends_the_race_that_they_are_for(
    request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(there, "_unpack", lambda *_: there.end("s"))
    folder_of(request_)
    assert there.race(request_) == there.Came(problem=INTERRUPTED, ended=True)


def test_what_dask_sets_for_its_own_tasks_does_not_reach_a_race(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "OMP_NUM_THREADS": "1",
        "MALLOC_TRIM_THRESHOLD_": "65536",
        "MKL_NUM_THREADS": "4",
        "__DASK_PARENT_PID": "12",
        "DASK_INTERNAL_INHERIT_CONFIG": "x",
        "MINE": "1",
    }.items():
        monkeypatch.setenv(name, value)
    found = there._environment()
    assert {"MKL_NUM_THREADS", "MINE", "PATH"} <= found.keys()
    assert not {name for name in found if "DASK" in name}
    assert not {"OMP_NUM_THREADS", "MALLOC_TRIM_THRESHOLD_"} & found.keys()


def test_the_error_of_a_program_is_told_without_what_it_said_before() -> None:
    lines = ["race: 5 contestants", "whichext: row_sum: bad", "Next: mend it"]
    assert there._error_in(lines).splitlines() == ["row_sum: bad", "Next: mend it"]
    assert there._error_in(["race: 5 contestants"]) == ""
