"""What is said of a build whose Rust is too old: before it begins, or from its log."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.builds import FakeBuilder
from whichext.build import build_project
from whichext.build.frontend import hint, last_error
from whichext.build.store import Store
from whichext.model.contestant import RELEASE
from whichext.model.kernel import Project
from whichext.model.outcome import Tool, ToolchainAbsent

CARGO_BEFORE_THE_EDITION = """\
error: failed to parse manifest at `/w/fast/Cargo.toml`

Caused by:
  feature `edition2024` is required

  The package requires the Cargo feature called `edition2024`, but that feature is not \
stabilized in this version of Cargo (1.75.0).
"""

RUSTC_BEFORE_THE_CRATE = """\
error: package `fast v0.1.0 (/w/fast)` cannot be built because it requires rustc 1.88 or newer, \
while the currently active rustc version is 1.75.0
"""


def test_cargos_reason_for_not_reading_a_manifest_is_shown_with_the_error() -> None:
    assert last_error(CARGO_BEFORE_THE_EDITION) == snapshot("""\
error: failed to parse manifest at `/w/fast/Cargo.toml`

Caused by:
  feature `edition2024` is required\
""")


@pytest.mark.parametrize(
    "log",
    [
        CARGO_BEFORE_THE_EDITION,
        RUSTC_BEFORE_THE_CRATE,
        "error: rustc 1.75.0 is not supported by the following packages:\n"
        "  pyo3@0.29.3 requires rustc 1.83",
        "  this version of Cargo is older than the `2024` edition, and only supports `2015`",
        "error: failed to parse lock file at: /w/fast/Cargo.lock\n\nCaused by:\n"
        "  lock file version `4` was found, but this version of Cargo does not understand it",
        "  lock file version 4 requires `-Znext-lockfile-bump`",
        "error[E0658]: the target feature `avx512f` is currently unstable",
        "error[E0658]: `let` expressions in this position are unstable",
        "error: use of unstable library feature 'slice_split_once'",
    ],
)
def test_a_rust_that_is_too_old_is_told_to_be_updated(log: str) -> None:
    assert hint(log, "/kernel/fast") == snapshot(
        "Rust is older than the project or a crate that it uses needs: `rustup update`, or "
        "install Rust from https://rustup.rs"
    )


@pytest.mark.parametrize(("version", "built"), [("1.75.0", False), ("1.95.0", True)])
def test_a_project_is_not_built_with_a_rust_that_is_older_than_it_declares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, built: bool
) -> None:
    tools = tuple(Tool(name, f"{name} {version}") for name in ("cargo", "rustc"))
    monkeypatch.setattr("whichext.build.find_missing", lambda _needs: None)
    monkeypatch.setattr("whichext.build.tool_versions", lambda _needs: tools)
    folder = tmp_path / "fast"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\n")
    (folder / "Cargo.toml").write_text('[package]\nrust-version = "1.88"\n')
    project = Project(
        name="fast", folder=folder, module="fast", toolchain="rust", needs=("cargo",), entries=()
    )
    builder = FakeBuilder()

    result = build_project(project, RELEASE, Store(tmp_path / "builds"), builder).result

    assert bool(builder.calls) == built
    assert built or result == ToolchainAbsent(
        "rustc 1.88 or newer (here is 1.75.0)",
        "`rustup update`, or install Rust from https://rustup.rs",
    )
