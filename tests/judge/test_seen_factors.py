"""What builds show of a contestant's factors: compilers, instructions, loops that call Python."""

from __future__ import annotations

import pytest
from msgspec.structs import astuple, replace

from support.builds import evidence, rust, settings
from support.contestants import entry_of
from whichext.judge.seen_factors import seen_factors
from whichext.model.contestant import ENVIRONMENT, PYTHON_IN_LOOP
from whichext.model.evidence import Evidence, PythonLine, Settings, Unseen


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


def test_the_variables_are_a_factor_of_the_build_alone_that_they_reached() -> None:
    crate = evidence("rust", settings())
    cy = replace(evidence("cy", settings()), inherited=("CFLAGS=-O0", "LDFLAGS=-s"))
    assert factors(cy, crate)[ENVIRONMENT] == "CFLAGS=-O0+LDFLAGS=-s"
    assert ENVIRONMENT not in factors(crate, cy)
