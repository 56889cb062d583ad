"""nanobind and pybind11: what is their own besides what C++ has."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.builds import evidence, settings
from support.contestants import profile_of, with_factors
from whichext.audit.reading import contradictions
from whichext.model.kernel import Project
from whichext.toolchains import find_toolchain, toolchains_of
from whichext.toolchains.profiles import find_deaf, telling_of

BINDINGS = ("nanobind", "pybind11")


def project(toolchain: str) -> Project:
    needs = find_toolchain(toolchain).starts_with
    return Project(
        name="p", folder=Path(), module="p", toolchain=toolchain, needs=needs, entries=()
    )


@pytest.mark.parametrize("name", [*BINDINGS, "pythran"])
def test_its_projects_are_built_by_cpp_and_hear_its_settings(name: str) -> None:
    one = project(name)
    assert [toolchain.name for toolchain in toolchains_of(one)][:2] == [name, "c++"]
    assert find_deaf(profile_of("optimisation=O2"), one) is None
    assert telling_of(profile_of("optimisation=O2"), one).flags["c++"] == ("-O2",)


@pytest.mark.parametrize("declared", [*BINDINGS, "pythran", "c++"])
def test_sources_in_cpp_contradict_none_of_its_users(declared: str) -> None:
    build = evidence("p", settings(language="c++"))
    entry = with_factors("p.total", toolchain=declared)
    assert list(contradictions(build, (entry,))) == []


@pytest.mark.parametrize("declared", BINDINGS)
def test_sources_in_c_alone_contradict_it(declared: str) -> None:
    build = evidence("p", settings(language="c"))
    (found,) = contradictions(build, (with_factors("p.total", toolchain=declared),))
    assert (found.declared, found.seen) == (declared, snapshot("sources in c alone"))


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("nanobind", "nanobind::detail::nb_func_vectorcall_simple(_object*)"),
        ("pybind11", "pybind11::cpp_function::dispatcher(_object*, _object*)"),
    ],
)
def test_the_function_that_calls_every_entry_is_its_own(name: str, function: str) -> None:
    callers = find_toolchain(name).callers
    assert callers is not None
    assert callers.search(function)
    assert not callers.search("total(double const*)")
