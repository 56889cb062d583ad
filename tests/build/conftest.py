"""What tests of the build stage share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.outside import Outside


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outside:
    """A project, and an environment that has little else."""
    for name in os.environ:
        monkeypatch.delenv(name)
    found = Outside(tmp_path, monkeypatch)
    found.write("work/fast/pyproject.toml", "[project]\n")
    found.write("work/fast/fast.c", "int fast;\n")
    found.program("cc", "one")
    found.set("HOME", tmp_path / "home")
    found.set("PATH", tmp_path / "bin")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return found
