"""Names of contestants, put together and taken apart."""

from __future__ import annotations

import pytest

from support.contestants import make_contestant
from whichext.model.contestant import Name, parse_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("numpy", Name("numpy", None, None)),
        ("rust.total", Name("rust.total", None, None)),
        ("rust.total[2]", Name("rust.total", None, 2)),
        ("cy.total@debug", Name("cy.total", "debug", None)),
        ("cy.total@optimisation=O2[12]", Name("cy.total", "optimisation=O2", 12)),
        ("cy.total@isa=x86-64-v3", Name("cy.total", "isa=x86-64-v3", None)),
        ("cy@HEAD~3.total", Name("cy@HEAD~3.total", None, None)),
        ("cy@v1.2.total@debug[2]", Name("cy@v1.2.total", "debug", 2)),
        (
            "a.b@origin/main.total@isa=x86-64-v3",
            Name("a.b@origin/main.total", "isa=x86-64-v3", None),
        ),
    ],
)
def test_a_name_is_taken_apart_as_it_was_put_together(text: str, name: Name) -> None:
    assert parse_name(text) == name
    assert make_contestant(text).name == text


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("cy@HEAD~3.*", "cy@HEAD~3.*"),
        ("*@working.t?tal[2]", "*@working.t?tal"),
        ("cy@*.total@native", "cy@*.total"),
        ("cy.total@compiler=clang-18.1", "cy.total"),
        ("cy@working", "cy"),
    ],
)
def test_what_stands_between_the_module_and_the_function_is_a_revision_and_no_profile(
    text: str, entry: str
) -> None:
    found = parse_name(text)
    assert found is not None
    assert found.entry == entry


@pytest.mark.parametrize("text", ["", "@debug", "cy.total@", "cy.total@a@b", "cy.total@[2]"])
def test_what_no_contestant_can_be_called_has_no_parts(text: str) -> None:
    assert parse_name(text) is None


def test_a_thread_count_of_zero_is_none() -> None:
    assert parse_name("cy.total[0]") == Name("cy.total[0]", None, None)


@pytest.mark.parametrize(
    ("name", "released"),
    [
        ("cy.total@debug", "cy.total"),
        ("cy.total@isa=native[2]", "cy.total[2]"),
        ("cy.total", "cy.total"),
        ("cy.total@debug (A/A twin)", "cy.total"),
    ],
)
def test_the_release_of_a_contestant_has_its_threads_and_no_profile(
    name: str, released: str
) -> None:
    assert make_contestant(name).released == released


@pytest.mark.parametrize(
    ("function", "method", "called"),
    [("total", None, "total"), ("part.total", None, "total"), ("Total", "add", "Total.add")],
)
def test_what_is_timed_of_a_class_is_its_method(
    function: str, method: str | None, called: str
) -> None:
    assert make_contestant("cy.total", function=function, method=method).called == called
