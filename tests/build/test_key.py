"""The cache key: it changes with whatever would change the build, and with nothing else."""

from __future__ import annotations

import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whichext.build.key import Asked, key_of, key_parts
from whichext.build.sources import content_files
from whichext.model.key import KeyPart, PartKind
from whichext.model.outcome import Tool

GCC_12 = (Tool("cc", "gcc 12.2.0"),)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with two files, one of them in a folder."""
    project = tmp_path / "project"
    (project / "src").mkdir(parents=True)
    (project / "pyproject.toml").write_text("[project]\n")
    (project / "src" / "fast.c").write_text("int answer = 42;\n")
    return project


def parts_of(
    folder: Path,
    tools: tuple[Tool, ...] = GCC_12,
    environment: Mapping[str, str] | None = None,
    told: Mapping[str, str] | None = None,
) -> tuple[KeyPart, ...]:
    """The parts of the key of a project whose user has an empty home, and no program on PATH."""
    alone = {"HOME": str(folder.parent / "home"), "PATH": "/nonexistent"}
    return key_parts(
        Asked(
            folder=folder,
            files=content_files(folder),
            tools=tools,
            environment={**alone, **(environment or {})},
            told=told or {},
            built_in=folder.parent / "builds",
        )
    )


def key(
    folder: Path,
    tools: tuple[Tool, ...] = GCC_12,
    environment: Mapping[str, str] | None = None,
    told: Mapping[str, str] | None = None,
) -> str:
    return key_of(parts_of(folder, tools, environment, told))


def test_a_key_is_24_hexadecimal_digits(folder: Path) -> None:
    found = key(folder)
    assert (len(found), set(found) <= set("0123456789abcdef")) == (24, True)


def test_the_same_project_has_the_same_key_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    before = key(folder)
    assert key(folder.rename(tmp_path / "moved")) == before


def test_an_edited_source_changes_the_key(folder: Path) -> None:
    before = key(folder)
    (folder / "src" / "fast.c").write_text("int answer = 43;\n")
    assert key(folder) != before


def test_a_renamed_source_changes_the_key(folder: Path) -> None:
    before = key(folder)
    (folder / "src" / "fast.c").rename(folder / "src" / "quick.c")
    assert key(folder) != before


def test_a_source_in_a_folder_of_another_name_changes_the_key(folder: Path) -> None:
    before = key(folder)
    (folder / "src").rename(folder / "sources")
    assert key(folder) != before


def test_an_added_empty_file_changes_the_key(folder: Path) -> None:
    before = key(folder)
    (folder / "src" / "__init__.py").touch()
    assert key(folder) != before


def test_names_and_texts_that_run_together_the_same_way_have_two_keys(folder: Path) -> None:
    (folder / "a").write_text("xb")
    (folder / "b").write_text("")
    before = key(folder)
    (folder / "a").write_text("x")
    (folder / "b").write_text("b")
    assert key(folder) != before


@pytest.mark.parametrize(
    "left_behind",
    [
        "__pycache__/fast.cpython-311.pyc",
        "target/release/libfast.rlib",
        "build/temp/fast.o",
        "dist/fast-1.0.tar.gz",
        "fast.egg-info/PKG-INFO",
        "src/fast.cpython-311-x86_64-linux-gnu.so",
        "src/deep/__pycache__/x.txt",
        ".mypy_cache/3.11/cache.json",
        ".DS_Store",
    ],
)
def test_what_tools_leave_beside_the_sources_does_not_change_the_key(
    folder: Path, left_behind: str
) -> None:
    before = key(folder)
    path = folder / left_behind
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"something")
    assert key(folder) == before


def test_a_hidden_folder_with_settings_of_the_build_is_content(folder: Path) -> None:
    before = key(folder)
    (folder / ".cargo").mkdir()
    (folder / ".cargo" / "config.toml").write_text("[build]\nrustflags = []\n")
    assert (folder / ".cargo" / "config.toml") in content_files(folder)
    assert key(folder) != before


@pytest.mark.parametrize("name", ["target", "build", "dist"])
def test_a_folder_that_tools_only_leave_at_the_top_is_content_below(
    folder: Path, name: str
) -> None:
    (folder / "src" / name).mkdir()
    (folder / "src" / name / "fast.h").touch()
    assert (folder / "src" / name / "fast.h") in content_files(folder)


def test_sources_behind_a_link_are_content(folder: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "common.h").write_text("#define ANSWER 42\n")
    (folder / "common").symlink_to(shared)
    before = key(folder)
    (shared / "common.h").write_text("#define ANSWER 43\n")
    assert (folder / "common" / "common.h") in content_files(folder)
    assert key(folder) != before


def test_a_link_to_nowhere_is_no_content(folder: Path) -> None:
    before = key(folder)
    (folder / "src" / "lost.c").symlink_to(folder / "absent.c")
    assert key(folder) == before


@pytest.mark.parametrize("name", ["targets.c", "my_build", "distance.c", "fast.so.c"])
def test_a_name_that_only_resembles_a_leftover_is_content(folder: Path, name: str) -> None:
    (folder / name).touch()
    assert folder / name in content_files(folder)


def test_a_project_below_a_folder_named_like_a_leftover_still_has_content(tmp_path: Path) -> None:
    source = tmp_path / "build" / "project" / "fast.c"
    source.parent.mkdir(parents=True)
    source.touch()
    assert content_files(source.parent) == [source]


def test_content_files_are_sorted_and_without_folders(folder: Path) -> None:
    names = [path.relative_to(folder).as_posix() for path in content_files(folder)]
    assert names == ["pyproject.toml", "src/fast.c"]


@pytest.mark.parametrize(
    "tools",
    [
        (Tool("cc", "gcc 12.2.1"),),
        (Tool("c++", "gcc 12.2.0"),),
        (*GCC_12, Tool("cargo", "cargo 1.95.0")),
        (),
    ],
)
def test_other_tools_change_the_key(folder: Path, tools: tuple[Tool, ...]) -> None:
    assert key(folder, tools) != key(folder, GCC_12)


@pytest.mark.parametrize(
    "name",
    [
        *("CC", "CFLAGS", "CXX", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "AR", "RUSTFLAGS"),
        *("CYTHON", "MATURIN_PEP517_ARGS", "PYO3_CONFIG_FILE"),
        *("CARGO_PROFILE_RELEASE_LTO", "CARGO_BUILD_TARGET", "CARGO_ENCODED_RUSTFLAGS"),
        *("CMAKE_ARGS", "CMAKE_GENERATOR", "SKBUILD_CMAKE_BUILD_TYPE", "RUSTC_WRAPPER"),
    ],
)
def test_a_variable_that_a_build_reads_changes_the_key(folder: Path, name: str) -> None:
    assert key(folder, environment={name: "1"}) != key(folder)


def test_another_value_of_cflags_changes_the_key(folder: Path) -> None:
    slow, fast = {"CFLAGS": "-O0"}, {"CFLAGS": "-O3"}
    assert key(folder, environment=slow) != key(folder, environment=fast)


@pytest.mark.parametrize(
    "name",
    ["LANG", "LC_ALL", "TERM", "CARGO_HOME", "CARGO_TARGET_DIR", "GITHUB_RUN_ID", "SSH_AUTH_SOCK"],
)
def test_a_variable_of_a_harmless_pattern_leaves_the_key(folder: Path, name: str) -> None:
    assert key(folder, environment={name: "1"}) == key(folder)


def test_the_order_of_the_environment_leaves_the_key(folder: Path) -> None:
    flags = {"CFLAGS": "-O2", "LDFLAGS": "-s"}
    backwards = dict(reversed(flags.items()))
    assert key(folder, environment=flags) == key(folder, environment=backwards)


def test_another_python_changes_the_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = key(folder)
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: f"{name} of another Python")
    assert key(folder) != before


def test_another_platform_changes_the_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = key(folder)
    monkeypatch.setattr(sysconfig, "get_platform", lambda: "linux-riscv64")
    assert key(folder) != before


flag_lists = st.text(st.sampled_from("-O23 =cflagsX"), max_size=12)


@settings(deadline=None)
@given(flag_lists, flag_lists, flag_lists, flag_lists)
def test_keys_agree_exactly_where_the_flags_do(a: str, b: str, c: str, d: str) -> None:
    nowhere = Path("/nonexistent")
    first, second = {"CFLAGS": a, "LDFLAGS": b}, {"CFLAGS": c, "LDFLAGS": d}
    same_key = key(nowhere, environment=first) == key(nowhere, environment=second)
    assert same_key == (first == second)


# Parts


def names(parts: tuple[KeyPart, ...], kind: PartKind) -> list[str]:
    return [part.name for part in parts if part.kind is kind]


@pytest.mark.parametrize(
    "name",
    ["MY_SLOW", "CI", "GITHUB_ACTIONS", "CONDA_PREFIX", "SETUPTOOLS_USE_DISTUTILS", "PIP_PRE"],
)
def test_a_variable_that_fits_no_pattern_changes_the_key(folder: Path, name: str) -> None:
    assert key(folder, environment={name: "1"}) != key(folder)


def test_an_empty_variable_is_another_than_none(folder: Path) -> None:
    assert key(folder, environment={"MY_SLOW": ""}) != key(folder)


def test_no_part_holds_the_value_of_a_variable(folder: Path) -> None:
    parts = parts_of(folder, environment={"MY_SWITCH": "hunter2", "MY_TOKEN": "hunter2"})
    assert "hunter2" not in repr(parts)
    assert names(parts, PartKind.VARIABLE) == ["MY_SWITCH"]


def test_the_password_of_an_index_is_no_part_of_the_key(folder: Path) -> None:
    one, other, elsewhere = (
        {"PIP_INDEX_URL": f"https://{who}example.org/{place}"}
        for who, place in (("me:old@", "simple"), ("me:new@", "simple"), ("me:old@", "other"))
    )
    assert key(folder, environment=one) == key(folder, environment=other)
    assert key(folder, environment=one) != key(folder, environment=elsewhere)


def test_bytes_that_are_not_text_are_part_of_the_key(folder: Path) -> None:
    odd = {"MY_SLOW": "a\udcff", "MY_\udcfe": "1"}
    assert key(folder, environment=odd) != key(folder, environment={**odd, "MY_SLOW": "a"})


def test_what_compilers_are_given_besides_is_part_of_the_key(folder: Path) -> None:
    keys = {key(folder, told=told) for told in ({}, {"c": "-O0"}, {"c": "-O2"}, {"rust": "-O0"})}
    assert len(keys) == 4


def test_a_program_counts_by_its_content_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    def found_in(name: str, text: str) -> str:
        place = tmp_path / name
        place.mkdir()
        (place / "cc").write_text(text)
        (place / "cc").chmod(0o755)
        return key(folder, environment={"PATH": str(place)})

    one, same, other = (
        found_in(name, f"#!/bin/sh\necho cc 1\n# {text}\n")
        for name, text in (("one", "a"), ("same", "a"), ("other", "b"))
    )
    assert (one == same, one == other) == (True, False)


def test_a_program_that_a_variable_names_is_part_of_the_key(folder: Path, tmp_path: Path) -> None:
    program = tmp_path / "mycc"
    program.write_bytes(b"one")
    program.chmod(0o755)
    before = parts_of(folder, environment={"CC": f"{program} -m64"})
    program.write_bytes(b"two")
    after = parts_of(folder, environment={"CC": f"{program} -m64"})
    assert key_of(before) != key_of(after)
    assert names(before, PartKind.PROGRAM) == [str(program)]


def test_a_file_that_may_be_run_is_another_than_one_that_may_not(folder: Path) -> None:
    before = key(folder)
    (folder / "src" / "fast.c").chmod(0o755)
    assert key(folder) != before


def test_code_for_this_very_processor_has_the_processor_in_its_key(folder: Path) -> None:
    plain, told = parts_of(folder), parts_of(folder, told={"c": "-march=native"})
    (folder / "src" / "meson.build").write_text("c_args: '-march=native'\n")
    written = parts_of(folder)
    found = [names(parts, PartKind.PROCESSOR) != [] for parts in (plain, told, written)]
    assert found == [False, True, True]


def test_an_environment_whose_home_is_nowhere_has_a_key(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", nowhere)
    assert len(key(folder, environment={"HOME": ""})) == 24
