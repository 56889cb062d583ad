"""Machines: which are the same one."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from support.results import make_machine
from whichext.model.raw import Machine


def test_what_runs_on_a_machine_does_not_make_it_another_one() -> None:
    machine = make_machine()
    later = replace(machine, system="Linux 7.0 x86_64", python="CPython 3.14.0", numpy="3.0.0")
    assert machine.is_like(later)
    assert machine.is_like(replace(machine, memory_bytes=8_010_000_000))


@pytest.mark.parametrize(
    "name", sorted({*Machine.__struct_fields__} - {"system", "python", "numpy", "boot", "label"})
)
def test_every_part_of_a_machine_makes_it_another_one(name: str) -> None:
    machine = make_machine()
    other = replace(machine, **{name: not machine.virtual if name == "virtual" else "9"})
    other = replace(other, memory_bytes=9_000_000_000) if name == "memory_bytes" else other
    assert not machine.is_like(other)


def test_a_cache_that_the_system_does_not_tell_is_not_known_to_be_the_same() -> None:
    assert not make_machine().is_like(replace(make_machine(), l3_cache_bytes=None))


def test_machines_of_unknown_memory_are_alike_where_both_are_so() -> None:
    unknown = replace(make_machine(), memory_bytes=None)
    assert unknown.is_like(unknown)
    assert not unknown.is_like(make_machine())
    assert not make_machine().is_like(unknown)


def test_two_processes_of_one_boot_are_on_one_machine_and_two_boots_are_not() -> None:
    machine = replace(make_machine(), boot="b1")
    assert machine.identity == replace(machine, python="CPython 3.13.0", cores=1).identity
    assert machine.identity != replace(machine, boot="b2").identity
    assert machine.identity != replace(machine, cpu="Testium 9001").identity


def test_machines_that_their_owners_call_otherwise_are_not_alike() -> None:
    left = replace(make_machine(), label="left")
    assert not left.is_like(replace(left, label="right"))
    assert left.is_like(make_machine())
    assert left.is_like(replace(left, boot="b2"))


def test_what_its_owner_calls_a_machine_counts_before_its_boot() -> None:
    machine = replace(make_machine(), boot="b1", label="left")
    assert machine.identity == replace(machine, boot="b2").identity
    assert machine.identity != replace(machine, label="right").identity


def test_a_machine_of_an_older_result_is_known_by_its_description() -> None:
    assert make_machine().identity == replace(make_machine(), python="CPython 3.13.0").identity
    assert make_machine().identity != replace(make_machine(), cores=4).identity
