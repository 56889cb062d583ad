"""Claims about projects at revisions: entry by entry, in a race or in a result."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.contestants import make_rivals
from support.results import changed, make_race
from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.trials import find_trials, names_in, race_options, resolve_claims
from whichext.load.revisions import as_raced
from whichext.load.select import choose_contestants
from whichext.model.errors import ClaimError, KernelError
from whichext.model.kernel import Kernel, Project
from whichext.model.options import Options
from whichext.model.raw import Revision


def at(project: Project, name: str, entries: int = 9) -> Project:
    """The project at a revision, at which it has so many of its entries."""
    full = f"{project.name}@{name}"
    revision = Revision(project=full, name=name, commit="c0ffee")
    return replace(project, name=full, entries=project.entries[:entries], revision=revision)


def kernel_with(*revisions: str, old: int = 9) -> Kernel:
    """Both projects as they are, and "cy" at these revisions, the first with so many entries."""
    kernel = make_rivals()
    cy = kernel.projects[0]
    found = [at(cy, name, 9 if number else old) for number, name in enumerate(revisions)]
    return dataclasses.replace(kernel, projects=(*kernel.projects, *found))


def resolved(text: str, kernel: Kernel) -> list[tuple[str, ...]]:
    """The contestants of the claims that one stands for."""
    return [trial.names for trial in resolve_claims(parse_claim(text), kernel, threads=2)]


BOTH = kernel_with("main", "working")


def test_two_revisions_are_compared_entry_by_entry() -> None:
    assert resolved("cy@working is not slower than cy@main on wide", BOTH) == [
        ("cy@working.total", "cy@main.total"),
        ("cy@working.pool[2]", "cy@main.pool[2]"),
    ]


def test_the_claims_of_the_entries_say_the_same_of_each() -> None:
    claim = parse_claim("cy@working is not slower than cy@main on wide")
    texts = [trial.claim.text for trial in resolve_claims(claim, BOTH, threads=2)]
    assert texts[1] == snapshot("cy@working.pool is not slower than cy@main.pool on wide")


def test_entries_that_one_of_them_lacks_are_left_out() -> None:
    kernel = kernel_with("main", "working", old=1)
    assert resolved("cy@working is not slower than cy@main", kernel) == [
        ("cy@working.total", "cy@main.total")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cy@main is faster than rust.total", ("cy@main.total", "rust.total")),
        ("rust.total is faster than cy@main", ("rust.total", "cy@main.total")),
        ("cy@main uses at most 2 threads", ("cy@main.total",)),
        ("cy@main@debug is slower than cy@main", ("cy@main.total@debug", "cy@main.total")),
        ("cy@main.total is faster than numpy", ("cy@main.total", "numpy")),
    ],
)
def test_a_project_with_one_entry_stands_for_it(text: str, found: tuple[str, ...]) -> None:
    assert resolved(text, kernel_with("main", old=1)) == [found]


def test_revisions_that_share_no_entry_are_refused() -> None:
    kernel = kernel_with("main", "working", old=1)
    lone = replace(kernel.projects[-1], entries=kernel.projects[0].entries[1:])
    kernel = dataclasses.replace(kernel, projects=(*kernel.projects[:-1], lone))
    with pytest.raises(ClaimError, match="share no entry") as caught:
        resolved("cy@working is not slower than cy@main", kernel)
    assert "such as cy@working.pool" in caught.value.next_step


def test_a_claim_of_revisions_races_both_against_the_earlier_one() -> None:
    text = "cy@working.total is not slower than cy@main.total"
    options = race_options(find_trials([text], BOTH, threads=2), Options())
    names = [contestant.name for contestant in choose_contestants(BOTH, options)]
    assert names == ["cy@main.total", "numpy", "cy@working.total"]


def test_the_names_in_claims_are_found_before_there_are_such_contestants() -> None:
    texts = ("cy@main is faster than numpy", "cy@v1 uses at most 2 threads")
    assert names_in(texts, make_rivals()) == ("cy@main", "numpy", "cy@v1")
    with pytest.raises(ClaimError):
        names_in(("cy@main is faster then numpy",), make_rivals())


def test_the_names_in_a_list_of_claims_are_found_whatever_else_it_says(tmp_path: Path) -> None:
    kernel = dataclasses.replace(make_rivals(), folder=tmp_path)
    claims = tmp_path / "claims.toml"
    claims.write_text(
        '[[claim]]\ntext = "a is b"\n[[claim]]\ntext = "cy@v1 is faster than numpy"\n'
    )
    assert names_in((), kernel) == ("cy@v1", "numpy")
    with pytest.raises(KernelError, match="claim 1"):
        find_trials((), kernel, threads=2)


def test_a_result_tells_enough_of_its_revisions_to_test_claims_with_it() -> None:
    race = make_race({"numpy": [9] * 5, "cy@v1.total": [5] * 5, "cy@v2.total": [4] * 5})
    contestants = tuple(
        replace(one, project=one.module, module="cy") if one.module else one
        for one in race.raw.contestants
    )
    revisions = tuple(
        Revision(project=f"cy@{name}", name=name, commit="c0ffee") for name in ("v1", "v2", "v3")
    )
    view = changed(race, contestants=contestants, revisions=revisions)
    kernel = as_raced(make_rivals(), view.raw)
    assert resolved("cy@v2 is faster than cy@v1", kernel) == [("cy@v2.total", "cy@v1.total")]
    assert [one.name for one in kernel.projects] == ["cy", "rust", "cy@v1", "cy@v2"]
