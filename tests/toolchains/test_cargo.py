"""What cargo reads outside of a crate's folder, as the content of a build has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.repositories import write_files
from whichext.build.sources import content_of

WORKSPACE = {
    "Cargo.toml": '[workspace]\nmembers = ["rs", "crates/*"]\nexclude = ["crates/not"]\n'
    "[profile.release]\nopt-level = 1\n",
    "Cargo.lock": "",
    "README.md": "",
    "unused/Cargo.toml": '[package]\nname = "unused"\n',
    "crates/core/Cargo.toml": '[package]\nname = "core2"\n[dependencies]\na = {path = "../../a"}\n',
    "crates/core/src/lib.rs": "",
    "crates/not/Cargo.toml": '[package]\nname = "not"\n',
    "a/Cargo.toml": '[package]\nname = "a"\n',
    "a/src/lib.rs": "",
    "rs/Cargo.toml": '[package]\nname = "rs"\nversion.workspace = true\n',
    "rs/src/lib.rs": "",
    "rs/pyproject.toml": "",
}


def read(folder: Path, project: str) -> list[str]:
    content = content_of(folder / project)
    return [path.relative_to(folder).as_posix() for path in content.files]


def test_a_member_of_a_workspace_comes_with_the_root_and_all_members(tmp_path: Path) -> None:
    write_files(tmp_path, WORKSPACE)
    assert read(tmp_path, "rs") == [
        *("Cargo.lock", "Cargo.toml", "a/Cargo.toml", "a/src/lib.rs"),
        *("crates/core/Cargo.toml", "crates/core/src/lib.rs"),
        *("rs/Cargo.toml", "rs/pyproject.toml", "rs/src/lib.rs"),
    ]


def test_a_root_that_is_a_crate_as_well_comes_with_its_sources(tmp_path: Path) -> None:
    root = '[workspace]\nmembers = ["rs"]\n[package]\nname = "whole"\n'
    write_files(tmp_path, {**WORKSPACE, "Cargo.toml": root, "src/lib.rs": ""})
    assert {"src/lib.rs", "Cargo.toml", "rs/src/lib.rs"} <= set(read(tmp_path, "rs"))


def test_a_workspace_that_a_crate_names_elsewhere_comes_along(tmp_path: Path) -> None:
    named = '[package]\nname = "rs"\nworkspace = "../main"\n'
    main = {"main/Cargo.toml": '[workspace]\nmembers = ["../rs"]\n'}
    write_files(tmp_path, {"rs/Cargo.toml": named, "rs/pyproject.toml": "", **main})
    assert read(tmp_path, "rs") == ["main/Cargo.toml", "rs/Cargo.toml", "rs/pyproject.toml"]


def test_a_crate_beside_the_python_project_comes_with_its_sources(tmp_path: Path) -> None:
    files = {
        "crate/Cargo.toml": '[package]\nname = "fast"\n',
        "crate/src/lib.rs": "",
        "python/pyproject.toml": '[tool.maturin]\nmanifest-path = "../crate/Cargo.toml"\n',
    }
    write_files(tmp_path, files)
    assert read(tmp_path, "python") == sorted(files)


def test_settings_of_cargo_above_a_crate_come_along_with_vendored_crates(tmp_path: Path) -> None:
    files = {
        ".cargo/config.toml": '[source.vendored-sources]\ndirectory = "vendor"\n',
        "vendor/a/Cargo.toml": "",
        "rust-toolchain.toml": "",
        "rs/Cargo.toml": '[package]\nname = "rs"\n',
        "rs/pyproject.toml": "",
    }
    write_files(tmp_path, files)
    assert read(tmp_path, "rs") == sorted(files)


def test_the_settings_of_cargos_home_are_no_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARGO_HOME", str(tmp_path / ".cargo"))
    files = {"rs/Cargo.toml": "", "rs/pyproject.toml": ""}
    write_files(tmp_path, {".cargo/config.toml": "", **files})
    assert read(tmp_path, "rs") == sorted(files)


def test_a_manifest_that_is_no_toml_names_nothing(tmp_path: Path) -> None:
    write_files(tmp_path, {"rs/Cargo.toml": "[package", "rs/pyproject.toml": ""})
    assert read(tmp_path, "rs") == ["rs/Cargo.toml", "rs/pyproject.toml"]
