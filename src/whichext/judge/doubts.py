"""What makes a case's race doubtful as a whole, whoever is compared in it."""

from __future__ import annotations

from whichext.judge import twin_ratio
from whichext.model.ratio import TIE, Ratio
from whichext.model.scorecard import Course, Scorecard

_MANY_SPOILED = 0.2


def is_much_stolen_from(course: Course) -> bool:
    """Whether other guests had the processor in so many rounds that a quieter hour is needed."""
    return course.rounds_spoiled > _MANY_SPOILED * course.rounds


def unlike_twin(scorecard: Scorecard, case: str) -> Ratio | None:
    """The ratio of two copies of one piece of code, where it keeps clear of 1 by more than a tie.

    None where it does not, or where the two did not race.
    """
    ratio = twin_ratio(scorecard, case)
    if ratio is None or ratio.low is None or ratio.high is None:
        return None
    return ratio if ratio.low > 1 + TIE or ratio.high < 1 / (1 + TIE) else None


def doubtful_cases(scorecard: Scorecard) -> tuple[str, ...]:
    """Cases whose race was disturbed, or in which identical code came out different."""
    return tuple(
        course.case
        for course in scorecard.courses
        if is_much_stolen_from(course) or unlike_twin(scorecard, course.case) is not None
    )
