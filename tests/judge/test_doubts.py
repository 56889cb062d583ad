"""Which cases are doubtful, whoever is compared in them."""

from __future__ import annotations

from msgspec.structs import replace

from builders import TWIN, changed, make_race, steady
from whichext.judge.doubts import doubtful_cases, is_much_stolen_from, unlike_twin
from whichext.model.view import View

NUMPY, OURS = "numpy", "cy.total"


def with_spoiled(spoiled: int, of: int) -> View:
    race = make_race({NUMPY: steady(1_000), OURS: steady(500)})
    course = replace(race.judged.cases[0], rounds=of, rounds_spoiled=spoiled)
    return changed(race, courses=(course,))


def test_a_quiet_race_is_not_doubtful() -> None:
    quiet = {NUMPY: steady(1_000), OURS: steady(500), NUMPY + TWIN: steady(1_001)}
    assert doubtful_cases(make_race(quiet)) == ()


def test_a_case_in_which_more_than_a_fifth_of_the_rounds_was_spoiled_is() -> None:
    assert doubtful_cases(with_spoiled(2, 10)) == ()
    assert doubtful_cases(with_spoiled(3, 10)) == ("small",)
    assert is_much_stolen_from(with_spoiled(3, 10).judged.cases[0])


def test_a_case_in_which_identical_code_came_out_different_is() -> None:
    unlike = make_race({NUMPY: steady(1_000), OURS: steady(500), NUMPY + TWIN: steady(1_100)})
    assert unlike_twin(unlike.judged.cases[0]) is not None
    assert doubtful_cases(unlike) == ("small",)


def test_without_a_twin_nothing_is_known_of_it() -> None:
    assert unlike_twin(make_race({NUMPY: steady(1_000)}).judged.cases[0]) is None
