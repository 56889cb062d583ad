"""What a cluster is found to be: its address, its machines, and workers that cannot race."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from msgspec.structs import replace

from support.results import make_machine
from whichext.cli.machines import run_on_machines
from whichext.cli.machines.cluster import _end, _quiet, connected, look_at, name_of
from whichext.model import __version__
from whichext.model.errors import FleetError, UsageError, WhichextError
from whichext.model.options import Options

ROW_SUM = Path(__file__).parents[2] / "kernels" / "row_sum"


@dataclass
class FakeClient:
    """A client whose workers answer what they are told to."""

    answers: dict[str, Any]

    def run(self, function: object, *, workers: list[str], on_error: str) -> dict[str, Any]:  # noqa: ARG002  # as Dask's
        """Give their answers."""
        assert on_error == "return"
        return {address: self.answers[address] for address in workers}


@pytest.mark.parametrize("on", ["", "local", "local:0", "local:1000", "local:x", "scheduler:8786"])
def test_what_names_no_cluster_is_refused_before_anything_is_started(on: str) -> None:
    with pytest.raises(UsageError), connected(on):
        pass


@pytest.mark.parametrize(
    "on", ["foo://x:8786", "tcp://x", "tcp://x:y", "tcp://::1:1", "inproc://a"]
)
def test_an_address_that_dask_cannot_read_is_refused_before_a_client_is_made(
    on: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("distributed.Client", None)
    with pytest.raises(UsageError) as caught, connected(on):
        pass
    assert caught.value.got


@pytest.mark.parametrize("on", ["local:x", "local:0", "foo://x:8786", "tls://x:8786"])
def test_a_start_that_fails_leaves_the_folder_to_the_corrected_command(
    on: str, tmp_path: Path
) -> None:
    with pytest.raises(WhichextError):
        run_on_machines(ROW_SUM, Options(), on, tmp_path / "out", None, None, "it")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("scheme", ["tls", "wss"])
def test_an_encrypted_address_needs_a_certificate(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("distributed.Client", None)
    with pytest.raises(FleetError) as caught, connected(f"{scheme}://x:8786"):
        pass
    assert "distributed.comm.tls" in caught.value.next_step


def test_without_dask_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(FleetError) as caught, connected("local:1"):
        pass
    assert "whichext[fleet]" in caught.value.next_step


def test_a_cluster_is_gone_also_where_ctrl_c_ends_the_wait_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    words = [sys.executable, "-c", "input()"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, start_new_session=True, text=True) as one:
        monkeypatch.setattr(one, "wait", interrupt)
        with pytest.raises(KeyboardInterrupt):
            _end(one)
        assert one.returncode == -signal.SIGKILL


@pytest.mark.parametrize("name", ["distributed", "distributed.client", "distributed.core"])
def test_what_dask_logs_is_not_shown_also_by_loggers_with_a_level_of_their_own(name: str) -> None:
    import distributed  # noqa: F401  # it gives some of them levels

    before = logging.getLogger(name).level
    with _quiet():
        assert not logging.getLogger(name).isEnabledFor(logging.CRITICAL)
    assert logging.getLogger(name).level == before


def test_workers_are_found_by_machine_and_others_say_what_they_lack() -> None:
    machine = make_machine()
    told = {"version": __version__, "machine": msgspec.json.encode(machine)}
    answers = {
        "tcp://a:1": told,
        "tcp://b:1": {**told, "version": "0.0"},
        "tcp://c:1": ModuleNotFoundError("No module named 'whichext'"),
        "tcp://d:1": OSError("it has just left"),
        "tcp://e:1": ValueError("odd"),
    }
    seen = look_at(cast(Any, FakeClient(answers)), [*answers])
    assert seen.machines == {"tcp://a:1": machine}
    assert [*seen.refused] == ["tcp://b:1", "tcp://c:1", "tcp://e:1"]
    assert f"whichext=={__version__}" in seen.refused["tcp://b:1"]
    assert "whichext[fleet]" in seen.refused["tcp://c:1"]


@pytest.mark.parametrize("label", ["quiet", "node-07.local", "a_b"])
def test_a_plain_label_is_the_name(label: str) -> None:
    assert name_of(replace(make_machine(), label=label)) == label


@pytest.mark.parametrize("label", ["../up", "a b", "-", "über", "a/b"])
def test_a_label_that_can_be_no_file_name_becomes_one_and_stays_apart(label: str) -> None:
    name = name_of(replace(make_machine(), label=label))
    other = name_of(replace(make_machine(), label=label + " "))
    assert name != other
    assert name.isascii()
    assert not {*"/ "} & {*name}


def test_a_machine_without_a_label_has_a_name_of_its_boot() -> None:
    machine = replace(make_machine(), label=None, boot="one")
    assert name_of(machine) == name_of(replace(machine, python="another"))
    assert name_of(machine) != name_of(replace(machine, boot="two"))


def test_importing_whichext_imports_no_dask() -> None:
    code = "import sys, whichext, whichext.cli.app; print({'dask', 'distributed'} & {*sys.modules})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
