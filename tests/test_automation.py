"""What runs by itself: hooks, sessions and workflows call make, and how to cite is up to date."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

import whichext
from support.pages import blocks
from whichext.load.kernel import load_kernel

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
README = (ROOT / "README.md").read_text("utf-8")
MAKE = re.compile(r"^make ((?:[a-z-]+ ?)+)$", re.MULTILINE)


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def parts_of(target: str) -> list[str]:
    """The targets on which a target of the Makefile depends."""
    (found,) = re.findall(rf"^{target}: *(.*)$", MAKEFILE, re.MULTILINE)
    return [word for word in found.split() if not word.startswith("$")]


def jobs() -> Iterator[dict[str, Any]]:
    """The jobs of all workflows."""
    for path in WORKFLOWS:
        yield from read(path)["jobs"].values()


def steps() -> list[dict[str, Any]]:
    """The steps of all workflows."""
    return [step for job in jobs() for step in job["steps"]]


def hooks() -> list[dict[str, Any]]:
    """The hooks of pre-commit."""
    repositories = read(ROOT / ".pre-commit-config.yaml")["repos"]
    return [hook for repository in repositories for hook in repository["hooks"]]


def sessions() -> list[str]:
    """The targets that sessions of nox name."""
    tree = ast.parse((ROOT / "noxfile.py").read_text("utf-8"))
    return [
        str(word.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "make"
        for word in node.args
        if isinstance(word, ast.Constant)
    ]


def test_hooks_sessions_and_workflows_name_targets_of_the_makefile() -> None:
    lines = [hook["entry"] for hook in hooks()] + [step.get("run", "") for step in steps()]
    named = {target for line in lines for found in MAKE.findall(line) for target in found.split()}
    named |= {*sessions()}
    assert {"repository-lint", "pytest", "fast-tests", "dist"} <= named
    made = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert named - made == set()


def test_hooks_are_what_make_lint_and_make_types_do_each_once() -> None:
    hooked = [hook["entry"].removeprefix("make ") for hook in hooks()]
    assert sorted(hooked) == sorted([*parts_of("lint"), "types"])


def test_scripts_that_workflows_run_are_there_and_can_be_run() -> None:
    scripts = {step["run"].split()[0] for step in steps() if step.get("run", "").startswith(".ci/")}
    assert scripts == {".ci/run", ".ci/installed"}
    assert [name for name in scripts if not (ROOT / name).stat().st_mode & 0o100] == []


def test_workflows_test_the_oldest_version_and_those_that_the_readme_names() -> None:
    tests = read(ROOT / ".github" / "workflows" / "tests.yml")["jobs"]
    asked = (step.get("with", {}).get("python-version") for step in tests["all"]["steps"])
    oldest = [f">={version}" for version in asked if version]
    assert oldest == [PYPROJECT["project"]["requires-python"]]
    first, *others, last = tests["newer"]["strategy"]["matrix"]["python"]
    named = f"name CPython {', '.join((first, *others))} and {last} as well"
    assert named in " ".join(README.split())


def test_actions_are_named_by_their_commit_with_the_version_beside_it() -> None:
    texts = [path.read_text("utf-8") for path in WORKFLOWS]
    used = [line for text in texts for line in re.findall(r"- uses: (.*)", text)]
    pinned = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+(\.\d+){2}")
    assert len(used) > 5
    assert [line for line in used if not pinned.fullmatch(line)] == []
    assert len({line.partition("@")[0] for line in used}) == len(set(used)), "one version of each"


def test_only_the_job_that_publishes_may_write_and_it_is_started_by_hand() -> None:
    release = read(ROOT / ".github" / "workflows" / "release.yml")
    (triggers,) = (value for key, value in release.items() if key in (True, "on"))  # YAML's "on"
    assert [*triggers] == ["workflow_dispatch"]
    granted = [read(path)["permissions"] for path in WORKFLOWS]
    assert granted == [{"contents": "read"}] * len(WORKFLOWS)
    allowed = [job["permissions"] for job in jobs() if "permissions" in job]
    assert allowed == [release["jobs"]["publish"]["permissions"]] == [{"id-token": "write"}]


def test_each_check_of_the_repository_that_is_left_out_has_its_reason() -> None:
    reasons = PYPROJECT["tool"]["repo-review"]["ignore"]
    assert [check for check, reason in reasons.items() if len(reason.split()) < 4] == []


def test_the_citation_is_that_of_this_version_and_of_this_project() -> None:
    cited, project = read(ROOT / "CITATION.cff"), PYPROJECT["project"]
    assert str(cited["version"]) == whichext.__version__
    assert cited["title"] == project["name"]
    assert cited["license"] == project["license"]
    assert cited["authors"] == project["authors"]
    assert project["urls"]["Documentation"].startswith(cited["repository-code"])


def test_links_within_the_readme_lead_to_its_sections() -> None:
    linked = set(re.findall(r"\]\(#([\w-]+)\)", README))
    found = re.findall(r"^##+ (.*)", README, re.MULTILINE)
    assert {"bias", "how-to-cite", "your-own-loop"} <= linked
    assert linked - {heading.lower().replace(" ", "-") for heading in found} == set()


def test_the_first_kernel_of_the_readme_is_five_lines_and_can_be_loaded(tmp_path: Path) -> None:
    found = (block.parsed for block in blocks(ROOT / "README.md", "python"))
    code = next(text for text in found if "KERNEL = " in text)
    made = next(node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    assert ast.unparse(made.func) == "Kernel"
    assert len({keyword.lineno for keyword in made.keywords}) == len(made.keywords) == 5
    assert made.end_lineno is not None
    assert made.end_lineno - made.lineno - 1 == 5
    (tmp_path / "kernel.py").write_text(code)
    assert set(load_kernel(tmp_path).functions) == {"fsum"}
