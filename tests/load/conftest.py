"""A kernel in a repository, with commits in which a project is another one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.revisions import write_repository
from whichext.load.kernel import load_kernel
from whichext.model.kernel import Kernel


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a kernel whose project "mine" has been there for three commits."""
    return write_repository(tmp_path_factory.mktemp("written") / "repo")


@pytest.fixture(scope="module")
def still(written: Path) -> Kernel:
    """The kernel in that repository, for tests that change nothing there."""
    return load_kernel(written / "tiny")


@pytest.fixture
def kernel(written: Path, tmp_path: Path) -> Kernel:
    """The kernel in a copy of that repository."""
    shutil.copytree(written, tmp_path / "repo")
    return load_kernel(tmp_path / "repo" / "tiny")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of the test's own, in which the files of revisions lie for a while."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
