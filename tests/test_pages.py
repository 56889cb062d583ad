"""The code on pages runs as it stands, and the site that is made of them has no warning."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unittest import SkipTest

import pytest
import yaml
from sybil import Example

import whichext
from support.cli import flags_by_command
from support.pages import (
    EVALUATORS,
    ROOT,
    PageError,
    Place,
    blocks,
    make_place,
    missing_lines,
    pack_installed,
    read_page,
)
from whichext import errors
from whichext.verify.inputs import strategies

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "METHODOLOGY.md", *sorted(DOCS.rglob("*.md"))]
WITH_CODE = [page for page in PAGES if any(True for _ in read_page(page))]
DIRECTIVES = {"{toctree}", "{include}", "{eval-rst}"}
TYPED = re.compile(r"^\s*(?:PATH=\S+ )?whichext (\w+)((?:.*\\\n)*.*)", re.MULTILINE)
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\s#.*|\|\|.*")
FLAG = re.compile(r"(?<![\w-])(--?[a-z][\w-]*)")


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What builds on pages require, as wheels of what is installed here."""
    folder = tmp_path_factory.mktemp("pages") / "wheels"
    pack_installed(folder)
    return folder


@pytest.fixture
def place(tmp_path: Path, wheels: Path) -> Place:
    """A copy of the documentation of a test's own."""
    return make_place(tmp_path, wheels, cache=wheels.parent / "cache")


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize("page", WITH_CODE, ids=named)
def test_all_code_of_a_page_runs_and_prints_what_the_page_says(page: Path, place: Place) -> None:
    document = read_page(page)
    document.namespace["place"] = place
    for example in document:
        with suppress(SkipTest):
            example.evaluate()


def listed(page: Path) -> Iterator[Path]:
    """The pages in the tables of contents of a page, and those in theirs."""
    for toctree in re.findall(r"```\{toctree\}\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for line in toctree.splitlines():
            if line and not line.startswith(":"):
                below = (page.parent / f"{line}.md").resolve()
                yield below
                yield from listed(below)


def test_every_page_is_in_one_table_of_contents() -> None:
    index = DOCS / "index.md"
    assert sorted([index, *listed(index)]) == sorted(DOCS.rglob("*.md"))


def test_every_public_name_is_in_the_reference() -> None:
    page = (DOCS / "reference" / "python.md").read_text("utf-8")
    there = set(re.findall(r"auto(?:function|class|exception|module):: whichext\.([\w.]+)", page))
    face = {name for name in whichext.__all__ if name != "WhichextError"}  # it is in errors
    face |= {f"strategies.{name}" for name in strategies.__all__}
    face |= {f"errors.{name}" for name in vars(errors) if name.endswith("Error")}
    assert face - there == set()
    assert {"tools"} <= there


def test_every_block_is_in_a_language_that_is_run_written_or_shown() -> None:
    fences = re.compile(r"^```(\S+)$", re.MULTILINE)
    found = {name for page in PAGES for name in fences.findall(page.read_text("utf-8"))}
    assert found - {*EVALUATORS, *DIRECTIVES} == set()


def test_a_block_that_is_not_run_has_its_reason() -> None:
    skips = re.compile(r"<!-- skip: (?:next|start)(.*?)-->")
    found = [text for page in PAGES for text in skips.findall(page.read_text("utf-8"))]
    assert found
    assert [text for text in found if not re.fullmatch(r' "[\w ,]{10,}" ', text)] == []


def of_language(language: str) -> list[Example]:
    """The blocks of all pages in a language."""
    return [example for page in PAGES for example in blocks(page, language)]


def test_python_on_pages_can_be_parsed() -> None:
    for example in of_language("python"):
        ast.parse(example.parsed)


def test_toml_on_pages_can_be_read() -> None:
    for example in of_language("toml"):
        tomllib.loads(example.parsed)


def texts_with_commands() -> Iterator[str]:
    """What is typed on pages, and the steps of workflows."""
    yield from (example.parsed for example in of_language("sh"))
    for example in of_language("text"):
        yield "\n".join(re.findall(r"^\$ (.*)", example.parsed, re.MULTILINE))
    for example in of_language("yaml"):
        for job in yaml.safe_load(example.parsed)["jobs"].values():
            yield from (step.get("run", "") for step in job["steps"])


def test_commands_on_pages_also_those_in_workflows_exist_with_all_of_their_flags() -> None:
    known = flags_by_command()
    typed = [found for text in texts_with_commands() for found in TYPED.findall(text)]
    assert len(typed) > 30
    assert {name for name, _ in typed} - {*known} == set()
    flags = {(name, flag) for name, words in typed for flag in FLAG.findall(QUOTED.sub("", words))}
    assert {(name, flag) for name, flag in flags if flag not in known[name]} == set()


SHOWN = """
wrong: expected 49, got 0
┏━━━━━━━┳━━━━━━━━━┓
│ after │ 12.9 us │ 0.04 [0.03, 0.05] │
"""


@pytest.mark.parametrize(
    ("printed", "missing"),
    [
        (SHOWN.replace("49", "7").replace("12.9", "8").replace("0.04", "2"), []),
        (SHOWN.replace("━━━━━━━", "━━━"), []),
        (SHOWN.replace("wrong", "right"), ["wrong: expected 49, got 0"]),
        ("", ["wrong: expected 49, got 0", "┏━━━━━━━┳━━━━━━━━━┓"]),
    ],
)
def test_a_transcript_is_compared_but_for_its_numbers_and_what_was_measured(
    printed: str, missing: list[str]
) -> None:
    assert missing_lines(SHOWN, printed) == missing


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```python\nraise SystemExit(3)\n```\n", "line 1 ends with 3"),
        ("```sh\nfalse\ntrue\n```\n", "line 1 ends with 1"),
        ("```text\n$ exit 4\n$ echo $?\n0\n```\n", "exit 4 ends with 4"),
        ("```text\n$ echo one\ntwo\n```\n", "does not print"),
        ("```cython\ndef f(): pass\n```\n", "names a file"),
        ("```python\nimport socket\nsocket.create_connection(('192.0.2.1', 80))\n```", "network"),
    ],
)
@pytest.mark.slow
@pytest.mark.processes
def test_a_block_that_does_not_do_what_its_page_says_would_be_found(
    text: str, problem: str, tmp_path: Path, place: Place
) -> None:
    (tmp_path / "page.md").write_text(text)
    document = read_page(tmp_path / "page.md")
    document.namespace["place"] = place
    (example,) = document
    with pytest.raises(PageError) as caught:
        example.evaluate()
    assert problem in str(caught.value)


@pytest.mark.slow
@pytest.mark.processes
def test_a_block_that_takes_too_long_is_killed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support.pages.TIME_LIMIT_S", 0.5)
    with pytest.raises(PageError):
        place.run("sh", "-c", "cat /dev/zero >/dev/null")
