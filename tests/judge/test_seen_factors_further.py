"""Factors that are named where two builds differ in them, and what is not known of them."""

from __future__ import annotations

from msgspec.structs import replace

from support.builds import evidence, rust, settings
from support.contestants import entry_of
from whichext.judge.seen_factors import seen_factors
from whichext.model.contestant import OBJECTS, Factor
from whichext.model.evidence import NOT_KNOWN, Evidence


def told(project: str, profile: str = "release", **further: str) -> Evidence:
    """A build whose compiler was given these further settings."""
    named = {name.replace("_", " "): value for name, value in further.items()}
    factors = tuple(sorted(Factor(name, value) for name, value in named.items()))
    return evidence(project, settings(further=factors), profile=profile)


def seen(build: Evidence, *beside: Evidence, **declared: str) -> dict[str, str]:
    """The further factors of an entry of a build, beside others."""
    usual = {"compiler", "isa", "lto", "optimisation", "Python in the loop"}
    found = seen_factors(entry_of(build, **declared), (build, *beside))
    return {factor.name: factor.value for factor in found if factor.name not in usual}


def test_a_setting_in_which_two_builds_differ_is_a_factor_of_both() -> None:
    fast, plain = told("fast", math="fast"), told("plain", math="strict")
    assert (seen(fast, plain), seen(plain, fast)) == ({"math": "fast"}, {"math": "strict"})


def test_what_all_builds_have_in_common_is_no_factor() -> None:
    assert seen(told("fast", math="fast"), told("other", math="fast")) == {}


def test_what_one_language_has_no_word_for_is_no_difference_to_it() -> None:
    assert seen(told("crate", panic="unwind"), told("plain", math="strict")) == {}


def test_a_library_of_several_kinds_has_the_values_of_all() -> None:
    ways = (settings(further=(Factor("math", value),)) for value in ("strict", "fast"))
    assert seen(evidence("both", *ways), told("plain", math="strict")) == {"math": "fast+strict"}


def test_flags_that_all_builds_have_are_left_out_of_what_differs() -> None:
    one = told("one", flags="-funroll-loops -std=c11")
    other, third = told("other", flags="-std=c11"), told("third", flags="-std=c11 -fno-plt")
    found = [seen(build, one, other, third)["flags"] for build in (one, other, third)]
    assert found == ["-funroll-loops", "none", "-fno-plt"]


def test_a_setting_that_is_not_known_is_no_ones_alike() -> None:
    intel, other = (told(name, math=NOT_KNOWN) for name in ("intel", "other"))
    assert seen(intel, other) == {"math": "intel's, unseen"}
    assert seen(intel, told("intel", "isa=native", math=NOT_KNOWN)) == {"math": "intel's, unseen"}


def test_versions_of_what_generates_code_are_factors_where_two_differ() -> None:
    builds = [
        replace(told(name), contributors=(Factor("Cython", version), Factor("numpy", "2.4")))
        for name, version in (("old", "3.0.12"), ("new", "3.3.1"))
    ]
    assert [seen(build, *builds) for build in builds] == [
        {"version of Cython": "3.0.12"},
        {"version of Cython": "3.3.1"},
    ]


def test_what_files_say_counts_unless_the_entry_says_something() -> None:
    safe, bare = (
        replace(told(name), said=(Factor("bounds", value),))
        for name, value in (("safe", "checked"), ("bare", "unchecked"))
    )
    assert seen(safe, bare) == {"bounds": "checked"}
    assert seen(safe, bare, bounds="none needed") == {}
    asked = replace(told("bare", "bounds=checked"), said=(Factor("bounds", "unchecked"),))
    assert seen(asked, safe) == {"bounds": "unchecked"}


def test_the_limited_api_is_seen_in_the_name_of_a_wheel() -> None:
    full = told("full", C_API="full")
    limited = replace(told("limited"), tag="cp311-abi3-linux_x86_64")
    assert (seen(limited, full), seen(full, limited)) == (
        {"C API": "limited"},
        {"C API": "full"},
    )


def test_an_entry_with_unseen_code_has_a_factor_of_its_own() -> None:
    build = replace(told("fast"), unseen_objects=("loop.o",))
    assert seen(build, told("plain")) == {OBJECTS: "fast.run @release's, unseen"}


def test_a_factor_of_the_authors_own_keeps_its_value() -> None:
    fast, plain = told("fast", math="fast"), told("plain", math="strict")
    assert seen(fast, plain, math="of logarithms") == {}


def test_what_a_profile_sets_is_what_the_flags_say() -> None:
    build = told("fast", "checked", assertions="off", overflow="checked")
    assert seen(build) == {"assertions": "off", "overflow": "checked"}


def test_results_of_older_versions_differ_in_nothing_of_it() -> None:
    assert seen(evidence("fast", settings()), evidence("rust", rust())) == {}
