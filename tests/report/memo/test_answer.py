"""The recommendation as a person reads it."""

from __future__ import annotations

from msgspec.structs import replace

from support.builds import evidence, settings
from support.races import CY, CY2, NUMPY, RS, decide, decision_of, markdown_of
from support.results import SKIPPED, UNSUPPORTED, WRONG, changed, make_build, make_check
from whichext.model.decision import MIN_SPEEDUP
from whichext.model.finding import NotOptimised
from whichext.model.outcome import Tool
from whichext.model.view import View
from whichext.report.document import Paragraph
from whichext.report.memo.answer import answer_blocks, needs_text

RATIO = r"\d+\.?\d*x \[\d+\.?\d*, \d+\.?\d*\]"


def text_of(result: View, min_speedup: float = MIN_SPEEDUP) -> str:
    return markdown_of(answer_blocks(decision_of(result, min_speedup)))


def test_one_that_is_worth_it_is_named_with_what_it_brings_and_over_whom() -> None:
    wide, tall = {NUMPY: 4000, CY: 3900, RS: 1000}, {NUMPY: 4000, CY: 4000, RS: 2000}
    text = text_of(decide({"wide": wide, "tall": tall}, spread=0))
    assert text.startswith(
        "**Use `rs.find`.**\n\n"
        "In the geometric mean of 2 cases `rs.find` is 2.83x [2.83, 2.83] as fast as `numpy`. "
        "Least in `tall`: 2.00x [2.00, 2.00]; most in `wide`: 4.00x [4.00, 4.00]. "
        "It is 2.79x [2.79, 2.79] as fast as `cy.find`, the best with another toolchain.\n\n"
        "Confidence: **high**.\n\n"
    )


def test_of_one_case_there_is_no_mean() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000}}, spread=0))
    assert "In `wide`, the only case that decides, `cy.find` is 4.00x [4.00, 4.00]" in text
    assert "Least in" not in text
    assert "Nothing with another toolchain could be compared." in text


def test_of_several_the_cheapest_is_named_with_what_each_needs() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 1000}}, spread=0))
    assert (
        "**Use `cy.find` or `rs.find`: no difference worth a toolchain was found between them.** "
        "Take the one that your project builds already; if it builds none, `cy.find` costs least "
        "(`cy.find` needs `cc`; `rs.find` needs `cargo` and `cc`)."
    ) in text
    assert (
        "Measured against each other, `cy.find` is 1.00x [1.00, 1.00] as fast as `rs.find`." in text
    )


def test_what_a_package_costs_is_said_as_well() -> None:
    times = {NUMPY: 4000, "libs.fast": 1000}
    result = decide({"wide": times}, builds=[], requires={"libs.fast": ["numba"]})
    (one,) = decision_of(result).candidates
    assert needs_text(one.cost) == "needs no compiler"
    cost = replace(one.cost, requires=(Tool("numba", "0.61"),))
    assert markdown_of([Paragraph(needs_text(cost))]) == "needs the package `numba`"


def test_a_case_in_which_it_is_slower_stands_beside_the_answer() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 500}, "tall": {NUMPY: 4000, CY: 5000}}, spread=0)
    text = text_of(result)
    assert "But in `tall`, `cy.find` is slower than `numpy`: 0.80x [0.80, 0.80]." in text
    assert "Confidence: **low**: `tall` speaks against it." in text


def test_use_numpy_comes_with_the_best_of_the_others() -> None:
    text = text_of(decide({"wide": {NUMPY: 1000, CY: 950, RS: 3000}}, spread=0))
    assert text.startswith(
        "**Use `numpy`.**\n\n"
        "In `wide`, the only case that decides, nothing is 1.2 times as fast. "
        "The best, `cy.find`, is 1.05x [1.05, 1.05] as fast as `numpy`.\n\n"
        "Confidence: **high**.\n\n"
    )


def test_use_numpy_says_where_something_would_be_worth_it() -> None:
    result = decide({"wide": {NUMPY: 2000, CY: 1000}, "tall": {NUMPY: 1000, CY: 4000}})
    assert "But something is in `wide`; see below." in text_of(result)


def test_use_numpy_since_nobody_else_is_right() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 10}}, checks=[make_check(CY, WRONG)])
    assert "Nothing else that was asked for gives the right answer in all cases." in text_of(result)


def test_unresolved_says_what_it_would_take() -> None:
    text = text_of(decide({"wide": {NUMPY: 1250, CY: 1000}}, spread=0.05, seed=1))
    assert text.startswith("**Unresolved: whether anything is worth it cannot be told from this")
    assert (
        "times as many epochs as there were would probably resolve it (a case had 10 at least)."
        in text
    )


def test_unresolved_by_noise_says_that_no_epochs_would_tell() -> None:
    times = {NUMPY: 1300, "numpy (A/A twin)": 1550, CY: 1000}
    assert (
        "That is as close to 1.2 as two copies of the same code are to each other here: "
        "more epochs will not resolve it."
    ) in text_of(decide({"wide": times}))


def test_unresolved_by_a_single_epoch_says_so() -> None:
    text = text_of(decide({"wide": {NUMPY: 9000, CY: 1000}}, spread=0, epochs=1))
    assert "9.00x [?, ?]" in text
    assert "One epoch gives no interval: race longer, with `--max-time`." in text


def test_unresolved_since_the_reference_was_lost() -> None:
    text = text_of(decide({"wide": {CY: 1000, RS: 500}}))
    assert "cannot be told from this result.**" in text
    assert "`numpy` itself was not measured in any case that decides." in text


def test_unresolved_since_nobody_was_there() -> None:
    result = decide({"wide": {NUMPY: 1}}, absent=[CY], builds=[make_build("cy", SKIPPED)])
    assert "There was nothing to compare" in text_of(result)


def test_unresolved_since_everybody_refused_something() -> None:
    times = {"wide": {NUMPY: 4000, CY: 1000}, "tall": {NUMPY: 4000}}
    result = decide(times, checks=[make_check(CY, UNSUPPORTED, "tall")])
    assert "There was nothing to compare" in text_of(result)


def test_unresolved_since_a_case_is_missing() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 4000}, "tall": {}}))
    assert "But `tall` decides as well and was not measured." in text


def test_one_thread_has_an_answer_of_its_own_where_somebody_has_more() -> None:
    times = {NUMPY: 4000, "cy.find[1]": 2000, CY2: 1000}
    text = text_of(decide({"wide": times}, spread=0))
    assert text.startswith("**Use `cy.find[2]`.**")
    assert (
        "Where a call may use one thread only: **Use `cy.find[1]`.** In `wide`, the only case that "
        "decides, `cy.find[1]` is 2.00x [2.00, 2.00] as fast as `numpy`."
    ) in text
    assert "one thread" not in text_of(decide({"wide": {NUMPY: 4000, CY: 1000}}))


def test_entries_that_did_not_race_alone_are_named_with_the_option() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, RS: 5000, CY2: 1000}}))
    assert (
        "But `cy.find` can use any number of threads and did not race with one: race again with "
        "`--threads 1` beside the other counts. Confidence: **low**."
    ) in text
    only = text_of(decide({"wide": {NUMPY: 4000, CY2: 1000}}))
    assert "`cy.find` can use any number of threads and did not race with one" in only


def test_each_reason_against_high_confidence_is_given() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}, "tall": {NUMPY: 4000, CY: 3800}})
    assert "Confidence: **medium**: it does not hold in every single case." in text_of(result)
    courses = tuple(replace(course, rounds_spoiled=30) for course in result.judged.cases)
    disturbed = text_of(changed(result, courses=courses, stopped="it was interrupted"))
    assert (
        "**medium**: the race of `wide` and `tall` was disturbed; the run ended before it was "
        "done; it does not hold in every single case."
    ) in disturbed
    found = NotOptimised(contestants=(CY,), told="", sources=(), declared=False)
    one = changed(decide({"wide": {NUMPY: 4000, CY: 1000}}), findings=(found,))
    assert '**medium**: some are built differently, see "Safety".' in text_of(one)
    alike = decide({"wide": {NUMPY: 9000, CY: 1000, RS: 1000}}, spread=0.25, epochs=6)
    assert "Confidence: **low**: these cannot be told apart well enough." in text_of(alike)
    partial = text_of(decide({"wide": {NUMPY: 4000, CY: 1000}, "tall": {}}))
    assert "Confidence: **low**: `tall` was not measured." in partial
    alone = text_of(decide({"wide": {NUMPY: 4000, RS: 2000, CY2: 1000}}))
    assert "Confidence: **medium**: `cy.find` did not race with one thread." in alone


def test_one_that_is_as_good_and_not_known_to_be_worth_it_is_no_reason_for_confidence() -> None:
    times = {"wide": {NUMPY: 1240, CY: 1000, RS: 1010}}
    texts = [text_of(decide(times, spread=0.02, seed=seed)) for seed in range(30)]
    reason = "Confidence: **low**: whether `rs.find` is worth it is not known."
    assert any(reason in text for text in texts)


def test_what_confidence_means_is_printed() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000}}))
    assert [word in text for word in ("_High:", "Medium:", "Low:")] == [True] * 3


def test_a_wheel_that_is_built_for_some_processors_only_is_told() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    text = text_of(changed(result, evidence=(evidence("cy", settings(isa=("native",))),)))
    assert "`cy.find` is built for native, so that its wheel may crash on other proc" in text
