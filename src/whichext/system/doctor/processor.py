"""What the processor gives to a race: cores, quota, shared cores, frequency, virtualisation."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from whichext.model.inline import argument
from whichext.system.doctor.system import (
    CPU,
    Files,
    Level,
    MachineNote,
    good,
    not_told,
    online_cores,
    whole_number,
)

_CGROUPS = (
    "/sys/fs/cgroup",
    "/sys/fs/cgroup/unified",
    "/sys/fs/cgroup/cpu",
    "/sys/fs/cgroup/cpu,cpuacct",
)
"""Where version 2, version 2 beside 1, and version 1 of control groups are mounted."""
_GOVERNOR = re.compile(r"[a-z_]{1,16}")


def examine_processor(files: Files, usable: int) -> tuple[MachineNote, ...]:
    """One note for each property; `usable` is how many cores this process may use."""
    return (
        _cores(files, usable),
        _quota(files, usable),
        _siblings(files, usable),
        _governor(files),
        _turbo(files),
        _virtual(files),
    )


def _cores(files: Files, usable: int) -> MachineNote:
    online = online_cores(files)
    if online is None or online < usable:
        return good("cores", f"{usable} usable")
    found = f"{usable} of {online} usable"
    if usable >= online:
        return good("cores", found)
    return MachineNote(
        "cores",
        found,
        Level.NOTE,
        f"an affinity mask or a cpuset leaves {online - usable} out, and results count for the "
        "rest: start without taskset, numactl or Docker's --cpuset-cpus to race on all",
    )


def _quota(files: Files, usable: int) -> MachineNote:
    quotas = tuple(_quotas(files))
    if not quotas:
        return not_told("processor quota")
    cores = min(quotas)
    if math.isinf(cores):
        return good("processor quota", "none")
    found = f"cores' worth of time: {cores:.3g}"
    if cores >= usable:
        return good("processor quota", found)
    fewer = f", or use {argument('threads', int(cores))}" if cores >= 1 else ""
    return MachineNote(
        "processor quota",
        found,
        Level.WARNING,
        "threads that use it up are stopped in the middle of a turn: raise it to "
        f"{usable} (Docker --cpus, Kubernetes limits.cpu, systemd CPUQuota){fewer}",
    )


def _quotas(files: Files) -> Iterator[float]:
    """Quotas, in cores, of this process's control group and of all above it; each one binds."""
    for group in sorted(_groups(files)):
        for mount in _CGROUPS:
            folder = mount + group
            quota = _quota_cores(
                files.text(f"{folder}/cpu.max").split()
                or [
                    files.text(f"{folder}/cpu.cfs_quota_us"),
                    files.text(f"{folder}/cpu.cfs_period_us"),
                ]
            )
            if quota is not None:
                yield quota


def _groups(files: Files) -> set[str]:
    """The process's control groups and those above them, as paths below the mount.

    The top is always among them: inside a container it is the container's own group, whatever
    /proc says.
    """
    groups = {""}
    for line in files.text("/proc/self/cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and "cpu" not in controllers.split(","):
            continue
        group = ""
        for part in path.split("/"):
            if part not in ("", ".", ".."):
                group += f"/{part}"
                groups.add(group)
    return groups


def _quota_cores(words: list[str]) -> float | None:
    """Cores' worth of time from quota and period; infinite without a limit, None if unreadable."""
    match words:
        case ["max" | "-1", *_]:
            return math.inf
        case [quota, period]:
            quota_us, period_us = whole_number(quota), whole_number(period)
            return quota_us / period_us if quota_us and period_us else None
        case _:
            return None


def _siblings(files: Files, usable: int) -> MachineNote:
    half = max(1, usable // 2)
    match files.text(f"{CPU}/smt/active"):
        case "0":
            return good("SMT siblings", "off")
        case "1":
            return MachineNote(
                "SMT siblings",
                "on",
                Level.NOTE,
                "two logical cores share the units of one, so the second half of the threads may "
                f"gain little: race half of them too ({argument('threads', (half, usable))}), or "
                f"`echo off | sudo tee {CPU}/smt/control`",
            )
        case _:
            return not_told("SMT siblings")


def _governor(files: Files) -> MachineNote:
    told = set(files.texts(CPU, "cpu[0-9]*/cpufreq/scaling_governor"))
    governors = sorted(name for name in told if _GOVERNOR.fullmatch(name))
    if not governors:
        return not_told("frequency governor")
    if governors == ["performance"]:
        return good("frequency governor", "performance")
    return MachineNote(
        "frequency governor",
        ", ".join(governors),
        Level.NOTE,
        "the frequency follows the load with a delay, which adds noise: "
        "`sudo cpupower frequency-set -g performance`",
    )


def _turbo(files: Files) -> MachineNote:
    intel, other = f"{CPU}/intel_pstate/no_turbo", f"{CPU}/cpufreq/boost"
    told_by_intel = files.text(intel)
    path, off = (intel, "1") if told_by_intel in ("0", "1") else (other, "0")
    value = files.text(path)
    if value not in ("0", "1"):
        return not_told("turbo")
    if value == off:
        return good("turbo", "off")
    return MachineNote(
        "turbo",
        "on",
        Level.NOTE,
        "the frequency depends on heat and on how many cores work, so one thread runs faster "
        f"than each of many: `echo {off} | sudo tee {path}` for steadier times",
    )


def _virtual(files: Files) -> MachineNote:
    lines = files.text("/proc/cpuinfo").splitlines()
    flags = next((line.split() for line in lines if line.startswith("flags")), None)
    if flags is None:
        return not_told("virtualisation")
    if "hypervisor" not in flags:
        return good("virtualisation", "no hypervisor announces itself")
    return MachineNote(
        "virtualisation",
        "a virtual machine",
        Level.NOTE,
        "other guests share its caches and memory bandwidth: quote ratios of one run, not "
        "nanoseconds, and repeat on a dedicated machine before publishing",
    )
