"""What the documents show and say: tables come from result files, commands exist, code runs."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import inspect
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

import whichext
from support.cli import Command
from support.pages import blocks
from whichext import render, tools
from whichext.cli.keywords import RunOptions
from whichext.judge import judge_again
from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.trials import load_claims, names_in, resolve_claim
from whichext.load.kernel import load_kernel
from whichext.load.revisions import revisions_in
from whichext.model.check import Check, Property
from whichext.model.options import Options
from whichext.model.outcome import Right, Unsupported, Wrong
from whichext.report import result_file
from whichext.verify.inputs.failing import ask_reference
from whichext.verify.inputs.nasty import nasty_inputs

ROOT = Path(__file__).parents[1]
PAGES = {
    "docs/article.md": "article",
    "docs/find_max.md": "find_max",
    "docs/answers.md": "answers",
    "docs/toolchains.md": "toolchains",
}
"""Pages that a benchmark writes from result files, and its name."""
REFERENCE = ROOT / "docs" / "reference"
WITH_CODE = [
    ROOT / "README.md",
    ROOT / "METHODOLOGY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
DOCUMENTS = [*WITH_CODE, ROOT / "CONTRIBUTING.md"]
SHOWN = re.compile(r"<!-- result: (\S+)(?: --baseline (\S+))? -->\n```text\n(.*?)```", re.DOTALL)


def shown() -> list[tuple[str, str, str]]:
    """File, baseline and text of every table that a document shows."""
    return [found for document in DOCUMENTS for found in SHOWN.findall(document.read_text())]


def test_the_readme_shows_a_result() -> None:
    assert SHOWN.search((ROOT / "README.md").read_text())


@pytest.mark.slow
@pytest.mark.parametrize(("file", "baseline", "text"), shown())
def test_every_line_of_a_shown_result_is_in_the_report_of_its_file(
    file: str, baseline: str, text: str
) -> None:
    view = result_file.read(ROOT / file)
    report = render(judge_again(view, baseline) if baseline else view).splitlines()
    missing = [line for line in text.splitlines() if line.strip() and line not in report]
    assert missing == []


def test_the_readme_names_the_question_the_command_and_a_result_on_its_first_screen() -> None:
    first_screen = "\n".join((ROOT / "README.md").read_text().splitlines()[:30])
    question = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["description"]
    parts = (question, "whichext run find_max", "<!-- result:", "limit")
    assert [part for part in parts if part not in first_screen] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_is_there(document: Path) -> None:
    named = re.findall(r"`((?:src|tests|benchmarks|docs)/[\w./-]+)`", document.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    "page", ["docs/tutorial.md", "docs/compare.md", "docs/reference/commands.md"]
)
def test_the_time_that_a_race_may_take_by_default_is_the_one_that_pages_name(page: str) -> None:
    text = " ".join((ROOT / page).read_text().split())
    found = re.findall(r"(?:takes up to|at most about|over all cases; by default) (\d+)", text)
    assert found
    assert {float(named) for named in found} == {Options.max_time_s}


def lines_of_code(text: str) -> int:
    """Lines that are not blank."""
    return sum(bool(line.strip()) for line in text.splitlines())


KERNELS = [example.parsed for example in blocks(ROOT / "docs" / "kernels.md", "python")]


@pytest.mark.parametrize("code", KERNELS)
def test_a_kernel_that_a_document_shows_is_short_and_has_inputs_that_are_drawn(
    code: str, tmp_path: Path
) -> None:
    assert lines_of_code(code) <= 15
    (tmp_path / "kernel.py").write_text(code)
    kernel = load_kernel(tmp_path)
    found = nasty_inputs(kernel)
    assert sum(name.startswith("drawn") for name in found) > 10
    asked = [ask_reference(kernel, kernel.arguments_of(case)) for case in kernel.cases]
    assert [one.refusal for one in asked] == [None] * len(kernel.cases)


@pytest.mark.slow
@pytest.mark.processes
def test_a_kernel_of_functions_alone_that_a_document_shows_is_raced(tmp_path: Path) -> None:
    (code,) = [code for code in KERNELS if "functions={" in code]
    (tmp_path / "kernel.py").write_text(code)
    result = whichext.run(tmp_path, max_time_s=0.1)
    assert result.ok
    assert "partition" in result.cases["small"].measured


def benchmark_named(name: str) -> ModuleType:
    """A script under `benchmarks/` as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    return benchmark


@pytest.mark.slow
@pytest.mark.parametrize("document", PAGES)
def test_a_page_that_a_benchmark_writes_is_what_its_result_files_say(document: str) -> None:
    assert (ROOT / document).read_text() == benchmark_named(PAGES[document]).page()


def test_the_reference_of_commands_and_projects_is_what_their_help_and_fields_say() -> None:
    made = benchmark_named("reference").pages()
    assert {name: (REFERENCE / name).read_text() for name in made} == made


def examples() -> list[str]:
    """Lines of code in the docstrings of what users call."""
    functions = [getattr(whichext, name) for name in whichext.__all__]
    functions += [getattr(tools, name) for name in tools.__all__]
    docs = [inspect.getdoc(what) or "" for what in (whichext, *functions)]
    return [e.source for doc in docs for e in doctest.DocTestParser().get_examples(doc)]


def called(node: ast.Call) -> Callable[..., object] | None:
    """The function of ours that an example calls; None where it calls another one."""
    name = ast.unparse(node.func).removeprefix("whichext.")
    if name.startswith("tools."):
        return getattr(tools, name.removeprefix("tools."), None)
    return getattr(whichext, name, None) if name in whichext.__all__ else None


@pytest.mark.parametrize("example", examples())
def test_an_example_in_a_docstring_calls_what_there_is_with_arguments_that_it_takes(
    example: str,
) -> None:
    for node in ast.walk(ast.parse(example)):
        if isinstance(node, ast.Call) and (function := called(node)) is not None:
            options = {keyword.arg or "": None for keyword in node.keywords}
            bound = inspect.signature(function).bind(*node.args, **options)
            assert set(bound.arguments.get("options", ())) <= set(RunOptions.__annotations__)
        if isinstance(node, ast.ImportFrom):
            assert [a.name for a in node.names if not hasattr(whichext, a.name)] == []


def test_there_are_examples_of_verbs_and_tools() -> None:
    text = "".join(examples())
    assert [word in text for word in ("run(", "tools.memo(", "tools.doctor(")] == [True] * 3


def answers_of(name: str) -> list[Check]:
    """What was found of a contestant when the page on answers was written."""
    card = result_file.read(ROOT / "docs" / "results" / "find_max_answers.json")
    return [check for check in card.raw.checks if check.contestant.partition("[")[0] == name]


@pytest.mark.parametrize("entry", ["cypy.find_max_tiled", "rustpy.find_max_tiled"])
def test_the_tiled_entries_answer_every_plain_array_and_are_wrong_on_nothing(entry: str) -> None:
    checks = answers_of(entry)
    assert {type(check.result) for check in checks} == {Right, Unsupported}
    plain = {type(check.result) for check in checks if check.property is Property.PLAIN}
    assert plain == {Right}


def test_no_entry_of_find_max_is_wrong_on_anything() -> None:
    card = result_file.read(ROOT / "docs" / "results" / "find_max_answers.json")
    assert not card.raw.raced
    wrong = [check for check in card.raw.checks if isinstance(check.result, Wrong)]
    assert [(check.contestant, check.input) for check in wrong] == []


CLAIMS = (ROOT / "docs" / "claims.md").read_text()


def test_every_form_of_a_claim_that_a_document_shows_can_be_read() -> None:
    shown = re.findall(r"^\| `(A .*?)` \|", CLAIMS, re.MULTILINE)
    assert [parse_claim(text).text for text in shown] == shown
    assert len(shown) >= 10


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_claim_that_a_document_checks_names_what_there_is(document: Path) -> None:
    shown = re.findall(r'whichext check (find_max) "(.*?)"', document.read_text())
    for kernel, text in ((load_kernel(name), text) for name, text in shown):
        if not revisions_in(kernel, names_in([text], kernel)):  # which only git knows
            assert resolve_claim(parse_claim(text), kernel, threads=2).cases


ANSWERED = re.compile(
    r'\$ whichext (check) (\S+) "(.*?)" --result (\S+)\n(.*?)(?:\$|```)', re.DOTALL
)


@pytest.mark.parametrize("document", ["README.md", "docs/claims.md"])
def test_the_answer_that_a_document_shows_is_what_the_command_says(
    document: str, command: Command
) -> None:
    found = ANSWERED.search((ROOT / document).read_text())
    assert found is not None
    *words, file, shown = found.groups()
    assert shown in command(*words, "--result", str(ROOT / file)).out


def test_the_list_that_a_document_shows_is_one(tmp_path: Path) -> None:
    (listed,) = re.findall(r"```toml\n(.*?)```", CLAIMS, re.DOTALL)
    (tmp_path / "claims.toml").write_text(listed)
    kernel = replace(load_kernel("find_max"), folder=tmp_path)
    assert len(load_claims(kernel, threads=2)) == 1


@pytest.mark.slow
def test_the_readme_counts_the_articles_claims_as_they_came_out() -> None:
    counts = benchmark_named("article").counts()
    assert counts.strip() in " ".join((ROOT / "README.md").read_text().split())
