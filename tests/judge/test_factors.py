"""In what contestants differ; effects, of which none is attributed that may have another cause."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from support.builds import evidence, settings
from support.contestants import with_factors
from support.races import race_between
from support.results import CRASHED, changed, make_view, rejudged
from whichext.judge import judge_again
from whichext.judge.factors import IDLE, differences, differing, vector_under, vectors
from whichext.model.contestant import Contestant, Difference, Profile, Role
from whichext.model.insight import Effect
from whichext.model.ratio import Verdict
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


COMMON = {"toolchain": "cython", "order": "column"}


def named(result: View, factor: str, case: str = "wide") -> list[Effect]:
    return [e for e in result.judged.effects if (e.factor, e.case) == (factor, case)]


def test_the_effect_of_a_factor_is_the_ratio_of_two_that_differ_in_it_alone() -> None:
    locked = with_factors("rs.locked", **COMMON, lock="column")
    free = with_factors("rs.free", **COMMON, lock="none")

    (effect,) = race_between(
        [locked, free], {"wide": {"rs.locked": 4000, "rs.free": 1000}}
    ).judged.effects

    assert (effect.factor, effect.before, effect.after) == ("lock", "column", "none")
    assert (effect.contestant_before, effect.contestant_after) == ("rs.locked", "rs.free")
    assert effect.ratio.inverse.value == pytest.approx(4, rel=0.05)
    assert effect.ratio.low is not None
    assert effect.ratio.verdict is Verdict.FASTER


def test_an_effect_is_read_in_the_direction_in_which_it_got_faster() -> None:
    free = with_factors("rs.free", **COMMON, lock="none")
    locked = with_factors("rs.locked", **COMMON, lock="column")

    (effect,) = race_between(
        [free, locked], {"wide": {"rs.locked": 4000, "rs.free": 1000}}
    ).judged.effects

    assert (effect.before, effect.after) == ("column", "none")


def test_threads_are_read_upwards_even_where_more_of_them_are_slower() -> None:
    one, two = with_factors("rs.find[1]", **COMMON), with_factors("rs.find[2]", **COMMON)

    (effect,) = race_between(
        [two, one], {"wide": {"rs.find[1]": 1000, "rs.find[2]": 3000}}
    ).judged.effects

    assert (effect.before, effect.after, effect.ratio.verdict) == ("1", "2", Verdict.SLOWER)
    assert effect.ratio.value == pytest.approx(3, rel=0.05)


def test_an_effect_that_turns_around_in_a_case_is_slower_there() -> None:
    rows = with_factors("cy.rows", order="row")
    columns = with_factors("cy.columns", order="column")
    times = {
        "wide": {"cy.rows": 1000, "cy.columns": 9000},
        "tall": {"cy.rows": 2000, "cy.columns": 1000},
    }

    effects = race_between([rows, columns], times).judged.effects

    assert {e.case: (e.before, e.ratio.verdict) for e in effects} == {
        "wide": ("column", Verdict.FASTER),
        "tall": ("column", Verdict.SLOWER),
    }


def test_a_pair_that_differs_in_several_factors_has_no_effect() -> None:
    cython = with_factors("cy.find", toolchain="cython", bounds="unchecked")
    rust = with_factors("rs.find", toolchain="rust", bounds="checked")
    assert (
        race_between([cython, rust], {"wide": {"cy.find": 2000, "rs.find": 1000}}).judged.effects
        == ()
    )


def test_a_pair_that_differs_in_nothing_that_is_known_has_no_effect() -> None:
    one, other = with_factors("cy.a", **COMMON), with_factors("cy.b", **COMMON)
    assert race_between([one, other], {"wide": {"cy.a": 2000, "cy.b": 1000}}).judged.effects == ()


def test_an_unstated_factor_of_one_of_two_keeps_a_ratio_from_being_attributed() -> None:
    locked = with_factors("rs.locked", lock="column")
    free = with_factors("rs.free", lock="none", pool="own")
    assert (
        race_between([locked, free], {"wide": {"rs.locked": 4, "rs.free": 1}}).judged.effects == ()
    )


def test_no_effect_is_a_tie_and_not_a_small_number() -> None:
    one = with_factors("cy.checked", bounds="checked")
    other = with_factors("cy.unchecked", bounds="unchecked")
    times = {"wide": {"cy.checked": 1000, "cy.unchecked": 1000}}

    (effect,) = race_between([one, other], times, spread=0.003, epochs=20).judged.effects

    assert effect.ratio.verdict is Verdict.TIE


def test_who_did_not_race_in_a_case_has_no_effect_there() -> None:
    locked = with_factors("rs.locked", lock="column")
    free = with_factors("rs.free", lock="none")
    times = {"wide": {"rs.locked": 4000, "rs.free": 1000}, "tall": {"rs.free": 1000}}
    assert {e.case for e in race_between([locked, free], times).judged.effects} == {"wide"}


def test_another_baseline_changes_no_effect() -> None:
    locked = with_factors("rs.locked", lock="column")
    free = with_factors("rs.free", lock="none")
    result = race_between([locked, free], {"wide": {"rs.locked": 4000, "rs.free": 1000}})
    assert judge_again(result, "rs.free").judged.effects == result.judged.effects


def test_injected_effects_of_two_kernels_are_recovered_in_at_least_nine_of_ten_races() -> None:
    """Half as fast again from one factor, nothing from another, in noise of two per cent."""
    base = with_factors("k.base", lock="column", bounds="checked")
    lock = with_factors("k.lock", lock="none", bounds="checked")
    bounds = with_factors("k.bounds", lock="column", bounds="unchecked")
    times = {"wide": {"k.base": 1500, "k.lock": 1000, "k.bounds": 1500}}
    truth = {"lock": 1.5, "bounds": 1.0}
    recovered = dict.fromkeys(truth, 0)
    for seed in range(100):
        result = race_between([base, lock, bounds], times, seed=seed, spread=0.02)
        for factor, true in truth.items():
            (effect,) = named(result, factor)
            speed_up = effect.ratio.inverse
            # Which of two equals comes first is up to chance, and so is the ratio's direction.
            recovered[factor] += (speed_up.low or 0) <= true <= (speed_up.high or 0)
    assert min(recovered.values()) >= 90, recovered


def test_who_crashed_in_the_race_shows_no_effect_of_anything() -> None:
    slow = with_factors("rs.locked", **COMMON, lock="column")
    free = with_factors("rs.free", **COMMON, lock="none")
    result = race_between([slow, free], {"wide": {"rs.locked": 4000, "rs.free": 1000}})
    timings = tuple(
        replace(timing, ended=CRASHED if timing.contestant == "rs.free" else None)
        for timing in result.raw.timings
    )

    assert len(result.judged.effects) == 1
    assert rejudged(changed(result, timings=timings)).judged.effects == ()
