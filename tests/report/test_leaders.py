"""What is said of those that lead."""

from __future__ import annotations

import numpy as np
from inline_snapshot import snapshot

from support.results import make_race
from whichext.model.inline import unmarked
from whichext.report.leaders import leaders_text

BASELINE = "numpy"


def test_a_leader_that_is_slower_in_its_row_has_a_reservation() -> None:
    swings = np.random.default_rng(1).normal(0, 0.01, (20, 5))
    others = {f"p{n}.total": list(2_000 * np.exp(its)) for n, its in enumerate(swings)}
    close = [1_080.0, 1_120.0, 1_040.0, 1_100.0, 1_060.0]
    case = make_race({BASELINE: [1_000] * 5, "cy.total": close, **others}).cases["small"]
    assert case.judged.leaders is not None
    assert unmarked(leaders_text(case, case.judged.leaders, BASELINE)) == snapshot(
        "numpy and cy.total lead and cannot be told apart; whether anything beats numpy is "
        "unresolved. cy.total is slower than numpy where the two alone are compared; 21 "
        "comparisons at once do not show it."
    )
