"""What a longer tail does to a recommendation: a doubt and a sentence, and no other answer."""

from __future__ import annotations

from support.races import CY, NUMPY, decide, decision_of, memo_of
from support.tails import with_tails
from whichext.model.decision import Answer, Confidence, Doubt, DoubtKind
from whichext.model.view import View

ALONE = decide({"wide": {NUMPY: 4000, CY: 1000}})


def race(tail_ns: float) -> View:
    """A race in which Cython is four times as fast, and NumPy's tail 10 us."""
    return with_tails(ALONE, {NUMPY: 10_000, CY: tail_ns})


def test_a_longer_tail_than_the_references_takes_away_high_confidence() -> None:
    found = decision_of(race(30_000)).overall
    assert (found.answer, found.equals) == (Answer.USE, (CY,))
    assert found.confidence is Confidence.MEDIUM
    assert found.doubts == (Doubt(kind=DoubtKind.TAIL, names=(CY,)),)


def test_a_shorter_one_or_none_is_no_doubt() -> None:
    for view in (ALONE, race(5_000)):
        found = decision_of(view)
        assert (found.overall.confidence, found.overall.doubts) == (Confidence.HIGH, ())
        assert found.candidate(CY).longer_tails == {}


def test_the_memo_has_the_tails_below_the_times() -> None:
    text = memo_of(race(30_000))
    speed = text.split("## Speed")[1].split("##")[0]
    rows = [line for line in speed.splitlines() if line.startswith("| `")]
    assert any("| `cy.find` | " in row and "slower" in row for row in rows)
    assert "tail latency" not in memo_of(ALONE)
