"""What is said of builds that were not seen, and of compilers that optimise nothing."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from whichext.model.finding import NotOptimised, ObjectsUnseen, ProcessChanged
from whichext.model.inline import unmarked
from whichext.model.process import Moment, ProcessChange, Shared
from whichext.report.findings import finding_words


def test_several_files_that_nobody_compiled_are_named() -> None:
    files = ("loop.o", "libfast.a")
    said = finding_words(ObjectsUnseen(build="cy", contestants=("cy.total",), files=files))
    assert unmarked(said.what) == snapshot(
        "cy: loop.o, libfast.a were compiled by nothing that was seen"
    )


def test_a_level_that_a_compiler_ignores_is_no_level() -> None:
    said = finding_words(
        NotOptimised(contestants=("tcc.total",), told="-O2 ignored", sources=(), declared=False)
    )
    assert unmarked(said.what) == snapshot("tcc.total: built with -O0 (-O2 ignored)")
    assert said.remedy == snapshot("build it with a compiler that optimises")


@pytest.mark.parametrize("state", Shared)
@pytest.mark.parametrize("moment", Moment)
def test_every_change_of_a_process_has_its_words(state: Shared, moment: Moment) -> None:
    change = ProcessChange(state=state, moment=moment, what="a -> b")
    said = finding_words(ProcessChanged(contestants=("cy.total",), change=change))
    assert "a -> b" in said.what
    assert all((said.why, said.remedy))
