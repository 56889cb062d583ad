"""Declared factors that the compilers' calls contradict."""

from __future__ import annotations

import pytest

from support.builds import evidence, rust, settings
from support.contestants import entry_of
from whichext.audit.reading import contradictions
from whichext.model.contestant import Factor
from whichext.model.evidence import Evidence, Settings
from whichext.model.finding import FactorContradicted, Severity


def seen(build: Evidence, name: str, value: str) -> list[str]:
    """What the build says against one declared factor."""
    return [found.seen for found in contradictions(build, (entry_of(build, **{name: value}),))]


@pytest.mark.parametrize(
    ("way", "name", "value", "said"),
    [
        (settings(), "toolchain", "rust", "sources in c alone"),
        (rust(), "toolchain", "cython", "sources in rust alone"),
        (settings(), "toolchain", "c++", "sources in c alone"),
        (settings(), "compiler", "clang", "gcc 12.2.0"),
        (settings(), "compiler", "gcc 11.4.0", "gcc 12.2.0"),
        (settings(), "optimisation", "O2", "-O3"),
        (settings(level="0"), "optimisation", "-O3", "-O0"),
        (settings(isa=("native",)), "isa", "baseline", "native"),
    ],
)
def test_what_was_built_otherwise_than_declared_is_found(
    way: Settings, name: str, value: str, said: str
) -> None:
    assert seen(evidence("fast", way), name, value) == [said]


@pytest.mark.parametrize(
    ("way", "name", "value"),
    [
        (settings(), "toolchain", "cython"),
        (settings(language="c++"), "toolchain", "cython"),
        (settings(), "toolchain", "zig"),
        (rust(), "toolchain", "rust"),
        (settings(), "compiler", "gcc"),
        (settings(), "compiler", "gcc 12.2.0"),
        (settings(), "optimisation", "O3"),
        (rust(), "optimisation", "3"),
        (settings(), "isa", "baseline"),
        (settings(), "isa", "dispatch"),
        (settings(), "order", "column"),
    ],
)
def test_what_was_built_as_declared_or_cannot_be_known_is_not(
    way: Settings, name: str, value: str
) -> None:
    assert seen(evidence("fast", way), name, value) == []


@pytest.mark.parametrize(("name", "value"), [("optimisation", "O3"), ("isa", "baseline")])
def test_what_a_profile_changes_contradicts_nobody(name: str, value: str) -> None:
    build = evidence("fast", settings(level="0", isa=("native",)), profile="native")
    assert seen(build, name, value) == []


def test_where_no_compiler_was_seen_nothing_is_contradicted() -> None:
    assert seen(evidence("fast"), "toolchain", "rust") == []


def test_it_is_the_kernel_authors_error_and_names_the_entry() -> None:
    build = evidence("fast", settings())
    (finding,) = contradictions(build, (entry_of(build, toolchain="rust"),))
    assert finding == FactorContradicted(
        contestants=("fast.run",), factor="toolchain", declared="rust", seen="sources in c alone"
    )
    assert finding.severity is Severity.AUTHOR


@pytest.mark.parametrize(
    ("declared", "contradicted"),
    [("strict", ["fast"]), ("fast", []), ("of logarithms", [])],
)
def test_a_declared_setting_is_compared_with_the_flags_if_it_is_their_word(
    declared: str, contradicted: list[str]
) -> None:
    build = evidence("fast", settings(further=(Factor("math", "fast"),)))
    found = contradictions(build, (entry_of(build, math=declared),))
    assert [one.seen for one in found] == contradicted
