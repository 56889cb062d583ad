"""What is known of a build: when two builds are the same code."""

from __future__ import annotations

from msgspec.structs import replace

from support.builds import evidence


def test_what_is_compiled_when_it_is_called_makes_two_builds_the_same_code_or_others() -> None:
    release, same, other = (replace(evidence("nb"), called={"nb.f": code}) for code in "112")
    assert release.is_same_code_as(same)
    assert not release.is_same_code_as(other)


def test_of_entries_that_were_not_all_called_nothing_is_the_same() -> None:
    one = replace(evidence("nb"), called={"nb.f": "1"})
    assert not one.is_same_code_as(replace(one, called={"nb.f": "1", "nb.g": "1"}))
    assert not replace(one, called={}).is_same_code_as(replace(one, called={}))
