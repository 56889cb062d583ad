"""`check` and `claims`, from their words to their exit codes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.cli import Command, FakeRun, without_paths
from support.results import SKIPPED, changed, make_build, make_race
from whichext.judge import view_of
from whichext.model.claim import FORMS
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.ratio import Verdict
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report import result_file
from whichext.system.machine import usable_cores

ROW_SUM = Path(__file__).parents[1] / "kernels" / "row_sum"
OURS = "plain_sum.row_sum"


def raced(ours_ns: float, kernel: str = "row_sum") -> View:
    """A race in which the reference takes 1,000 ns."""
    race = make_race({"numpy": [1_000] * 5, OURS: [ours_ns] * 5})
    return changed(race, kernel=kernel, builds=(make_build("plain"),))


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """A kernel folder with two claims, about the case "small"."""
    folder = tmp_path / "row_sum"
    shutil.copytree(ROW_SUM, folder)
    (folder / "claims.toml").write_text(
        f"""
        [[claim]]
        text = "{OURS} is 2x faster than numpy on small"
        published = "2.4x"

        [[claim]]
        text = "{OURS} is faster than numpy on small"
        """
    )
    return folder


@pytest.mark.parametrize(("ours_ns", "code"), [(400, 0), (600, 1)])
def test_a_check_ends_with_0_when_the_claim_holds_and_with_1_when_it_is_refuted(
    command: Command, fake: FakeRun, ours_ns: float, code: int
) -> None:
    fake.result = raced(ours_ns)
    ended = command("check", str(ROW_SUM), f"{OURS} is 2x faster than numpy on small")
    assert ended.code == code
    word = "refuted" if code else "holds"
    assert f"\n{word}: {OURS} " in ended.out


def test_a_check_that_is_unresolved_ends_with_4(command: Command, fake: FakeRun) -> None:
    fake.result = raced(500)
    ended = command("check", str(ROW_SUM), f"{OURS} is faster than numpy on small and column-major")
    assert ended.code == 4
    assert f"\nunresolved: {OURS} " in ended.out


def test_a_check_for_which_nothing_was_built_ends_with_3_and_says_so(
    command: Command, fake: FakeRun
) -> None:
    race = make_race({"numpy": [1_000] * 5}, {OURS: SKIPPED})
    contestants = tuple(
        replace(c, project="plain" if c.name == OURS else "") for c in race.raw.contestants
    )
    builds = (make_build("plain", SKIPPED),)
    fake.result = changed(race, kernel="row_sum", contestants=contestants, builds=builds)
    ended = command("check", str(ROW_SUM), f"{OURS} is faster than numpy on small")
    assert (ended.code, ended.err) == (
        3,
        snapshot(
            "Nothing could be built, so only the reference was tried. Next: see above for what "
            "each project lacks.\n"
        ),
    )


def test_a_check_races_only_what_the_claim_needs(command: Command, fake: FakeRun) -> None:
    fake.result = raced(500)
    command("check", str(ROW_SUM), f"{OURS}@debug is faster than numpy on small", "--quick")
    assert isinstance(fake.kernel, Kernel)
    assert (fake.kernel.name, fake.options) == (
        "row_sum",
        Options(
            entries=(f"{OURS}@debug", "numpy", OURS),
            cases=("small",),
            profiles=("release",),
            baseline="numpy",
            needed=frozenset({f"{OURS}@debug", "numpy"}),
            max_time_s=16.8,
            min_epochs=5,
        ),
    )
    assert fake.command.startswith("whichext check ")


def test_a_check_has_the_time_and_the_precision_that_it_is_given(
    command: Command, fake: FakeRun
) -> None:
    fake.result = raced(500)
    words = (str(ROW_SUM), f"{OURS} is faster than numpy")
    command("check", *words, "--max-time", "7", "--precision", "2%")
    assert (fake.options.max_time_s, fake.options.precision) == (7, 0.02)


def test_a_check_builds_as_it_is_told(command: Command, fake: FakeRun) -> None:
    fake.result = raced(500)
    words = (str(ROW_SUM), f"{OURS} is faster than numpy")
    command("check", *words, "--no-isolation", "--config-setting", "a=1")
    assert (fake.options.isolation, fake.options.config_settings) == (False, ("a=1",))


def test_a_claim_that_cannot_be_read_ends_with_2_before_anything_is_built(
    command: Command, fake: FakeRun
) -> None:
    ended = command("check", str(ROW_SUM), f"{OURS} is faster then numpy")
    assert (ended.code, fake.kernel) == (2, "")
    problem, forms = ended.err.split("Next: ")
    assert problem == snapshot("""\
whichext: the claim cannot be read: expected than, got 'then'
  plain_sum.row_sum is faster then numpy
                              ^^^^
""")
    assert all(form in forms for form in FORMS)


def test_a_claim_about_nobody_ends_with_2_before_anything_is_built(
    command: Command, fake: FakeRun
) -> None:
    ended = command("check", str(ROW_SUM), "plain_sum.sum_rows is faster than numpy")
    assert (ended.code, fake.kernel) == (2, "")
    assert without_paths(ended.err, ROW_SUM) == snapshot(
        "whichext: there is no contestant 'plain_sum.sum_rows'\n"
        "  plain_sum.sum_rows is faster than numpy\n"
        "  ^^^^^^^^^^^^^^^^^^\n"
        "Next: write plain_sum.row_sum or plain_sum.row_sum_c_order_only or numpy; "
        "whichext list PATH shows all entries and cases\n"
    )


def test_the_help_of_a_check_shows_the_forms(command: Command) -> None:
    out = command("check", "--help").out
    assert [line.strip() for line in out.splitlines() if line.strip() in FORMS] == [*FORMS]


# Result files


def test_a_check_keeps_its_result_where_it_is_told(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    fake.result = raced(500)
    path = tmp_path / "result.json"
    command("check", str(ROW_SUM), f"{OURS} is faster than numpy", "-o", str(path))
    kept = result_file.read(path)
    assert kept.raw == replace(fake.result.raw, kind=Kind.CHECK)
    (claim,) = kept.judged.claims
    assert (claim.names, claim.statement.states) == ((OURS, "numpy"), Verdict.FASTER)


def test_a_check_goes_on_from_an_earlier_result(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    fake.result = raced(500)
    path = tmp_path / "result.json"
    result_file.write(fake.result, path)
    command("check", str(ROW_SUM), f"{OURS} is faster than numpy", "--resume", str(path))
    assert fake.earlier == fake.result.raw


def test_a_claim_can_be_held_against_a_result_file_without_a_race(
    command: Command, fake: FakeRun, tmp_path: Path
) -> None:
    path = tmp_path / "result.json"
    result_file.write(raced(500), path)
    text = f"{OURS} is 2.5x faster than numpy on small"
    ended = command("check", str(ROW_SUM), text, "--result", str(path))
    assert (ended.code, fake.kernel) == (1, "")
    assert "2.00x [2.00, 2.00]" in ended.out


def test_in_a_result_file_a_parallel_entry_has_the_threads_of_that_machine(
    command: Command, tmp_path: Path
) -> None:
    name = "cypy.find_max_prange[64]"
    race = make_race({"numpy": [1_000] * 5, name: [500] * 5})
    machine = replace(race.raw.machine, cores=64)
    raw = replace(
        race.raw,
        kernel="find_max",
        machine=machine,
        cases=tuple(case.but(name="wide") for case in race.raw.cases),
        sizes=tuple(replace(size, case="wide") for size in race.raw.sizes),
        timings=tuple(replace(timing, case="wide") for timing in race.raw.timings),
    )
    assert usable_cores() != machine.cores
    path = tmp_path / "result.json"
    result_file.write(view_of(raw), path)
    text = "cypy.find_max_prange is faster than numpy on wide"
    assert command("check", "find_max", text, "--result", str(path)).code == 0


def test_a_result_file_of_another_kernel_ends_with_2(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    result_file.write(raced(500, "total"), path)
    ended = command("check", str(ROW_SUM), f"{OURS} is faster than numpy", "--result", str(path))
    assert (ended.code, without_paths(ended.err, ROW_SUM)) == (
        2,
        snapshot(
            "whichext: --result: expected a result of the kernel row_sum, got one of total\n"
            "Next: make one with whichext run PATH -o FILE.json\n"
        ),
    )


@pytest.mark.parametrize(
    "option",
    ["--quick", "--max-time 3", "--precision 1%", "--quick --resume x", "--no-isolation"],
)
def test_an_option_of_a_race_beside_a_result_file_ends_with_2(
    command: Command, tmp_path: Path, option: str
) -> None:
    path = tmp_path / "result.json"
    ended = command("check", str(ROW_SUM), "--result", str(path), *option.split())
    flags = " and ".join(re.findall("-[-a-z]+", option))
    said = without_paths(ended.err, path).replace(flags, "THESE")
    assert (ended.code, said) == (
        2,
        snapshot(
            "whichext: --result PATH: expected no option of a race beside it, since it races "
            "nothing\n"
            "Next: leave out --result, or THESE\n"
        ),
    )


# A kernel's list


@pytest.mark.parametrize(
    ("ours_ns", "code", "counts"),
    [
        (400, 0, "holds: 2, refuted: 0, unresolved: 0."),
        (600, 1, "holds: 1, refuted: 1, unresolved: 0."),
        (2_000, 1, "holds: 0, refuted: 2, unresolved: 0."),
    ],
)
def test_claims_end_with_1_when_any_is_refuted_and_with_0_when_all_hold(
    command: Command, fake: FakeRun, kernel: Path, ours_ns: float, code: int, counts: str
) -> None:
    fake.result = raced(ours_ns)
    ended = command("claims", str(kernel))
    assert (ended.code, counts in ended.out) == (code, True)


def test_claims_of_which_none_is_refuted_and_one_is_unresolved_end_with_4(
    command: Command, fake: FakeRun, kernel: Path
) -> None:
    fake.result = make_race({"numpy": [1_000], OURS: [400]})
    assert command("claims", str(kernel)).code == 4


def test_all_claims_share_one_race(command: Command, fake: FakeRun, kernel: Path) -> None:
    fake.result = raced(400)
    command("claims", str(kernel))
    assert (fake.options.entries, fake.options.cases) == ((OURS, "numpy"), ("small",))


def test_claims_are_printed_as_markdown(command: Command, fake: FakeRun, kernel: Path) -> None:
    fake.result = raced(400)
    printed = command("claims", str(kernel), "--markdown").out
    assert f"| 1 | `{OURS} " in printed
    assert "` | 2.4x | `small`: 2.5" in printed


def test_a_check_without_a_claim_is_one_of_the_kernels_list(
    command: Command, fake: FakeRun, kernel: Path
) -> None:
    fake.result = raced(400)
    assert command("check", str(kernel)) == command("claims", str(kernel))


def test_several_claims_share_one_race(command: Command, fake: FakeRun) -> None:
    fake.result = raced(400)
    texts = tuple(f"{OURS} is {times}x faster than numpy on small" for times in (2, 9))
    ended = command("check", str(ROW_SUM), *texts)
    assert (ended.code, "holds: 1, refuted: 1, unresolved: 0." in ended.out) == (1, True)
    assert fake.options.entries == (OURS, "numpy")


def test_claims_of_a_kernel_without_a_list_end_with_2(command: Command) -> None:
    ended = command("claims", str(ROW_SUM))
    assert (ended.code, without_paths(ended.err, ROW_SUM)) == (
        2,
        snapshot(
            "whichext: PATH/claims.toml: expected a list of claims, got No such file or directory\n"
            'Next: write it, with text = "A is faster than B" under [[claim]]\n'
        ),
    )


@pytest.mark.slow
@pytest.mark.compiler
@pytest.mark.processes
@pytest.mark.usefixtures("kept_builds")
def test_a_real_race_is_held_against_claims(command: Command, kernel: Path) -> None:
    # True of every machine, so that the test depends on no speed.
    (kernel / "claims.toml").write_text(
        f"""
        [[claim]]
        text = "{OURS} is at least 0.000001x as fast as numpy on small"
        """
    )
    ended = command("check", str(kernel), "--max-time", "0")
    assert (ended.code, "\nholds" in ended.out) == (0, True)


def test_a_check_of_a_result_can_be_kept_and_shown_again(command: Command, tmp_path: Path) -> None:
    source, kept = tmp_path / "race.json", tmp_path / "checked.json"
    result_file.write(raced(500), source)
    text = f"{OURS} is faster than numpy on small"
    ended = command("check", str(ROW_SUM), text, "--result", str(source), "-o", str(kept))
    assert (ended.code, command("show", str(kept)).out) == (0, ended.out)
    assert result_file.read(kept).raw.kind is Kind.CHECK


def test_a_memo_of_a_checked_result_is_a_memo(command: Command, tmp_path: Path) -> None:
    source, kept = tmp_path / "race.json", tmp_path / "checked.json"
    result_file.write(raced(500), source)
    text = f"{OURS} is 9x faster than numpy on small"
    command("check", str(ROW_SUM), text, "--result", str(source), "-o", str(kept))
    of_check = command("memo", str(ROW_SUM), "--result", str(kept))
    assert of_check == command("memo", str(ROW_SUM), "--result", str(source))
