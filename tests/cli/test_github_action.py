"""The GitHub action: what its step does with a workflow's inputs, and its file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.absent import race_without
from support.claimed import OURS, ROW_SUM, raced, wrapped
from support.cli import FakeRun
from support.pages import blocks
from support.results import BUILD_FAILED, SKIPPED, changed, make_build, make_race
from whichext.cli.github_action import main
from whichext.load.scaffold import new_kernel
from whichext.report import result_file

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
TWICE, THRICE = (f"{OURS} is {times}x faster than numpy on small" for times in (2, 3))
INPUT = re.compile(r"\$\{\{ *inputs\.([\w-]+) *\}\}")

Step = Callable[..., tuple[int, dict[str, str]]]


@pytest.fixture
def step(fake: FakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    """Run the step with these inputs and a race in which the reference takes 2.5 times as long."""
    fake.result = raced(400, kernel="row_sum")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [])

    def run(**inputs: str) -> tuple[int, dict[str, str]]:
        variables = variables_of({"kernel": str(ROW_SUM), "claims": TWICE, **inputs})
        outputs = tmp_path / "outputs"
        outputs.write_text("")
        files = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
        status = main({**variables, **files})
        return status, dict(line.split("=", 1) for line in outputs.read_text().splitlines())

    return run


def variables_of(inputs: dict[str, str]) -> dict[str, str]:
    """The variables that the action hands over for these inputs."""
    given = {name: about.get("default", "") for name, about in ACTION["inputs"].items()} | inputs
    (check,) = (one for one in ACTION["runs"]["steps"] if one.get("id") == "check")
    return {name: INPUT.sub(lambda m: given[m[1]], text) for name, text in check["env"].items()}


def test_a_claim_that_holds_passes_and_its_result_is_an_output(step: Step) -> None:
    assert step() == (0, {"standing": "holds", "result": "whichext.json"})
    assert result_file.read(Path("whichext.json")).judged.claims[0].text == TWICE


def test_a_claim_that_is_refuted_fails_with_an_error_on_the_page(
    step: Step, capsys: pytest.CaptureFixture[str]
) -> None:
    assert step(claims=THRICE) == (1, {"standing": "refuted", "result": "whichext.json"})
    assert annotations(capsys) == snapshot("""\
::error title=whichext::refuted: plain_sum.row_sum is 3x faster than numpy on small; On
small: faster, but 2.50x [2.50, 2.50] as fast and not 3x. The two differ in toolchain
(numpy -> plain_sum) alone.\
""")


@pytest.mark.parametrize(("unresolved", "status"), [("pass", 0), ("fail", 4)])
def test_an_unresolved_claim_warns_and_passes_unless_it_is_to_fail(
    step: Step, capsys: pytest.CaptureFixture[str], unresolved: str, status: int
) -> None:
    text = f"{OURS} reaches 0.9 of the limit on small"
    outputs = {"standing": "unresolved", "result": "whichext.json"}
    assert step(claims=text, unresolved=unresolved) == (status, outputs)
    assert annotations(capsys) == snapshot("""\
::warning title=whichext::unresolved: plain_sum.row_sum reaches 0.9 of the limit on
small; On small: no limit was measured beside it.\
""")


def test_what_did_not_build_fails_and_is_called_broken(
    step: Step, fake: FakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.result = race_without({"numpy": [1_000] * 5}, {OURS: BUILD_FAILED}, kernel="row_sum")
    assert step() == (3, {"standing": "broken", "result": "whichext.json"})
    assert annotations(capsys) == snapshot("""\
::error title=whichext::unresolved: plain_sum.row_sum is 2x faster than numpy on small;
On small: plain_sum.row_sum did not build: sum.c:3:1: error: unknown type. Next: install
gcc.\
""")


def test_where_nothing_could_be_built_the_step_fails_with_what_is_missing(
    step: Step, fake: FakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    race = make_race({"numpy": [1_000] * 5}, {OURS: SKIPPED})
    contestants = tuple(
        replace(one, project="plain" if one.name == OURS else "") for one in race.raw.contestants
    )
    builds = (make_build("plain", SKIPPED),)
    fake.result = changed(race, kernel="row_sum", contestants=contestants, builds=builds)
    assert step() == (3, {"standing": "broken", "result": "whichext.json"})
    assert annotations(capsys) == snapshot("""\
::error title=whichext::unresolved: plain_sum.row_sum is 2x faster than numpy on small;
On small: plain_sum.row_sum skipped: Rust's cargo is missing. Next: install Rust from
https://rustup.rs.\
""")


def annotations(capsys: pytest.CaptureFixture[str]) -> str:
    """What the page of the pull request shows."""
    out = capsys.readouterr().out
    return wrapped("\n".join(line for line in out.splitlines() if line.startswith("::")))


def test_without_claims_those_of_the_kernel_are_checked_with_the_options(
    step: Step, fake: FakeRun, tmp_path: Path
) -> None:
    kernel = shutil.copytree(ROW_SUM, tmp_path / "row_sum")
    texts = "".join(f'[[claim]]\ntext = "{text}"\n' for text in (TWICE, THRICE))
    (kernel / "claims.toml").write_text(texts)
    assert step(kernel="./row_sum", claims="", options="--max-time 7")[0] == 1
    assert fake.options.max_time_s == 7
    assert (tmp_path / "summary").read_text().count("\n| `") == 2


def test_a_result_file_is_used_instead_of_a_race(step: Step, fake: FakeRun) -> None:
    result_file.write(fake.result, Path("earlier.json"))
    outputs = {"standing": "holds", "result": "again.json"}
    assert step(result="earlier.json", output="again.json") == (0, outputs)
    assert fake.runs == 0


def test_each_line_is_a_claim(step: Step) -> None:
    step(claims=f"\n  {TWICE}\n\n{THRICE}\n")
    claims = result_file.read(Path("whichext.json")).judged.claims
    assert [claim.text for claim in claims] == [TWICE, THRICE]


def test_a_claim_is_never_taken_for_an_option(step: Step, fake: FakeRun) -> None:
    assert step(claims="--help") == (2, {"standing": "invalid", "result": ""})
    assert fake.runs == 0


@pytest.mark.parametrize(
    "inputs",
    [
        {"claims": "faster?"},
        {"claims": "mine is faster than numpy"},
        {"kernel": "nowhere"},
        {"kernel": ""},
        {"unresolved": "maybe"},
        {"options": "--nonsense"},
        {"options": "'"},
        {"result": "nowhere.json"},
    ],
)
def test_what_cannot_be_used_is_a_standing_and_is_in_the_summary(
    step: Step, tmp_path: Path, inputs: dict[str, str]
) -> None:
    assert step(**inputs) == (2, {"standing": "invalid", "result": ""})
    assert (tmp_path / "summary").read_text().count("## Claims: not checked") == 1


def test_without_a_summary_and_outputs_the_step_ends_the_same(step: Step) -> None:
    step()
    assert main(variables_of({"kernel": str(ROW_SUM), "claims": TWICE})) == 0
    assert main(variables_of({"kernel": "", "claims": TWICE})) == 2


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "kernel",
            " ",
            snapshot("""\
::error title=whichext::the input kernel: expected a folder, or a built-in name%0ANext:
write kernel: ./FOLDER\
"""),
        ),
        (
            "unresolved",
            "ignore",
            snapshot("""\
::error title=whichext::the input unresolved: expected one of pass, fail, got
ignore%0ANext: write unresolved: fail\
"""),
        ),
        (
            "options",
            "--max-time '7",
            snapshot("""\
::error title=whichext::the input options: No closing quotation%0ANext: write options:
--max-time 300 --config-setting "a=b c"\
"""),
        ),
    ],
)
def test_an_input_that_cannot_be_used_is_named_with_what_to_write(
    step: Step, capsys: pytest.CaptureFixture[str], name: str, value: str, message: str
) -> None:
    assert step(**{name: value})[0] == 2
    assert annotations(capsys) == message


# The file


def test_every_input_of_the_action_is_used_and_described() -> None:
    used = set(INPUT.findall(yaml.safe_dump(ACTION["runs"], width=1_000)))
    assert used == {*ACTION["inputs"]}
    assert all(about["description"].endswith(".") for about in ACTION["inputs"].values())


def test_what_is_run_has_no_input_in_it() -> None:
    runs = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert len(runs) == 2
    assert [run for run in runs if "${{" in run] == []


def workflows() -> Iterator[str]:
    """The workflows on pages, and the one of a new kernel."""
    for page in sorted((ROOT / "docs").rglob("*.md")):
        yield from (example.parsed for example in blocks(page, "yaml"))
    yield new_workflow()


def new_workflow() -> str:
    with pytest.MonkeyPatch.context() as patch:  # Numba need not be here
        patch.setattr("whichext.load.scaffold_toolchains.find_lacking", lambda _: None)
        made = new_kernel("total", args=["values=float64[:]"], toolchains=["numba"])
    return (made.folder / ".github" / "workflows" / "claims.yml").read_text()


def test_workflows_give_the_action_what_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    jobs = (job for text in workflows() for job in yaml.safe_load(text)["jobs"].values())
    steps = (step for job in jobs for step in job["steps"])
    uses = [step["with"] for step in steps if step.get("uses", "").startswith("whichext/")]
    assert len(uses) >= 2
    assert [name for given in uses for name in given if name not in ACTION["inputs"]] == []


@pytest.mark.slow
def test_the_action_and_the_workflows_fit_their_schemas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {tmp_path / f"{number}.yml": text for number, text in enumerate(workflows())}
    for path, text in files.items():
        path.write_text(text)
    for schema, paths in (("actions", [ROOT / "action.yml"]), ("workflows", [*files])):
        words = ("-m", "check_jsonschema", "--builtin-schema", f"vendor.github-{schema}")
        command = [sys.executable, *words, *paths]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")


@pytest.mark.slow
@pytest.mark.processes
def test_the_step_runs_as_the_action_has_it(tmp_path: Path) -> None:
    (run,) = (one["run"] for one in ACTION["runs"]["steps"] if one.get("id") == "check")
    claim = "rustpy.find_max_unsafe is 2.4x faster than rustpy.find_max on wide"
    file = ROOT / "docs" / "results" / "article_claims.json"
    outputs, summary = tmp_path / "outputs", tmp_path / "summary"
    variables = {
        **os.environ,
        **variables_of({"kernel": "find_max", "claims": claim, "result": str(file)}),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    done = subprocess.run(
        ["bash", "-c", run],
        cwd=tmp_path,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert outputs.read_text() == "standing=refuted\nresult=whichext.json\n"
    assert summary.read_text().startswith("## Claims of `find_max`: refuted\n")
