"""What would change an answer, and what stands in the tables beside it, as data."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from support.races import BUILDS, CY, CY2, NUMPY, RS, decide, decision_of
from support.results import (
    CRASHED,
    SKIPPED,
    UNSUPPORTED,
    WRONG,
    changed,
    make_build,
    make_check,
    make_ratio,
    make_size,
)
from whichext.model.check import Check
from whichext.model.circumstances import (
    AnotherMachine,
    BetterInCase,
    Checked,
    Crossing,
    FewerCases,
    Mended,
    MostlyCase,
    NotTriedYet,
    ToolchainThere,
    WithOneThread,
)
from whichext.model.decision import DoubtKind
from whichext.model.outcome import Measured, Right
from whichext.model.ratio import Ratio, Side
from whichext.model.view import View


def change(result: View, kind: type) -> object:
    """The only change of a kind."""
    (found,) = (one for one in decision_of(result).changes if isinstance(one, kind))
    return found


def test_a_clear_answer_that_holds_everywhere_is_changed_by_nothing() -> None:
    assert decision_of(decide({"wide": {NUMPY: 4000, CY: 1000}})).changes == ()


def test_without_threads_those_with_one_are_compared_with_the_reference() -> None:
    found = change(decide({"wide": {NUMPY: 4000, "cy.find[1]": 2000, CY2: 1000}}), WithOneThread)
    assert isinstance(found, WithOneThread)
    assert [(one.contestant, one.other) for one in found.gains] == [("cy.find[1]", NUMPY)]
    assert found.gains[0].ratio.value == pytest.approx(0.5, rel=0.02)


def test_a_case_in_which_the_answer_is_another_one_comes_with_its_side_and_ratios() -> None:
    times = {"wide": {NUMPY: 4000, CY: 1000}, "tiny": {NUMPY: 1000, CY: 2000}}
    found = change(decide(times, families={"tiny": "sweep"}), MostlyCase)
    assert isinstance(found, MostlyCase)
    assert (found.case, found.side) == ("tiny", Side.BELOW)
    assert [one.contestant for one in found.gains] == [CY]


def test_under_use_the_reference_the_best_of_a_case_is_above_the_threshold_in_it() -> None:
    times = {"wide": {NUMPY: 2000, CY: 1000, RS: 500}, "tall": {NUMPY: 1000, CY: 9000, RS: 9000}}
    found = change(decide(times), MostlyCase)
    assert isinstance(found, MostlyCase)
    assert (found.case, found.side) == ("wide", Side.ABOVE)
    assert [one.contestant for one in found.gains] == [RS]


def test_another_one_may_be_better_in_one_case() -> None:
    times = {"wide": {NUMPY: 9000, CY: 1000, RS: 3000}, "tall": {NUMPY: 9000, CY: 3000, RS: 2000}}
    found = change(decide(times), BetterInCase)
    assert isinstance(found, BetterInCase)
    assert (found.case, found.gain.contestant, found.gain.other) == ("tall", RS, CY)


def test_another_toolchain_that_is_there_is_compared_with_the_reference_and_the_answer() -> None:
    found = change(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 2000}}), ToolchainThere)
    assert isinstance(found, ToolchainThere)
    assert (found.toolchain, found.gain.contestant, found.losses) == ("rs", RS, ())
    assert found.recommended is not None
    assert (found.recommended.contestant, found.recommended.other) == (CY, RS)


def test_what_is_barred_would_have_to_be_tried_or_mended_or_asked_for_less() -> None:
    times = {"wide": {NUMPY: 4000, CY: 1000, RS: 900}, "tall": {NUMPY: 4000, CY: 1000}}
    result = decide(
        times,
        absent=["go.find", "d.find"],
        builds=(*BUILDS, make_build("go", SKIPPED)),
        checks=[make_check(RS, UNSUPPORTED, "tall"), make_check("d.find", WRONG)],
    )
    assert change(result, NotTriedYet) == NotTriedYet(contestants=("go.find",))
    assert change(result, FewerCases) == FewerCases(contestants=(RS,))
    assert change(result, Mended) == Mended(contestants=("d.find",))


def with_shares(result: View, **shares: Ratio) -> View:
    """The same with a share of the limit in each case, of all that raced."""
    rows = []
    for row in result.judged.rows:
        assert isinstance(row.outcome, Measured)
        rows.append(replace(row, outcome=replace(row.outcome, of_limit=shares[row.case])))
    return changed(result, rows=tuple(rows))


def test_at_the_limit_of_the_machine_the_share_of_each_case_is_kept() -> None:
    share = make_ratio(0.97, 0.95, 0.99)
    result = with_shares(decide({"wide": {NUMPY: 4000, CY: 1000}}), wide=share)
    found = change(result, AnotherMachine)
    assert isinstance(found, AnotherMachine)
    assert [(one.contestant, one.case, one.of_limit) for one in found.shares] == [
        (CY, "wide", share)
    ]


@pytest.mark.parametrize("unit_ns", [1, 1000])
def test_what_is_far_beyond_the_limit_is_not_called_at_the_limit(unit_ns: int) -> None:
    times = {NUMPY: 4000 * unit_ns, CY: 1000 * unit_ns}
    near, beyond = make_ratio(0.97, 0.95, 0.99), make_ratio(1.8, 1.7, 1.9)
    result = with_shares(decide({"wide": times, "tall": times}), wide=near, tall=beyond)
    found = decision_of(result)
    machines = [one for one in found.changes if isinstance(one, AnotherMachine)]
    at_the_limit = [share.case for one in machines for share in one.shares]
    doubted = any(one.kind is DoubtKind.BEYOND_LIMIT for one in found.overall.doubts)
    # A call of 1 us is too short to tell by its share that it has not done all of the work.
    assert (at_the_limit, doubted) == (([], True) if unit_ns > 1 else (["wide"], False))


def test_of_each_toolchain_the_best_with_one_thread_and_with_several_is_shown() -> None:
    times = {NUMPY: 4000, CY: 2000, "cy.slow": 3000, CY2: 1000, RS: 5000}
    assert decision_of(decide({"wide": times})).shown == (CY2, CY, RS)


def test_where_one_overtakes_the_reference_in_a_family_ties_are_passed_over() -> None:
    times = {
        "wide": {NUMPY: 4000, CY: 2000},
        "10": {NUMPY: 1000, CY: 2000},
        "100": {NUMPY: 1000, CY: 1000},
        "1000": {NUMPY: 4000, CY: 2000},
        "10000": {NUMPY: 4000, CY: 5000},
    }
    result = decide(times, families=dict.fromkeys(("10", "100", "1000", "10000"), "sweep"))
    assert decision_of(result).crossings == (
        Crossing(contestant=CY, before="10", after="1000", overtakes=True),
        Crossing(contestant=CY, before="1000", after="10000", overtakes=False),
    )


def test_what_a_call_costs_is_read_off_the_smallest_case_where_that_is_short() -> None:
    result = decide({"wide": {NUMPY: 9000, CY: 900}, "tiny": {NUMPY: 2000, CY: 200}})
    sizes = (make_size("wide"), make_size("tiny", bytes_moved=16))
    cost = decision_of(changed(result, sizes=sizes)).call_cost
    assert cost is not None
    assert (cost.case, cost.shows) == ("tiny", True)
    assert cost.contestants == (NUMPY, CY)
    long = decision_of(decide({"wide": {NUMPY: 9_000_000, CY: 900_000}})).call_cost
    assert long is not None
    assert not long.shows


def test_checks_are_counted_for_those_that_are_shown_and_those_at_fault() -> None:
    right = Check(contestant=CY, input="drawn", result=Right(), count=1_200)
    checks = [right, make_check(CY, UNSUPPORTED, "a list"), make_check(RS, CRASHED)]
    found = decision_of(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 500}}, checks=checks))
    none = {"right": 0, "refused": 0, "wrong": 0, "crashed": 0, "timed_out": 0}
    assert found.checked == (
        Checked(contestant=CY, **{**none, "right": 1_200, "refused": 1}),
        Checked(contestant=RS, **{**none, "crashed": 1}),
    )
    assert decision_of(decide({"wide": {NUMPY: 4000, CY: 1000}})).checked == ()


def test_pairs_of_one_factor_tell_where_it_makes_a_difference_of_the_threshold() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000, CY2: 950}})
    assert (NUMPY, CY) in decision_of(result).telling
    assert (CY, CY2) not in decision_of(result).telling
    assert (CY, CY2) in decision_of(result, 1.01).telling


def test_the_fewest_and_the_most_epochs_are_known_and_none_where_none_was_measured() -> None:
    assert decision_of(decide({"wide": {NUMPY: 2, CY: 1}}, epochs=6)).epochs == (6, 6)
    assert decision_of(decide({"wide": {}})).epochs is None
