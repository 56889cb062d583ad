"""Which program installs what builds ask for: an uv that works, or else pip."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from whichext.build.installers import find_installer, installer_note


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def put_uv(programs: Path, code: str) -> None:
    (programs / "uv").write_text(f"#!/bin/sh\n{code}\n", "utf-8")
    (programs / "uv").chmod(0o755)


def test_without_uv_pip_installs_and_nothing_is_told(programs: Path) -> None:
    assert (find_installer(), installer_note()) == (("pip", None), None)
    assert not list(programs.iterdir())


def test_an_uv_that_tells_its_version_installs(programs: Path) -> None:
    put_uv(programs, "echo uv 0.9.1")
    assert (find_installer(), installer_note()) == (("uv", None), None)


@pytest.mark.parametrize("code", ["exit 3", "echo hello"])
def test_an_uv_that_does_not_is_told_and_pip_installs(programs: Path, code: str) -> None:
    put_uv(programs, code)
    assert find_installer()[0] == "pip"
    assert str(programs / "uv") in str(installer_note())


def test_an_uv_that_ends_with_an_error_is_told_in_these_words(programs: Path) -> None:
    put_uv(programs, "exit 3")
    assert str(installer_note()).replace(str(programs), "PATH") == snapshot(
        "whichext: PATH/uv --version ends with 3, and without a version of uv: pip installs what "
        "builds need. Next: repair uv, or take it off PATH"
    )


def test_an_uv_that_does_not_start_is_told(programs: Path) -> None:
    put_uv(programs, "")
    (programs / "uv").write_text("#!/no/such/shell\n", "utf-8")
    assert "No such file" in str(installer_note())
