"""What would change the answer."""

from __future__ import annotations

from inline_snapshot import snapshot
from msgspec.structs import replace

from support.races import BUILDS, CY, CY2, NUMPY, RS, decide, decision_of, markdown_of
from support.results import (
    BUILD_FAILED,
    SKIPPED,
    UNSUPPORTED,
    changed,
    make_build,
    make_check,
    make_ratio,
    make_timing,
    rejudged,
)
from whichext.model.decision import MIN_SPEEDUP
from whichext.model.outcome import Measured
from whichext.model.ratio import Side
from whichext.model.view import View
from whichext.report.memo.answer import answer_blocks, change_blocks


def not_known() -> View:
    """A race after which one is known to be worth it, and another, which is as good, is not."""
    raced = decide({"wide": {NUMPY: 1240, CY: 1000, RS: 1010}}, spread=0)
    noisy_ns = [1010 * (1 + 0.05 * (-1) ** epoch) for epoch in range(10)]
    timings = tuple(
        make_timing(RS, noisy_ns, "wide") if timing.contestant == RS else timing
        for timing in raced.raw.timings
    )
    return rejudged(changed(raced, timings=timings))


NOT_KNOWN = not_known()


def test_the_race_of_these_tests_is_as_it_should_be() -> None:
    decision = decision_of(NOT_KNOWN)
    sides = [decision.candidate(name).side for name in decision.overall.equals]
    assert sides == [Side.ABOVE, Side.OPEN]


def text_of(result: View, min_speedup: float = MIN_SPEEDUP) -> str:
    return markdown_of(change_blocks(decision_of(result, min_speedup)))


def test_without_threads_the_best_with_one_is_the_answer() -> None:
    times = {NUMPY: 4000, "cy.find[1]": 2000, CY2: 1000}
    assert text_of(decide({"wide": times}, spread=0)) == snapshot("""\
- **No threads allowed**: use `cy.find[1]`, `cy.find[1]` is 2.00x [2.00, 2.00] as fast as `numpy` (confidence: high).
- **Another `--worth`** (here 1.2): use `cy.find[2]`; from about 4.00 on, use `numpy`.\
""")


def test_without_threads_numpy_may_be_the_answer() -> None:
    times = {NUMPY: 4000, "cy.find[1]": 4000, CY2: 1000}
    text = text_of(decide({"wide": times}, spread=0))
    assert text == snapshot("""\
- **No threads allowed**: use `numpy` (confidence: high).
- **Another `--worth`** (here 1.2): use `cy.find[2]`; from about 4.00 on, use `numpy`.\
""")


def test_threads_that_are_not_recommended_change_nothing() -> None:
    assert "No threads" not in text_of(decide({"wide": {NUMPY: 4000, CY: 1000, CY2: 1100}}))


def test_a_case_in_which_it_is_not_worth_it_is_named_be_it_that_it_decides_or_not() -> None:
    times = {"wide": {NUMPY: 4000, CY: 1000}, "tiny": {NUMPY: 1000, CY: 2000}}
    line = "- **Mostly `tiny`**: not worth it, `cy.find` is 0.50x [0.50, 0.50] as fast as `numpy`."
    assert line in text_of(decide(times, families={"tiny": "sweep"}, spread=0))
    assert line in text_of(decide({**times, "wide": {NUMPY: 9000, CY: 1000}}, spread=0))


def test_a_case_in_which_that_is_unclear_is_named_as_well() -> None:
    times = {"wide": {NUMPY: 9000, CY: 1000}, "tall": {NUMPY: 1200, CY: 1000}}
    text = text_of(decide(times, spread=0.05))
    assert text == snapshot("""\
- **Mostly `tall`**: perhaps not worth it, `cy.find` is 1.24x [1.15, 1.34] as fast as `numpy`.
- **Another `--worth`** (here 1.2): use `cy.find`; from about 3.29 on, unresolved; from about 3.61 on, use `numpy`.\
""")


def test_under_use_numpy_a_case_in_which_something_is_worth_it_names_the_best_there() -> None:
    times = {"wide": {NUMPY: 2000, CY: 1000, RS: 500}, "tall": {NUMPY: 1000, CY: 9000, RS: 9000}}
    text = text_of(decide(times, spread=0))
    assert text == snapshot("""\
- **Mostly `wide`**: worth it, `rs.find` is 4.00x [4.00, 4.00] as fast as `numpy`.
- **Another `--worth`** (here 1.2): use `numpy`, from 1 to 100.\
""")
    assert "`cy.find` is 2.00x" not in text


def test_a_case_in_which_somebody_else_is_worth_more_is_named() -> None:
    times = {"wide": {NUMPY: 9000, CY: 1000, RS: 3000}, "tall": {NUMPY: 9000, CY: 3000, RS: 2000}}
    text = text_of(decide(times, spread=0))
    assert text == snapshot("""\
- **Mostly `tall`**: `rs.find` is 1.50x [1.50, 1.50] as fast as `cy.find`.
- **Rs is there already**: `rs.find` is 3.67x [3.67, 3.67] as fast as `numpy`, and `cy.find` 1.41x [1.41, 1.41] as fast as that.
- **Another `--worth`** (here 1.2): use `cy.find`; from about 1.41 on, use `cy.find` or `rs.find`; from about 3.67 on, use `cy.find`; from about 5.20 on, use `numpy`.\
""")


def test_who_builds_with_another_toolchain_already_sees_what_that_gives() -> None:
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 2000}}, spread=0))
    assert text == snapshot("""\
- **Rs is there already**: `rs.find` is 2.00x [2.00, 2.00] as fast as `numpy`, and `cy.find` 2.00x [2.00, 2.00] as fast as that.
- **Another `--worth`** (here 1.2): use `cy.find`; from about 4.00 on, use `numpy`.\
""")


def test_a_toolchain_that_gives_nothing_is_not_offered_for_being_there() -> None:
    assert "already" not in text_of(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 5000}}))


def test_under_use_numpy_a_toolchain_that_is_there_may_still_be_used() -> None:
    text = text_of(decide({"wide": {NUMPY: 1100, CY: 1000}}, spread=0))
    assert text == snapshot("""\
- **Cy is there already**: `cy.find` is 1.10x [1.10, 1.10] as fast as `numpy`.
- **Another `--worth`** (here 1.2): use `cy.find`; from about 1.10 on, use `numpy`.\
""")


def test_one_that_loses_a_case_says_so() -> None:
    times = {"wide": {NUMPY: 4000, CY: 1000, RS: 1000}, "tall": {NUMPY: 1000, CY: 500, RS: 1100}}
    text = text_of(decide(times, spread=0))
    assert text == snapshot("""\
- **Rs is there already**: `rs.find` is 1.91x [1.91, 1.91] as fast as `numpy` (slower in `tall`), and `cy.find` 1.48x [1.48, 1.48] as fast as that.
- **Another `--worth`** (here 1.2): use `cy.find`; from about 2.83 on, use `numpy`.\
""")


def test_one_that_is_as_good_and_not_known_to_be_worth_it_comes_with_what_it_would_take() -> None:
    text = text_of(NOT_KNOWN)
    assert text == snapshot("""\
- **Mostly `wide`**: perhaps not worth it, `rs.find` is 1.23x [1.18, 1.28] as fast as `numpy`.
- **`rs.find` known better**: now it is 1.23x [1.18, 1.28] as fast as `numpy`. About 3 times as many epochs as there were would probably resolve it (a case had 10 at least).
- **Another `--worth`** (here 1.2): use `cy.find` or `rs.find`; from about 1.24 on, unresolved; from about 1.28 on, use `numpy`.\
""")


def test_who_was_skipped_might_be_faster_and_says_what_it_lacks() -> None:
    builds = [BUILDS[0], make_build("rs", SKIPPED)]
    text = text_of(decide({"wide": {NUMPY: 4000, CY: 1000}}, absent=[RS], builds=builds))
    assert text == snapshot("""\
- **What did not race** might be faster: `rs.find` (Rust's cargo is missing: install Rust from https://rustup.rs).
- **Another `--worth`** (here 1.2): use `cy.find`; from about 4.02 on, use `numpy`.\
""")


def test_who_refused_a_case_or_did_not_build_is_pointed_to() -> None:
    times = {"wide": {NUMPY: 4000, CY: 1000}, "tall": {NUMPY: 4000}}
    builds = [BUILDS[0], make_build("rs", BUILD_FAILED)]
    text = text_of(
        decide(times, absent=[RS], builds=builds, checks=[make_check(CY, UNSUPPORTED, "tall")])
    )
    assert text == snapshot("""\
- **Not all cases needed**: then `cy.find` might do, see "Safety".
- **`rs.find` fixed**: how fast that would be is not known yet.
- **Another `--worth`** (here 1.2): unresolved, from 1 to 100.\
""")


def with_share(result: View, low: float) -> View:
    """The same result, in which everybody has a share of the limit."""
    rows = []
    for row in result.judged.rows:
        assert isinstance(row.outcome, Measured)
        of_limit = make_ratio(low + 0.02, low, low + 0.04)
        rows.append(replace(row, outcome=replace(row.outcome, of_limit=of_limit)))
    return changed(result, rows=tuple(rows))


def test_at_the_limit_only_another_machine_helps() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    assert text_of(with_share(result, 0.95)) == snapshot("""\
- **Not another language**: this is at the limit of the machine (`cy.find`: `wide` 97% [95%, 99%]). Only another machine makes it faster.
- **Another `--worth`** (here 1.2): use `cy.find`; from about 4.02 on, use `numpy`.\
""")
    assert "Not another language" not in text_of(with_share(result, 0.5))


def test_what_it_must_be_worth_for_another_answer_is_told() -> None:
    text = text_of(decide({"wide": {NUMPY: 3000, CY: 1000}}, spread=0))
    assert text == snapshot(
        "- **Another `--worth`** (here 1.2): use `cy.find`; from about 3.00 on, use `numpy`."
    )
    assert text.endswith("on, use `numpy`.")


def test_an_answer_that_holds_for_any_worth_says_so() -> None:
    text = text_of(decide({"wide": {NUMPY: 1000, CY: 3000}}))
    assert text == snapshot("- **Another `--worth`** (here 1.2): use `numpy`, from 1 to 100.")


def test_one_that_is_as_good_and_not_known_to_be_worth_it_is_no_reason_for_confidence() -> None:
    assert markdown_of(answer_blocks(decision_of(NOT_KNOWN))) == snapshot("""\
**Use `cy.find` or `rs.find`: no difference worth a toolchain was found between them.** Take the one that your project builds already; if it builds none, `cy.find` costs least (`cy.find` needs `cc`; `rs.find` needs `cargo` and `cc`).

In `wide`, the only case that decides, `cy.find` is 1.24x [1.24, 1.24] as fast as `numpy` (`rs.find` 1.23x [1.18, 1.28]). Measured against each other, `cy.find` is 1.01x [0.97, 1.05] as fast as `rs.find`.

Confidence: **low**: whether `rs.find` is worth it is not known.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._\
""")
