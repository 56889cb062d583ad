"""`check`, where its answer goes beside the screen, and what is broken; more is in test_claims."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.claimed import OURS, ROW_SUM, raced, wrapped
from support.cli import Command, FakeRun, without_paths
from support.results import BUILD_FAILED, CRASHED, TIMED_OUT, WRONG, changed, make_race
from whichext.model.outcome import Outcome
from whichext.report import result_file

TWICE, THRICE = (f"{OURS} is {times}x faster than numpy on small" for times in (2, 3))


@pytest.fixture
def check(command: Command, fake: FakeRun) -> Command:
    """Check claims with a race in which the reference takes 2.5 times as long."""
    fake.result = raced(400, kernel="row_sum")
    return lambda *words: command("check", str(ROW_SUM), *words)


@pytest.mark.parametrize("outcome", [BUILD_FAILED, CRASHED, TIMED_OUT, WRONG])
def test_a_claim_about_what_is_broken_ends_with_1(
    check: Command, fake: FakeRun, outcome: Outcome
) -> None:
    race = make_race({"numpy": [1_000] * 5}, {OURS: outcome})
    fake.result = changed(race, kernel="row_sum")
    ended = check(TWICE)
    assert (ended.code, f"\nunresolved: {TWICE}" in ended.out) == (1, True)


def test_the_table_of_a_check_is_added_to_the_summary_of_a_job(
    check: Command, tmp_path: Path
) -> None:
    summary = tmp_path / "summary"
    summary.write_text("before\n\n")
    assert check(TWICE, THRICE, "--summary", str(summary)).code == 1
    assert check(TWICE, "--summary", str(summary)).code == 0
    lines = summary.read_text().splitlines()
    assert [line for line in lines if line.startswith(("before", "## "))] == [
        "before",
        "## Claims of `row_sum`: refuted",
        "## Claims of `row_sum`: holds",
    ]


@pytest.mark.parametrize("name", ["result.json", "folder", "folder/none/summary"])
def test_a_summary_that_cannot_be_written_is_refused_before_anything_is_built(
    check: Command, fake: FakeRun, tmp_path: Path, name: str
) -> None:
    result_file.write(fake.result, tmp_path / "result.json")
    (tmp_path / "folder").mkdir()
    before = (tmp_path / "result.json").read_bytes()
    assert (check(TWICE, "--summary", str(tmp_path / name)).code, fake.runs) == (2, 0)
    assert (tmp_path / "result.json").read_bytes() == before


def test_a_result_file_as_a_summary_is_named_with_what_to_do(
    check: Command, fake: FakeRun, tmp_path: Path
) -> None:
    path = tmp_path / "result.json"
    result_file.write(fake.result, path)
    assert without_paths(check(TWICE, "--summary", str(path)).err, path) == snapshot("""\
whichext: PATH: expected a file that holds no result, got a result file
Next: name another file for the report
""")


def of_another_kernel(tmp_path: Path) -> str:
    """A result that was made with another kernel.py, and was interrupted."""
    path = tmp_path / "earlier.json"
    earlier = changed(raced(400, kernel="row_sum"), kernel_digest="0", stopped="it was interrupted")
    result_file.write(earlier, path)
    return str(path)


def test_the_summary_of_a_job_has_the_warnings_of_standard_error(
    check: Command, tmp_path: Path
) -> None:
    summary, result = tmp_path / "summary", of_another_kernel(tmp_path)
    assert check(TWICE, "--result", result, "--summary", str(summary)).code == 0
    said = [line for line in summary.read_text().splitlines() if "WARNING" in line]
    assert wrapped(without_paths("\n".join(said), ROW_SUM)) == snapshot("""\
- **WARNING: the result is of another version of row\\_sum's kernel.py: its cases may
have been others. Next: make a new one with `whichext run PATH -o FILE.json`**
- **WARNING: The run ended before it was done: it was interrupted. Continue with the
same arguments and `--resume FILE`, where `-o FILE` was given.**\
""")


@pytest.mark.parametrize(
    "words", [("faster?",), (TWICE, "--result", "nowhere.json"), (f"{TWICE} and nowhere",)]
)
def test_the_summary_of_a_job_says_why_no_claim_was_checked(
    check: Command, tmp_path: Path, words: tuple[str, ...]
) -> None:
    summary = tmp_path / "summary"
    ended = check(*words, "--summary", str(summary))
    assert ended.code == 2
    first, *rest = summary.read_text().splitlines()
    assert first == "## Claims: not checked"
    assert ended.err.removeprefix("whichext: ").strip() in "\n".join(rest)
