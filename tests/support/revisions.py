"""A kernel in a repository of its own, and what its projects are at revisions."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

import pytest

from support.contestants import write_kernel
from support.repositories import commit, git, repository, write_files
from whichext.load.revisions import at_revisions
from whichext.model.errors import WhichextError
from whichext.model.kernel import Kernel

TABLE = """
[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"

[tool.whichext]
module = "sums"
toolchain = "python"
"""


def project(*functions: str) -> str:
    """A pyproject.toml with these entries."""
    return TABLE + "".join(f'[[tool.whichext.entries]]\nfunction = "{one}"\n' for one in functions)


def write_repository(home: Path) -> Path:
    """A repository with a kernel whose project "mine" has been there for three commits."""
    repository(home, {"readme.txt": "nothing yet"})
    write_kernel(home)
    write_files(home / "tiny" / "mine", {"pyproject.toml": project("total"), "sums.py": "FIRST"})
    write_files(home / "tiny" / "other", {"pyproject.toml": project("all").replace("sums", "oth")})
    commit(home)
    git(home, "tag", "v1.0")
    for text in ("SECOND", "THIRD"):
        write_files(home / "tiny" / "mine", {"sums.py": text})
        commit(home)
    return home


def repository_of(kernel: Kernel) -> Path:
    return kernel.folder.parent


def contents(kernel: Kernel, *asked: str) -> dict[str, str]:
    """What the source of each project says, by the project's name."""
    with at_revisions(kernel, asked) as at:
        return {one.name: (one.folder / "sums.py").read_text() for one in at.projects}


def refusal(kernel: Kernel, *asked: str) -> WhichextError:
    with pytest.raises(WhichextError) as caught, at_revisions(kernel, asked):
        pass
    return caught.value


def said(error: WhichextError, kernel: Kernel) -> str:
    """What an error says, without the folder of this test and without hashes."""
    commits = git(repository_of(kernel), "rev-list", "--all").split()
    text = str(error).replace(str(repository_of(kernel)), "REPO")
    for one in commits:
        text = text.replace(one[:12], "HASH")
    return wrapped(text)


def wrapped(text: str) -> str:
    """A text in lines that fit on a page."""
    lines = (fill(line, 88, break_on_hyphens=False) for line in text.splitlines())
    return "\n".join(lines)
