"""All that is said of calls in the field: tails, claims about them, unsafe forks, and misuse."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.cli import printed
from support.contestants import make_kernel
from support.races import CY, NUMPY, OTHER, OURS, decide, memo_of, with_held
from support.results import around, make_race, steady
from support.tails import with_tails
from whichext.load.statements import check_statements
from whichext.model.case import Case
from whichext.model.claim import Standing
from whichext.model.errors import KernelError, UsageError
from whichext.model.inline import unmarked
from whichext.model.outcome import TimedOut
from whichext.report.claims import why
from whichext.report.field import tail_blocks
from whichext.report.outcome_words import reason_text
from whichext.report.result import Result

ALONE = make_race({OTHER: steady(2_000), OURS: steady(1_000)})
TAILS_NS = {OTHER: 10_000.0, OURS: 30_000.0}
TAILS, FEW = with_tails(ALONE, TAILS_NS), with_tails(ALONE, TAILS_NS, calls=3)


def test_a_tail_has_its_percentile_its_calls_and_its_verdict() -> None:
    assert printed(*tail_blocks(TAILS, TAILS.cases["small"])) == snapshot("""\
Above, the time is that of all 4 callers over the number of their calls: the inverse of the
throughput. Below, the 99th percentile of the latencies of single calls, over all calls of the case:

┏━━━━━━━━━━━━┳━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┓
┃ contestant ┃ calls ┃ tail latency ┃     tail / baseline ┃ verdict  ┃
┡━━━━━━━━━━━━╇━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━┩
│ rust.total │   600 │      31.5 us │ 3.02   [2.96, 3.08] │ slower   │
│ cy.total   │   600 │      10.4 us │                1.00 │ baseline │
└────────────┴───────┴──────────────┴─────────────────────┴──────────┘
""")


def test_a_tail_that_has_an_interval_over_a_factor_of_100_is_of_too_few_epochs() -> None:
    case = TAILS.cases["small"]
    ours = case.measured[OURS]
    assert ours.tail is not None
    vague = replace(ours, tail=replace(ours.tail, ratio=around(0.5, 3.0)))
    rows = dataclasses.replace(case, outcomes={**case.outcomes, OURS: vague})
    assert printed(*tail_blocks(TAILS, rows)[1:]) == snapshot("""\
┏━━━━━━━━━━━━┳━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━┓
┃ contestant ┃ calls ┃ tail latency ┃ tail / baseline ┃ verdict        ┃
┡━━━━━━━━━━━━╇━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━┩
│ rust.total │   600 │      31.5 us │               - │ too few epochs │
│ cy.total   │   600 │      10.4 us │            1.00 │ baseline       │
└────────────┴───────┴──────────────┴─────────────────┴────────────────┘

Too few epochs for a tail: the ends of its interval are more than a factor of 100 apart for
rust.total (about 9 would probably do). Next: more epochs, with a smaller --precision and a longer
--max-time.
""")


def test_too_few_calls_are_said_with_how_many_are_needed() -> None:
    assert printed(*tail_blocks(FEW, FEW.cases["small"])) == snapshot("""\
Above, the time is that of all 4 callers over the number of their calls: the inverse of the
throughput. Below, the 99th percentile of the latencies of single calls, over all calls of the case:

┏━━━━━━━━━━━━┳━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ contestant ┃ calls ┃ tail latency ┃ tail / baseline ┃ verdict       ┃
┡━━━━━━━━━━━━╇━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ rust.total │    45 │            - │               - │ too few calls │
│ cy.total   │    45 │            - │               - │ too few calls │
└────────────┴───────┴──────────────┴─────────────────┴───────────────┘

Too few calls for a tail: it needs at least 100 of the contestant and of the baseline, in rounds
that both took part in. Next: more epochs, with a smaller --precision and a longer --max-time.
""")


def reasons(text: str) -> list[str]:
    """Why claims about tails came out as they did: with tails, of too few calls, and without."""
    views = (TAILS, FEW, ALONE)
    found = [with_held(view, f"{OURS} {text} {OTHER}").judged.claims[0] for view in views]
    return [unmarked(why(claim)[0]) for claim in found]


def test_a_claim_about_tails_has_its_reasons() -> None:
    assert reasons("has a shorter tail than") == snapshot(
        [
            "On small: a longer tail, 3.02x [2.96, 3.08] the tail.",
            "On small: tails are known where several threads call (callers of a case), from 100 calls on in the rounds that the two share.",
            "On small: tails are known where several threads call (callers of a case), from 100 calls on in the rounds that the two share.",
        ]
    )
    assert reasons("has 4x the tail of") == snapshot(
        [
            "On small: a longer tail, but 3.02x [2.96, 3.08] the tail and not 4x.",
            "On small: tails are known where several threads call (callers of a case), from 100 calls on in the rounds that the two share.",
            "On small: tails are known where several threads call (callers of a case), from 100 calls on in the rounds that the two share.",
        ]
    )


def test_a_claim_about_tails_has_no_interval_over_a_factor_of_100() -> None:
    claim = with_held(TAILS, f"{OURS} has 4x the tail of {OTHER}").judged.claims[0]
    known = replace(claim.cases[0], standing=Standing.UNRESOLVED, epochs_needed=30)
    cases = (
        replace(known, measured=around(0.5, 3.0)),
        replace(known, measured=around(0.5, 3.0, epochs=2)),
    )
    assert [unmarked(one) for one in why(replace(claim, cases=cases))[:2]] == snapshot(
        [
            "On small: too few epochs for the tail, which neither shows nor excludes 4x; about 30 epochs would probably resolve it (max_time_s, precision).",
            "On small: too few epochs for the tail, which neither shows nor excludes 4x; more epochs may resolve it (max_time_s, precision); so few or noisy ones do not tell how many.",
        ]
    )


def test_the_memo_names_a_longer_tail_as_a_cost_and_as_a_doubt() -> None:
    view = with_tails(decide({"wide": {NUMPY: 4000, CY: 1000}}), {NUMPY: 10_000, CY: 30_000})
    memo = memo_of(view)
    assert memo[memo.index("## Recommendation") : memo.index("_High:")] == snapshot("""\
## Recommendation

**Use `cy.find`.**

In `wide`, the only case that decides, `cy.find` is 4.01x [4.00, 4.02] as fast as `numpy`. Nothing with another toolchain could be compared. But in `wide`, some calls of `cy.find` take longer: its tail latency is 3.02x [3.02, 3.02] that of `numpy`.

Confidence: **medium**: `cy.find` has a longer tail latency than the reference.

""")
    assert memo[memo.index("`wide` is called") : memo.index("## The cost of a call")] == snapshot("""\
`wide` is called from 4 Python threads at once: above, the inverse of the throughput; below, the 99th percentile of the latencies of single calls, over all calls of the case.

| contestant | calls | tail latency | tail / baseline | verdict |
| --- | ---: | ---: | ---: | --- |
| `cy.find` | 1,600 | 31.1 us | 3.02   [3.02, 3.02] | slower |
| `numpy` | 1,600 | 10.3 us | 1.00 | baseline |

""")


def test_a_hang_in_a_forked_child_needs_another_pool_and_not_more_time() -> None:
    where = "forked, in a forked child (an unsafe fork)"
    text = reason_text(TimedOut(where, 2_000_000_000, in_child=True))
    assert unmarked(text).splitlines() == snapshot(
        [
            "gave no answer on forked, in a forked child (an unsafe fork) within 2.00 s and was killed",
            "  Next: a pool or lock of the parent is not there in the child: start the pool after the fork, or anew with os.register_at_fork",
        ]
    )


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (
            ALONE,
            snapshot("""\
case="small": expected at least 100 calls from several threads at once of each of the two, in rounds that both took part in, got one caller
Next: give its Case callers=4, and race again\
"""),
        ),
        (
            FEW,
            snapshot("""\
case="small": expected at least 100 calls from several threads at once of each of the two, in rounds that both took part in, got fewer
Next: race for longer\
"""),
        ),
    ],
)
def test_without_a_tail_the_result_says_why(view: Any, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        Result(view.raw, view.judged).tail(OURS)
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (
            {"callers": True},
            snapshot("""\
field: case odd: callers: expected a whole number of threads that call at once, 1 to 256, got True
Next: give Case(callers=4, ...), or leave it out for one caller\
"""),
        ),
        (
            {"callers": "2"},
            snapshot("""\
field: case odd: callers: expected a whole number of threads that call at once, 1 to 256, got '2'
Next: give Case(callers=4, ...), or leave it out for one caller\
"""),
        ),
        (
            {"forked": "yes"},
            snapshot("""\
field: case odd: forked: expected True or False, got 'yes'
Next: give Case(forked=True, ...) for calls in a forked child, or leave it out\
"""),
        ),
    ],
)
def test_calls_that_no_case_can_have_are_refused_with_what_it_takes(
    how: dict[str, Any], expected: str
) -> None:
    with pytest.raises(KernelError) as caught:
        check_statements("field", make_kernel(Case(name="odd", shape=(4,), dtype="float64", **how)))
    assert str(caught.value) == expected
