"""The vector of a contestant, and in what two of them differ."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from builders import changed, make_view
from compiled import evidence, settings
from factorial import with_factors
from whichext.judge.factors import IDLE, differences, differing, vector_under, vectors
from whichext.model.contestant import Contestant, Difference, Profile, Role
from whichext.model.view import View


def result_of(*contestants: Contestant) -> View:
    return changed(make_view(), contestants=contestants)


def vector_of(contestant: Contestant) -> dict[str, str]:
    return dict(vectors(result_of(contestant).raw)[contestant.name])


def test_what_is_declared_is_kept_and_the_threads_are_added() -> None:
    one = with_factors("cy.find[2]", order="column", lock="none")
    assert vector_of(one) == {"order": "column", "lock": "none", "threads": "2"}


@pytest.mark.parametrize(
    ("profile", "factors"),
    [
        ("debug", {"optimisation": "none"}),
        ("native", {"isa": "native"}),
        ("checked", {"assertions": "on", "bounds": "checked", "overflow": "checked"}),
        ("optimisation=O2", {"optimisation": "O2"}),
        ("isa=native", {"isa": "native"}),
        ("release", {}),
    ],
)
def test_a_profile_sets_factors_whatever_the_entry_declares(
    profile: str, factors: dict[str, str]
) -> None:
    suffix = "" if profile == "release" else f"@{profile}"
    one = with_factors(f"cy.find{suffix}")
    assert vector_of(one) == {**factors, "threads": "1"}


def test_an_entry_that_chooses_its_instructions_still_does_under_other_settings_for_the_rest() -> (
    None
):
    assert vector_of(with_factors("cy.find@isa=baseline", isa="dispatch"))["isa"] == "dispatch"


def test_where_all_is_built_for_this_processor_there_is_nothing_left_to_choose() -> None:
    assert vector_of(with_factors("cy.find@isa=native", isa="dispatch"))["isa"] == "native"


def test_a_pool_that_plays_no_part_with_one_thread_is_idle_then_and_only_then() -> None:
    one, two = (with_factors(f"cy.find[{n}]", ["pool"], pool="own") for n in (1, 2))
    assert (vector_of(one)["pool"], vector_of(two)["pool"]) == (IDLE, "own")


def test_an_idle_factor_is_no_difference_to_any_value() -> None:
    plain = with_factors("cy.rows", order="row", pool="none")
    one, two = (with_factors(f"cy.tiles[{n}]", ["pool"], order="tile", pool="own") for n in (1, 2))
    result = result_of(plain, one, two)

    assert differences(result, "cy.rows", "cy.tiles[1]") == (Difference("order", "row", "tile"),)
    assert differences(result, "cy.tiles[1]", "cy.tiles[2]") == (Difference("threads", "1", "2"),)


def test_what_is_known_of_one_alone_is_a_difference() -> None:
    assert differing({"lock": "none"}, {}) == (Difference("lock", "none", "unstated"),)


def test_differences_are_sorted_and_seen_from_the_other_side_the_other_way_round() -> None:
    one, other = {"pool": "a", "lock": "b"}, {"pool": "c", "lock": "d"}
    assert differing(one, other) == (Difference("lock", "b", "d"), Difference("pool", "a", "c"))
    assert differing(other, one) == tuple(d.reversed() for d in differing(one, other))


def test_twins_and_limits_are_not_compared() -> None:
    twin = replace(with_factors("cy.find (A/A twin)"), role=Role.TWIN)
    limit = replace(with_factors("limit[2]"), role=Role.LIMIT)
    reference = replace(with_factors("numpy"), role=Role.REFERENCE)
    assert set(vectors(result_of(twin, limit, reference).raw)) == {"numpy"}


def test_what_a_contestant_would_be_like_is_known_without_making_it() -> None:
    tiles = with_factors("cy.tiles[2]", ["pool"], pool="own", isa="dispatch", order="tile")
    vector = vector_of(tiles)

    native = vector_under(tiles, vector, Profile.setting("isa", "native"), 1)

    assert native == {"pool": IDLE, "isa": "native", "order": "tile", "threads": "1"}
    assert vector_under(tiles, native, None, 2)["pool"] == "own"


def test_what_was_seen_counts_for_more_than_what_was_meant() -> None:
    one = with_factors("cy.find@optimisation=O2", optimisation="O1")
    seen = evidence("cy", settings(level="3", told="-O2 -O3"), profile="optimisation=O2")
    result = changed(result_of(one), evidence=(seen,))
    assert vectors(result.raw)[one.name]["optimisation"] == "O3"


def test_a_setting_that_changed_nothing_in_the_code_is_no_difference() -> None:
    release, checked = with_factors("cy.find"), with_factors("cy.find@bounds=checked")
    builds = [evidence("cy", settings(), profile=p) for p in ("release", "bounds=checked")]
    alike = tuple(
        replace(b, libraries=(replace(b.libraries[0], code_digest="1" * 24),)) for b in builds
    )
    result = changed(result_of(release, checked), evidence=alike)
    assert differences(result, release.name, checked.name) == ()
