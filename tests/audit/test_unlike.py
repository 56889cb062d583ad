"""Whether builds that are compared were compiled alike."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from compiled import evidence, rust, settings
from whichext.audit.unlike import unchanged, unlike
from whichext.model.evidence import Evidence
from whichext.model.finding import (
    Group,
    SettingWithoutEffect,
    UnlikeCompiler,
    UnlikeIsa,
    UnlikeOptimisation,
)


def kinds(*builds: Evidence) -> list[str]:
    return [type(finding).__name__ for finding in unlike(builds)]


def test_builds_that_are_alike_are_not_found() -> None:
    assert kinds(evidence("a", settings()), evidence("b", settings())) == []


def test_levels_that_differ_are_found_with_who_has_which() -> None:
    slow = settings(level="2", told="-O2")
    builds = (evidence("a", settings()), evidence("b", slow), evidence("c", slow))
    assert list(unlike(builds)) == [
        UnlikeOptimisation(groups=(Group("-O3", ("a",)), Group("-O2", ("b", "c"))))
    ]


def test_what_is_not_optimised_is_a_finding_of_its_own() -> None:
    none = settings(level="0", told="-O0")
    assert kinds(evidence("a", settings()), evidence("b", none)) == []


def test_a_level_of_rust_is_the_level_of_c_of_that_name() -> None:
    assert "UnlikeOptimisation" not in kinds(evidence("a", settings()), evidence("b", rust()))


def test_other_profiles_are_held_against_their_own_kind_alone() -> None:
    debug = settings(level="0", told="-O0")
    assert kinds(evidence("a", settings()), evidence("a", debug, profile="debug")) == []


def test_instructions_for_one_processor_alone_are_found() -> None:
    builds = (evidence("a", settings(isa=("native",))), evidence("b", settings()))
    assert list(unlike(builds)) == [
        UnlikeIsa(groups=(Group("native", ("a",)), Group("any of its architecture", ("b",))))
    ]


def test_native_is_the_same_in_c_and_in_rust() -> None:
    native = evidence("a", settings(isa=("native",))), evidence("b", rust(isa=("native",)))
    assert "UnlikeIsa" not in kinds(*native)


def test_wider_instructions_in_some_sources_alone_are_chosen_at_run_time() -> None:
    dispatching = evidence("a", settings(), settings(isa=("avx2",)))
    assert kinds(dispatching, evidence("b", settings())) == []


@pytest.mark.parametrize("compiler", ["clang 16.0.6", "gcc 11.4.0"])
def test_two_compilers_of_one_language_spoil_a_comparison(compiler: str) -> None:
    builds = (evidence("a", settings()), evidence("b", settings(compiler=compiler)))
    (finding,) = unlike(builds)
    assert isinstance(finding, UnlikeCompiler)
    assert finding.one_language


def test_two_languages_have_two_compilers_and_it_is_said() -> None:
    (finding,) = unlike((evidence("a", settings()), evidence("b", rust())))
    assert isinstance(finding, UnlikeCompiler)
    assert not finding.one_language


def test_rust_alone_has_one_compiler() -> None:
    assert kinds(evidence("a", rust()), evidence("b", rust())) == []


def test_a_build_of_which_nothing_is_known_is_not_compared() -> None:
    assert kinds(evidence("a", settings()), evidence("b")) == []


def coded(profile: str, digest: str) -> Evidence:
    build = evidence("a", settings(), profile=profile)
    library = replace(build.libraries[0], code_digest=digest)
    return replace(build, libraries=(library,))


def test_a_setting_that_changed_nothing_in_the_machine_code_is_found() -> None:
    builds = (coded("release", "1" * 24), coded("bounds=checked", "1" * 24))
    assert list(unchanged(builds)) == [SettingWithoutEffect(build="a @bounds=checked", release="a")]


@pytest.mark.parametrize(
    ("digests", "profile"),
    [(("1", "2"), "isa=native"), (("", ""), "debug"), (("1", "1"), "release")],
)
def test_other_code_unseen_code_and_the_release_itself_are_no_finding(
    digests: tuple[str, str], profile: str
) -> None:
    assert list(unchanged((coded("release", digests[0]), coded(profile, digests[1])))) == []


def test_without_its_release_a_build_is_held_against_nothing() -> None:
    assert list(unchanged((coded("debug", "1"),))) == []
