"""A race that was repeated, beside the one of its bundle: its report and its exit status."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.contestants import make_contestant
from support.results import changed, make_race, steady
from whichext.judge.again import judged_again
from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.hold import with_claims
from whichext.judge.claims.trials import Trial
from whichext.judge.diff import find_diff
from whichext.model.view import View
from whichext.report.reproduced import Reproduced

CLAIM = "cy.total is faster than numpy"


def race(numpy_ns: float, cython_ns: float) -> View:
    return judged_again(make_race({"numpy": steady(numpy_ns, 8), "cy.total": steady(cython_ns, 8)}))


def claimed(view: View) -> View:
    numpy, cython = make_contestant("numpy"), make_contestant("cy.total")
    trial = Trial(claim=parse_claim(CLAIM), one=cython, other=numpy, cases=("small",))
    return with_claims(view, [trial])


def reproduced(then: View, now: View) -> Reproduced:
    diff = find_diff({"bundle": then, "here": now})
    return Reproduced(now.raw, now.judged, then=then, line="sha256:0", diff=diff)


@pytest.mark.parametrize(
    ("cython_ns", "code"), [(500, 0), (2_000, 1)], ids=["the same verdict", "another verdict"]
)
def test_without_claims_the_status_is_that_of_the_verdicts(cython_ns: float, code: int) -> None:
    found = reproduced(race(1_000, 500), race(1_000, cython_ns))
    assert (found.exit_code, found.ok) == (code, code == 0)


@pytest.mark.parametrize(
    ("now", "code"), [((2_000, 1_000), 0), ((1_000, 2_000), 1)], ids=["it holds", "refuted"]
)
def test_the_status_is_that_of_the_claims_here(now: tuple[float, float], code: int) -> None:
    found = reproduced(claimed(race(1_000, 999)), claimed(race(*now)))
    assert found.exit_code == code


def test_where_nothing_is_in_common_the_status_is_1_and_the_report_says_so() -> None:
    then, now = race(1_000, 500), race(1_000, 500)
    found = Reproduced(now.raw, now.judged, then=then, line="sha256:0", diff=None)
    assert found.exit_code == 1
    assert str(found).strip().splitlines() == snapshot(
        [
            "total: How fast is a sum?",
            "A bundle, reproduced: sha256:0",
            "",
            "No ratio was measured here that the bundle has too, so there is nothing to compare.",
        ]
    )


def test_where_only_the_baseline_raced_here_no_table_is_empty() -> None:
    alone = make_race({"numpy": steady(1_000, 8)})
    text = str(reproduced(race(1_000, 500), alone))
    assert "nothing to compare" in text
    assert "┃" not in text


def test_the_report_has_both_results_of_each_claim_and_then_the_ratios() -> None:
    found = reproduced(claimed(race(1_000, 500)), claimed(race(1_000, 2_000)))
    head, _, compared = str(found).partition("A: bundle")
    assert head == snapshot("""\
total: How fast is a sum?
A bundle, reproduced: sha256:0

┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ claim                         ┃ bundle                    ┃ here                      ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
│ cy.total is faster than numpy │ holds                     │ refuted                   │
│                               │ small: 2.00x [2.00, 2.00] │ small: 0.50x [0.50, 0.50] │
└───────────────────────────────┴───────────────────────────┴───────────────────────────┘

Of 1 claims here, holds: 0, refuted: 1, unresolved: 0; as in the bundle: 0.

""")
    assert compared.count("faster -> slower") == 1
    assert found._repr_html_().count("<table") == 3


def test_another_machine_is_named() -> None:
    then, now = race(1_000, 500), race(1_000, 500)
    elsewhere = changed(now, machine=replace(now.raw.machine, cpu="Elsewhere 1", cores=64))
    found = reproduced(then, elsewhere)
    assert found.diff is not None
    assert found.diff.one_machine is False
    assert "Elsewhere 1" in str(found)
