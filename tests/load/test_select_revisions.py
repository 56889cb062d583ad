"""Contestants of projects at revisions: their names, factors, and how they are asked for."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace

from support.contestants import make_rivals
from whichext.load.select import choose_contestants
from whichext.model.contestant import Contestant, Factor
from whichext.model.errors import UnknownNameError
from whichext.model.kernel import Kernel, Project
from whichext.model.options import Options
from whichext.model.raw import Revision


def at(project: Project, name: str) -> Project:
    """The project at a revision."""
    full = f"{project.name}@{name}"
    return replace(project, name=full, revision=Revision(project=full, name=name, commit="c0ffee"))


def rivals() -> Kernel:
    """A kernel with both of its projects as they are, and one of them at two revisions."""
    kernel = make_rivals()
    cy, rust = kernel.projects
    projects = (cy, rust, at(cy, "v1.2"), at(rust, "v1.2"), at(rust, "working"))
    return dataclasses.replace(kernel, projects=projects)


def chosen(*entries: str, baseline: str | None = None) -> list[Contestant]:
    options = Options(entries=entries, baseline=baseline, threads=(2,))
    return list(choose_contestants(rivals(), options))


def names(*entries: str, baseline: str | None = None) -> list[str]:
    return [contestant.name for contestant in chosen(*entries, baseline=baseline)]


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("rust@v1.2", ["rust@v1.2.total"]),
        ("rust@v1.2@native", ["rust@v1.2.total@native"]),
        ("rust@v1.2.total", ["rust@v1.2.total"]),
        ("*@v1.2.total", ["cy@v1.2.total", "cy@v1.2.total@debug", "rust@v1.2.total"]),
        ("cy@v1.2", ["cy@v1.2.total", "cy@v1.2.total@debug", "cy@v1.2.pool[2]"]),
        ("cy@v1.2.pool@debug[3]", ["cy@v1.2.pool@debug[3]"]),
        ("rust.*", ["rust.total"]),
    ],
)
def test_a_project_at_a_revision_or_one_of_its_entries_may_be_asked_for(
    entry: str, found: list[str]
) -> None:
    assert names(entry) == ["numpy", *found]


def test_a_project_with_one_entry_may_be_the_baseline() -> None:
    assert names("rust@working", baseline="rust@v1.2") == [
        "rust@v1.2.total",
        "numpy",
        "rust@working.total",
    ]


def test_a_project_with_several_entries_is_no_baseline() -> None:
    with pytest.raises(UnknownNameError) as caught:
        names(baseline="cy@v1.2")
    assert caught.value.choices == ("cy@v1.2.total", "cy@v1.2.total@debug", "cy@v1.2.pool[2]")


def test_the_revision_is_a_factor_of_what_is_asked_for_at_one() -> None:
    _, plain, revised = chosen("rust.total", "rust@v1.2")
    assert set(revised.factors) - set(plain.factors) == {Factor("revision", "v1.2")}
    assert (revised.project, revised.module, revised.function) == ("rust@v1.2", "rust", "total")


def test_the_entries_of_a_result_have_their_revisions() -> None:
    assert rivals().entry_names == (
        *("cy.total", "cy.pool", "rust.total"),
        *("cy@v1.2.total", "cy@v1.2.pool", "rust@v1.2.total", "rust@working.total"),
    )
