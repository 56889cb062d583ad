"""How the command line words what the core names, and that it has what it then says."""

from __future__ import annotations

import ast
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

import whichext
from support.cli import Command, flags_by_command
from whichext.cli.wording import FLAGS, SHELL
from whichext.model.inline import argument, call, worded

SOURCE = Path(whichext.__file__).parent
FOR_PYTHON_ALONE = tuple(
    SOURCE / name
    for name in (
        "__init__.py",
        "cli/keywords.py",
        "cli/tools.py",
        "report/naming.py",
        "report/result.py",
    )
)
"""Modules whose errors the command line never shows."""
NAMING = {"argument", "UnknownNameError"}


@cache
def calls() -> list[tuple[str, ast.Call]]:
    """Where the package names an argument or a call: the function, and how it is called."""
    return [
        (node.func.id, node)
        for path in {*SOURCE.rglob("*.py")} - {*FOR_PYTHON_ALONE}
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in {*NAMING, "call"}
    ]


def texts(nodes: list[ast.expr]) -> list[str]:
    """Those that are texts."""
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


@pytest.mark.parametrize(
    ("name", "value", "typed"),
    [
        ("entries", "rustpy.*", "--entry 'rustpy.*'"),
        ("entries", "it's", """--entry 'it'"'"'s'"""),
        ("cases", "tall", "--case tall"),
        ("cases", ["wide", "tall"], "--case wide,tall"),
        ("threads", (1, 2), "--threads 1,2"),
        ("profiles", "debug", "--profile debug"),
        ("factors", "isa=native", "--factor isa=native"),
        ("baseline", "cy.pool[2]", "--baseline 'cy.pool[2]'"),
        ("precision", 0.01, "--precision 0.01"),
        ("max_time_s", 90.0, "--max-time 90"),
        ("time_limit_s", 2.5, "--time-limit 2.5"),
        ("memory_limit_bytes", 500_000_000, "--memory-limit 0.5"),
        ("isolation", None, "--no-isolation"),
        ("config_settings", "setup-args=-Da", "--config-setting setup-args=-Da"),
        ("save", "my results.json", "-o 'my results.json'"),
        ("resume", None, "--resume"),
        ("min_speedup", 1.5, "--worth 1.5"),
        ("precision", "", "--precision ''"),
    ],
)
def test_an_argument_is_its_flag_with_a_value_that_a_shell_takes(
    name: str, value: Any, typed: str
) -> None:
    assert worded(argument(name, value), SHELL) == typed


def test_a_call_is_a_command_with_its_flags() -> None:
    text = call("run", "my kernel", save="r.json", threads=(1, 2))
    assert shlex.split(worded(text, SHELL)) == [
        "whichext",
        "run",
        "my kernel",
        *("-o", "r.json"),
        *("--threads", "1,2"),
    ]


def test_an_argument_without_a_flag_is_named_as_python_has_it() -> None:
    assert worded(argument("seed", 7), SHELL) == "seed=7"


@pytest.mark.parametrize("flag", FLAGS.values())
def test_every_flag_that_the_core_can_name_exists(flag: str) -> None:
    assert flag in set().union(*flags_by_command().values())


def test_every_argument_that_the_core_names_has_a_flag() -> None:
    named = {name for f, found in calls() if f in NAMING for name in texts(found.args[:1])}
    assert "resume" in named  # otherwise the search has stopped to find them
    assert named <= set(FLAGS)


def test_every_command_that_the_core_names_exists_with_its_flags() -> None:
    named = {
        (verb, keyword.arg)
        for function, found in calls()
        if function == "call"
        for verb in texts(found.args[:1])
        for keyword in found.keywords or [ast.keyword(arg=None)]
    }
    assert ("run", "save") in named  # otherwise the search has stopped to find them
    assert {verb for verb, _ in named} <= set(flags_by_command())
    assert all(FLAGS[name] in flags_by_command()[verb] for verb, name in named if name)


def test_an_error_of_the_core_is_told_in_words_to_type(command: Command) -> None:
    ended = command("show", "missing.json")
    assert ended.err == snapshot(
        "whichext: missing.json: expected a result file, got No such file or directory\n"
        "Next: make one with whichext run KERNEL -o FILE.json\n"
    )
