"""The command line, from its words to its exit code, through `main()`."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from support.cli import Command, FakeRun, flags_by_command, printed_race, squeezed
from support.results import (
    BUILD_FAILED,
    CRASHED,
    SKIPPED,
    TIMED_OUT,
    UNSUPPORTED,
    WRONG,
    changed,
    make_build,
    make_race,
    make_selfcheck,
    make_view,
    steady,
)
from whichext import __version__
from whichext.cli.screen import shown
from whichext.model.errors import HostLostError
from whichext.model.options import Options
from whichext.model.outcome import Outcome
from whichext.model.raw import INTERRUPTED, Kind
from whichext.model.view import View
from whichext.report.listing import selfcheck_document
from whichext.system.doctor import Level, MachineNote

KERNELS = Path(__file__).parents[1] / "kernels"
ROW_SUM = str(KERNELS / "row_sum")


def with_outcome(outcome: Outcome) -> View:
    """A run in which one project was built and one contestant was not measured."""
    view = make_race({"numpy": steady(1_000)}, {"cy.total": outcome})
    return changed(view, builds=(make_build("cy"), make_build("rust", SKIPPED)))


@pytest.mark.usefixtures("fake")
def test_a_run_in_which_all_went_well_ends_with_0(command: Command) -> None:
    assert command("run", "total").code == 0


@pytest.mark.parametrize("outcome", [WRONG, CRASHED, TIMED_OUT, BUILD_FAILED])
def test_a_fault_of_any_contestant_ends_with_1(
    command: Command, fake: FakeRun, outcome: Outcome
) -> None:
    fake.result = with_outcome(outcome)
    assert command("run", "total").code == 1


@pytest.mark.parametrize("outcome", [SKIPPED, UNSUPPORTED])
def test_what_is_nobodys_fault_ends_with_0(
    command: Command, fake: FakeRun, outcome: Outcome
) -> None:
    fake.result = with_outcome(outcome)
    assert command("run", "total").code == 0


@pytest.mark.parametrize("result", [BUILD_FAILED, SKIPPED])
def test_a_run_for_which_nothing_was_built_ends_with_3_and_says_so(
    command: Command, fake: FakeRun, result: Any
) -> None:
    view = make_race({"numpy": steady(1_000)}, {"cy.total": result})
    fake.result = changed(view, builds=(make_build("cy", result),))
    ended = command("run", "total")
    assert (ended.code, ended.err) == (
        3,
        snapshot(
            "Nothing could be built, so only the reference was tried. Next: see above "
            "for what each project lacks.\n"
        ),
    )


def test_a_limit_that_was_built_does_not_hide_that_nothing_else_was(
    command: Command, fake: FakeRun
) -> None:
    view = make_race({"numpy": steady(1_000), "limit[1]": steady(500)}, {"cy.total": SKIPPED})
    fake.result = changed(view, builds=(make_build("cy", SKIPPED), make_build("limitprobe")))
    assert command("run", "total").code == 3


@pytest.mark.parametrize("result", [BUILD_FAILED, SKIPPED])
def test_a_limit_that_was_not_built_is_nobodys_fault(
    command: Command, fake: FakeRun, result: Any
) -> None:
    times = {"numpy": steady(1_000), "cy.total": steady(900), "limit[1]": steady(500)}
    builds = (make_build("cy"), make_build("limitprobe", result))
    fake.result = changed(make_race(times), builds=builds)
    assert command("run", "total").code == 0


@pytest.mark.parametrize("result", [BUILD_FAILED, SKIPPED])
def test_a_kernel_without_projects_has_nothing_to_build(
    command: Command, fake: FakeRun, result: Any
) -> None:
    times = {"numpy": steady(1_000), "limit[1]": steady(500)}
    fake.result = changed(make_race(times), builds=(make_build("limitprobe", result),))
    assert command("run", "total").code == 0


def test_a_run_that_was_stopped_reports_what_there_is_and_ends_with_1(
    command: Command, fake: FakeRun
) -> None:
    fake.result = changed(fake.result, stopped=INTERRUPTED)
    ended = command("run", "total")
    assert (1, printed_race(fake.result)) == (ended.code, ended.out)
    assert INTERRUPTED in squeezed(ended.out)


@pytest.mark.slow
def test_a_missing_program_ends_with_3_and_how_to_get_it(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "kernel"
    shutil.copytree(KERNELS / "row_sum", folder)
    project = folder / "plain" / "pyproject.toml"
    needy = project.read_text().replace(
        'toolchain = "python"', 'toolchain = "python"\nneeds = ["no-such-program"]'
    )
    project.write_text(needy)
    ended = command("run", str(folder), "--max-time", "0", "--case", "small")
    assert ended.code == 3
    assert "Next: install no-such-program" in squeezed(ended.out)


def test_the_report_goes_to_standard_output_and_nothing_else_does(
    command: Command, fake: FakeRun
) -> None:
    assert printed_race(fake.result) == command("run", "total").out


def test_the_command_is_kept_as_it_was_typed(command: Command, fake: FakeRun) -> None:
    command("run", "total", "--entry", "cy.*")
    assert fake.command == "whichext run total --entry 'cy.*'"


def test_a_run_without_options_has_the_defaults(command: Command, fake: FakeRun) -> None:
    command("run", "total")
    assert ("total", Options()) == (fake.kernel, fake.options)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--case", "small, tall"], Options(cases=("small", "tall"))),
        (["--entry", "cy.*,rust.total"], Options(entries=("cy.*", "rust.total"))),
        (["--entry", "cy.*", "--entry", "rust.total"], Options(entries=("cy.*", "rust.total"))),
        (["--threads", "1,2,1"], Options(threads=(1, 2))),
        (["--profile", "debug,release"], Options(profiles=("debug", "release"))),
        (["--baseline", "cy.total"], Options(baseline="cy.total")),
        (["--max-time", "7.5"], Options(max_time_s=7.5)),
        (["--max-time", "0"], Options(max_time_s=0)),
        (["--time-limit", "2"], Options(time_limit_s=2)),
        (["--memory-limit", "0.5"], Options(memory_limit_bytes=500_000_000)),
        (["--no-isolation"], Options(isolation=False)),
        (["--compiler", "zig"], Options(compiler="zig")),
        (["--config-setting", "a=1,2"], Options(config_settings=("a=1,2",))),
        (["--config-setting=a=1", "--config-setting=b="], Options(config_settings=("a=1", "b="))),
        (["--precision", "2%"], Options(precision=0.02)),
        (["--precision", "0.5 %"], Options(precision=0.005)),
        (["--precision", "0.05"], Options(precision=0.05)),
        (["--quick"], Options.quick()),
        (["--quick"], Options(max_time_s=16.8, min_epochs=5)),
        (["--quick", "--max-time", "9"], Options(max_time_s=9, min_epochs=5)),
    ],
)
def test_an_option_is_told_to_the_run(
    command: Command, fake: FakeRun, words: list[str], expected: Options
) -> None:
    command("run", "total", *words)
    assert expected == fake.options


def test_an_unknown_kernel_ends_with_2_and_the_closest_name(command: Command) -> None:
    ended = command("run", "find_mx")
    assert (ended.code, ended.err) == (
        2,
        snapshot(
            "whichext: there is no kernel 'find_mx': expected one of find_max, large_max, or the "
            "path of a kernel folder\n"
            "Next: whichext run find_max\n"
        ),
    )


def test_an_unknown_case_ends_with_2_and_the_closest_name(command: Command) -> None:
    ended = command("run", ROW_SUM, "--case", "smal")
    assert (ended.code, ended.err.endswith("\nNext: --case small\n")) == (2, True)


def test_an_unknown_entry_ends_with_2_and_the_closest_name(command: Command) -> None:
    ended = command("run", ROW_SUM, "--entry", "plain_sum.row_summ")
    assert (ended.code, ended.err.endswith("\nNext: --entry plain_sum.row_sum\n")) == (2, True)


def test_an_unknown_profile_ends_with_2_and_the_closest_name(command: Command) -> None:
    ended = command("run", ROW_SUM, "--profile", "debgu")
    assert (ended.code, ended.err) == (
        2,
        snapshot(
            "whichext: --profile debgu is no profile: expected one of release, native, "
            "debug, checked\n"
            "Next: --profile debug\n"
        ),
    )


def test_an_unknown_baseline_ends_with_2(command: Command) -> None:
    ended = command("run", ROW_SUM, "--baseline", "numpi")
    assert (ended.code, ended.err.endswith("\nNext: --baseline numpy\n")) == (2, True)


@pytest.mark.parametrize("words", ["0", "-1", "two", "1,x", "1.5"])
def test_thread_counts_that_are_none_end_with_2(command: Command, words: str) -> None:
    ended = command("run", ROW_SUM, "--threads", words)
    said = ended.err.replace(f" {words}:", " WORDS:")
    assert (ended.code, said) == (
        2,
        snapshot(
            "whichext: --threads WORDS: expected whole numbers of at least 1 with commas\n"
            "Next: --threads 1,2\n"
        ),
    )


@pytest.mark.parametrize("words", ["0", "0%", "100%", "1", "-1%", "two", "%", "", "nan", "inf"])
def test_a_precision_that_is_no_share_ends_with_2(command: Command, words: str) -> None:
    ended = command("run", ROW_SUM, "--precision", words)
    said = ended.err.replace(f" {shlex.quote(words)}:", " WORDS:")
    assert (ended.code, said) == (
        2,
        snapshot(
            "whichext: --precision WORDS: expected a share between 0 and 1, or a percentage\n"
            "Next: --precision 1%\n"
        ),
    )


def test_an_unknown_option_ends_with_2(command: Command) -> None:
    assert command("run", ROW_SUM, "--fast").code == 2


def test_a_negative_time_ends_with_2(command: Command) -> None:
    assert command("run", ROW_SUM, "--max-time", "-1").code == 2


def test_a_lost_host_ends_with_1_without_a_traceback(command: Command, fake: FakeRun) -> None:
    fake.error = HostLostError("the host ended (killed by SIGKILL)", "choose a smaller case")
    ended = command("run", "total")
    assert (ended.code, ended.err) == (1, f"whichext: {fake.error}\n")


def test_an_interrupted_run_ends_with_130(command: Command, fake: FakeRun) -> None:
    fake.error = KeyboardInterrupt()
    ended = command("run", "total")
    assert (ended.code, ended.err) == (
        130,
        snapshot(
            "\n"
            "whichext: it was interrupted before there was a result\n"
            "Next: run it again; with -o, --resume goes on from what a race had measured\n"
        ),
    )


def test_the_version_is_printed(command: Command) -> None:
    ended = command("--version")
    assert (0, f"whichext {__version__}\n") == (ended.code, ended.out)


def test_no_words_at_all_show_the_help_and_end_with_2(command: Command) -> None:
    ended = command()
    assert ended.code == 2
    assert [name for name in flags_by_command() if name not in ended.out + ended.err] == []


@pytest.mark.parametrize("words", [[], ["run"], ["list"], ["show"], ["doctor"], ["selfcheck"]])
def test_help_ends_with_0(command: Command, words: list[str]) -> None:
    assert command(*words, "--help").code == 0


def test_list_shows_every_built_in_kernel(command: Command) -> None:
    assert "find_max: " in command("list").out


def test_list_shows_a_kernel_folder(command: Command) -> None:
    assert command("list", ROW_SUM).out.startswith("row_sum: How fast")


def test_list_of_an_unknown_kernel_ends_with_2(command: Command) -> None:
    assert command("list", "find_mx").code == 2


def test_the_doctors_notes_are_printed(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    advice = "run it later"
    note = MachineNote("steal", "9.0%", Level.WARNING, advice)
    monkeypatch.setattr("whichext.system.doctor.examine", lambda: (note,))
    ended = command("doctor")
    line = next(line for line in ended.out.splitlines() if line.startswith("│"))
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert (ended.code, cells) == (0, ["steal", "9.0%", "warning", advice])


def test_a_selfcheck_of_too_few_pairs_to_tell_is_refused_before_it_starts(
    command: Command,
) -> None:
    ended = command("selfcheck", "--cells", "24")
    assert (ended.code, "'--cells'" in ended.err, "25" in ended.err) == (2, True, True)


@pytest.mark.parametrize(("excluded", "code"), [(8, 0), (9, 1)])
def test_a_selfcheck_that_fails_ends_with_1(
    command: Command, monkeypatch: pytest.MonkeyPatch, excluded: int, code: int
) -> None:
    found = make_selfcheck(excluded=excluded)
    asked: list[tuple[int, Options]] = []

    def fake_selfcheck(cells: int, options: Options, **_: object) -> View:
        asked.append((cells, options))
        return changed(make_view(), kind=Kind.SELFCHECK, selfcheck=found)

    monkeypatch.setattr("whichext.pipeline.selfcheck", fake_selfcheck)
    ended = command("selfcheck", "--cells", "28", "--max-time", "60")
    assert (ended.code, ended.out) == (code, shown(selfcheck_document(found)))
    assert asked == [(28, Options(max_time_s=60))]
