"""What machine this is, as far as it matters to a timing."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

import cpuinfo
import psutil

from whichext.model.machine import Machine


def usable_cores() -> int:
    """Count the processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_bytes() -> int:
    """Memory that nobody would miss, bytes; in a container, of what the container may have."""
    group, free = Path("/sys/fs/cgroup"), int(psutil.virtual_memory().available)
    try:
        most, used = (int((group / f"memory.{n}").read_text()) for n in ("max", "current"))
    except (OSError, ValueError):  # no container, or one that may have all: then the file says max
        return free
    return max(0, min(free, most - used))


def describe_machine() -> Machine:
    """Read the machine's description; takes about a second, so once a run."""
    info = cpuinfo.get_cpu_info()
    flags = set(info.get("flags", ()))
    return Machine(
        cpu=info.get("brand_raw") or platform.processor() or "unknown",
        cores=usable_cores(),
        memory_bytes=psutil.virtual_memory().total,
        l2_cache_bytes=_size(info.get("l2_cache_size")),
        l3_cache_bytes=_size(info.get("l3_cache_size")),
        isa=_widest_isa(flags),
        virtual="hypervisor" in flags,
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        numpy=metadata.version("numpy"),
    )


def _widest_isa(flags: set[str]) -> str:
    named = (("avx512f", "avx512"), ("avx2", "avx2"), ("sse4_2", "sse4.2"), ("asimd", "neon"))
    return next((name for flag, name in named if flag in flags), "baseline")


def _size(value: object) -> int | None:
    """Cache sizes come as bytes or, on some systems, as text that nothing promises."""
    return value if isinstance(value, int) and value > 0 else None
