"""How sure an answer is, and what keeps it from being surer."""

from __future__ import annotations

from msgspec.structs import replace

from support.builds import evidence, settings
from support.races import CY, NUMPY, RS, decide, decision_of
from support.results import changed
from whichext.model.decision import Answer, Choice, Confidence, Doubt, DoubtKind
from whichext.model.finding import NotOptimised, PythonInLoop
from whichext.model.view import View

HIGH, MEDIUM, LOW = Confidence


def overall(result: View) -> Choice:
    return decision_of(result).overall


def summary(choice: Choice) -> tuple[Answer, str | None, Confidence]:
    return choice.answer, choice.contestant, choice.confidence


# What was disturbed, stopped or left out.


def test_a_disturbed_case_takes_away_high_confidence() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    spoiled = changed(result, courses=(replace(result.judged.cases[0], rounds_spoiled=30),))
    assert overall(spoiled).confidence is MEDIUM


def test_a_run_that_was_stopped_after_all_cases_takes_away_high_confidence() -> None:
    result = changed(decide({"wide": {NUMPY: 4000, CY: 1000}}), stopped="it was interrupted")
    assert summary(overall(result)) == (Answer.USE, CY, MEDIUM)


def test_builds_that_are_unlike_each_other_take_away_high_confidence() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    found = NotOptimised(contestants=(CY,), told="", sources=(), declared=False)
    assert overall(changed(result, findings=(found,))).confidence is MEDIUM
    known = replace(found, declared=True)  # its profile says so
    assert overall(changed(result, findings=(known,))).confidence is HIGH


def test_a_case_that_was_never_raced_leaves_low_confidence_in_what_is_worth_it() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}, "tall": {}})
    assert summary(overall(result)) == (Answer.USE, CY, LOW)


def test_a_case_that_was_never_raced_leaves_open_whether_nothing_is_worth_it() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 4000}, "tall": {}})
    assert overall(result).answer is Answer.UNRESOLVED


def test_a_wheel_that_may_crash_on_other_processors_is_named_and_never_of_high_confidence() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    built_here = evidence("cy", settings(isa=("native",)))
    found = decision_of(changed(result, evidence=(built_here,)))
    assert summary(found.overall) == (Answer.USE, CY, LOW)
    assert found.overall.doubts == (Doubt(kind=DoubtKind.BUILT_FOR, names=(CY,)),)
    assert found.candidate(CY).built_for == ("native",)


def test_without_all_entries_of_the_kernel_no_answer_is_sure() -> None:
    result = decide({"wide": {NUMPY: 4000, RS: 1000}})
    everything = decision_of(changed(result, entries=("rs.find",)))
    without = decision_of(changed(result, entries=("rs.find", "cy.absent")))
    assert (everything.overall.confidence, everything.unasked) == (HIGH, ())
    assert (without.overall.confidence, without.unasked) == (MEDIUM, ("cy.absent",))


def test_of_a_result_that_names_no_entries_it_is_not_known_what_was_left_out() -> None:
    found = decision_of(decide({"wide": {NUMPY: 4000, RS: 1000}}))
    assert (found.overall.confidence, found.unasked) == (HIGH, None)


# Why confidence is not high.


def doubts(result: View) -> dict[DoubtKind, tuple[str, ...]]:
    return {doubt.kind: doubt.names for doubt in overall(result).doubts}


def test_high_confidence_is_the_want_of_any_doubt() -> None:
    assert doubts(decide({"wide": {NUMPY: 4000, CY: 1000}})) == {}


def test_what_keeps_confidence_from_high_is_named_with_those_that_it_is_about() -> None:
    mean = decide({"wide": {NUMPY: 4000, CY: 1000}, "tall": {NUMPY: 4000, CY: 3800}})
    assert doubts(mean) == {DoubtKind.IN_THE_MEAN: ()}
    stopped = changed(mean, stopped="it was interrupted", entries=("cy.find", "zig.find"))
    assert doubts(stopped) == {
        DoubtKind.NOT_ASKED: ("zig.find",),
        DoubtKind.STOPPED: (),
        DoubtKind.IN_THE_MEAN: (),
    }
    lost = decide({"wide": {NUMPY: 4000, CY: 500}, "tall": {NUMPY: 4000, CY: 5000}, "long": {}})
    assert doubts(lost) == {DoubtKind.AGAINST: ("tall",), DoubtKind.MISSING: ("long",)}
    alike = decide({"wide": {NUMPY: 9000, CY: 1000, RS: 1000}}, spread=0.25, epochs=6)
    assert doubts(alike) == {DoubtKind.NOT_TOLD_APART: (CY, RS)}


def test_who_found_its_answers_again_is_recommended_with_low_confidence() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    timings = tuple(replace(one, remembers=one.contestant == CY) for one in result.raw.timings)
    again = changed(result, timings=timings)
    assert doubts(again) == {DoubtKind.REMEMBERED: (CY,)}
    assert overall(again).confidence is LOW


def test_an_answer_that_is_unresolved_doubts_what_could_have_resolved_it() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 4000}, "tall": {}})
    assert doubts(result) == {DoubtKind.MISSING: ("tall",)}


def test_python_in_the_loop_of_a_candidate_or_its_helper_takes_away_high_confidence() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    loop = PythonInLoop(
        build="cy", function="helper", contestants=(CY,), lines=("a.pyx:3",), calls=("f",)
    )
    assert overall(changed(result, findings=(loop,))).confidence is MEDIUM
    nobodys = replace(loop, contestants=())
    assert overall(changed(result, findings=(nobodys,))).confidence is HIGH
