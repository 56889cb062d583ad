"""Findings about variables of the environment that had a say in builds."""

from __future__ import annotations

from typing import Any

from inline_snapshot import snapshot
from msgspec.structs import replace

from support.builds import evidence, settings
from support.contestants import entry_of
from whichext.audit.rules import set_by_environment
from whichext.model.evidence import Evidence
from whichext.model.finding import SetByEnvironment, Severity
from whichext.model.inline import unmarked
from whichext.report.findings import finding_words

CY, RUST = entry_of(evidence("cy")), entry_of(evidence("rust"))


def built(project: str, *variables: str) -> Evidence:
    """A build that some variables had a say in."""
    return replace(evidence(project, settings()), inherited=variables)


def found(*builds: Evidence) -> list[SetByEnvironment]:
    return list(set_by_environment(builds, (CY, RUST)))


def words(finding: SetByEnvironment) -> Any:
    said = finding_words(finding)
    return [unmarked(text) for text in (said.what, said.why, said.remedy)]


def test_a_variable_that_reached_one_of_two_builds_spoils_their_comparison() -> None:
    (finding,) = found(built("cy", "CFLAGS=-O0"), built("rust"))
    assert (finding.severity, finding.contestants) == (Severity.UNATTRIBUTABLE, ("cy.run",))
    assert words(finding) == snapshot(
        [
            "cy: built with CFLAGS=-O0 of this environment, and rust without",
            "a difference may come from the variables, not from the code",
            "to compare the code, build without CFLAGS of this environment: clean_env=True",
        ]
    )


def test_one_that_reached_both_is_a_warning() -> None:
    (finding,) = found(built("cy", "CFLAGS=-O0"), built("rust", "CFLAGS=-O0"))
    assert finding.severity is Severity.WARNING
    assert words(finding) == snapshot(
        [
            "cy, rust: built with CFLAGS=-O0 of this environment",
            "where they are not set, pip install builds something else",
            "to compare the code, build without CFLAGS of this environment: clean_env=True",
        ]
    )


def test_builds_that_unlike_variables_reached_are_told_apart() -> None:
    assert len(found(built("cy", "CFLAGS=-O0"), built("rust", "RUSTFLAGS=-g"))) == 2


def test_nothing_is_found_where_there_are_none() -> None:
    assert found(built("cy"), built("rust")) == []


def test_long_values_are_shortened() -> None:
    (finding,) = found(built("cy", f"CFLAGS={'-g ' * 50}", "LDFLAGS=-s"))
    assert words(finding)[0] == snapshot(
        "cy: built with CFLAGS=-g -g -g -g -g -g -g -g -g -g -g -g -g -g -g -g -g... and "
        "LDFLAGS=-s of this environment"
    )
