"""What there is to race, as a table."""

from __future__ import annotations

import dataclasses

import pytest
from inline_snapshot import snapshot

from support.contestants import SMALL, TALL, make_kernel
from whichext.model.contestant import DEBUG, RELEASE
from whichext.model.kernel import Entry, Kernel, Project
from whichext.report.document import Table
from whichext.report.listing import kernel_document
from whichext.report.text import render_text


def make_project(name: str, kernel: Kernel, *entries: Entry) -> Project:
    return Project(
        name=name,
        folder=kernel.folder,
        module=name,
        toolchain="cython",
        needs=(),
        entries=entries,
    )


@pytest.fixture
def listing() -> str:
    """The listing of a kernel with two cases and two entries."""
    kernel = make_kernel(SMALL, TALL)
    project = make_project(
        "cy",
        kernel,
        Entry(function="total", summary="row after row", factors={"order": "row"}),
        Entry(function="total_parallel", threads="threads", profiles=(RELEASE, DEBUG)),
    )
    return listed(
        dataclasses.replace(
            kernel, projects=(project,), reference_factors={"toolchain": "numpy", "lock": "held"}
        )
    )


def listed(kernel: Kernel, width: int = 120) -> str:
    return render_text(kernel_document(kernel), width)


def cells_of(text: str, start: str) -> list[str]:
    """The cells of the table's line that begins with that word."""
    (line,) = (line for line in text.splitlines() if line.startswith(f"│ {start} "))
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_the_question_stands_above_the_tables(listing: str) -> None:
    kernel = make_kernel()
    assert listing.splitlines()[0] == f"{kernel.name}: {kernel.question}"


def test_a_case_has_its_shape_dtype_order_and_summary(listing: str) -> None:
    expected = ["small", "", "(20, 30) float64, C order", SMALL.summary]
    assert expected == cells_of(listing, "small")


def test_a_case_without_a_summary_has_an_empty_cell(listing: str) -> None:
    expected = ["tall", "", "(1,000,000, 4) int64, F order", ""]
    assert expected == cells_of(listing, "tall")


def test_sets_are_listed_where_there_is_more_than_the_default_one() -> None:
    kernel = make_kernel(SMALL, TALL)
    project = make_project(
        "cy",
        kernel,
        Entry(function="total", sets=("default", "toolchains")),
        Entry(function="pool"),
    )
    text = listed(dataclasses.replace(kernel, projects=(project,), functions={"added": sum}))
    found = {name: cells_of(text, name)[2] for name in ("numpy", "cy.total", "cy.pool", "added")}
    assert found == {
        "numpy": "all",
        "cy.total": "default, toolchains",
        "cy.pool": "default",
        "added": "default",
    }


def test_sets_are_not_listed_where_there_is_one_alone(listing: str) -> None:
    assert "sets" not in listing


def test_a_case_of_a_family_names_it() -> None:
    text = listed(make_kernel(SMALL.but(family="sweep")))
    assert cells_of(text, "small")[1] == "sweep"


@pytest.mark.parametrize(
    ("callers", "forked", "expected"),
    [
        (4, False, "4 threads"),
        (1, True, "1 thread, forked child"),
        (4, True, "4 threads, forked child"),
    ],
)
def test_a_case_of_the_field_says_how_its_calls_are_made(
    callers: int, expected: str, *, forked: bool
) -> None:
    field = SMALL.but(callers=callers, forked=forked)
    table = kernel_document(make_kernel(field, TALL)).blocks[1]
    assert isinstance(table, Table)
    assert [row[3] for row in table.rows] == [expected, "1 thread"]


def test_where_all_cases_are_called_as_usual_nothing_is_said_of_it(listing: str) -> None:
    assert "called by" not in listing


def test_the_reference_is_an_entry_without_profiles(listing: str) -> None:
    assert cells_of(listing, "numpy") == snapshot(
        ["numpy", "-", "lock: held", "the reference; every ratio's default baseline"]
    )


def test_an_entry_has_the_name_that_the_option_takes(listing: str) -> None:
    assert cells_of(listing, "cy.total")[0] == "cy.total"


def test_an_entry_has_its_toolchain_among_its_factors(listing: str) -> None:
    assert "toolchain: cython" in listing


def test_factors_are_sorted_by_name(listing: str) -> None:
    assert listing.index("lock: held") < listing.index("toolchain: numpy")


def test_an_entry_has_its_summary(listing: str) -> None:
    assert cells_of(listing, "cy.total")[3] == "row after row"


def test_an_entry_has_all_profiles_under_which_it_races(listing: str) -> None:
    assert cells_of(listing, "cy.total_parallel")[1] == "release, debug"


def test_a_function_of_kernel_py_is_an_entry_with_what_it_says_of_itself() -> None:
    def told(values: object) -> object:
        """All at once."""
        return values

    functions = {"told": told, "untold": lambda values: values}
    text = listed(dataclasses.replace(make_kernel(SMALL), functions=functions))
    assert cells_of(text, "told") == ["told", "-", "", "All at once."]
    assert cells_of(text, "untold") == ["untold", "-", "", "a function of kernel.py"]


def test_what_is_too_long_for_the_line_is_folded_and_not_cut() -> None:
    name = "a_name_that_is_longer_than_the_table_is_wide"
    text = listed(make_kernel(SMALL.but(name=name)), width=40)
    letters = "".join(line.split("│")[1].strip() for line in text.splitlines() if "│" in line)
    assert name in letters
