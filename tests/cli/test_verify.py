"""`whichext verify`, from its words to its exit code."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from builders import BUILD_FAILED, CRASHED, SKIPPED, TIMED_OUT, WRONG, make_build, make_row
from builders import make_scorecard as scorecard_of
from command_line import Command
from whichext import cli
from whichext.model.check import Check, Property
from whichext.model.options import Options
from whichext.model.outcome import Outcome, Right, TimedOut
from whichext.model.scorecard import Scorecard
from whichext.report import as_json
from whichext.report.verification import render_verification

ROW_SUM = str(Path(__file__).parents[1] / "kernels" / "row_sum")
RIGHT = Check(contestant="numpy", input="float64 plain", result=Right())


def verified(outcome: Outcome = SKIPPED) -> Scorecard:
    """A verification of the reference, which is right, and of one entry."""
    rows = (make_row("numpy", SKIPPED), make_row("cy.total", outcome))
    return replace(
        scorecard_of(rows=rows, builds=(make_build("cy"),), checks=(RIGHT,)), raced=False
    )


@dataclass
class FakeVerify:
    """Stands in for building and verifying."""

    result: Scorecard = field(default_factory=verified)
    kernel: str = ""
    options: Options = field(default_factory=Options)
    command: str = ""

    def __call__(self, kernel: str, options: Options, *, progress: Any, command: str) -> Scorecard:  # noqa: ARG002  # the real one's
        """Give the result."""
        self.kernel, self.options, self.command = kernel, options, command
        return self.result


@pytest.fixture
def fake_verify(monkeypatch: pytest.MonkeyPatch) -> FakeVerify:
    verify = FakeVerify()
    monkeypatch.setattr(cli, "verify", verify)
    return verify


def test_its_words_are_those_of_a_run(command: Command, fake_verify: FakeVerify) -> None:
    words = ("--case", "a,b", "--entry", "cy.*", "--threads", "1,3", "--profile", "debug")
    command("verify", "total", *words, "--time-limit", "5", "--memory-limit", "1.5")
    assert (fake_verify.kernel, fake_verify.options) == (
        "total",
        Options(
            cases=("a", "b"),
            entries=("cy.*",),
            threads=(1, 3),
            profiles=("debug",),
            time_limit_s=5,
            memory_limit_bytes=1_500_000_000,
        ),
    )
    assert fake_verify.command.startswith("whichext verify total --case a,b")


def test_what_was_found_is_printed(command: Command, fake_verify: FakeVerify) -> None:
    assert command("verify", "total").out == render_verification(fake_verify.result)


def test_its_result_is_kept_where_it_was_told_and_can_be_shown_again(
    command: Command, fake_verify: FakeVerify, tmp_path: Path
) -> None:
    file = str(tmp_path / "found.json")
    printed = command("verify", "total", "-o", file).out
    assert as_json.read(Path(file)) == fake_verify.result
    assert command("show", file).out == printed


def test_a_result_that_cannot_be_kept_is_said_before_anything_is_built(
    command: Command, fake_verify: FakeVerify, tmp_path: Path
) -> None:
    ended = command("verify", "total", "-o", str(tmp_path))
    assert (ended.code, fake_verify.kernel) == (2, "")
    assert "expected a file that can be written, got a folder" in ended.err


@pytest.mark.parametrize("outcome", [WRONG, CRASHED, TIMED_OUT, BUILD_FAILED])
def test_a_fault_ends_with_1(command: Command, fake_verify: FakeVerify, outcome: Outcome) -> None:
    fake_verify.result = verified(outcome)
    assert command("verify", "total").code == 1


def test_without_a_fault_it_ends_with_0(command: Command, fake_verify: FakeVerify) -> None:
    hang = Check(
        contestant="cy.total",
        input="in a forked child",
        result=TimedOut("in a forked child", 5),
        property=Property.FORK,
    )
    fake_verify.result = replace(fake_verify.result, checks=(RIGHT, hang))
    assert command("verify", "total").code == 0


def test_where_nothing_was_built_it_ends_with_3_and_says_so(
    command: Command, fake_verify: FakeVerify
) -> None:
    fake_verify.result = replace(fake_verify.result, builds=(make_build("cy", BUILD_FAILED),))
    ended = command("verify", "total")
    assert ended.code == 3
    assert ended.err.startswith("Nothing could be built, so only the reference was tried.")


def test_an_unknown_kernel_ends_with_2(command: Command) -> None:
    ended = command("verify", "no_such_kernel")
    assert (ended.code, ended.out) == (2, "")
    assert "there is no kernel 'no_such_kernel'" in ended.err


@pytest.mark.slow
@pytest.mark.compiler
@pytest.mark.processes
def test_a_real_verification_races_nobody_and_names_every_property(command: Command) -> None:
    ended = command("verify", ROW_SUM, "--case", "small")
    assert ended.code == 0
    header = next(line for line in ended.out.splitlines() if "contestant" in line)
    expected = [p for p in Property if p not in (Property.IMPORT, Property.REFUSALS)]
    assert header.split() == ["contestant", *expected]
    assert "plain_sum.row_sum_c_order_only" in ended.out
