"""What makes a case's race doubtful as a whole, whoever is compared in it."""

from __future__ import annotations

from whichext.model.judged import CaseJudged
from whichext.model.ratio import TIE, Ratio
from whichext.model.view import View

_MANY_SPOILED = 0.2


def is_much_stolen_from(case: CaseJudged) -> bool:
    """Whether other guests had the processor in so many rounds that a quieter hour is needed."""
    return case.rounds_spoiled > _MANY_SPOILED * case.rounds


def unlike_twin(case: CaseJudged) -> Ratio | None:
    """The ratio of two copies of one piece of code, where it keeps clear of 1 by more than a tie.

    None where it does not, or where the two did not race.
    """
    ratio = case.twin
    if ratio is None or ratio.low is None or ratio.high is None:
        return None
    return ratio if ratio.low > 1 + TIE or ratio.high < 1 / (1 + TIE) else None


def doubtful_cases(view: View) -> tuple[str, ...]:
    """Cases whose race was disturbed, or in which identical code came out different."""
    return tuple(
        case.case
        for case in view.judged.cases
        if is_much_stolen_from(case) or unlike_twin(case) is not None
    )
