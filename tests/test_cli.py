"""The command line, from its words to its exit code, through `main()`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from builders import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    TIMED_OUT,
    UNSUPPORTED,
    WRONG,
    make_build,
    make_race,
    steady,
)
from whichext import __version__, cli
from whichext.errors import HostLostError
from whichext.options import Options
from whichext.report import as_json, as_text
from whichext.scorecard import Outcome, Scorecard

KERNELS = Path(__file__).parent / "kernels"
ROW_SUM = str(KERNELS / "row_sum")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Command:
    """Type a command; its builds go to a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(*words: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["whichext", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        # None is what the interpreter makes a status of 0 of.
        return Ended(int(ended.value.code or 0), captured.out, captured.err)

    return run


@dataclass
class FakeCompare:
    """Stands in for the whole run."""

    result: Scorecard = field(default_factory=lambda: make_race({"numpy": steady(1_000)}))
    error: BaseException | None = None
    kernel: str = ""
    options: Options = field(default_factory=Options)
    command: str = ""

    def __call__(self, kernel: str, options: Options, *, command: str, **_: Any) -> Scorecard:
        """Give the result, or raise the error."""
        self.kernel, self.options, self.command = kernel, options, command
        if self.error is not None:
            raise self.error
        return self.result


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeCompare:
    """No run, only what it was asked for."""
    compare = FakeCompare()
    monkeypatch.setattr(cli, "compare", compare)
    return compare


def with_outcome(outcome: Outcome) -> Scorecard:
    """A run in which one project was built and one contestant was not measured."""
    scorecard = make_race({"numpy": steady(1_000)}, {"cy.total": outcome})
    return replace(scorecard, builds=(make_build("cy"), make_build("rust", SKIPPED)))


@pytest.mark.usefixtures("fake")
def test_a_run_in_which_all_went_well_ends_with_0(command: Command) -> None:
    assert command("run", "total").code == 0


@pytest.mark.parametrize("outcome", [WRONG, CRASHED, TIMED_OUT, BUILD_FAILED])
def test_a_fault_of_any_contestant_ends_with_1(
    command: Command, fake: FakeCompare, outcome: Outcome
) -> None:
    fake.result = with_outcome(outcome)
    assert command("run", "total").code == 1


@pytest.mark.parametrize("outcome", [SKIPPED, UNSUPPORTED])
def test_what_is_nobodys_fault_ends_with_0(
    command: Command, fake: FakeCompare, outcome: Outcome
) -> None:
    fake.result = with_outcome(outcome)
    assert command("run", "total").code == 0


@pytest.mark.parametrize("result", [BUILD_FAILED, SKIPPED])
def test_a_run_for_which_nothing_was_built_ends_with_3_and_says_so(
    command: Command, fake: FakeCompare, result: Any
) -> None:
    scorecard = make_race({"numpy": steady(1_000)}, {"cy.total": result})
    fake.result = replace(scorecard, builds=(make_build("cy", result),))
    ended = command("run", "total")
    expected = (
        "Nothing could be built, so only the reference was measured. "
        "Next: see above for what each project lacks.\n"
    )
    assert (3, expected) == (ended.code, ended.err)


def test_a_missing_program_ends_with_3_and_how_to_get_it(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "kernel"
    shutil.copytree(KERNELS / "row_sum", folder)
    project = folder / "plain" / "pyproject.toml"
    needy = project.read_text().replace(
        'toolchain = "python"', 'toolchain = "python"\nneeds = ["no-such-program"]'
    )
    project.write_text(needy)
    ended = command("run", str(folder), "--max-time", "0", "--case", "small")
    expected = "not built, the program 'no-such-program' not found\n    Next: install no-such-"
    assert ended.code == 3
    assert expected in ended.out


def test_the_report_goes_to_standard_output_and_nothing_else_does(
    command: Command, fake: FakeCompare
) -> None:
    assert as_text.render(fake.result) == command("run", "total").out


def test_the_command_is_kept_as_it_was_typed(command: Command, fake: FakeCompare) -> None:
    command("run", "total", "--entry", "cy.*")
    assert fake.command == "whichext run total --entry 'cy.*'"


def test_a_run_without_options_has_the_defaults(command: Command, fake: FakeCompare) -> None:
    command("run", "total")
    assert ("total", Options()) == (fake.kernel, fake.options)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--case", "small, tall"], Options(cases=("small", "tall"))),
        (["--entry", "cy.*,rust.total"], Options(entries=("cy.*", "rust.total"))),
        (["--threads", "1,2,1"], Options(threads=(1, 2))),
        (["--profile", "debug,release"], Options(profiles=("debug", "release"))),
        (["--baseline", "cy.total"], Options(baseline="cy.total")),
        (["--max-time", "7.5"], Options(max_time_s=7.5)),
        (["--max-time", "0"], Options(max_time_s=0)),
        (["--time-limit", "2"], Options(time_limit_s=2)),
        (["--quick"], Options(max_time_s=22, min_epochs=3)),
        (["--quick", "--max-time", "9"], Options(max_time_s=9, min_epochs=3)),
    ],
)
def test_an_option_is_told_to_the_run(
    command: Command, fake: FakeCompare, words: list[str], expected: Options
) -> None:
    command("run", "total", *words)
    assert expected == fake.options


def test_an_unknown_kernel_ends_with_2_and_the_closest_name(command: Command) -> None:
    ended = command("run", "find_mx")
    expected = (
        "whichext: there is no kernel 'find_mx': expected a built-in name (find_max) "
        "or the path of a kernel folder\nNext: whichext run find_max\n"
    )
    assert (2, expected) == (ended.code, ended.err)


def test_an_unknown_case_ends_with_2_and_the_closest_name(command: Command) -> None:
    ended = command("run", ROW_SUM, "--case", "smal")
    assert (ended.code, ended.err.endswith("\nNext: --case small\n")) == (2, True)


def test_an_unknown_entry_ends_with_2_and_the_closest_name(command: Command) -> None:
    ended = command("run", ROW_SUM, "--entry", "plain_sum.row_summ")
    assert (ended.code, ended.err.endswith("\nNext: --entry plain_sum.row_sum\n")) == (2, True)


def test_an_unknown_profile_ends_with_2_and_the_closest_name(command: Command) -> None:
    ended = command("run", ROW_SUM, "--profile", "debgu")
    expected = (
        "whichext: --profile debgu: expected one of release, native, debug, checked\n"
        "Next: --profile debug\n"
    )
    assert (2, expected) == (ended.code, ended.err)


def test_an_unknown_baseline_ends_with_2(command: Command) -> None:
    ended = command("run", ROW_SUM, "--baseline", "numpi")
    assert (ended.code, ended.err.endswith("\nNext: --baseline 'numpy'\n")) == (2, True)


@pytest.mark.parametrize("words", ["0", "-1", "two", "1,x", "1.5"])
def test_thread_counts_that_are_none_end_with_2(command: Command, words: str) -> None:
    ended = command("run", ROW_SUM, "--threads", words)
    expected = (
        f"whichext: --threads {words}: expected whole numbers of at least 1 with commas\n"
        "Next: --threads 1,2\n"
    )
    assert (2, expected) == (ended.code, ended.err)


def test_an_unknown_option_ends_with_2(command: Command) -> None:
    assert command("run", ROW_SUM, "--fast").code == 2


def test_a_negative_time_ends_with_2(command: Command) -> None:
    assert command("run", ROW_SUM, "--max-time", "-1").code == 2


def test_an_output_that_cannot_be_written_ends_with_2_before_anything_is_built(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    ended = command("run", "total", "-o", str(tmp_path / "nowhere" / "result.json"))
    assert (ended.code, fake.kernel) == (2, "")


def test_a_folder_as_output_ends_with_2_before_anything_is_built(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    ended = command("run", "total", "--output", str(tmp_path))
    assert (ended.code, fake.kernel) == (2, "")


def test_a_result_is_written_where_the_option_says(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    command("run", "total", "-o", str(tmp_path / "result.json"))
    assert fake.result == as_json.read(tmp_path / "result.json")


def test_a_result_with_faults_is_written_too(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    fake.result = with_outcome(WRONG)
    command("run", "total", "-o", str(tmp_path / "result.json"))
    assert fake.result == as_json.read(tmp_path / "result.json")


def test_show_prints_what_the_run_printed(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    fake.result = with_outcome(WRONG)
    ran = command("run", "total", "-o", str(tmp_path / "result.json"))
    assert ran.out == command("show", str(tmp_path / "result.json")).out


def test_show_with_another_baseline_has_its_ratios(
    command: Command, fake: FakeCompare, tmp_path: Path
) -> None:
    race = make_race({"numpy": [2_000] * 5, "cy.total": [1_000] * 5})
    fake.result = replace(race, builds=(make_build("cy"),))
    command("run", "total", "-o", str(tmp_path / "result.json"))
    shown = command("show", str(tmp_path / "result.json"), "--baseline", "cy.total").out
    assert "time / cy.total" in shown


def test_show_with_an_unknown_baseline_ends_with_2(command: Command, tmp_path: Path) -> None:
    as_json.write(make_race({"numpy": [1] * 5}), tmp_path / "result.json")
    assert command("show", str(tmp_path / "result.json"), "--baseline", "cy.total").code == 2


def test_show_of_a_file_with_faults_ends_with_0_since_showing_went_well(
    command: Command, tmp_path: Path
) -> None:
    as_json.write(with_outcome(WRONG), tmp_path / "result.json")
    assert command("show", str(tmp_path / "result.json")).code == 0


def test_show_of_a_file_that_is_no_result_ends_with_2(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("faster!")
    ended = command("show", str(path))
    assert ended.code == 2
    assert ended.err.startswith(f"whichext: {path}: expected a result file (JSON), got an error")


def test_show_of_a_file_that_is_not_there_ends_with_2(command: Command, tmp_path: Path) -> None:
    assert command("show", str(tmp_path / "missing.json")).code == 2


def test_a_lost_host_ends_with_1_without_a_traceback(command: Command, fake: FakeCompare) -> None:
    fake.error = HostLostError("the host ended (killed by SIGKILL)", "choose a smaller case")
    ended = command("run", "total")
    expected = "whichext: the host ended (killed by SIGKILL)\nNext: choose a smaller case\n"
    assert (1, expected) == (ended.code, ended.err)


def test_an_interrupted_run_ends_with_130(command: Command, fake: FakeCompare) -> None:
    fake.error = KeyboardInterrupt()
    assert command("run", "total").code == 130


def test_the_version_is_printed(command: Command) -> None:
    ended = command("--version")
    assert (0, f"whichext {__version__}\n") == (ended.code, ended.out)


def test_no_words_at_all_show_the_help_and_end_with_2(command: Command) -> None:
    ended = command()
    assert ended.code == 2
    assert "Build, verify and race a kernel's contestants" in ended.out + ended.err


@pytest.mark.parametrize("words", [[], ["run"], ["list"], ["show"], ["doctor"]])
def test_help_ends_with_0(command: Command, words: list[str]) -> None:
    assert command(*words, "--help").code == 0


def test_list_shows_every_built_in_kernel(command: Command) -> None:
    assert "find_max: " in command("list").out


def test_list_shows_a_kernel_folder(command: Command) -> None:
    assert command("list", ROW_SUM).out.startswith("row_sum: How fast can the rows")


def test_list_of_an_unknown_kernel_ends_with_2(command: Command) -> None:
    assert command("list", "find_mx").code == 2
