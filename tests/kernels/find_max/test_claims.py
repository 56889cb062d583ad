"""The article's claims can be held against a race."""

from __future__ import annotations

from whichext.judge.claims.trials import load_claims
from whichext.load.kernel import load_kernel


def test_every_claim_names_contestants_and_cases_that_there_are() -> None:
    listed = load_claims(load_kernel("find_max"), threads=2)
    assert len(listed) >= 20
    assert {case for one in listed for case in one.cases} == {"wide", "transposed", "tall"}


def test_every_claim_has_a_source_and_what_was_published() -> None:
    listed = load_claims(load_kernel("find_max"), threads=2)
    assert [one.claim.text for one in listed if one.source is None] == []
    assert [one.claim.text for one in listed if one.published is None] == []
