"""A project's table `[tool.whichext]`, and what is said when it is not right."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.cli import without_paths
from whichext.load.project import load_project
from whichext.model.contestant import DEBUG, RELEASE
from whichext.model.errors import KernelError
from whichext.model.kernel import Entry, Project

WHOLE = """
[project]
name = "not-the-folder"

[tool.whichext]
module = "fast"
toolchain = "cython"
needs = ["cc", "python-headers"]

[[tool.whichext.entries]]
function = "row_max"
summary = "row by row"
threads = "n_threads"
profiles = ["release", "debug"]
dtypes = ["int8", "datetime64[ns]"]
requires = ["numba", "zope.interface"]
remedy = "ask the librarian"
factors = { order = "row" }

[[tool.whichext.entries]]
function = "column_max"
"""

SHORTEST = '[tool.whichext]\nmodule = "fast"\ntoolchain = "c"\nentries = [{ function = "f" }]\n'

KEYS = (
    "it takes module, toolchain, needs, folder and [[tool.whichext.entries]] with function, "
    "summary, threads, profiles, sets, dtypes, requires, remedy, single_threaded, idle, factors"
)


def load(folder: Path, text: str) -> Project | None:
    """Load a project whose pyproject.toml is `text`."""
    (folder / "pyproject.toml").write_text(text, "utf-8")
    return load_project(folder)


def loaded(folder: Path, text: str) -> Project:
    project = load(folder, text)
    assert project is not None
    return project


def refusal(folder: Path, text: str) -> KernelError:
    with pytest.raises(KernelError) as caught:
        load(folder, text)
    return caught.value


def test_a_project_has_its_folders_name_and_not_the_packages(tmp_path: Path) -> None:
    project = loaded(tmp_path, WHOLE)
    assert (project.name, project.folder) == (tmp_path.name, tmp_path)


def test_a_project_has_its_tables_module_toolchain_and_needs(tmp_path: Path) -> None:
    project = loaded(tmp_path, WHOLE)
    assert (project.module, project.toolchain, project.needs) == (
        "fast",
        "cython",
        ("cc", "python-headers"),
    )


def test_entries_come_in_the_tables_order_with_all_that_they_declare(tmp_path: Path) -> None:
    assert loaded(tmp_path, WHOLE).entries == (
        Entry(
            function="row_max",
            summary="row by row",
            threads="n_threads",
            profiles=(RELEASE, DEBUG),
            dtypes=("int8", "datetime64[ns]"),
            requires=("numba", "zope.interface"),
            remedy="ask the librarian",
            factors={"order": "row"},
        ),
        Entry(function="column_max"),
    )


def test_an_entry_that_says_nothing_more_is_serial_and_races_as_released(tmp_path: Path) -> None:
    (entry,) = loaded(tmp_path, SHORTEST).entries
    assert (entry.threads, entry.profiles, entry.factors, entry.summary) == (
        None,
        (RELEASE,),
        {},
        "",
    )


def test_an_entry_that_says_nothing_more_answers_the_kernels_dtypes_and_requires_nothing(
    tmp_path: Path,
) -> None:
    (entry,) = loaded(tmp_path, SHORTEST).entries
    assert (entry.dtypes, entry.requires, entry.remedy) == (None, (), None)


def test_an_entry_that_says_nothing_of_sets_is_in_the_default_one(tmp_path: Path) -> None:
    assert loaded(tmp_path, SHORTEST).entries[0].sets == ("default",)


def test_sets_are_kept(tmp_path: Path) -> None:
    text = SHORTEST.replace('"f"', '"f", sets = ["default", "toolchains"]')
    assert loaded(tmp_path, text).entries[0].sets == ("default", "toolchains")


def test_an_entry_must_be_in_some_set(tmp_path: Path) -> None:
    error = refusal(tmp_path, SHORTEST.replace('"f"', '"f", sets = []'))
    assert "entries[0].sets" in error.problem


def test_an_idle_factor_must_be_one_that_the_entry_declares(tmp_path: Path) -> None:
    text = SHORTEST.replace('"f"', '"f", idle = ["pool"], factors = { lock = "none" }')
    with pytest.raises(KernelError, match=r"idle: .*\(lock\), got 'po"):
        loaded(tmp_path, text)


def test_idle_factors_are_kept(tmp_path: Path) -> None:
    text = SHORTEST.replace('"f"', '"f", idle = ["pool"], factors = { pool = "own" }')
    assert loaded(tmp_path, text).entries[0].idle == ("pool",)


def test_a_project_requires_what_its_entries_require_each_once(tmp_path: Path) -> None:
    more = 'requires = ["numpy", "numba"]\n'
    assert loaded(tmp_path, WHOLE + more).requires == ("numba", "zope.interface", "numpy")


def test_a_project_that_needs_nothing_says_nothing_of_needs(tmp_path: Path) -> None:
    assert loaded(tmp_path, SHORTEST).needs == ()


@pytest.mark.parametrize("text", ["", '[project]\nname = "a"\n', "[tool.ruff]\nline-length = 9\n"])
def test_a_project_without_the_table_is_none_of_ours(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text) is None


def test_text_that_is_no_toml_is_refused_with_file_and_place(tmp_path: Path) -> None:
    error = refusal(tmp_path, "[tool.whichext\n")
    assert (error.what, error.expected) == (f"{tmp_path / 'pyproject.toml'}", "TOML")
    assert "line 1" in error.got
    assert error.next_step == "fix that line"


def test_bytes_that_are_no_utf_8_are_refused_like_any_other_bad_toml(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b'name = "\xff"\n')
    with pytest.raises(KernelError, match="'utf-8' codec") as caught:
        load_project(tmp_path)
    assert (caught.value.what, caught.value.expected) == (f"{tmp_path / 'pyproject.toml'}", "TOML")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            '[tool.whichext]\ntoolchain = "c"\nentries = []\n',
            "Object missing required field `module`",
        ),
        (
            '[tool.whichext]\nmodule = "m"\nentries = []\n',
            "Object missing required field `toolchain`",
        ),
        (
            '[tool.whichext]\nmodule = "m"\ntoolchain = "c"\n',
            "Object missing required field `entries`",
        ),
        (
            SHORTEST + 'speed = "high"\n',
            "Object contains unknown field `speed`",
        ),
        (
            SHORTEST.replace('"f"', '"f", thread = "n"'),
            "Object contains unknown field `thread` - at `$.entries[0]`; did you mean `threads`?",
        ),
        (
            SHORTEST.replace('function = "f"', 'summary = "s"'),
            "Object missing required field `function` - at `$.entries[0]`",
        ),
        (
            SHORTEST.replace('"f"', '"f", factors = { order = 1 }'),
            "Expected `str`, got `int` - at `$.entries[0].factors[...]`",
        ),
        (
            SHORTEST.replace('"f"', '"f", dtypes = []'),
            "Expected `array` of length >= 1 - at `$.entries[0].dtypes`",
        ),
        (
            SHORTEST.replace('"f"', '"f", requires = "numba"'),
            "Expected `array`, got `str` - at `$.entries[0].requires`",
        ),
        (
            SHORTEST.replace('"f"', '"f", remedy = ""'),
            "Expected `str` of length >= 1 - at `$.entries[0].remedy`",
        ),
        (
            SHORTEST + 'needs = "cc"\n',
            "Expected `array`, got `str` - at `$.needs`",
        ),
        (
            '[tool]\nwhichext = "yes"\n',
            "Expected `object`, got `str`",
        ),
    ],
)
def test_a_table_that_is_not_right_is_refused_with_file_place_and_the_keys_it_takes(
    tmp_path: Path, text: str, problem: str
) -> None:
    error = refusal(tmp_path, text)
    assert (error.problem, error.next_step) == (
        f"{tmp_path / 'pyproject.toml'}: [tool.whichext]: {problem}",
        KEYS,
    )


@pytest.mark.parametrize("name", ["int63", "i8", "int", ">i8", "[", "", "int8, int16", "str"])
def test_a_name_that_numpy_has_for_no_dtype_is_refused_with_file_entry_and_name(
    tmp_path: Path, name: str
) -> None:
    error = refusal(tmp_path, SHORTEST.replace('"f"', f'"f", dtypes = ["int8", "{name}"]'))
    assert error.got == repr(name)
    assert without_paths(str(error), tmp_path).replace(repr(name), "NAME") == snapshot(
        "PATH/pyproject.toml: entry f: dtypes: expected NumPy's names of dtypes, such as "
        "int64 or datetime64[ns], got NAME\n"
        'Next: give what str(array.dtype) is, or "T" for StringDType'
    )


@pytest.mark.parametrize("name", ["numba>=0.60", "numba [cuda]", "-numba", "", "numba\\n"])
def test_a_requirement_that_is_no_packages_bare_name_is_refused_with_file_entry_and_name(
    tmp_path: Path, name: str
) -> None:
    error = refusal(tmp_path, SHORTEST.replace('"f"', f'"f", requires = ["numpy", "{name}"]'))
    got = name.replace("\\n", "\n")
    assert error.got == repr(got)
    assert without_paths(str(error), tmp_path).replace(repr(got), "NAME") == snapshot(
        "PATH/pyproject.toml: entry f: requires: expected names of packages without "
        "versions, got NAME\n"
        "Next: give the name that pip list shows"
    )


@pytest.mark.parametrize("name", ["fastest", "isa=z80"])
def test_an_unknown_profile_that_an_entry_declares_is_the_authors_to_mend(
    tmp_path: Path, name: str
) -> None:
    text = SHORTEST.replace('"f"', f'"f", profiles = ["release", "{name}"]')
    error = refusal(tmp_path, text)
    text = without_paths(str(error), tmp_path, tmp_path.name)
    assert text.replace(name, "NAME") == snapshot(
        "PATH: entry f: profiles: expected some of release, native, debug, checked, or "
        "settings such as isa=native, got NAME\n"
        "Next: fix PATH/pyproject.toml"
    )


@pytest.mark.parametrize(
    ("name", "near"), [("python-header", "python-headers"), ("Cargo", "cargo"), ("cargos", "cargo")]
)
def test_a_misspelt_need_is_no_program_that_is_absent(tmp_path: Path, name: str, near: str) -> None:
    error = refusal(tmp_path, SHORTEST + f'needs = ["cc", "{name}"]\n')
    assert (error.what, error.got, error.next_step) == ("needs", name, f'write "{near}"')
    assert near in error.choices


@pytest.mark.parametrize("name", ["gcc", "nasm", "not-there-at-all"])
def test_another_program_may_be_needed(tmp_path: Path, name: str) -> None:
    project = loaded(tmp_path, SHORTEST + f'needs = ["{name}"]\n')
    assert project.needs == (name,)


def test_a_table_may_be_of_a_project_in_another_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    loaded(tmp_path / "one", SHORTEST)
    project = loaded(tmp_path / "two", SHORTEST.replace('"f"', '"g"') + 'folder = "../one"\n')
    assert (project.name, project.folder) == ("two", tmp_path / "one")
    assert [entry.function for entry in project.entries] == ["g"]


@pytest.mark.parametrize("name", ["../none", "", "pyproject.toml", "\\u0000"])
def test_another_folder_must_have_a_project(tmp_path: Path, name: str) -> None:
    error = refusal(tmp_path, SHORTEST + f'folder = "{name}"\n')
    assert "folder" in str(error)
    assert "pyproject.toml" in str(error)
