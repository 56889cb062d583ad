"""The recommendation as a person reads it."""

from __future__ import annotations

from inline_snapshot import snapshot
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


def text_of(result: View, min_speedup: float = MIN_SPEEDUP) -> str:
    return markdown_of(answer_blocks(decision_of(result, min_speedup)))


def test_one_that_is_worth_it_is_named_with_what_it_brings_and_over_whom() -> None:
    wide, tall = {NUMPY: 4000, CY: 3900, RS: 1000}, {NUMPY: 4000, CY: 4000, RS: 2000}
    text = text_of(decide({"wide": wide, "tall": tall}, spread=0))
    assert text == snapshot("""\
**Use `rs.find`.**

In the geometric mean of 2 cases `rs.find` is 2.83x [2.83, 2.83] as fast as `numpy`. Least in `tall`: 2.00x [2.00, 2.00]; most in `wide`: 4.00x [4.00, 4.00]. It is 2.79x [2.79, 2.79] as fast as `cy.find`, the best with another toolchain.

Confidence: **high**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_of_one_case_there_is_no_mean() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000}}, spread=0))
    assert text == snapshot("""\
**Use `cy.find`.**

In `wide`, the only case that decides, `cy.find` is 4.00x [4.00, 4.00] as fast as `numpy`. Nothing with another toolchain could be compared.

Confidence: **high**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")
    assert "Least in" not in text


def test_of_several_the_cheapest_is_named_with_what_each_needs() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 1000}}, spread=0))
    assert text == snapshot("""\
**Use `cy.find` or `rs.find`: no difference worth a toolchain was found between them.** Take the one that your project builds already; if it builds none, `cy.find` costs least (`cy.find` needs `cc`; `rs.find` needs `cargo` and `cc`).

In `wide`, the only case that decides, `cy.find` is 4.00x [4.00, 4.00] as fast as `numpy` (`rs.find` 4.00x [4.00, 4.00]). Measured against each other, `cy.find` is 1.00x [1.00, 1.00] as fast as `rs.find`.

Confidence: **high**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_what_a_package_costs_is_said_as_well() -> None:
    times = {NUMPY: 4000, "libs.fast": 1000}
    result = decide({"wide": times}, builds=[], requires={"libs.fast": ["numba"]})
    (one,) = decision_of(result).candidates
    assert needs_text(one.cost) == "needs no compiler"
    cost = replace(one.cost, requires=(Tool("numba", "0.61"),))
    assert markdown_of([Paragraph(needs_text(cost))]) == snapshot("needs the package `numba`")


def test_a_case_in_which_it_is_slower_stands_beside_the_answer() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 500}, "tall": {NUMPY: 4000, CY: 5000}}, spread=0)
    text = text_of(result)
    assert text == snapshot("""\
**Use `cy.find`.**

In the geometric mean of 2 cases `cy.find` is 2.53x [2.53, 2.53] as fast as `numpy`. Least in `tall`: 0.80x [0.80, 0.80]; most in `wide`: 8.00x [8.00, 8.00]. Nothing with another toolchain could be compared. But in `tall`, `cy.find` is slower than `numpy`: 0.80x [0.80, 0.80].

Confidence: **low**: `tall` speaks against it.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_use_numpy_comes_with_the_best_of_the_others() -> None:
    text = text_of(decide({"wide": {NUMPY: 1000, CY: 950, RS: 3000}}, spread=0))
    assert text == snapshot("""\
**Use `numpy`.**

In `wide`, the only case that decides, nothing is 1.2 times as fast. The best, `cy.find`, is 1.05x [1.05, 1.05] as fast as `numpy`.

Confidence: **high**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_use_numpy_says_where_something_would_be_worth_it() -> None:
    result = decide({"wide": {NUMPY: 2000, CY: 1000}, "tall": {NUMPY: 1000, CY: 4000}})
    assert text_of(result) == snapshot("""\
**Use `numpy`.**

In the geometric mean of 2 cases nothing is 1.2 times as fast. The best, `cy.find`, is 0.71x [0.71, 0.71] as fast as `numpy`. But something is in `wide`; see below.

Confidence: **low**: `wide` speaks against it.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_use_numpy_since_nobody_else_is_right() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 10}}, checks=[make_check(CY, WRONG)])
    assert text_of(result) == snapshot("""\
**Use `numpy`.**

Nothing else that was asked for gives the right answer in all cases.

Confidence: **high**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_unresolved_says_what_it_would_take() -> None:
    text = text_of(decide({"wide": {NUMPY: 1250, CY: 1000}}, spread=0.05, seed=1))
    assert text == snapshot("""\
**Unresolved: whether anything is worth it cannot be told from this race.**

In `wide`, the only case that decides, the best that raced, `cy.find`, is 1.25x [1.18, 1.33] as fast as `numpy`. About 2 times as many epochs as there were would probably resolve it (a case had 10 at least).

Confidence: **low**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_unresolved_by_noise_says_that_no_epochs_would_tell() -> None:
    times = {NUMPY: 1300, "numpy (A/A twin)": 1550, CY: 1000}
    assert text_of(decide({"wide": times})) == snapshot("""\
**Unresolved: whether anything is worth it cannot be told from this race.**

In `wide`, the only case that decides, the best that raced, `cy.find`, is 1.30x [1.30, 1.31] as fast as `numpy`. That is as close to 1.2 as two copies of the same code are to each other here: more epochs will not resolve it.

Confidence: **low**: the race of `wide` was disturbed.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_unresolved_by_a_single_epoch_says_so() -> None:
    text = text_of(decide({"wide": {NUMPY: 9000, CY: 1000}}, spread=0, epochs=1))
    assert "9.00x [?, ?]" in text
    assert text == snapshot("""\
**Unresolved: whether anything is worth it cannot be told from this race.**

In `wide`, the only case that decides, the best that raced, `cy.find`, is 9.00x [?, ?] as fast as `numpy`. One epoch gives no interval: race longer, with `--max-time`.

Confidence: **low**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_unresolved_since_the_reference_was_lost() -> None:
    text = text_of(decide({"wide": {CY: 1000, RS: 500}}))
    assert text == snapshot("""\
**Unresolved: whether anything is worth it cannot be told from this result.**

`numpy` itself was not measured in any case that decides.

Confidence: **low**: `wide` was not measured.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_unresolved_since_nobody_was_there() -> None:
    result = decide({"wide": {NUMPY: 1}}, absent=[CY], builds=[make_build("cy", SKIPPED)])
    assert text_of(result) == snapshot("""\
**Unresolved: whether anything is worth it cannot be told from this race.**

There was nothing to compare: see "Safety" for the reasons.

Confidence: **low**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_unresolved_since_everybody_refused_something() -> None:
    times = {"wide": {NUMPY: 4000, CY: 1000}, "tall": {NUMPY: 4000}}
    result = decide(times, checks=[make_check(CY, UNSUPPORTED, "tall")])
    assert text_of(result) == snapshot("""\
**Unresolved: whether anything is worth it cannot be told from this race.**

There was nothing to compare: see "Safety" for the reasons.

Confidence: **low**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_unresolved_since_a_case_is_missing() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 4000}, "tall": {}}))
    assert text == snapshot("""\
**Unresolved: whether anything is worth it cannot be told from this race.**

In `wide`, the only case that decides, the best that raced, `cy.find`, is 1.00x [1.00, 1.00] as fast as `numpy`. But `tall` decides as well and was not measured.

Confidence: **low**: `tall` was not measured.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_one_thread_has_an_answer_of_its_own_where_somebody_has_more() -> None:
    times = {NUMPY: 4000, "cy.find[1]": 2000, CY2: 1000}
    text = text_of(decide({"wide": times}, spread=0))
    assert text.startswith("**Use `cy.find[2]`.**")
    assert text == snapshot("""\
**Use `cy.find[2]`.**

In `wide`, the only case that decides, `cy.find[2]` is 4.00x [4.00, 4.00] as fast as `numpy`. Nothing with another toolchain could be compared.

Confidence: **high**.

Where a call may use one thread only: **Use `cy.find[1]`.** In `wide`, the only case that decides, `cy.find[1]` is 2.00x [2.00, 2.00] as fast as `numpy`. Nothing with another toolchain could be compared. Confidence: **high**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")
    assert "one thread" not in text_of(decide({"wide": {NUMPY: 4000, CY: 1000}}))


def test_entries_that_did_not_race_alone_are_named_with_the_option() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, RS: 5000, CY2: 1000}}))
    assert text == snapshot("""\
**Use `cy.find[2]`.**

In `wide`, the only case that decides, `cy.find[2]` is 4.01x [4.00, 4.02] as fast as `numpy`. It is 5.00x [4.99, 5.01] as fast as `rs.find`, the best with another toolchain.

Confidence: **high**.

Where a call may use one thread only: **Unresolved: whether anything is worth it cannot be told from this race.** In `wide`, the only case that decides, the best that raced, `rs.find`, is 0.80x [0.80, 0.80] as fast as `numpy`. But `cy.find` can use any number of threads and did not race with one: race again with `--threads 1` beside the other counts. Confidence: **low**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")
    only = text_of(decide({"wide": {NUMPY: 4000, CY2: 1000}}))
    assert only == snapshot("""\
**Use `cy.find[2]`.**

In `wide`, the only case that decides, `cy.find[2]` is 4.01x [4.00, 4.02] as fast as `numpy`. Nothing with another toolchain could be compared.

Confidence: **high**.

Where a call may use one thread only: **Unresolved: whether anything is worth it cannot be told from this race.** `cy.find` can use any number of threads and did not race with one: race again with `--threads 1` beside the other counts. Confidence: **low**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_each_reason_against_high_confidence_is_given() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}, "tall": {NUMPY: 4000, CY: 3800}})
    assert text_of(result) == snapshot("""\
**Use `cy.find`.**

In the geometric mean of 2 cases `cy.find` is 2.06x [2.05, 2.06] as fast as `numpy`. Least in `tall`: 1.05x [1.05, 1.06]; most in `wide`: 4.01x [4.00, 4.02]. Nothing with another toolchain could be compared.

Confidence: **medium**: it does not hold in every single case.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")
    courses = tuple(replace(course, rounds_spoiled=30) for course in result.judged.cases)
    disturbed = text_of(changed(result, courses=courses, stopped="it was interrupted"))
    assert disturbed == snapshot("""\
**Use `cy.find`.**

In the geometric mean of 2 cases `cy.find` is 2.06x [2.05, 2.06] as fast as `numpy`. Least in `tall`: 1.05x [1.05, 1.06]; most in `wide`: 4.01x [4.00, 4.02]. Nothing with another toolchain could be compared.

Confidence: **medium**: the race of `wide` and `tall` was disturbed; the run ended before it was done; it does not hold in every single case.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")
    found = NotOptimised(contestants=(CY,), told="", sources=(), declared=False)
    one = changed(decide({"wide": {NUMPY: 4000, CY: 1000}}), findings=(found,))
    assert text_of(one) == snapshot("""\
**Use `cy.find`.**

In `wide`, the only case that decides, `cy.find` is 4.01x [4.00, 4.02] as fast as `numpy`. Nothing with another toolchain could be compared.

Confidence: **medium**: some are built differently, see "Safety".

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")
    alike = decide({"wide": {NUMPY: 9000, CY: 1000, RS: 1000}}, spread=0.25, epochs=6)
    assert text_of(alike) == snapshot("""\
**Use `cy.find` or `rs.find`: no difference worth a toolchain was found between them.** Take the one that your project builds already; if it builds none, `cy.find` costs least (`cy.find` needs `cc`; `rs.find` needs `cargo` and `cc`).

In `wide`, the only case that decides, `cy.find` is 10.2x [6.57, 15.8] as fast as `numpy` (`rs.find` 9.36x [6.21, 14.1]). Measured against each other, `cy.find` is 1.10x [0.77, 1.56] as fast as `rs.find`.

Confidence: **low**: these cannot be told apart well enough.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_what_did_not_race_is_a_reason_against_confidence() -> None:
    partial = text_of(decide({"wide": {NUMPY: 4000, CY: 1000}, "tall": {}}))
    assert partial == snapshot("""\
**Use `cy.find`.**

In `wide`, the only case that decides, `cy.find` is 4.01x [4.00, 4.02] as fast as `numpy`. Nothing with another toolchain could be compared.

Confidence: **low**: `tall` was not measured.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")
    alone = text_of(decide({"wide": {NUMPY: 4000, RS: 2000, CY2: 1000}}))
    assert alone == snapshot("""\
**Use `cy.find[2]`.**

In `wide`, the only case that decides, `cy.find[2]` is 4.01x [4.00, 4.02] as fast as `numpy`. It is 2.00x [2.00, 2.00] as fast as `rs.find`, the best with another toolchain.

Confidence: **high**.

Where a call may use one thread only: **Use `rs.find`.** In `wide`, the only case that decides, `rs.find` is 2.00x [2.00, 2.01] as fast as `numpy`. Nothing with another toolchain could be compared. Confidence: **medium**: `cy.find` did not race with one thread.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")


def test_a_wheel_that_is_built_for_some_processors_only_is_told() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    text = text_of(changed(result, evidence=(evidence("cy", settings(isa=("native",))),)))
    assert text == snapshot("""\
**Use `cy.find`.**

In `wide`, the only case that decides, `cy.find` is 4.01x [4.00, 4.02] as fast as `numpy`. Nothing with another toolchain could be compared.

Confidence: **low**: `cy.find` is built for native, so that its wheel may crash on other processors.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")
