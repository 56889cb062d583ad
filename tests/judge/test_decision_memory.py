"""What memory does to a recommendation: a doubt, a preference between equals."""

from __future__ import annotations

from support.memory import MB, race_taking, took
from support.races import CY, NUMPY, RS, decision_of
from whichext.model.decision import Answer, Confidence, Doubt, DoubtKind

CY_LEAN = "cy.lean"
COPY, NOTHING = took(100 * MB), took()


def test_a_copy_of_the_input_takes_away_high_confidence() -> None:
    view = race_taking({NUMPY: 4000, CY: 1000}, {NUMPY: NOTHING, CY: COPY})
    found = decision_of(view).overall
    assert (found.answer, found.confidence) == (Answer.USE, Confidence.MEDIUM)
    assert found.doubts == (Doubt(kind=DoubtKind.MEMORY, names=(CY,)),)


def test_a_copy_that_the_reference_makes_as_well_is_no_doubt() -> None:
    view = race_taking({NUMPY: 4000, CY: 1000}, {NUMPY: COPY, CY: COPY})
    assert decision_of(view).overall.confidence is Confidence.HIGH


def test_where_memory_was_not_measured_nothing_is_doubted_for_it() -> None:
    view = race_taking({NUMPY: 4000, CY: 1000}, {})
    assert decision_of(view).overall.doubts == ()


def test_between_equals_of_a_toolchain_the_one_without_a_copy_is_named() -> None:
    times = {NUMPY: 4000, CY: 1000, CY_LEAN: 1050}
    view = race_taking(times, {NUMPY: NOTHING, CY: COPY, CY_LEAN: NOTHING})
    found = decision_of(view).overall
    assert (found.equals, found.spared, found.best) == ((CY_LEAN,), (CY,), CY)
    assert found.confidence is Confidence.HIGH


def test_what_is_much_faster_is_named_for_all_its_memory() -> None:
    times = {NUMPY: 4000, CY: 1000, CY_LEAN: 2000}
    view = race_taking(times, {NUMPY: NOTHING, CY: COPY, CY_LEAN: NOTHING})
    found = decision_of(view).overall
    assert (found.equals, found.spared) == ((CY,), ())


def test_between_equals_of_two_toolchains_memory_counts_before_the_toolchains() -> None:
    times = {NUMPY: 4000, CY: 1000, RS: 1000}
    lean, hungry = (
        decision_of(race_taking(times, {NUMPY: NOTHING, CY: memory, RS: NOTHING})).overall.equals
        for memory in (NOTHING, COPY)
    )
    assert (lean, hungry) == ((CY, RS), (RS, CY))


def test_what_grows_with_every_call_comes_after_its_equals_and_is_barred_from_nothing() -> None:
    leak = took(leak_bytes=4_100)
    view = race_taking({NUMPY: 4000, CY: 1000, RS: 1000}, {CY: leak, RS: NOTHING})
    found = decision_of(view)
    assert (found.overall.equals, found.barred) == ((RS, CY), ())


def test_what_grows_with_every_call_is_a_doubt_where_it_is_recommended() -> None:
    view = race_taking({NUMPY: 4000, CY: 1000}, {CY: took(leak_bytes=4_100)})
    found = decision_of(view).overall
    assert (found.answer, found.doubts) == (
        Answer.USE,
        (Doubt(kind=DoubtKind.MEMORY, names=(CY,)),),
    )
