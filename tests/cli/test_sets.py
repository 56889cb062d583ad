"""Sets of entries as they are typed, and as Python has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

import whichext
from support.cli import Command, FakeRun
from support.races import CY, NUMPY, decide
from whichext.model.options import Options
from whichext.model.view import View

ROW_SUM = str(Path(__file__).parents[1] / "kernels" / "row_sum")


@pytest.mark.parametrize("command_name", ["run", "verify", "audit"])
def test_a_set_is_an_option(command: Command, fake: FakeRun, command_name: str) -> None:
    command(command_name, "find_max", "--set", "toolchains")
    assert fake.options.set == "toolchains"


def test_without_the_option_no_set_is_asked_for(command: Command, fake: FakeRun) -> None:
    command("run", "find_max")
    assert fake.options.set is None


def test_a_memo_takes_a_set(command: Command, fake: FakeRun) -> None:
    command("memo", ROW_SUM, "--set", "toolchains")
    assert fake.options.set == "toolchains"


def test_a_memo_on_a_result_takes_no_set(command: Command, tmp_path: Path) -> None:
    ended = command("memo", ROW_SUM, "--result", str(tmp_path / "r.json"), "--set", "toolchains")
    assert (ended.code, "leave out --result" in ended.err, "--set" in ended.err) == (2, True, True)


def test_an_unknown_set_is_refused_with_those_that_there_are(command: Command) -> None:
    ended = command("run", "find_max", "--set", "toolchain")
    assert (ended.code, ended.err) == snapshot(
        (
            2,
            "whichext: --set toolchain is no set of this kernel: expected one of default, "
            "toolchains\nNext: --set toolchains\n",
        )
    )


def test_an_empty_set_is_refused(command: Command) -> None:
    ended = command("run", "find_max", "--set", "")
    assert (ended.code, "--set" in ended.err) == (2, True)


VERBS = (whichext.run, whichext.verify, whichext.audit, whichext.tools.memo)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: str(verb.__name__))
def test_in_python_a_set_is_an_argument(
    monkeypatch: pytest.MonkeyPatch, verb: Callable[..., Any]
) -> None:
    asked: list[str | None] = []

    def execute(_: str, options: Options, **__: object) -> View:
        asked.append(options.set)
        return decide({"wide": {NUMPY: 4000, CY: 1000}})

    monkeypatch.setattr("whichext.pipeline.execute", execute)
    verb(ROW_SUM, set="toolchains")
    verb(ROW_SUM)
    assert asked == ["toolchains", None]
