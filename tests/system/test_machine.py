"""The machine's description, from what the system says of itself."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import archspec.cpu
import archspec.cpu.detect
import numpy as np
import psutil
import pytest

from whichext.model.raw import Machine
from whichext.system.machine import describe_machine, free_bytes, resident_bytes, usable_cores

XEON = "Intel(R) Xeon(R) Processor"


def describe(monkeypatch: pytest.MonkeyPatch, *flags: str, brand: str | None = XEON) -> Machine:
    """What becomes of a machine of which archspec knows just this."""
    info = SimpleNamespace(features=set(flags))
    monkeypatch.setattr(archspec.cpu.detect, "detected_info", lambda: info)
    monkeypatch.setattr(archspec.cpu, "brand_string", lambda: brand)
    return describe_machine()


def test_a_description_carries_the_processors_name_and_its_widest_instructions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = describe(monkeypatch, "sse4_2", "avx2", "fpu")
    assert (machine.cpu, machine.isa) == (XEON, "avx2")


def test_a_description_carries_the_memory_and_the_versions_of_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = describe(monkeypatch)
    assert (machine.memory_bytes, machine.python, machine.numpy) == (
        psutil.virtual_memory().total,
        f"{platform.python_implementation()} {platform.python_version()}",
        np.__version__,
    )


def test_a_description_names_system_release_and_architecture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = f"{platform.system()} {platform.release()} {platform.machine()}"
    assert describe(monkeypatch).system == expected


def test_a_machine_of_which_nothing_is_known_is_still_described(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(platform, "processor", lambda: "")
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    monkeypatch.setattr("whichext.system.machine._PROCESSORS", tmp_path)
    monkeypatch.setattr("whichext.system.machine._model_name", lambda: "")
    machine = describe(monkeypatch, brand=None)
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
    monkeypatch.setattr("whichext.system.machine._model_name", lambda: "")
    assert describe(monkeypatch, brand=None).cpu == "riscv64"


def test_every_arm_of_64_bits_has_neon_whatever_its_system_lists(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert describe(monkeypatch).isa == "neon"


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
    assert describe(monkeypatch, *flags).isa == isa


def write_caches(folder: Path, *caches: tuple[int, int, str, str, str]) -> None:
    """Files of caches as Linux has them: processor, level, type, size, who shares it."""
    for number, (cpu, *values) in enumerate(caches):
        index = folder / f"cpu{cpu}" / "cache" / f"index{number}"
        index.mkdir(parents=True)
        for name, value in zip(("level", "type", "size", "shared_cpu_list"), values, strict=True):
            (index / name).write_text(f"{value}\n")


def test_a_cache_that_is_shared_counts_once_and_those_of_their_own_together(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("whichext.system.machine._PROCESSORS", tmp_path)
    write_caches(
        tmp_path,
        (0, 2, "Unified", "512K", "0"),
        (1, 2, "Unified", "512K", "1"),
        (0, 3, "Unified", "32M", "0-1"),
        (1, 3, "Unified", "32M", "0-1"),
    )
    machine = describe(monkeypatch)
    assert (machine.l2_cache_bytes, machine.l3_cache_bytes) == (1 << 20, 32 << 20)


def test_a_cache_whose_size_is_no_number_counts_as_unknown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("whichext.system.machine._PROCESSORS", tmp_path)
    write_caches(tmp_path, (0, 2, "Unified", "large", "0"), (0, 3, "Unified", "", "0"))
    machine = describe(monkeypatch)
    assert (machine.l2_cache_bytes, machine.l3_cache_bytes) == (None, None)


@pytest.mark.slow
def test_a_start_up_file_that_prints_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('hello')\n")
    code = "from whichext.system.machine import describe_machine as d; print(d().cpu)"
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, describe_machine().cpu)


def test_a_hypervisor_that_announces_itself_makes_the_machine_virtual(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert describe(monkeypatch, "hypervisor").virtual is True


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


def test_a_process_that_is_there_has_memory_and_one_that_is_gone_has_none() -> None:
    assert resident_bytes(os.getpid()) > 1_000_000
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(child, 0)
    assert resident_bytes(child) == 0


def test_a_machine_carries_a_hash_of_its_boot_and_not_its_name() -> None:
    boot = describe_machine().boot
    assert boot == describe_machine().boot
    assert boot is None or boot not in Path("/proc/sys/kernel/random/boot_id").read_text()


def test_a_system_that_names_no_boot_leaves_it_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("whichext.system.machine._BOOT", tmp_path / "absent")
    assert describe_machine().boot is None


@pytest.mark.parametrize(("said", "label"), [("left", "left"), (" left ", "left"), (" ", None)])
def test_an_owner_may_name_the_machine(
    monkeypatch: pytest.MonkeyPatch, said: str, label: str | None
) -> None:
    monkeypatch.setenv("WHICHEXT_MACHINE", said)
    assert describe_machine().label == label
