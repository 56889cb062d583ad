"""The data that crosses stage borders."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import Struct

from support.contestants import make_contestant
from whichext.model import claim, contestant, judged, ratio, raw
from whichext.model.contestant import Factor, Role
from whichext.model.raw import Sample

STRUCTS = {
    name: found
    for module in (claim, contestant, judged, ratio, raw)
    for name, found in vars(module).items()
    if isinstance(found, type) and issubclass(found, Struct) and found is not Struct
}


@pytest.mark.parametrize(
    "name",
    ["numpy", "cy.total", "cy.total@debug", "cy.total[1]", "cy.total[16]", "cy.total@native[2]"],
)
def test_a_contestants_name_has_what_differs_from_the_ordinary(name: str) -> None:
    assert name == make_contestant(name).name


def test_an_entry_without_a_thread_count_has_none_in_its_name() -> None:
    contestant = msgspec.structs.replace(make_contestant("cy.total"), threads=2, threads_by=None)
    assert contestant.name == "cy.total"


@pytest.mark.parametrize("kind", STRUCTS.values(), ids=STRUCTS)
def test_what_crosses_a_border_cannot_be_changed(kind: type[Struct]) -> None:
    assert kind.__struct_config__.frozen


def test_factors_sort_by_name_and_then_by_value() -> None:
    column, row, held = Factor("order", "column"), Factor("order", "row"), Factor("lock", "held")
    assert [held, column, row] == sorted([row, column, held])


def test_a_sample_is_its_numbers_in_order_in_a_file() -> None:
    assert msgspec.json.encode(Sample(1, 2, 3, 4, 5, 6, 7)) == b"[1,2,3,4,5,6,7]"


@pytest.mark.parametrize("name", ["numpy", "cy.total", "cy.total@native[2]"])
def test_a_twin_has_a_name_of_its_own_and_knows_its_original(name: str) -> None:
    twin = msgspec.structs.replace(make_contestant(name), role=Role.TWIN)
    assert (twin.name, twin.original) == (f"{name} (A/A twin)", name)


@pytest.mark.parametrize("role", [Role.ENTRY, Role.REFERENCE, Role.LIMIT])
def test_who_is_no_twin_is_its_own_original(role: Role) -> None:
    contestant = msgspec.structs.replace(make_contestant("cy.total[2]"), role=role)
    assert (contestant.name, contestant.original) == ("cy.total[2]", "cy.total[2]")
