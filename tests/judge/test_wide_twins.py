"""Few epochs of which identical code says little: nothing is told apart by what they happen to be.

Two epochs may agree by chance. Those of one contestant did, at 3.57 and 3.61 times the time, in a
case in which the two of the A/A twin were 0.8 and 1.25 times apart.
"""

from __future__ import annotations

import pytest

from support.results import make_race, ratio_of, steady
from whichext.judge.ratios import noise_of
from whichext.model.ratio import Ratio, Verdict
from whichext.model.view import CaseView, View

NUMPY, CY, RS, TWIN = "numpy", "cy.total", "rust.total", "numpy (A/A twin)"

BASELINE = [1_000.0, 1_000.0]
AGREEING = [280.0, 277.0]
APART = [800.0, 1_250.0]


def race(twin_ns: list[float], **others: list[float]) -> View:
    times = {NUMPY: [1_000.0] * len(twin_ns), CY: AGREEING * (len(twin_ns) // 2)}
    return make_race({**times, **others, TWIN: twin_ns})


def case_of(view: View) -> CaseView:
    (case,) = view.cases.values()
    return case


def test_what_two_epochs_happen_to_agree_on_is_unresolved_beside_a_wide_twin() -> None:
    view = race(APART)
    assert ratio_of(race(BASELINE), CY).verdict is Verdict.FASTER
    ratio = ratio_of(view, CY)
    assert ratio.verdict is Verdict.UNRESOLVED
    assert (ratio.high or 0) < 0.3


def test_beside_a_wide_twin_none_is_the_fastest_alone() -> None:
    quiet, wide = (case_of(race(twin)).judged.leaders for twin in (BASELINE, APART))
    assert quiet is not None
    assert wide is not None
    assert (quiet.names, wide.names) == ((CY,), (CY, NUMPY))


def test_beside_a_wide_twin_no_pair_is_told_apart() -> None:
    times = {NUMPY: BASELINE, CY: AGREEING, RS: [999.0, 1_001.0], TWIN: APART}
    (pair,) = case_of(make_race(times)).judged.between
    assert pair.ratio.verdict is Verdict.UNRESOLVED


def test_what_a_wide_twin_hides_takes_as_many_epochs_as_a_twin_needs() -> None:
    view = race(APART)
    outcome = case_of(view).measured[CY]
    assert (outcome.epochs_needed, case_of(view).noise_needs) == (8, 8)


def test_a_narrow_twin_of_few_epochs_hides_nothing() -> None:
    view = race([1_001.0, 1_000.0])
    assert ratio_of(view, CY).verdict is Verdict.FASTER


def test_the_distance_of_a_narrow_twin_is_the_noise_that_it_always_was() -> None:
    view = make_race({NUMPY: steady(1_000), CY: steady(990), TWIN: steady(1_040)})
    assert case_of(view).noise == pytest.approx(0.04)
    assert case_of(view).noise_needs is None


@pytest.mark.parametrize(("epochs", "expected"), [(7, 0.5), (8, 0.1), (20, 0.1)])
def test_from_eight_epochs_on_a_twins_interval_is_no_noise(epochs: int, expected: float) -> None:
    twin = Ratio.of(0.0953101798, 0.4054651081, epochs, None)
    assert noise_of(twin) == pytest.approx(expected)


def test_a_twin_of_one_epoch_has_the_noise_of_its_distance() -> None:
    assert noise_of(Ratio.of(0.0, float("inf"), 1, None)) == 0
