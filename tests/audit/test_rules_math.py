"""Findings about what compilers may do with numbers."""

from __future__ import annotations

from support.builds import evidence, rust, settings
from whichext.audit.rules import unlike
from whichext.model.contestant import Factor
from whichext.model.finding import Group, UnlikeMath


def test_unlike_liberties_with_numbers_are_found() -> None:
    fast, plain = (
        evidence(value, settings(further=(Factor("math", value),))) for value in ("fast", "strict")
    )
    builds = (fast, plain, evidence("rs", rust()))
    assert [one for one in unlike(builds) if isinstance(one, UnlikeMath)] == [
        UnlikeMath(groups=(Group("fast", ("fast",)), Group("strict", ("strict", "rs"))))
    ]
    assert not [one for one in unlike(builds[1:]) if isinstance(one, UnlikeMath)]
