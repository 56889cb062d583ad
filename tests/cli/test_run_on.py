"""A run on machines as it is asked for: on the command line and in Python."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support.cli import Command
from support.results import make_race, steady
from whichext import tools
from whichext.cli.machines import Entrant, OnMachines
from whichext.model.errors import FleetError, UsageError
from whichext.model.options import Options

RACE = make_race({"numpy": steady(1_000)})


@dataclass
class FakeMachines:
    """Stands in for the machines."""

    problem: str = ""
    asked: list[Any] = field(default_factory=list)
    options: Options = field(default_factory=Options)
    spreads: bool = False

    def __call__(self, kernel: object, options: Options, *told: Any, spreads: bool) -> OnMachines:
        """Note what is asked, and give a result."""
        self.asked, self.options, self.spreads = [kernel, *told], options, spreads
        entrant = Entrant("a", RACE.raw.machine, Path("out/a.json"), RACE, self.problem)
        return OnMachines(Path("out"), (entrant,), interrupted=False)


@pytest.fixture
def machines(monkeypatch: pytest.MonkeyPatch) -> FakeMachines:
    fake = FakeMachines()
    monkeypatch.setattr("whichext.cli.machines.run_on_machines", fake)
    return fake


def test_machines_get_the_options_and_the_folder_that_are_typed(
    command: Command, machines: FakeMachines
) -> None:
    words = ("--on", "tcp://s:1", "-o", "out", "--quick", "--case", "small", "--spread")
    ended = command("run", "find_max", *words)
    assert ended.code == 0
    kernel, on, output, resume, _, typed = machines.asked
    assert (kernel, on, output, resume) == ("find_max", "tcp://s:1", Path("out"), None)
    assert typed.split()[:2] == ["whichext", "run"]
    assert (machines.options.cases, machines.spreads) == (("small",), True)


def test_an_impatient_second_ctrl_c_lets_machines_end_their_races(
    command: Command, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    fake = FakeMachines()

    def run(*told: Any, spreads: bool) -> OnMachines:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        return fake(*told, spreads=spreads)

    monkeypatch.setattr("whichext.cli.machines.run_on_machines", run)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    assert command("run", "find_max", "--on", "tcp://s:1", "-o", "out").code == 0
    assert fake.asked


def test_spreading_needs_machines(command: Command, machines: FakeMachines) -> None:
    ended = command("run", "find_max", "--spread")
    assert ended.code == 2
    assert "--on tcp://scheduler:8786" in ended.err
    assert machines.asked == []


@pytest.mark.parametrize(
    "words", [("--on", "local:1"), ("--on", "local:1", "-o", "one", "--resume", "two")]
)
def test_one_folder_is_needed_and_no_more(command: Command, words: tuple[str, ...]) -> None:
    ended = command("run", "find_max", *words)
    assert ended.code == 2
    assert "-o" in ended.err


def test_python_gets_the_results_of_all_machines(machines: FakeMachines) -> None:
    (result,) = tools.run_on(
        "find_max", "tcp://s:1", save="out", cases="small", set="peers", threads=2, max_time_s=3
    )
    assert result.raw == RACE.raw
    assert machines.asked[1:4] == ["tcp://s:1", Path("out"), None]
    assert machines.options == Options(cases=("small",), set="peers", threads=(2,), max_time_s=3)


def test_python_goes_on_with_a_folder(machines: FakeMachines) -> None:
    tools.run_on("find_max", "tcp://s:1", resume="out")
    assert machines.asked[2:4] == [None, Path("out")]


def test_python_raises_where_a_machine_has_no_whole_result(machines: FakeMachines) -> None:
    machines.problem = "lost"
    with pytest.raises(FleetError) as caught:
        tools.run_on("find_max", "tcp://s:1", save="out")
    assert "a: lost" in caught.value.problem
    assert 'resume="out"' in caught.value.next_step


def test_a_misspelt_argument_of_python_is_refused(machines: FakeMachines) -> None:
    wrong: dict[str, Any] = {"casses": "small"}
    with pytest.raises(UsageError):
        tools.run_on("find_max", "tcp://s:1", save="out", **wrong)
    assert machines.asked == []
