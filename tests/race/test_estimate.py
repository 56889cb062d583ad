"""What is said of a race before it begins."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from support.processes import took
from support.races import CASES, Raceway
from support.results import WRONG, make_check
from whichext.model.case import Case
from whichext.model.errors import HostLostError
from whichext.model.inline import unmarked
from whichext.model.options import Options

SMALL, LARGE = "small", "large"


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        (
            CASES[:1],
            snapshot(
                "race: 2 contestants in 1 case; 5 epochs of each take about 2 s, "
                "at most about 90 s are spent (max_time_s)"
            ),
        ),
        (
            CASES,
            snapshot(
                "race: 2 contestants in 2 cases; 5 epochs of each take about 4 s, "
                "at most about 90 s are spent (max_time_s)"
            ),
        ),
    ],
)
def test_an_estimate_is_said_before_the_race(
    raceway: Raceway, cases: tuple[Case, ...], said: str
) -> None:
    checks = (took("a", 30), took("b", 50), took("a", 30, LARGE), took("b", 30, LARGE))
    options = Options(min_epochs=5, max_epochs=1, max_time_s=90.4)
    raceway.race(options, cases=cases, checks=checks)
    (noted,) = raceway.progress.notes
    assert unmarked(noted) == said


def test_the_estimate_says_that_two_epochs_are_raced_whatever_the_time_limit(
    raceway: Raceway,
) -> None:
    checks = (took("a", 500), took("b", 500))
    raceway.race(Options(max_epochs=1, max_time_s=1.0), checks=checks)
    (said,) = raceway.progress.notes
    assert unmarked(said) == snapshot(
        "race: 2 contestants in 1 case; 8 epochs of each would take about 32 s, "
        "at most about 8 s are spent: more than max_time_s, for 2 epochs of each"
    )


def test_the_estimate_says_where_there_is_time_for_fewer_epochs_than_usual(
    raceway: Raceway,
) -> None:
    raceway.race(Options(max_epochs=1, max_time_s=12), checks=(took("a", 500), took("b", 500)))
    (said,) = raceway.progress.notes
    assert unmarked(said) == snapshot(
        "race: 2 contestants in 1 case; 8 epochs of each would take about 32 s, "
        "at most about 12 s are spent (max_time_s), so there are fewer epochs"
    )


def test_nothing_is_said_of_a_race_in_which_nobody_is_left(raceway: Raceway) -> None:
    wrong = tuple(make_check(name, WRONG) for name in ("a", "b"))
    raceway.race(Options(max_epochs=1), checks=wrong)
    assert raceway.progress.notes == []


def test_the_estimate_is_said_even_if_the_race_never_begins(raceway: Raceway) -> None:
    raceway.crew.stops = {(SMALL, -1): HostLostError("gone", "come back")}
    raceway.race(Options())
    assert (len(raceway.progress.notes), raceway.crew.events) == (1, [])
