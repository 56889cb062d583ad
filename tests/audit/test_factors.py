"""Declared factors that the compilers' calls contradict."""

from __future__ import annotations

import pytest
from msgspec.structs import astuple, replace

from support.builds import evidence, rust, settings
from support.contestants import entry_of
from whichext.audit.reading import contradictions, seen_factors
from whichext.model.contestant import PYTHON_IN_LOOP
from whichext.model.evidence import Evidence, PythonLine, Settings, Unseen
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


def factors(build: Evidence, *beside: Evidence, **declared: str) -> dict[str, str]:
    """What is seen of an entry of a build, among others."""
    found = seen_factors(entry_of(build, **declared), (*beside, build))
    assert [factor.name for factor in found] == sorted(factor.name for factor in found)
    return {factor.name: factor.value for factor in found}


def test_the_compiler_the_level_and_the_instructions_are_seen() -> None:
    assert factors(evidence("fast", settings())) == {
        PYTHON_IN_LOOP: "none seen",
        "compiler": "gcc",
        "isa": "baseline",
        "lto": "none",
        "optimisation": "O3",
    }


@pytest.mark.parametrize(
    ("way", "name", "value"),
    [
        (settings(level="0", told=""), "optimisation", "none"),
        (settings(level="s"), "optimisation", "Os"),
        (settings(isa=("native",)), "isa", "native"),
        (settings(isa=("avx2", "fma")), "isa", "avx2+fma"),
        (rust(), "compiler", "rustc"),
    ],
)
def test_a_factor_is_in_words_that_languages_share(way: Settings, name: str, value: str) -> None:
    assert factors(evidence("fast", way))[name] == value


def test_optimisation_when_linking_and_checkers_are_factors_too() -> None:
    other = factors(evidence("fast", settings(lto="fat", sanitizers=("address",))))
    assert (other["lto"], other["sanitizers"]) == ("fat", "address")
    assert "sanitizers" not in factors(evidence("fast", settings()))


def test_a_build_of_several_kinds_has_them_all() -> None:
    build = evidence("fast", settings(), settings(level="2", compiler="clang 16.0.6"))
    seen = factors(build)
    assert (seen["compiler"], seen["optimisation"]) == ("clang+gcc", "O2+O3")


def test_a_version_is_named_where_another_build_has_another_one() -> None:
    build, rs = evidence("fast", settings()), evidence("rs", rust())
    older = evidence("older", settings(compiler="gcc 11.4.0"))
    assert factors(build, older, rs)["compiler"] == "gcc 12.2.0"
    assert factors(rs, older, build)["compiler"] == "rustc"


def test_of_what_is_chosen_at_run_time_no_instructions_are_seen() -> None:
    assert "isa" not in factors(evidence("fast", settings()), isa="dispatch")


def test_another_profile_of_the_same_project_is_another_build() -> None:
    debug = evidence("fast", settings(level="0"), profile="debug")
    assert factors(evidence("fast", settings()), debug)["optimisation"] == "O3"
    assert factors(debug, evidence("fast", settings()))["optimisation"] == "none"


def test_nothing_is_seen_of_what_no_compiler_was_seen_to_build() -> None:
    assert factors(evidence("plain")) == {}
    assert seen_factors(entry_of(evidence("fast")), ()) == ()


CALLS = PythonLine(
    file="a.pyx", line=3, function="helper", calls=("f",), functions=("helper", "run")
)


@pytest.mark.parametrize(
    ("lines", "unseen", "value"),
    [
        ((), (), "none seen"),
        ((CALLS,), (), "yes"),
        ((replace(CALLS, functions=("helper",)),), (), "none seen"),
        ((replace(CALLS, function="run", functions=()),), (), "yes"),
        ((replace(CALLS, outer=("run",)),), (), "in outer loops"),
        ((replace(CALLS, outer=("helper",)),), (), "yes"),
        ((replace(CALLS, outer=("run",)), CALLS), (), "yes"),
        (
            (replace(CALLS, outer=("run",)),),
            (Unseen(what="b.pyx", reason="why", hides_loops=True),),
            None,
        ),
        ((CALLS,), (Unseen(what="b.pyx", reason="why", hides_loops=True),), "yes"),
        ((), (Unseen(what="b.pyx", reason="why", hides_loops=True),), None),
        ((), (Unseen(what="b.so", reason="why"),), "none seen"),
    ],
)
def test_python_in_the_loop_is_a_factor_of_every_build_whose_sources_were_seen(
    lines: tuple[PythonLine, ...], unseen: tuple[Unseen, ...], value: str | None
) -> None:
    build = replace(evidence("fast", settings()), python_lines=lines, unseen=unseen)
    assert dict(map(astuple, seen_factors(entry_of(build), (build,)))).get(PYTHON_IN_LOOP) == value


@pytest.mark.parametrize(("method", "value"), [("add", "yes"), ("count", "none seen")])
def test_python_in_the_loop_of_a_method_is_that_of_its_class(method: str, value: str) -> None:
    line = replace(CALLS, function="Total.add", functions=("Total.add",))
    build = replace(evidence("fast", settings()), python_lines=(line,))
    entry = replace(entry_of(build), function="Total", method=method)
    assert dict(map(astuple, seen_factors(entry, (build,))))[PYTHON_IN_LOOP] == value
