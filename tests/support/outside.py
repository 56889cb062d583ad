"""A project with all that lies around it: programs, a home, settings, and variables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from whichext.model.kernel import Project


@dataclass
class Outside:
    """A project with all that lies around it, in a folder of its own."""

    top: Path
    monkeypatch: pytest.MonkeyPatch

    @property
    def project(self) -> Project:
        """The project, which is two folders below the top."""
        return Project(
            name="fast",
            folder=self.top / "work" / "fast",
            module="fast",
            toolchain="c",
            needs=("cc",),
            entries=(),
        )

    def write(self, name: str, text: str) -> Path:
        """Write a file below the top."""
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def program(self, name: str, text: str, folder: str = "bin") -> Path:
        """Write a program that prints a version, with something else in it."""
        path = self.write(f"{folder}/{name}", f"#!/bin/sh\necho {name} 1.0\n# {text}\n")
        path.chmod(0o755)
        return path

    def set(self, name: str, value: object) -> None:
        """Set a variable."""
        self.monkeypatch.setenv(name, str(value))
