"""How the time is shared out among cases, and what is said of it before the start."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from builders import make_raw
from fakes import racer, racers
from raceway import CASES, MS, Raceway, no_one
from whichext.model.check import Check
from whichext.model.contestant import Case, Contestant, Role
from whichext.model.errors import HostLostError
from whichext.model.inline import unmarked
from whichext.model.options import Options
from whichext.model.outcome import Right
from whichext.race.plan import epoch_s

# 30 ms: 4 rounds of one warm and one timed call, the first call, and 60 ms for the process;
# 100 ms: 2 rounds of one call; 500 ms: a single one.
EPOCH_S = {30: 0.33, 100: 0.36, 500: 1.06}

TWIN = replace(racer("a"), role=Role.TWIN)
LIMIT = replace(racer("limit"), role=Role.LIMIT)


def took(contestant: str, call_ms: int, case: str = "small") -> Check:
    """A right answer that took so long."""
    return Check(contestant=contestant, input=case, result=Right(), took_ns=call_ms * MS)


def length_s(contestants: tuple[Contestant, ...], *checks: Check, rounds: int = 8) -> float:
    """About how long an epoch of the case "small" is."""
    raw = replace(make_raw(cases=CASES[:1], checks=checks), contestants=contestants)
    return epoch_s(raw, CASES[0], Options(rounds=rounds))


@pytest.mark.parametrize("call_ms", EPOCH_S)
def test_an_epoch_is_a_process_its_first_call_and_its_rounds(call_ms: int) -> None:
    assert length_s(racers("a"), took("a", call_ms)) == EPOCH_S[call_ms]


def test_an_epoch_of_fewer_rounds_is_shorter() -> None:
    assert length_s(racers("a"), took("a", 30), rounds=1) == 0.15


def test_an_epoch_is_as_long_as_all_of_its_contestants_are() -> None:
    found = length_s(racers("ab"), took("a", 30), took("b", 500))
    assert found == pytest.approx(EPOCH_S[30] + EPOCH_S[500])


def test_the_time_of_another_case_does_not_matter() -> None:
    found = length_s(racers("a"), took("a", 30), took("a", 500, case="large"))
    assert found == EPOCH_S[30]


def test_a_twin_is_as_slow_as_its_original() -> None:
    found = length_s((racer("a"), racer("b"), TWIN), took("a", 500), took("b", 30))
    assert found == pytest.approx(2 * EPOCH_S[500] + EPOCH_S[30])


def test_a_limit_is_taken_to_be_as_fast_as_the_fastest() -> None:
    found = length_s((*racers("ab"), LIMIT), took("a", 500), took("b", 30))
    assert found == pytest.approx(EPOCH_S[500] + 2 * EPOCH_S[30])


def test_cases_share_the_time_as_their_epochs_are_long(raceway: Raceway) -> None:
    checks = tuple(
        took(name, call_ms, case)
        for case, call_ms in {"small": 30, "large": 500}.items()
        for name in "ab"
    )
    raceway.race(
        Options(max_time_s=139.0, max_epochs=1), cases=CASES, checks=checks, staying=no_one
    )
    used_s = raceway.crew.clock.monotonic() / 2  # both cases take these fakes the same time
    shares = raceway.progress.totals
    assert shares == {
        "race small": pytest.approx(139.0 * 0.33 / 1.39),
        "race large": pytest.approx(139.0 - used_s),
    }


def test_a_case_has_a_share_even_when_the_time_is_gone(raceway: Raceway) -> None:
    raceway.race(Options(max_time_s=0.0), cases=CASES)
    assert raceway.progress.totals == {"race small": 1.0, "race large": 1.0}


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        (CASES[:1], "2 contestants in 1 case; 5 epochs of each take about 7 s"),
        (CASES, "2 contestants in 2 cases; 5 epochs of each take about 10 s"),
    ],
)
def test_an_estimate_is_said_before_the_race(
    raceway: Raceway, cases: tuple[Case, ...], said: str
) -> None:
    checks = (took("a", 30), took("b", 500), took("a", 30, "large"), took("b", 30, "large"))
    options = Options(min_epochs=5, max_epochs=1, max_time_s=90.4)
    raceway.race(options, cases=cases, checks=checks)
    expected = f"race: {said}, at most about 90 s are spent (max_time_s)"
    assert list(map(unmarked, raceway.progress.notes)) == [expected]


def test_the_estimate_says_that_two_epochs_are_raced_whatever_the_time_limit(
    raceway: Raceway,
) -> None:
    checks = (took("a", 500), took("b", 500))
    raceway.race(Options(max_epochs=1, max_time_s=1.0), checks=checks)
    (said,) = raceway.progress.notes
    expected = "at most about 4 s are spent, for 2 epochs whatever max_time_s says"
    assert unmarked(said).endswith(expected)


def test_the_estimate_is_said_even_if_the_race_never_begins(raceway: Raceway) -> None:
    raceway.crew.stops = {("small", -1): HostLostError("gone", "come back")}
    raceway.race(Options())
    assert (len(raceway.progress.notes), raceway.crew.events) == (1, [])
