"""`whichext verify`, from its words to its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.cli import Command, FakeRun, printed_verification
from support.results import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    TIMED_OUT,
    WRONG,
    changed,
    make_build,
    make_row,
    make_view,
    rejudged,
)
from whichext.model.check import Check, Property
from whichext.model.options import Options
from whichext.model.outcome import Outcome, Right, TimedOut
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report import result_file

ROW_SUM = str(Path(__file__).parents[1] / "kernels" / "row_sum")
RIGHT = Check(contestant="numpy", input="float64 plain", result=Right())


def verified(outcome: Outcome = SKIPPED) -> View:
    """A verification of the reference, which is right, and of one entry."""
    rows = (make_row("numpy", SKIPPED), make_row("cy.total", outcome))
    found = make_view(rows=rows, builds=(make_build("cy"),), checks=(RIGHT,))
    return changed(found, kind=Kind.VERIFY)


@pytest.fixture
def fake_verify(fake: FakeRun) -> FakeRun:
    """No verification, only what it was asked for."""
    fake.result = verified()
    return fake


def test_its_words_are_those_of_a_run(command: Command, fake_verify: FakeRun) -> None:
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
    assert fake_verify.kind is Kind.VERIFY
    assert fake_verify.command.startswith("whichext verify total --case a,b")


def test_what_was_found_is_printed(command: Command, fake_verify: FakeRun) -> None:
    assert command("verify", "total").out == printed_verification(fake_verify.result)


def test_its_result_is_kept_where_it_was_told_and_can_be_shown_again(
    command: Command, fake_verify: FakeRun, tmp_path: Path
) -> None:
    fake_verify.result = rejudged(verified())
    file = str(tmp_path / "found.json")
    printed = command("verify", "total", "-o", file).out
    assert result_file.read(Path(file)) == fake_verify.result
    assert command("show", file).out == printed


@pytest.mark.parametrize("outcome", [WRONG, CRASHED, TIMED_OUT, BUILD_FAILED])
def test_a_fault_ends_with_1(command: Command, fake_verify: FakeRun, outcome: Outcome) -> None:
    fake_verify.result = verified(outcome)
    assert command("verify", "total").code == 1


def test_without_a_fault_it_ends_with_0(command: Command, fake_verify: FakeRun) -> None:
    hang = Check(
        contestant="cy.total",
        input="in a forked child",
        result=TimedOut("in a forked child", 5),
        property=Property.FORK,
    )
    fake_verify.result = changed(fake_verify.result, checks=(RIGHT, hang))
    assert command("verify", "total").code == 0


def test_where_nothing_was_built_it_ends_with_3_and_says_so(
    command: Command, fake_verify: FakeRun
) -> None:
    fake_verify.result = changed(fake_verify.result, builds=(make_build("cy", BUILD_FAILED),))
    ended = command("verify", "total")
    assert (ended.code, ended.err) == (
        3,
        snapshot(
            "Nothing could be built, so only the reference was tried. Next: see above "
            "for what each project lacks.\n"
        ),
    )


def test_an_unknown_kernel_ends_with_2(command: Command) -> None:
    ended = command("verify", "no_such_kernel")
    assert (ended.code, ended.out, ended.err) == (
        2,
        "",
        snapshot(
            "whichext: there is no kernel 'no_such_kernel': expected one of find_max, large_max, "
            "or the path of a kernel folder\n"
            "Next: whichext list\n"
        ),
    )


@pytest.mark.slow
@pytest.mark.compiler
@pytest.mark.processes
@pytest.mark.usefixtures("kept_builds")
def test_a_real_verification_races_nobody_and_names_every_property(command: Command) -> None:
    ended = command("verify", ROW_SUM, "--case", "small")
    assert ended.code == 0
    header = next(line for line in ended.out.splitlines() if "contestant" in line)
    absent = (Property.IMPORT, Property.REFUSALS, Property.MEMORY)  # the last is what calls keep
    expected = [p for p in Property if p not in absent]
    assert header.split() == ["contestant", *expected, "memory"]
    assert "plain_sum.row_sum_c_order_only" in ended.out
