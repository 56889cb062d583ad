"""Programs that only look like compilers, and calls of them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ANSWERS = """#!/bin/sh
case $1 in --version) echo "{name} 1.2.3"; echo "more"; exit ;; esac
echo "{name} $*"
exit {status}
"""


def write_program(folder: Path, name: str, status: int = 0) -> Path:
    """A program that prints its name and its arguments."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(ANSWERS.format(name=name, status=status))
    path.chmod(0o755)
    return path


def environment(programs: Path, **variables: str) -> dict[str, str]:
    return {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", **variables}


def call(
    environment: dict[str, str], *words: str, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, env=environment, cwd=cwd, capture_output=True, text=True, check=False
    )
