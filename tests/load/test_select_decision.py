"""What a decision is raced on."""

from __future__ import annotations

from dataclasses import replace

from support.contestants import SMALL, make_kernel
from whichext.load.select import cases_of_a_decision
from whichext.model.case import Case
from whichext.model.kernel import Kernel


def kernel_of(**families: str) -> Kernel:
    """A kernel of cases of these families, of which the last moves the fewest bytes."""
    cases = [SMALL.but(name=name, family=family) for name, family in families.items()]
    sizes = {case.name: len(cases) - place for place, case in enumerate(cases)}

    def bytes_moved(case: Case) -> int:
        return sizes[case.name]

    return replace(make_kernel(*cases), bytes_moved=bytes_moved)


def test_it_is_the_usual_cases_and_the_smallest_of_all() -> None:
    kernel = kernel_of(wide="", tall="", large="sweep", tiny="sweep")
    assert cases_of_a_decision(kernel) == ("wide", "tall", "tiny")


def test_a_smallest_case_that_is_a_usual_one_is_there_once() -> None:
    assert cases_of_a_decision(kernel_of(large="sweep", wide="", tiny="")) == ("wide", "tiny")


def test_where_all_cases_are_of_families_all_are_usual() -> None:
    assert cases_of_a_decision(kernel_of(large="sweep", tiny="sweep")) == ("large", "tiny")
