"""What files say about the surroundings of a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.repositories import write_files
from whichext.build.surroundings import asks_git, named_outside

# Paths in texts


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("setup.py", 'sources=["../common/a.c"]'),
        ("setup.py", 'here = os.path.join(HERE, "..", "common", "a.c")'),
        ("setup.py", 'here = ROOT / ".." / "common" / "a.c"'),
        ("setup.cfg", "include = -I../common/a.c"),
        ("meson.build", "sources = files('../common/a.c')"),
        ("CMakeLists.txt", "add_library(a ${CMAKE_CURRENT_SOURCE_DIR}/../common/a.c)"),
        ("Makefile", "A = ../common/a.c"),
        ("deep/a.c", '#include "../../common/a.c"'),
        ("deep/a.rs", 'include!("../../common/a.c");'),
        ("deep/a.f90", "include '../../common/a.c'"),
        ("deep/a.pyx", 'cdef extern from "../../common/a.c":'),
        ("deep/settings.toml", 'seen_from_the_project = "../common/a.c"'),
        ("deep/a.h", '#include "../deep/../../common/a.c"'),
    ],
)
def test_a_path_with_dots_names_a_file(tmp_path: Path, name: str, text: str) -> None:
    write_files(tmp_path, {f"fast/{name}": text, "common/a.c": ""})
    found = set(named_outside(tmp_path / "fast" / name, tmp_path / "fast"))
    assert found == {tmp_path / "common" / "a.c"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("setup.py", "# as in ../common/a.c"),
        ("a.c", "// see ../common/a.c\n/* or\n../common/a.c */"),
        ("a.md", "[a](../common/a.c)"),
        ("setup.py", '"../common/absent.c"'),
        ("setup.py", "a ... b, x[..], 'no/such/../thing'"),
    ],
)
def test_a_comment_a_page_and_a_path_to_nowhere_name_nothing(
    tmp_path: Path, name: str, text: str
) -> None:
    write_files(tmp_path, {f"fast/{name}": text, "common/a.c": ""})
    assert list(named_outside(tmp_path / "fast" / name, tmp_path / "fast")) == []


# Versions


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", 'requires = ["setuptools", "setuptools-scm>=8"]'),
        ("pyproject.toml", '[tool.hatch.version]\nsource = "vcs"'),
        ("meson.build", "vcs_tag(input: 'version.h.in', output: 'version.h')"),
        ("setup.py", "import versioneer"),
        ("setup.py", 'subprocess.check_output(["git", "describe"])'),
        ("setup.py", "if (here / '.git').exists():"),
        ("CMakeLists.txt", "find_package(Git)"),
        ("build.rs", 'Command::new("git")'),
        ("Cargo.toml", 'vergen = "9"'),
    ],
)
def test_a_build_that_may_ask_git_is_known(tmp_path: Path, name: str, text: str) -> None:
    write_files(tmp_path, {name: text})
    assert asks_git([tmp_path / name])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", 'Source = "https://github.com/me/fast.git"'),
        ("pyproject.toml", 'requires = ["fast @ git+https://github.com/me/fast"]'),
        ("Cargo.toml", 'pyo3 = { git = "https://github.com/PyO3/pyo3" }'),
        ("setup.py", "# not in git"),
        ("README.md", "Clone it with git"),
        ("setup.py", "digits, legit, gitless"),
    ],
)
def test_a_build_that_only_names_a_place_does_not_ask_git(
    tmp_path: Path, name: str, text: str
) -> None:
    write_files(tmp_path, {name: text})
    assert not asks_git([tmp_path / name])
