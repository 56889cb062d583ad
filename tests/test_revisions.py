"""Two revisions of a project, built and raced for real, and the claim of a pull request."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.cli import Command
from support.repositories import commit, git, needs_git, repository, write_files
from whichext.build.store import Store
from whichext.model.options import Options
from whichext.model.outcome import Built
from whichext.model.raw import Kind
from whichext.pipeline import execute

pytestmark = [pytest.mark.slow, pytest.mark.processes, needs_git]

ROW_SUM = Path(__file__).parent / "kernels" / "row_sum"
SLOW = """
import time

def row_sum(values):
    time.sleep(0.001)
    return values.sum(axis=1)
"""
C_PROJECT = {
    "meson.build": """
project('add', 'c')
py = import('python').find_installation(pure: false)
py.extension_module('add', 'add.c', install: true)
""",
    "pyproject.toml": """
[build-system]
requires = ["meson-python"]
build-backend = "mesonpy"

[project]
name = "add"
version = "0.1"

[tool.whichext]
module = "add"
toolchain = "c"

[[tool.whichext.entries]]
function = "add"
""",
}
C_SOURCE = """
#include <Python.h>
static PyObject *add(PyObject *self, PyObject *args) {{
    (void)self;
    double one, other;
    if (!PyArg_ParseTuple(args, "dd", &one, &other)) return NULL;
    return PyFloat_FromDouble(one + other + {extra});
}}
static PyMethodDef methods[] = {{{{"add", add, METH_VARARGS, ""}}, {{NULL, NULL, 0, NULL}}}};
static struct PyModuleDef module = {{PyModuleDef_HEAD_INIT, "add", "", -1, methods}};
PyMODINIT_FUNC PyInit_add(void) {{ return PyModule_Create(&module); }}
"""
C_KERNEL = """
from whichext import Case, Kernel

def reference(one, other):
    return one + other

KERNEL = Kernel(
    question="How fast is a sum of two?",
    reference=reference,
    reference_name="python",
    inputs=lambda case: (1.5, 2.5),
    cases=(Case("pair"),),
)
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of the test's own, in which the files of revisions lie for a while."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """A kernel in a repository: its project was quick, and is slow since."""
    home = repository(tmp_path / "repo", {})
    shutil.copytree(ROW_SUM, home / "row_sum", ignore=shutil.ignore_patterns("__pycache__"))
    project = home / "row_sum" / "plain"
    table = (project / "pyproject.toml").read_text()
    first, _, _ = table.partition('[[tool.whichext.entries]]\nfunction = "row_sum_c')
    (project / "pyproject.toml").write_text(first)
    commit(home)
    (project / "plain_sum.py").write_text(f'"""Sums."""\n{SLOW}')
    commit(home)
    return home / "row_sum"


@pytest.mark.usefixtures("kept_builds")
def test_a_pull_request_that_makes_a_project_slower_is_refused(
    command: Command, kernel: Path
) -> None:
    claim = "plain@working is not slower than plain@HEAD~1 on small"
    ended = command("check", str(kernel), claim, "--quick", "--max-time", "20")
    assert "\nrefuted" in ended.out
    assert "revision (HEAD~1 -> working) alone" in ended.out
    assert ended.code == 1
    assert git(kernel, "worktree", "list").count("\n") == 0


def test_two_revisions_race_and_differ_in_the_revision_alone(kernel: Path, store: Store) -> None:
    options = Options(
        projects=("plain@HEAD~1", "plain@working"), cases=("small",), max_time_s=2, min_epochs=2
    )
    view = execute(kernel, options, store=store)
    assert [one.name for one in view.raw.contestants if one.project and one.module] == [
        "plain_sum@HEAD~1.row_sum",
        "plain_sum@working.row_sum",
        *(one.name for one in view.raw.contestants if one.entry == "limit"),
    ]
    effects = {(one.factor, one.before, one.after) for one in view.judged.effects}
    assert effects == {("revision", "working", "HEAD~1")}
    assert [one.commit for one in view.raw.revisions] == git(
        kernel, "rev-parse", "HEAD~1", "HEAD"
    ).split()


@pytest.mark.compiler
def test_a_compiled_revision_is_built_and_audited_and_an_unchanged_one_is_in_the_cache(
    tmp_path: Path, store: Store
) -> None:
    home = repository(tmp_path / "repo", {"sums/kernel.py": C_KERNEL})
    project = home / "sums" / "add"
    write_files(project, {**C_PROJECT, "add.c": C_SOURCE.format(extra=0)})
    commit(home)
    write_files(project, {"add.c": C_SOURCE.format(extra=1)})
    asked = Options(projects=("add@HEAD", "add@working"))
    view = execute(home / "sums", asked, kind=Kind.VERIFY, store=store)
    assert [build.project for build in view.raw.builds] == ["add@HEAD", "add@working"]
    assert [bool(one.compiled) for one in view.raw.evidence] == [True, True]
    wrong = {check.contestant for check in view.raw.checks if "Wrong" in repr(check.result)}
    assert wrong == {"add@working.add"}

    git(home, "checkout", "--quiet", "--", ".")
    git(home, "branch", "feature/one")
    write_files(home, {"readme.txt": "text"})
    commit(home)
    renamed = Options(projects=("add@feature/one", "add@working"))
    found = execute(home / "sums", renamed, kind=Kind.AUDIT, store=store)
    again = execute(home / "sums", asked, kind=Kind.AUDIT, store=store)
    keys = [one.result.key for one in found.raw.builds if isinstance(one.result, Built)]
    assert len(set(keys)) == 1
    assert [one.result.cached for one in again.raw.builds if isinstance(one.result, Built)] == [
        True,
        True,
    ]
