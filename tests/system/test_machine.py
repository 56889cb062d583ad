"""The machine's description, from what the system says of itself."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cpuinfo
import numpy as np
import psutil
import pytest

from whichext.model.machine import Machine
from whichext.system.machine import describe_machine, free_bytes, usable_cores

XEON: Mapping[str, Any] = {
    "brand_raw": "Intel(R) Xeon(R) Processor",
    "flags": ["sse4_2", "avx2", "fpu"],
    "l2_cache_size": 4_194_304,
    "l3_cache_size": 503_316_480,
}


def describe(monkeypatch: pytest.MonkeyPatch, info: Mapping[str, Any]) -> Machine:
    """What becomes of a machine about which cpuinfo knows just this."""
    monkeypatch.setattr(cpuinfo, "get_cpu_info", lambda: dict(info))
    return describe_machine()


def test_a_description_carries_what_cpuinfo_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = describe(monkeypatch, XEON)
    assert (machine.cpu, machine.isa, machine.l2_cache_bytes, machine.l3_cache_bytes) == (
        "Intel(R) Xeon(R) Processor",
        "avx2",
        4_194_304,
        503_316_480,
    )


def test_a_description_carries_the_memory_and_the_versions_of_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = describe(monkeypatch, XEON)
    assert (machine.memory_bytes, machine.python, machine.numpy) == (
        psutil.virtual_memory().total,
        f"{platform.python_implementation()} {platform.python_version()}",
        np.__version__,
    )


def test_a_description_names_system_release_and_architecture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = f"{platform.system()} {platform.release()} {platform.machine()}"
    assert describe(monkeypatch, XEON).system == expected


def test_a_machine_of_which_cpuinfo_knows_nothing_is_still_described(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "processor", lambda: "")
    machine = describe(monkeypatch, {})
    assert (machine.cpu, machine.isa, machine.l2_cache_bytes, machine.virtual) == (
        "unknown",
        "baseline",
        None,
        False,
    )


def test_a_processor_without_a_brand_is_called_what_the_platform_calls_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "processor", lambda: "riscv64")
    assert describe(monkeypatch, {"brand_raw": ""}).cpu == "riscv64"


@pytest.mark.parametrize(
    ("flags", "isa"),
    [
        (["avx512f", "avx2", "sse4_2"], "avx512"),
        (["sse4_2", "avx2"], "avx2"),
        (["sse4_2", "avx"], "sse4.2"),
        (["asimd", "fp"], "neon"),
        (["fpu"], "baseline"),
    ],
)
def test_the_widest_vector_instructions_give_the_isa(
    monkeypatch: pytest.MonkeyPatch, flags: list[str], isa: str
) -> None:
    assert describe(monkeypatch, {"flags": flags}).isa == isa


@pytest.mark.parametrize("size", ["4 MiB", None, "4096"])
def test_a_cache_size_that_is_no_number_of_bytes_counts_as_unknown(
    monkeypatch: pytest.MonkeyPatch, size: object
) -> None:
    machine = describe(monkeypatch, {"l2_cache_size": size, "l3_cache_size": size})
    assert (machine.l2_cache_bytes, machine.l3_cache_bytes) == (None, None)


def test_a_hypervisor_that_announces_itself_makes_the_machine_virtual(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert describe(monkeypatch, {"flags": ["hypervisor"]}).virtual is True


def test_only_processors_that_this_process_may_use_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {2, 5, 7}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert usable_cores() == 3


@pytest.mark.parametrize(("count", "expected"), [(8, 8), (None, 1)])
def test_where_the_system_has_no_affinity_all_processors_count_and_at_least_one(
    monkeypatch: pytest.MonkeyPatch, count: int | None, expected: int
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: count)
    assert usable_cores() == expected


def say_group(monkeypatch: pytest.MonkeyPatch, texts: Mapping[str, str]) -> None:
    """Have the container's files say this; it is no container where there are none."""

    def read_text(path: Path) -> str:
        if path.name not in texts:
            raise FileNotFoundError(path)
        return texts[path.name]

    monkeypatch.setattr(Path, "read_text", read_text)


@pytest.mark.parametrize(
    ("texts", "free"),
    [
        ({}, 9_000),
        ({"memory.max": "max\n", "memory.current": "10\n"}, 9_000),
        ({"memory.max": "5000\n", "memory.current": "1000\n"}, 4_000),
        ({"memory.max": "50000\n", "memory.current": "1000\n"}, 9_000),
        ({"memory.max": "1000\n", "memory.current": "1200\n"}, 0),
    ],
    ids=["no container", "an unlimited one", "a small one", "a large one", "a full one"],
)
def test_a_container_has_no_more_free_memory_than_it_may_take(
    monkeypatch: pytest.MonkeyPatch, texts: Mapping[str, str], free: int
) -> None:
    memory = SimpleNamespace(available=9_000)
    monkeypatch.setattr("whichext.system.machine.psutil.virtual_memory", lambda: memory)
    say_group(monkeypatch, texts)
    assert free_bytes() == free
