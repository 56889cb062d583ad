"""Projects in their surroundings, built for real: what `pip install` makes where they lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.repositories import commit, git, needs_git, repository, write_files
from whichext.audit.reading import gather
from whichext.build import build_project
from whichext.build.store import Store
from whichext.model.contestant import RELEASE
from whichext.model.kernel import Project
from whichext.model.outcome import Built

pytestmark = pytest.mark.slow

C_CODE = """
#include <Python.h>
#include "answer.h"

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "fast"};

PyMODINIT_FUNC PyInit_fast(void) {
    PyObject *module = PyModule_Create(&definition);
    PyModule_AddIntConstant(module, "ANSWER", ANSWER);
    return module;
}
"""
ANSWER = {"answer.h": "#define ANSWER 42\n"}
SETTINGS = """
[build-system]
requires = ["setuptools>=80"{more}]
build-backend = "setuptools.build_meta"
[project]
name = "fast"
{version}
"""


def setuptools_project(
    include: str, more: str = "", version: str = 'version = "1"'
) -> dict[str, str]:
    """A module in C whose header is in another folder."""
    setup = (
        "from setuptools import Extension, setup\n"
        f'setup(ext_modules=[Extension("fast", ["fast.c"], include_dirs=["{include}"])])\n'
    )
    settings = SETTINGS.format(more=more, version=version)
    files = {"setup.py": setup, "pyproject.toml": settings, "fast.c": C_CODE}
    return {f"fast/{name}": text for name, text in files.items()}


def built(folder: Path, store: Store, name: str = "fast", toolchain: str = "c") -> Built:
    project = Project(
        name=name, folder=folder / name, module=name, toolchain=toolchain, needs=(), entries=()
    )
    result = build_project(project, RELEASE, store).result
    assert isinstance(result, Built), result
    return result


def version(receipt: Built) -> str:
    return receipt.wheel.split("-")[1]


WORKSPACE = {
    "Cargo.toml": '[workspace]\nmembers = ["rs", "core"]\nresolver = "2"\n'
    '[workspace.package]\nversion = "0.2.0"\nedition = "2021"\n'
    "[profile.release]\nopt-level = 1\n",
    "core/Cargo.toml": '[package]\nname = "core2"\nversion.workspace = true\n'
    "edition.workspace = true\n",
    "core/src/lib.rs": "pub fn answer() -> i64 {\n    42\n}\n",
    "rs/Cargo.toml": '[package]\nname = "rs"\nversion.workspace = true\n'
    "edition.workspace = true\n"
    '[lib]\ncrate-type = ["cdylib"]\n'
    '[dependencies]\ncore2 = { path = "../core" }\npyo3 = "0.29"\n',
    "rs/src/lib.rs": "use pyo3::prelude::*;\n"
    "#[pymodule]\nfn rs(m: &Bound<'_, PyModule>) -> PyResult<()> {\n"
    '    m.add("ANSWER", core2::answer())\n}\n',
    "rs/pyproject.toml": '[build-system]\nrequires = ["maturin>=1.9"]\n'
    'build-backend = "maturin"\n[project]\nname = "rs"\ndynamic = ["version"]\n',
}


def test_a_member_of_a_workspace_has_the_roots_version_and_its_profile(
    tmp_path: Path, store: Store
) -> None:
    receipt = built(write_files(tmp_path, WORKSPACE), store, "rs", "rust")
    commands = store.record(receipt.key).commands
    libraries = {path.name for path in store.site(receipt.key).rglob("*.so")}
    levels = {one.settings.level for one in gather(commands, libraries)}
    assert (version(receipt), levels) == ("0.2.0", {"1"})


@needs_git
def test_a_version_that_setuptools_asks_git_for_is_the_repositorys(
    tmp_path: Path, store: Store
) -> None:
    scm = "dynamic = ['version']\n[tool.setuptools_scm]\nroot = '..'"
    files = setuptools_project("../include", ', "setuptools-scm>=8"', scm)
    top = repository(tmp_path / "top", {**files, "include/answer.h": ANSWER["answer.h"]})
    git(top, "tag", "v1.2.0")
    clean = version(built(top, store))
    commit(write_files(top, {"README.md": "About\n"}))
    later = version(built(top, store))
    assert (clean, later.partition("+")[0]) == ("1.2.0", "1.2.1.dev1")


@needs_git
def test_a_version_that_hatch_asks_git_for_is_the_repositorys(tmp_path: Path, store: Store) -> None:
    settings = (
        '[build-system]\nrequires = ["hatchling", "hatch-vcs"]\n'
        'build-backend = "hatchling.build"\n'
        '[project]\nname = "fast"\ndynamic = ["version"]\n[tool.hatch.version]\nsource = "vcs"\n'
    )
    files = {"fast/pyproject.toml": settings, "fast/fast/__init__.py": ""}
    repository(tmp_path / "fast", {name[5:]: text for name, text in files.items()})
    git(tmp_path / "fast", "tag", "v3.1.0")
    assert version(built(tmp_path, store)) == "3.1.0"


def test_a_header_behind_a_link_to_outside_is_found(tmp_path: Path, store: Store) -> None:
    folder = write_files(tmp_path / "kernel", setuptools_project("common"))
    (folder / "fast" / "common").symlink_to(write_files(tmp_path / "far", ANSWER))
    assert version(built(folder, store)) == "1"


@needs_git
def test_a_header_in_a_submodule_is_found(tmp_path: Path, store: Store) -> None:
    part = repository(tmp_path / "part", ANSWER)
    top = repository(tmp_path / "top", setuptools_project("vendored/part"))
    git(top, "submodule", "--quiet", "add", str(part), "fast/vendored/part")
    assert version(built(top, store)) == "1"


def test_a_backend_in_a_folder_of_the_project_is_run(tmp_path: Path, store: Store) -> None:
    files = setuptools_project("../include")
    own = "from setuptools.build_meta import *\n"
    settings = files["fast/pyproject.toml"].replace("setuptools.build_meta", "own")
    settings = settings.replace("[project]", 'backend-path = ["tools"]\n[project]')
    files |= {"fast/tools/own.py": own, "fast/pyproject.toml": settings}
    write_files(tmp_path, {**files, "include/answer.h": ANSWER["answer.h"]})
    assert version(built(tmp_path, store)) == "1"
