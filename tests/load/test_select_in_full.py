"""Contestants that are asked for by their full names."""

from __future__ import annotations

import pytest

from support.contestants import make_rivals
from whichext.load.select import choose_contestants
from whichext.model.errors import UsageError
from whichext.model.options import Options


def names(*entries: str, baseline: str | None = None) -> list[str]:
    """Names of the contestants that these entries ask for, with two threads usually."""
    options = Options(entries=entries, baseline=baseline, threads=(2,))
    return [contestant.name for contestant in choose_contestants(make_rivals(), options)]


def test_a_contestant_may_be_asked_for_by_its_full_name() -> None:
    full = ("cy.pool@isa=native[3]", "rust.total@debug")
    assert names(*full) == ["numpy", *full]


def test_full_names_race_beside_what_a_pattern_asks_for() -> None:
    assert names("*.pool", "cy.pool[1]") == ["numpy", "cy.pool[2]", "cy.pool[1]"]


def test_a_pattern_may_have_a_profile_and_threads_of_its_own() -> None:
    assert names("cy.*@native", "*.p*[1]") == [
        "numpy",
        "cy.total@native",
        "cy.pool@native[2]",
        "cy.pool[1]",
    ]


def test_a_release_may_be_asked_for_in_so_many_words() -> None:
    assert names("cy.total@release") == ["numpy", "cy.total"]


def test_a_full_name_that_the_profiles_would_not_give_may_be_the_baseline() -> None:
    name = "rust.total@debug"
    assert names(name, baseline=name) == [name, "numpy"]


@pytest.mark.parametrize(
    "text", ["rust.total[2]", "numpy@debug", "numpy[1]", "cy.total@", "@debug"]
)
def test_a_full_name_that_nobody_can_have_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        names(text)
    assert "fits no entry" in caught.value.problem
    assert caught.value.choices == ("numpy", "cy.total", "cy.pool", "rust.total")


def test_a_profile_of_a_full_name_must_be_one() -> None:
    with pytest.raises(UsageError) as caught:
        names("cy.total@debgu")
    assert "behind the @" in caught.value.problem
    assert caught.value.choices[:4] == ("release", "native", "debug", "checked")
    assert caught.value.next_step == 'entries="cy.total@debug"'
