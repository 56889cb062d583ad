"""Who leads, the fastest of each toolchain, and shares beyond the limit, in whole sentences."""

from __future__ import annotations

from inline_snapshot import snapshot

from support.results import make_race, noisy, steady
from whichext.cli.wording import SHELL
from whichext.model.inline import unmarked
from whichext.report.leaders import between_text
from whichext.report.notes import warnings

NUMPY, CY, RS, LIMIT = "numpy", "cy.total", "rust.total", "limit[1]"


def test_a_pair_is_said_with_its_interval_and_its_verdict() -> None:
    view = make_race(
        {NUMPY: steady(3_000), CY: [1_000] * 5, RS: [1_100] * 5, "c.sum": noisy(1_100)}
    )
    (case,) = view.cases.values()
    assert unmarked(between_text(case.judged.between), SHELL) == snapshot(
        "The fastest of each toolchain: cy.total is 1.10x [1.10, 1.10] as fast as rust.total (faster) and 1.18x [1.04, 1.35] as fast as c.sum (faster); rust.total is 1.08x [0.94, 1.23] as fast as c.sum (unresolved)."
    )


def test_the_warning_says_how_far_and_why() -> None:
    times = {NUMPY: 1_000_000, CY: 2_000, RS: 3_000, LIMIT: 100_000}
    assert [
        unmarked(text, SHELL)
        for text in warnings(make_race({name: steady(ns) for name, ns in times.items()}))
    ] == snapshot(
        [
            "In small, calls of cy.total and 1 more take less time than reading their inputs (7500% of the limit): they do not do all of the work, or bytes_moved() of the kernel is wrong."
        ]
    )
