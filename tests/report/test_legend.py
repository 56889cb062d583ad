"""The legend below the tables: what their columns mean in this run."""

from __future__ import annotations

from builders import (
    SKIPPED,
    SMALL,
    TALL,
    make_race,
    make_row,
    make_timing,
    make_view,
    rejudged,
    steady,
)
from whichext.report.as_text import render

BASELINE, OURS, TWIN, LIMIT = "numpy", "cy.total", "numpy (A/A twin)", "limit[1]"

ZONES = (
    "An interval more than {} from 1 is a difference, "
    "one within 3.0% that reaches to within 1.0% a tie."
)


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, so that wrapping does not matter."""
    return " ".join(text.split())


def test_the_legend_tells_confidence_epochs_and_zones() -> None:
    text = squeezed(render(make_race({BASELINE: steady(1_000, epochs=7)})))
    assert "with its 95% interval over 7 epochs (sets of fresh processes)" in text
    assert ZONES.format("1.0%") in text


def test_the_legend_tells_the_zones_that_the_noise_allows() -> None:
    text = squeezed(render(make_race({BASELINE: [1_000] * 5, TWIN: [1_050] * 5})))
    assert ZONES.format("5.0% (the noise of the case)") in text


def test_the_legend_tells_the_least_and_the_most_noise_of_the_cases() -> None:
    timings = [
        make_timing(name, [time_ns] * 5, case)
        for case, twin_ns in (("small", 1_000), ("tall", 1_050))
        for name, time_ns in ((BASELINE, 1_000), (TWIN, twin_ns))
    ]
    raw = make_view(timings=timings, names=[BASELINE, TWIN], cases=[SMALL, TALL])
    text = squeezed(render(rejudged(raw)))
    assert ZONES.format("1.0% to 5.0% (the noise of the case)") in text


def test_the_legend_tells_the_least_and_the_most_epochs() -> None:
    times = {BASELINE: steady(1_000, epochs=9), OURS: steady(1_000, epochs=5)}
    assert "over 5 to 9 epochs" in squeezed(render(make_race(times)))


def test_the_legend_of_a_run_without_a_race_counts_no_epochs() -> None:
    text = squeezed(render(make_view([make_row(OURS, SKIPPED)])))
    assert "over 0 epochs" in text


def test_the_legend_tells_what_the_limit_is() -> None:
    text = squeezed(render(make_race({BASELINE: steady(1_000), LIMIT: steady(1_000)})))
    expected = "; limit: the inputs read once (by NumPy, since the C reader was not built),"
    assert expected in text
