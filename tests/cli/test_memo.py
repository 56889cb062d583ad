"""The memo on the command line: what it races, what it reads, what it prints, how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.cli import Command, FakeRun, without_paths
from support.races import CY, NUMPY, decide, memo_of
from support.results import BUILD_FAILED, SKIPPED, WRONG, changed, make_build, make_check
from whichext.judge import judge_again
from whichext.model.options import Options
from whichext.model.outcome import Outcome
from whichext.model.raw import Kind
from whichext.report import result_file
from whichext.system.machine import usable_cores

KERNELS = Path(__file__).parents[1] / "kernels"
ROW_SUM = str(KERNELS / "row_sum")
RESULT = decide({"wide": {NUMPY: 4000, CY: 1000}})
ALL_CORES = tuple(sorted({1, usable_cores()}))


@pytest.fixture
def raced(fake: FakeRun) -> FakeRun:
    """A run whose result is worth a memo."""
    fake.result = RESULT
    return fake


@pytest.fixture
def kernel(tmp_path: Path) -> str:
    """A kernel folder of the name that the result has."""
    folder = tmp_path / RESULT.raw.kernel
    folder.mkdir()
    (folder / "kernel.py").write_text((KERNELS / "row_sum" / "kernel.py").read_text())
    return str(folder)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The result in a file."""
    result_file.write(RESULT, tmp_path / "result.json")
    return str(tmp_path / "result.json")


def test_the_memo_and_nothing_else_goes_to_standard_output(
    command: Command, raced: FakeRun
) -> None:
    ended = command("memo", ROW_SUM)
    assert (ended.code, ended.out, ended.err) == (0, memo_of(raced.result), "")


def test_what_is_worth_a_toolchain_can_be_said(command: Command, raced: FakeRun) -> None:
    assert command("memo", ROW_SUM, "--worth", "5").out == memo_of(raced.result, 5)


@pytest.mark.parametrize("worth", ["0.9", "-1", "nan", "inf", "101"])
def test_a_worth_that_is_none_ends_with_2(command: Command, worth: str) -> None:
    ended = command("memo", ROW_SUM, "--worth", worth)
    assert (ended.code, ended.err.replace(f" {worth}:", " WORTH:")) == (
        2,
        snapshot(
            "whichext: --worth WORTH: expected a number of times from 1 to 100\nNext: --worth 1.2\n"
        ),
    )


def test_it_races_the_usual_cases_and_the_smallest_with_one_thread_and_with_all(
    command: Command, raced: FakeRun
) -> None:
    command("memo", "find_max")
    assert raced.options == Options(
        cases=("wide", "transposed", "tall", "small-1x1"), threads=ALL_CORES
    )


def test_it_takes_the_options_of_a_race(command: Command, raced: FakeRun) -> None:
    words = ["--case", "small", "--entry", "numpy", "--threads", "1,3"]
    words += ["--max-time", "7", "--time-limit", "5", "--config-setting", "a=1"]
    command("memo", ROW_SUM, *words)
    assert raced.options == Options(
        cases=("small",),
        entries=("numpy",),
        threads=(1, 3),
        config_settings=("a=1",),
        max_time_s=7,
        time_limit_s=5,
    )


def test_quick_takes_a_fifth_of_the_time(command: Command, raced: FakeRun) -> None:
    command("memo", ROW_SUM, "--quick")
    assert (raced.options.max_time_s, raced.options.min_epochs) == (
        Options.quick().max_time_s,
        Options.quick().min_epochs,
    )


def test_the_result_is_kept_where_the_option_says_and_can_be_gone_on_from(
    command: Command, raced: FakeRun, tmp_path: Path
) -> None:
    file = str(tmp_path / "kept.json")
    command("memo", ROW_SUM, "-o", file)
    kept = result_file.read(tmp_path / "kept.json")
    assert kept == changed(RESULT, kind=Kind.MEMO)
    command("memo", ROW_SUM, "--resume", file)
    assert raced.earlier == kept.raw


def test_from_a_result_file_nothing_is_raced(
    command: Command, fake: FakeRun, kernel: str, file: str
) -> None:
    ended = command("memo", kernel, "--result", file)
    assert (ended.code, ended.out) == (0, memo_of(RESULT))
    assert fake.kernel == ""


def test_a_result_of_another_version_of_the_kernel_is_pointed_out(
    command: Command, kernel: str, file: str
) -> None:
    ended = command("memo", kernel, "--result", file)
    assert without_paths(ended.err, kernel, file) == snapshot(
        "whichext: the result is of another version of total's kernel.py: its cases may "
        "have been others. Next: make a new one with whichext run PATH -o FILE.json\n"
    )


def test_a_result_of_a_verification_is_no_race_to_decide_from(
    command: Command, kernel: str, tmp_path: Path
) -> None:
    path = tmp_path / "verified.json"
    result_file.write(changed(RESULT, kind=Kind.VERIFY), path)
    ended = command("memo", kernel, "--result", str(path))
    assert (ended.code, without_paths(ended.err, kernel, path)) == (
        2,
        snapshot(
            """\
whichext: --result: expected the result of a race, got one of whichext verify
Next: make one with whichext run PATH -o FILE.json
"""
        ),
    )


@pytest.mark.parametrize(
    "words",
    ["--case small", "--threads 1", "--quick", "--time-limit 1", "--resume x", "--no-isolation"],
)
def test_a_result_file_and_an_option_of_a_race_end_with_2(
    command: Command, kernel: str, file: str, words: str
) -> None:
    ended = command("memo", kernel, "--result", file, *words.split())
    said = without_paths(ended.err, file).replace(words.split()[0], "THIS")
    assert (ended.code, said) == (
        2,
        snapshot(
            "whichext: --result PATH: expected no option of a race beside it, since it races "
            "nothing\n"
            "Next: leave out --result, or THIS\n"
        ),
    )


def test_a_result_of_another_kernel_ends_with_2(command: Command, file: str) -> None:
    ended = command("memo", ROW_SUM, "--result", file)
    assert (ended.code, without_paths(ended.err, ROW_SUM)) == (
        2,
        snapshot(
            "whichext: --result: expected a result of the kernel row_sum, got one of total\n"
            "Next: make one with whichext run PATH -o FILE.json\n"
        ),
    )


def test_a_fault_ends_with_1_and_the_memo_is_printed_all_the_same(
    command: Command, fake: FakeRun
) -> None:
    fake.result = decide({"wide": {NUMPY: 4, CY: 1}}, checks=[make_check(CY, WRONG)])
    ended = command("memo", ROW_SUM)
    assert (ended.code, ended.out) == (1, memo_of(fake.result))


@pytest.mark.parametrize("result", [BUILD_FAILED, SKIPPED])
def test_where_nothing_was_built_it_ends_with_3_and_says_so(
    command: Command, fake: FakeRun, result: Outcome
) -> None:
    builds = [make_build("cy", result)]
    fake.result = decide({"wide": {NUMPY: 4000}}, absent=[CY], builds=builds)
    ended = command("memo", ROW_SUM)
    assert (ended.code, ended.err) == (
        3,
        snapshot(
            "Nothing could be built, so only the reference was tried. Next: see above for what "
            "each project lacks.\n"
        ),
    )


@pytest.mark.slow
@pytest.mark.compiler
@pytest.mark.processes
@pytest.mark.usefixtures("kept_builds")
def test_a_race_of_a_tiny_kernel_ends_in_a_memo(command: Command, tmp_path: Path) -> None:
    words = ("--max-time", "0.1", "--entry", "plain_sum.row_sum")
    ended = command("memo", ROW_SUM, *words, "-o", str(tmp_path / "kept.json"))
    kept = result_file.read(tmp_path / "kept.json")
    assert (kept.raw.kind, kept.judged.decision is None) == (Kind.MEMO, False)
    assert (ended.code, ended.out) == (0, memo_of(kept))


def test_a_memo_from_another_side_keeps_its_threshold(
    command: Command, kernel: str, file: str, tmp_path: Path
) -> None:
    kept = str(tmp_path / "memo.json")
    command("memo", kernel, "--result", file, "--worth", "5", "-o", kept)
    decision = result_file.read(Path(kept)).judged.decision
    baseline = RESULT.raw.contestants[1].name
    shown = judge_again(result_file.read(Path(kept)), baseline).judged.decision
    assert (decision is not None and decision.min_speedup) == 5
    assert (shown is not None and shown.min_speedup) == 5
