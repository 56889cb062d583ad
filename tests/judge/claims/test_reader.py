"""What an error says to a reader whose claim cannot be read."""

from __future__ import annotations

import pytest

from whichext.judge.claims.grammar import parse_claim
from whichext.model.errors import ClaimError


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a is faster then b", True),
        ("a is faster then b on wide", False),
        ("a is 0.5x faster than b ON wide and tall", False),
        ("a is faster than b on", True),
        ("a is faster than b on wide or tall", True),
    ],
)
def test_how_a_case_is_named_is_shown_unless_the_claim_names_one(text: str, shown: bool) -> None:
    with pytest.raises(ClaimError) as caught:
        parse_claim(text)
    assert ("on CASE" in caught.value.next_step) is shown
