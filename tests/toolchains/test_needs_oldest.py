"""The oldest compilers that will do, as projects and the kernels that come along declare them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from inline_snapshot import snapshot

import whichext
from whichext.model.kernel import Project
from whichext.model.outcome import Tool, ToolchainAbsent
from whichext.toolchains import find_need, find_outdated
from whichext.toolchains.needs import NEWER_RUST, OLDEST_C, Oldest, Program, asked_by_cargo

KERNELS = Path(whichext.__file__).parent / "kernels"


def rust(version: str) -> tuple[Tool, Tool]:
    """What cargo and rustc of a version say of themselves."""
    return (
        Tool("cargo", f"cargo {version} (f2d3ce0bd 2026-03-21)"),
        Tool("rustc", f"rustc {version} (59807616e 2026-04-14)"),
    )


def project(folder: Path, toolchain: str = "rust", needs: tuple[str, ...] = ("cargo",)) -> Project:
    return Project(
        name="fast", folder=folder, module="fast", toolchain=toolchain, needs=needs, entries=()
    )


def write_manifest(folder: Path, package: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "Cargo.toml").write_text(f'[package]\nname = "fast"\n{package}\n')
    return folder


def test_a_rustc_older_than_the_projects_rust_version_is_named_with_what_is_there_and_the_next_step(
    tmp_path: Path,
) -> None:
    write_manifest(tmp_path, 'rust-version = "1.88"')

    assert find_outdated(project(tmp_path), rust("1.75.0")) == ToolchainAbsent(
        "rustc 1.88 or newer (here is 1.75.0)",
        "`rustup update`, or install Rust from https://rustup.rs",
    )


@pytest.mark.parametrize(
    "version", ["1.88.0", "1.88.1", "1.95.0", "1.100.0", "2.0", "1.89.0-nightly"]
)
def test_a_rustc_as_new_as_the_rust_version_will_do(tmp_path: Path, version: str) -> None:
    write_manifest(tmp_path, 'rust-version = "1.88.0"')

    assert find_outdated(project(tmp_path), rust(version)) is None


def test_a_cargo_that_is_older_than_its_rustc_is_what_lacks(tmp_path: Path) -> None:
    write_manifest(tmp_path, 'edition = "2024"')
    tools = (rust("1.80.0")[0], rust("1.90.0")[1])

    outdated = find_outdated(project(tmp_path), tools)

    assert outdated is not None
    assert outdated.what == snapshot("cargo 1.85 or newer (here is 1.80.0)")


@pytest.mark.parametrize(
    ("package", "version"),
    [
        ('edition = "2024"', "1.85"),
        ('edition = "2021"', "1.56"),
        ('edition = "2024"\nrust-version = "1.89"', "1.89"),
        ('edition = "2018"', None),
        ("edition.workspace = true\nrust-version.workspace = true", None),
        ("", None),
        ('edition = "', None),
    ],
)
def test_an_edition_asks_for_the_first_rust_that_knows_it_where_nothing_newer_is_declared(
    tmp_path: Path, package: str, version: str | None
) -> None:
    write_manifest(tmp_path, package)

    assert {oldest.version for oldest in asked_by_cargo(tmp_path)} == ({version} - {None})


def test_a_manifest_that_maturin_finds_elsewhere_is_the_one_that_counts(tmp_path: Path) -> None:
    write_manifest(tmp_path / "native", 'rust-version = "1.91"')
    settings = '[tool.maturin]\nmanifest-path = "native/Cargo.toml"\n'
    (tmp_path / "pyproject.toml").write_text(settings)

    assert {oldest.version for oldest in asked_by_cargo(tmp_path)} == {"1.91"}


@pytest.mark.parametrize("name", ["rust-toolchain", "rust-toolchain.toml"])
def test_a_project_that_chooses_its_own_toolchain_is_not_held_against_the_one_on_path(
    tmp_path: Path, name: str
) -> None:
    write_manifest(tmp_path, 'rust-version = "1.99"')
    (tmp_path / name).write_text("1.99.0")

    assert find_outdated(project(tmp_path), rust("1.75.0")) is None


def test_a_project_without_rust_asks_for_none(tmp_path: Path) -> None:
    write_manifest(tmp_path, 'rust-version = "1.99"')

    assert find_outdated(project(tmp_path, "c", ("cc",)), rust("1.75.0")) is None


def test_a_version_that_nobody_can_read_is_left_to_the_build(tmp_path: Path) -> None:
    write_manifest(tmp_path, 'rust-version = "1.88"')

    assert find_outdated(project(tmp_path), (Tool("rustc", "unknown: no such file"),)) is None


@pytest.mark.parametrize(
    ("line", "lacks"),
    [
        ("cc (Debian 12.2.0-14+deb12u1) 12.2.0", []),
        ("gcc (GCC) 6.1.0", []),
        ("gcc (GCC) 4.8.5 20150623 (Red Hat 4.8.5-44)", ["gcc 6 or newer (here is 4.8.5)"]),
        (
            "x86_64-linux-gnu-gcc-5 (Ubuntu 5.4.0-6ubuntu1) 5.4.0",
            ["gcc 6 or newer (here is 5.4.0)"],
        ),
        ("Debian clang version 14.0.6", []),
        ("Apple clang version 15.0.0 (clang-1500.3.9.4)", []),
        ("clang version 3.8.0 (tags/RELEASE_380/final)", ["clang 4 or newer (here is 3.8.0)"]),
        ("tcc version 0.9.27", []),
    ],
)
def test_compilers_of_c_are_told_apart_by_what_they_say_of_themselves(
    line: str, lacks: list[str]
) -> None:
    found = [oldest.lacking([Tool("cc", line)]) for oldest in OLDEST_C]

    assert [lack.what for lack in found if lack] == lacks


def test_an_old_compiler_of_c_has_a_next_step() -> None:
    (lack,) = filter(None, (oldest.lacking([Tool("cc", "gcc (GCC) 4.8.5")]) for oldest in OLDEST_C))

    assert lack.remedy == snapshot("install a newer gcc, and let CC name it")


def test_the_oldest_rust_is_what_the_crates_that_come_along_declare() -> None:
    manifests = [tomllib.loads(path.read_text()) for path in KERNELS.rglob("*/Cargo.toml")]
    declared = [manifest["package"]["rust-version"] for manifest in manifests]
    cargo = find_need("cargo")

    assert isinstance(cargo, Program)
    newest = max(declared, key=lambda version: [int(part) for part in version.split(".")])
    assert {oldest.version for oldest in cargo.oldest} == {newest}


def test_trailing_zeros_make_no_version_newer() -> None:
    oldest = Oldest(what="zap", tells=re.compile(r"zap (\S+)"), version="2.0", remedy=NEWER_RUST)

    assert oldest.lacking([Tool("zap", "zap 2")]) is None
    assert oldest.lacking([Tool("zap", "zap 1.99")]) is not None
