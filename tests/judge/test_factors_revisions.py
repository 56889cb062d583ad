"""Revisions as factors: what a change of the source did, and nothing else with it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from support.contestants import make_contestant, with_factors
from support.races import race_between
from support.results import changed, rejudged
from whichext.judge.factors import differences
from whichext.judge.ladders import Gaps
from whichext.model.contestant import Contestant
from whichext.model.raw import Revision
from whichext.model.view import View

NUMPY = make_contestant("numpy")


def at(project: str, revision: str, function: str = "total", **factors: str) -> Contestant:
    """An entry of a project at a revision; without one, as it is."""
    behind = f"@{revision}" if revision else ""
    declared = factors | ({"revision": revision} if revision else {})
    made = with_factors(f"{project}{behind}.{function}", **declared)
    return replace(made, project=f"{project}{behind}", module=project)


def race_of(*contestants: Contestant, times: Mapping[str, float] | None = None) -> View:
    """A race of them, the fastest last unless times are given."""
    names = [one.name for one in contestants]
    usual = {name: 1e6 / number for number, name in enumerate(names, start=1)}
    view = race_between(contestants, {"small": times or usual})
    projects = dict.fromkeys(one.project or "" for one in contestants)
    revisions = tuple(
        Revision(project=name, name=name.partition("@")[2], commit="c0ffee")
        for name in projects
        if "@" in name
    )
    return rejudged(changed(view, revisions=revisions))


def differing(view: View, one: Contestant, other: Contestant) -> list[str]:
    return [str(found) for found in differences(view, one.name, other.name)]


def test_two_revisions_of_an_entry_differ_in_the_revision_alone() -> None:
    before, after = at("cy", "v1"), at("cy", "working")
    view = race_of(NUMPY, before, after)
    assert differing(view, before, after) == ["revision: v1 -> working"]
    (effect,) = (one for one in view.judged.effects if one.factor == "revision")
    assert (effect.before, effect.after) == ("v1", "working")


def test_what_is_seen_to_differ_besides_is_named() -> None:
    before, after = at("cy", "v1", order="row"), at("cy", "v2", order="column")
    view = race_of(NUMPY, before, after)
    assert differing(view, before, after) == ["order: row -> column", "revision: v1 -> v2"]
    assert view.judged.effects == ()


@pytest.mark.parametrize(
    "other", [at("cy", "v2", "other"), at("cyother", "v2")], ids=["function", "project"]
)
def test_another_entry_at_another_revision_differs_in_more_than_that(other: Contestant) -> None:
    one = at("cy", "v1")
    view = race_of(NUMPY, one, other)
    assert [text.partition(":")[0] for text in differing(view, one, other)] == ["entry", "revision"]
    assert view.judged.effects == ()


def test_entries_of_one_revision_differ_as_without_one() -> None:
    one, other = at("cy", "v1", "rows", order="row"), at("cy", "v1", "columns", order="column")
    view = race_of(NUMPY, one, other)
    assert differing(view, one, other) == ["order: row -> column"]
    assert [effect.factor for effect in view.judged.effects] == ["order"]


def test_a_project_as_it_is_does_not_differ_from_another_one_in_the_revision() -> None:
    one, other = at("cy", "v1", lock="none"), at("rust", "", lock="mutex")
    assert differing(race_of(NUMPY, one, other), one, other) == ["lock: none -> mutex"]


def test_a_project_as_it_is_differs_from_its_own_revision() -> None:
    one, other = at("cy", "v1"), at("cy", "")
    assert differing(race_of(NUMPY, one, other), one, other) == ["revision: v1 -> working"]


def test_a_ladder_has_no_step_from_one_entry_to_another_by_the_revision() -> None:
    slow, other, fast = at("cy", "v1", "slow"), at("cy", "v1", "other"), at("cy", "v2", "fast")
    view = race_of(NUMPY, slow, other, fast)
    gap = Gaps(view).between(view.cases["small"], slow.name, fast.name)
    assert (gap.missing, gap.nearest) == ((), (slow.name, fast.name))
    assert [found.factor for found in gap.differences] == ["entry", "revision"]


def test_a_declared_factor_of_that_name_is_one_like_any_other_without_revisions() -> None:
    one, other = with_factors("cy.a", revision="1"), with_factors("cy.b")
    view = race_between((NUMPY, one, other), {"small": {"numpy": 3e6, "cy.a": 2e6, "cy.b": 1e6}})
    assert differing(view, one, other) == ["revision: 1 -> unstated"]
