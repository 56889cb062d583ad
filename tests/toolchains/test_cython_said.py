"""Cython's directives, in the heads of sources and in build files."""

from __future__ import annotations

from pathlib import Path

import pytest

from whichext.model.contestant import CHECKED, RELEASE, Profile
from whichext.model.evidence import NOT_KNOWN
from whichext.toolchains.base import Command, Sources
from whichext.toolchains.cython import Cython

HEAD = "# cython: boundscheck=False, wraparound=False\n# cython: language_level=3\n"
NOT_LITERAL = "cythonize('a.pyx', compiler_directives=DIRECTIVES)"
LITERAL = "cythonize('a.pyx', compiler_directives={'boundscheck': False, 'cdivision': True})"


def said(
    folder: Path,
    head: str = "",
    profile: Profile = RELEASE,
    calls: tuple[Command, ...] = (),
    **files: str,
) -> dict[str, str]:
    """What a project says with this source and these build files."""
    names = {"setup": "setup.py", "meson": "meson.build"}
    for name, text in files.items():
        (folder / names[name]).write_text(text)
    (folder / "a.pyx").write_text(f"{head}import numpy\n# cython: cdivision=True\n")
    sources = Sources(folder=folder, files=tuple(sorted(folder.iterdir())))
    return {factor.name: factor.value for factor in Cython().said(sources, profile, calls)}


def test_the_head_of_a_source_says_what_counts_for_it(tmp_path: Path) -> None:
    assert said(tmp_path, HEAD) == {
        "bounds": "unchecked",
        "Cython directives": "language_level=3, wraparound=False",
    }


def test_without_a_word_indices_are_checked(tmp_path: Path) -> None:
    assert said(tmp_path) == {"bounds": "checked", "Cython directives": "none"}


@pytest.mark.parametrize(
    "text",
    [
        LITERAL,
        "extension.cython_directives = {'boundscheck': 'False', 'cdivision': True}",
    ],
)
def test_plain_values_in_a_setup_py_are_read(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, setup=text) == {
        "bounds": "unchecked",
        "Cython directives": "cdivision=True",
    }


def test_a_head_wins_over_a_setup_py(tmp_path: Path) -> None:
    assert said(tmp_path, "# cython: boundscheck=True\n", setup=LITERAL)["bounds"] == "checked"


@pytest.mark.parametrize(
    "text", [NOT_LITERAL, "compiler_directives", "cythonize(compiler_directives=", "f(**{}) # "]
)
def test_what_a_program_computes_is_not_known(tmp_path: Path, text: str) -> None:
    known = "compiler_directives" not in text
    found = said(tmp_path, setup=text)
    assert (found["bounds"] != NOT_KNOWN) is known
    assert (found["Cython directives"] != NOT_KNOWN) is known


@pytest.mark.parametrize(
    "text", ["arguments('-X', check + '=False')", "run('cython', '--directive', chosen)"]
)
def test_arguments_that_a_build_file_computes_are_not_known(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, meson=text)["bounds"] == NOT_KNOWN


def test_a_build_file_that_speaks_of_it_in_a_comment_says_nothing(tmp_path: Path) -> None:
    assert said(tmp_path, meson="# with -X all would be checked\n")["bounds"] == "checked"


def test_a_recorded_call_says_what_counts_whatever_a_build_file_computes(tmp_path: Path) -> None:
    call = Command("cython", "/b", "cython", "3.3", ("-X", "boundscheck=False", "../a.pyx", "-3"))
    found = said(tmp_path, calls=(call,), profile=CHECKED, setup=NOT_LITERAL)
    assert found == {"bounds": "unchecked", "Cython directives": "none"}
    assert said(tmp_path, "# cython: boundscheck=True\n", calls=(call,))["bounds"] == "checked"


def test_a_head_is_known_whatever_a_program_computes(tmp_path: Path) -> None:
    found = said(tmp_path, HEAD, setup=NOT_LITERAL)
    assert found == {"bounds": "unchecked", "Cython directives": NOT_KNOWN}


@pytest.mark.parametrize(
    "text",
    ["cython_args: ['-X', 'boundscheck=False']", "['-Xboundscheck=False']"],
)
def test_arguments_of_the_program_in_a_build_file_are_read(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, meson=text)["bounds"] == "unchecked"


@pytest.mark.parametrize(
    "text", ["@cython.boundscheck(False)\ndef f(): pass\n", "with cython.boundscheck(True): pass\n"]
)
def test_a_source_that_says_otherwise_in_places_is_not_like_one_that_does_not(
    tmp_path: Path, text: str
) -> None:
    assert said(tmp_path, HEAD + text)["bounds"] == "otherwise in places+unchecked"


@pytest.mark.parametrize("profile", [CHECKED, Profile.setting("bounds", "checked")])
def test_what_files_leave_open_a_profile_says(tmp_path: Path, profile: Profile) -> None:
    assert "bounds" not in said(tmp_path, profile=profile)
    assert said(tmp_path, HEAD, profile)["bounds"] == "unchecked"


def test_what_changes_no_code_is_left_out(tmp_path: Path) -> None:
    head = "# cython: embedsignature=True, warn.undeclared=True\n"
    assert said(tmp_path, head)["Cython directives"] == "none"


def test_a_project_without_cython_says_nothing(tmp_path: Path) -> None:
    sources = Sources(folder=tmp_path, files=())
    assert list(Cython().said(sources, RELEASE, ())) == []
