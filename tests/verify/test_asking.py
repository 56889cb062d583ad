"""What is made of what a contestant's process replies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from support.contestants import imaginary, make_contestant
from whichext.model.check import Property
from whichext.model.contestant import Contestant, Role
from whichext.model.options import Options
from whichext.model.outcome import EARLIER, UNSTEADY, Outcome, Wrong
from whichext.system.workers.crew import Crew
from whichext.verify.answers import References
from whichext.verify.asking import Asker, Question
from whichext.verify.behaviour import AGAIN, Behave, Behaved

REFERENCE = make_contestant("numpy", role=Role.REFERENCE)


@dataclass(frozen=True)
class Replying:
    """A crew and its worker, which replies one thing."""

    result: Outcome

    def spawn(self, *_: object) -> Replying:
        """A worker."""
        return self

    def ask(self, *_: object) -> Behaved:
        """Reply."""
        return Behaved(self.result, None)

    def kill(self) -> None:
        """Nothing is to be ended."""


def got(contestant: Contestant, behaviour: str, said: str) -> str:
    """What is said of an answer that is wrong in a behaviour."""
    crew = cast(Crew, Replying(Wrong(behaviour, "float 1.0", said)))
    asker = Asker(crew, contestant, None, Options(), cast(References, None))
    question = Question(behaviour, Property.STATE, Behave(behaviour), 1.0)
    (check,) = asker.ask([question])
    assert isinstance(check.result, Wrong)
    return check.result.got


def test_a_reference_that_answers_differently_from_call_to_call_is_said_to_do_so() -> None:
    assert got(REFERENCE, AGAIN, "float 2.0") == f"float 2.0, {UNSTEADY}"


@pytest.mark.parametrize(
    ("contestant", "behaviour", "said"),
    [
        (imaginary("project", "run"), AGAIN, "float 2.0"),
        (REFERENCE, "two answers at once", "the next call writes to it"),
        (REFERENCE, "changed in place", f"float 2.0, {EARLIER}"),
    ],
)
def test_what_has_another_reason_is_left_as_it_is(
    contestant: Contestant, behaviour: str, said: str
) -> None:
    assert got(contestant, behaviour, said) == said
