#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox>=2025.2.9"]
# ///
"""The targets of the Makefile as sessions of nox; make has the environment.

Words after two dashes are for make: `nox -s tests -- PYTHON=python3.13 VENV=build/venv-3.13`.
"""

from __future__ import annotations

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "none"


def make(session: nox.Session, *targets: str) -> None:
    """Call make with a session's own words."""
    session.run("make", *targets, *session.posargs, external=True)


@nox.session
def lint(session: nox.Session) -> None:
    """Lint all languages, workflows and the repository itself; check the types."""
    make(session, "lint", "types")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the fast tests."""
    make(session, "fast-tests")


@nox.session(default=False)
def slow_tests(session: nox.Session) -> None:
    """Run all tests, also those that build and race."""
    make(session, "pytest", "cargo-test")


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Make the site."""
    make(session, "docs")


@nox.session(default=False)
def dist(session: nox.Session) -> None:
    """Build the wheel and the source distribution."""
    make(session, "dist")


if __name__ == "__main__":
    nox.main()
