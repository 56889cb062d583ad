"""What machine this is, as far as it matters to a timing, and what it counts beside the clock."""

from __future__ import annotations

import hashlib
import math
import os
import platform
from importlib import metadata
from pathlib import Path

import psutil

from whichext.model.raw import Machine
from whichext.system.quota import quota_cores, throttled_ns

LABEL = "WHICHEXT_MACHINE"
"""The environment variable with which an owner names a machine."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_BOOT_DIGITS = 16
_PROCESSORS = Path("/sys/devices/system/cpu")
_TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
_STEAL_FIELD = 8  # of a line in /proc/stat: cpu0 user nice system idle iowait irq softirq steal
_UNITS = {"K": 1 << 10, "M": 1 << 20}


def usable_cores() -> int:
    """Count the processors that this process may keep busy, within the quota of its container."""
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    most = quota_cores()
    return cores if most is None else max(1, min(cores, math.floor(most)))


def free_bytes() -> int:
    """Available memory, bytes; in a container, within the limit of the container."""
    group, free = Path("/sys/fs/cgroup"), int(psutil.virtual_memory().available)
    try:
        most, used = (int((group / f"memory.{n}").read_text()) for n in ("max", "current"))
    except (OSError, ValueError):  # no container, or one that may have all: then the file says max
        return free
    return max(0, min(free, most - used))


def resident_bytes(pid: int) -> int:
    """Memory that a process has now, shared memory included; 0 when it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def describe_machine() -> Machine:
    """Read the machine's description."""
    # Here, since only a run needs it, and every command would wait for it.
    from archspec.cpu import brand_string
    from archspec.cpu.detect import detected_info

    flags = set(detected_info().features)
    return Machine(
        cpu=(brand_string() or _model_name() or platform.processor() or "unknown").strip(),
        cores=usable_cores(),
        memory_bytes=psutil.virtual_memory().total,
        l2_cache_bytes=_cache_bytes(2),
        l3_cache_bytes=_cache_bytes(3),
        isa=_widest_isa(flags),
        virtual="hypervisor" in flags,
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        numpy=metadata.version("numpy"),
        boot=_boot(),
        label=os.environ.get(LABEL, "").strip() or None,
    )


def _boot() -> str | None:
    """Hash of what names this boot, since a result need not have the name; None without one."""
    try:
        text = _BOOT.read_text().strip()
    except OSError:
        return None
    return hashlib.sha256(f"whichext {text}".encode()).hexdigest()[:_BOOT_DIGITS]


def _model_name() -> str:
    """The processor's name where Linux reports it; empty elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    names = (line.partition(":")[2] for line in lines if line.lower().startswith("model name"))
    return next(names, "")


def _widest_isa(flags: set[str]) -> str:
    named = (("avx512f", "avx512"), ("avx2", "avx2"), ("sse4_2", "sse4.2"), ("asimd", "neon"))
    # Not every system lists what every processor of an architecture has.
    least = "neon" if platform.machine() in ("arm64", "aarch64") else "baseline"
    return next((name for flag, name in named if flag in flags), least)


def _cache_bytes(level: int) -> int | None:
    """Size of all caches of a level together, bytes; None where the system does not tell."""
    found: dict[tuple[str, str], int] = {}  # a cache that several processors share is one
    for index in _PROCESSORS.glob("cpu[0-9]*/cache/index[0-9]*"):
        try:
            told, kind, size, shared = (
                (index / name).read_text().strip()
                for name in ("level", "type", "size", "shared_cpu_list")
            )
        except OSError:
            continue
        unit = _UNITS.get(size[-1:])
        if told == str(level) and kind != "Instruction" and unit and size[:-1].isdecimal():
            found[kind, shared] = int(size[:-1]) * unit
    return sum(found.values()) or None


def stolen_ns() -> int:
    """Time that other guests have had of the processors that this process may use, ns.

    What they have of the others does not slow this process. With it goes the time in which this
    process's group was held back, since its quota was used up. 0 where the system does not tell.
    """
    return _steal_ns() + throttled_ns()


def _steal_ns() -> int:
    try:
        lines = Path("/proc/stat").read_text().splitlines()
        ours = {f"cpu{number}" for number in os.sched_getaffinity(0)}
        fields = [line.split() for line in lines if line.partition(" ")[0] in ours]
        return sum(int(found[_STEAL_FIELD]) for found in fields) * _TICK_NS
    except (OSError, ValueError, IndexError):
        return 0


def thread_times_ns() -> dict[str, int]:
    """Processor time of each thread of this process, ns; empty where the system does not tell."""
    times = {}
    for task in Path("/proc/self/task").glob("*/schedstat"):
        try:
            times[task.parent.name] = int(task.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            continue  # a thread that has just ended
    return times


def count_busy(before: dict[str, int], after: dict[str, int], wall_ns: int, cpu_ns: int) -> int:
    """Threads that worked at least half as long as the one that worked longest.

    Threads that began and ended in between are in neither reading, so the processor time of the
    whole process over the wall time is a second witness, and the greater of the two counts.

    Args:
        before: `thread_times_ns` before.
        after: `thread_times_ns` after.
        wall_ns: Time in between, ns.
        cpu_ns: Processor time of the process in between, ns.

    """
    worked = [after[name] - before.get(name, 0) for name in after]
    seen = sum(ns > 0 and ns >= max(worked) / 2 for ns in worked)
    return max(seen, round(cpu_ns / max(1, wall_ns)))
