"""The cache key: it changes with whatever would change the build, and with nothing else."""

from __future__ import annotations

import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whichext.build.store import build_key, content_files
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


def key_of(
    folder: Path,
    tools: tuple[Tool, ...] = GCC_12,
    environment: Mapping[str, str] | None = None,
) -> str:
    return build_key(folder, tools, environment or {})


def test_a_key_is_24_hexadecimal_digits(folder: Path) -> None:
    key = key_of(folder)
    assert (len(key), set(key) <= set("0123456789abcdef")) == (24, True)


def test_the_same_project_has_the_same_key_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    before = key_of(folder)
    assert key_of(folder.rename(tmp_path / "moved")) == before


def test_an_edited_source_changes_the_key(folder: Path) -> None:
    before = key_of(folder)
    (folder / "src" / "fast.c").write_text("int answer = 43;\n")
    assert key_of(folder) != before


def test_a_renamed_source_changes_the_key(folder: Path) -> None:
    before = key_of(folder)
    (folder / "src" / "fast.c").rename(folder / "src" / "quick.c")
    assert key_of(folder) != before


def test_a_source_in_a_folder_of_another_name_changes_the_key(folder: Path) -> None:
    before = key_of(folder)
    (folder / "src").rename(folder / "sources")
    assert key_of(folder) != before


def test_an_added_empty_file_changes_the_key(folder: Path) -> None:
    before = key_of(folder)
    (folder / "src" / "__init__.py").touch()
    assert key_of(folder) != before


def test_names_and_texts_that_run_together_the_same_way_have_two_keys(folder: Path) -> None:
    (folder / "a").write_text("xb")
    (folder / "b").write_text("")
    before = key_of(folder)
    (folder / "a").write_text("x")
    (folder / "b").write_text("b")
    assert key_of(folder) != before


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
    before = key_of(folder)
    path = folder / left_behind
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"something")
    assert key_of(folder) == before


def test_a_hidden_folder_with_settings_of_the_build_is_content(folder: Path) -> None:
    before = key_of(folder)
    (folder / ".cargo").mkdir()
    (folder / ".cargo" / "config.toml").write_text("[build]\nrustflags = []\n")
    assert (folder / ".cargo" / "config.toml") in content_files(folder)
    assert key_of(folder) != before


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
    before = key_of(folder)
    (shared / "common.h").write_text("#define ANSWER 43\n")
    assert (folder / "common" / "common.h") in content_files(folder)
    assert key_of(folder) != before


def test_a_link_to_nowhere_is_no_content(folder: Path) -> None:
    before = key_of(folder)
    (folder / "src" / "lost.c").symlink_to(folder / "absent.c")
    assert key_of(folder) == before


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
    assert key_of(folder, tools) != key_of(folder, GCC_12)


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
    assert key_of(folder, environment={name: "1"}) != key_of(folder)


def test_another_value_of_cflags_changes_the_key(folder: Path) -> None:
    slow, fast = {"CFLAGS": "-O0"}, {"CFLAGS": "-O3"}
    assert key_of(folder, environment=slow) != key_of(folder, environment=fast)


@pytest.mark.parametrize(
    "name",
    ["HOME", "PATH", "LANG", "MY_CFLAGS", "CFLAGS_OLD", "CARGO_HOME", "CARGO_TARGET_DIR"],
)
def test_a_variable_that_no_build_reads_leaves_the_key(folder: Path, name: str) -> None:
    assert key_of(folder, environment={name: "1"}) == key_of(folder)


def test_the_order_of_the_environment_leaves_the_key(folder: Path) -> None:
    flags = {"CFLAGS": "-O2", "LDFLAGS": "-s"}
    backwards = dict(reversed(flags.items()))
    assert key_of(folder, environment=flags) == key_of(folder, environment=backwards)


def test_another_python_changes_the_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of(folder)
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: f"{name} of another Python")
    assert key_of(folder) != before


def test_another_platform_changes_the_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of(folder)
    monkeypatch.setattr(sysconfig, "get_platform", lambda: "linux-riscv64")
    assert key_of(folder) != before


flag_lists = st.text(st.sampled_from("-O23 =cflagsX"), max_size=12)


@settings(deadline=None)
@given(flag_lists, flag_lists, flag_lists, flag_lists)
def test_keys_agree_exactly_where_the_flags_do(a: str, b: str, c: str, d: str) -> None:
    nowhere = Path("/nonexistent")
    first, second = {"CFLAGS": a, "LDFLAGS": b}, {"CFLAGS": c, "LDFLAGS": d}
    same_key = key_of(nowhere, environment=first) == key_of(nowhere, environment=second)
    assert same_key == (first == second)
