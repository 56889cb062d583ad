"""The doctor: what it says of a machine that a folder of files pretends to be."""

from __future__ import annotations

import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from support.machines import FakeToolchains
from whichext.model.inline import argument
from whichext.system.doctor import NOT_TOLD, Level, examine
from whichext.system.doctor import MachineNote as Note
from whichext.system.doctor.system import STEAL_WAIT_S, keep_busy

ONLINE, SMT = "/sys/devices/system/cpu/online", "/sys/devices/system/cpu/smt/active"
GOVERNOR = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
TURBO = "/sys/devices/system/cpu/intel_pstate/no_turbo"
BOOST = "/sys/devices/system/cpu/cpufreq/boost"
QUOTA, GROUP = "/sys/fs/cgroup/cpu.max", "/proc/self/cgroup"
CPUINFO, LOAD, STAT, MEMORY = "/proc/cpuinfo", "/proc/loadavg", "/proc/stat", "/proc/meminfo"
HUGE = "/sys/kernel/mm/transparent_hugepage/enabled"
ASLR = "/proc/sys/kernel/randomize_va_space"

Files = Mapping[str, str | bytes | None]

CALM = {
    ONLINE: "0-3\n",
    QUOTA: "max 100000\n",
    SMT: "0\n",
    GOVERNOR: "performance\n",
    TURBO: "1\n",
    CPUINFO: "processor\t: 0\nflags\t\t: fpu sse2 avx2\n",
    LOAD: "0.10 0.20 0.30 1/88 510\n",
    STAT: "cpu  1000 0 100 5000 10 0 5 20 0 0\ncpu0 1 2 3\n",
    MEMORY: "MemTotal: 16000000 kB\nMemFree: 1 kB\nMemAvailable: 8000000 kB\n",
    HUGE: "always [madvise] never\n",
    ASLR: "2\n",
    GROUP: "0::/\n",
}
"""A machine of four cores that nothing is wrong with."""

COMPILERS = ("C compiler", "C++ compiler", "cargo and rustc", "Python headers", "toolchains")
TOOLS = (*COMPILERS, "zig", "uv", "Python", "NumPy")
PROCESSOR = ("cores", "processor quota", "SMT siblings", "frequency governor", "turbo")
SYSTEM = ("virtualisation", "load average", "steal", "free memory", "huge pages")
SUBJECTS = (*TOOLS, *PROCESSOR, *SYSTEM, "placement (ASLR)")


RUST = {"cargo": "cargo 1.95.0", "rustc": "rustc 1.95.0"}
ALL = {"cc": "gcc 12", "c++": "c++ (Debian) 12", "python-headers": "", "uv": "uv 0.9.1", **RUST}
ALL |= {"zig": "clang version 22.1.8 (zig 0.17.1)"}


def write(root: Path, files: Files) -> None:
    for name, content in files.items():
        path = root / name.lstrip("/")
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)


Look = Callable[..., dict[str, Note]]


def look_at(
    root: Path,
    files: Files = CALM,
    *,
    cores: int = 4,
    wait: Callable[[float], None] = lambda _: None,
    there: Mapping[str, str | None] = ALL,
) -> dict[str, Note]:
    write(root, files)
    found = examine(root, wait=wait, cores=lambda: cores, toolchains=FakeToolchains(there))
    return {finding.subject: finding for finding in found}


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Look at the calm machine with some files of it changed."""
    for variable in ("CC", "CXX", "CARGO"):
        monkeypatch.delenv(variable, raising=False)
    write(tmp_path, CALM)
    return lambda files={}, **others: look_at(tmp_path, files, **others)


def test_a_calm_machine_with_all_tools_gets_no_advice(look: Look) -> None:
    assert {(f.level, f.advice) for f in look().values()} == {(Level.GOOD, "")}


def test_what_builds_need_comes_first_and_then_what_disturbs_a_race(look: Look) -> None:
    assert tuple(look()) == SUBJECTS


def test_a_system_without_proc_and_sys_does_not_tell_and_is_not_warned_of(tmp_path: Path) -> None:
    findings = {s: f for s, f in look_at(tmp_path, {}).items() if s not in TOOLS}
    assert {f.level for f in findings.values()} == {Level.GOOD}
    assert findings.pop("cores").found == "4 usable"
    assert {f.found for f in findings.values()} == {NOT_TOLD}


def test_the_real_machine_gives_findings_with_unique_subjects() -> None:
    assert tuple(finding.subject for finding in examine(wait=lambda _: None)) == SUBJECTS


WORDS = st.sampled_from(
    "0 1 -1 0- 3-1 0.5 1e999 nan inf max cpu flags hypervisor kB [never] ::/a/../b MemTotal: "
    f"MemAvailable: \x00 \x1b[31m {'9' * 30}".split(" ")
)
CONTENTS = st.lists(WORDS, max_size=12).map(" ".join) | st.binary(max_size=60)


@pytest.mark.slow
@settings(deadline=None)  # it writes files, and the machine may be busy
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(CALM, CONTENTS)), st.integers(1, 300))
def test_no_content_of_files_raises_and_there_is_advice_just_where_not_good(
    files: dict[str, str | bytes], cores: int
) -> None:
    with TemporaryDirectory() as folder:
        for finding in look_at(Path(folder), {**CALM, **files}, cores=cores).values():
            assert finding.found.isprintable()
            assert (finding.level is Level.GOOD) == (finding.advice == "")


RAISE = "threads that use it up are stopped in the middle of a turn: raise it to 4 "
RAISE += "(Docker --cpus, Kubernetes limits.cpu, systemd CPUQuota)"
TURBO_IS_ON = "the frequency depends on heat and on how many cores work, so one thread runs "
TURBO_IS_ON += "faster than each of many:"
ADVISED: list[tuple[str, Files, str, Level, str]] = [
    ("cores", {ONLINE: "0-3,8"}, "4 of 5 usable", Level.NOTE,
     "an affinity mask or a cpuset leaves 1 out, and results count for the rest: start without "
     "taskset, numactl or Docker's --cpuset-cpus to race on all"),
    ("processor quota", {QUOTA: "250000 100000"}, "cores' worth of time: 2.5", Level.WARNING,
     f"{RAISE}, or use {argument('threads', 2)}"),
    ("processor quota", {QUOTA: "100000 100000"}, "cores' worth of time: 1", Level.WARNING,
     f"{RAISE}, or use {argument('threads', 1)}"),
    ("processor quota", {QUOTA: "50000 100000"}, "cores' worth of time: 0.5", Level.WARNING, RAISE),
    ("SMT siblings", {SMT: "1"}, "on", Level.NOTE,
     "two logical cores share the units of one, so the second half of the threads may gain "
     f"little: race half of them too ({argument('threads', (2, 4))}), or "
     "`echo off | sudo tee /sys/devices/system/cpu/smt/control`"),
    ("frequency governor", {GOVERNOR.replace("cpu0", "cpu1"): "powersave"},
     "performance, powersave", Level.NOTE,
     "the frequency follows the load with a delay, which adds noise: "
     "`sudo cpupower frequency-set -g performance`"),
    ("turbo", {TURBO: "0"}, "on", Level.NOTE,
     f"{TURBO_IS_ON} `echo 1 | sudo tee {TURBO}` for steadier times"),
    ("turbo", {TURBO: None, BOOST: "1"}, "on", Level.NOTE,
     f"{TURBO_IS_ON} `echo 0 | sudo tee {BOOST}` for steadier times"),
    ("virtualisation", {CPUINFO: "flags : fpu hypervisor"}, "a virtual machine", Level.NOTE,
     "other guests share its caches and memory bandwidth: quote ratios of one run, not "
     "nanoseconds, and repeat on a dedicated machine before publishing"),
    ("load average", {LOAD: "1.21 0 0 1/2 3"}, "1.21 on 4 cores", Level.WARNING,
     "close what else runs: browsers, builds, tests (`top` shows them), and wait a minute, "
     "since this is the average of the last one"),
    ("free memory", {MEMORY: "MemTotal: 4000000 kB\nMemAvailable: 1000000 kB"},
     "1.02 GB of 4.10 GB", Level.WARNING,
     "below 2.00 GB large inputs may not fit, and swapping would be timed too: close what else "
     f"runs, or choose smaller cases with {argument('cases')}"),
    ("huge pages", {HUGE: "always madvise [never]"}, "never", Level.NOTE,
     "NumPy asks for them and gets none, so large arrays are slower here than on most "
     f"machines: `echo madvise | sudo tee {HUGE}`"),
    ("placement (ASLR)", {ASLR: "0"}, "off", Level.NOTE,
     "every epoch would get the same addresses, so an accident of placement looks like a "
     "difference: `sudo sysctl kernel.randomize_va_space=2`"),
    ("turbo", {TURBO: None, BOOST: "0"}, "off", Level.GOOD, ""),
]  # fmt: skip
GOOD: list[tuple[str, str, str | None, str]] = [
    *(("cores", ONLINE, text, "4 of 4 usable") for text in ("0-3", "0,1,2-3", "0-1,4-5")),
    *(("cores", ONLINE, text, "4 usable") for text in ("0-", "3-0", "0-30,9-0", "0-9,x", "0-1")),
    ("processor quota", QUOTA, "400000 100000", "cores' worth of time: 4"),
    *(("processor quota", QUOTA, text, NOT_TOLD) for text in ("5", "5 0", "0 5", "x y", "1 2 3")),
    ("SMT siblings", SMT, "notsupported", NOT_TOLD),
    ("frequency governor", GOVERNOR, "\x1b[31mred", NOT_TOLD),
    ("turbo", TURBO, "2", NOT_TOLD),
    ("virtualisation", CPUINFO, "processor : 0\nFeatures : fp asimd", NOT_TOLD),
    ("load average", LOAD, "1.20 9 9 1/2 3", "1.20 on 4 cores"),
    *(("load average", LOAD, text, NOT_TOLD) for text in ("nan 1", "inf", "-1.0", "1e999", "x")),
    *(("steal", STAT, text, NOT_TOLD) for text in (None, "cpu 1 2 3", "cpu a b c d e f g h")),
    *(("free memory", MEMORY, f"MemTotal: 9 kB\nMem{text}", NOT_TOLD)
      for text in ("Available: x kB", "Available: 5", "Free: 7 kB")),
    ("huge pages", HUGE, "[always] madvise never", "always"),
    ("huge pages", HUGE, "always madvise never", NOT_TOLD),
    ("placement (ASLR)", ASLR, "1", "on"),
    *(("placement (ASLR)", ASLR, text, NOT_TOLD) for text in ("3", "-1", "0_0", "२", "9" * 5000)),
]  # fmt: skip
ADVISED += [(subject, {file: text}, found, Level.GOOD, "") for subject, file, text, found in GOOD]


@pytest.mark.parametrize(("subject", "files", "found", "level", "advice"), ADVISED)
def test_what_disturbs_has_advice_and_what_does_not_or_makes_no_sense_has_none(
    look: Look, subject: str, files: Files, found: str, level: Level, advice: str
) -> None:
    assert look(files)[subject] == Note(subject, found, level, advice)


def test_load_is_held_against_the_machines_cores_and_else_against_the_usable(look: Look) -> None:
    load = {LOAD: "1.00 0 0 1/2 3"}
    assert look(load, cores=1)["load average"].level is Level.GOOD
    finding = look({**load, ONLINE: None}, cores=1)["load average"]
    assert (finding.level, finding.found) == (Level.WARNING, "1.00 on 1 core")


@pytest.mark.parametrize("group", ["/", "/unified/", "/a/", "/a/b/", "/unified/a/b/"])
def test_the_quota_of_every_group_above_the_process_binds(look: Look, group: str) -> None:
    files = {GROUP: "0::/a/b", f"/sys/fs/cgroup{group}cpu.max": "100000 100000"}
    finding = look({"/sys/fs/cgroup/a/cpu.max": "200000 100000", **files})["processor quota"]
    assert finding.found.endswith(": 1")


@pytest.mark.parametrize("group", ["/c", "/a/memory_alone", "/memory_alone"])
def test_the_quota_of_somebody_elses_group_does_not_count(look: Look, group: str) -> None:
    lines = "5:memory:/memory_alone\n0::/a/b"
    files = {GROUP: lines, f"/sys/fs/cgroup{group}/cpu.max": "10000 100000"}
    assert look(files)["processor quota"].found == "none"


@pytest.mark.parametrize("folder", ["/cpu", "/cpu,cpuacct", "/cpu/docker/x"])
@pytest.mark.parametrize(("quota", "found"), [("150000", "time: 1.5"), ("-1", "none")])
def test_a_quota_of_version_1_counts_wherever_a_container_sees_it(
    look: Look, folder: str, quota: str, found: str
) -> None:
    place = f"/sys/fs/cgroup{folder}/cpu.cfs"
    files = {f"{place}_quota_us": quota, f"{place}_period_us": "100000"}
    finding = look({QUOTA: None, GROUP: "4:cpu,cpuacct:/docker/x", **files})["processor quota"]
    assert finding.found.endswith(found)


@pytest.mark.parametrize("path", [b"/../../../other", b"/a\x00b/\xff"])
def test_a_group_with_an_impossible_path_is_passed_over(look: Look, path: bytes) -> None:
    files = {GROUP: b"0::" + path, "/other/cpu.max": "1000 100000"}
    assert look(files)["processor quota"].found == "none"


def steal(look: Look, root: Path, used: int, stolen: int, idle: int = 9, guest: int = 0) -> Note:
    """The note when so many ticks pass during the wait."""
    line = f"cpu  {1000 + used} 0 100 {5000 + idle} 10 0 5 {20 + stolen} {guest} 0\n"
    return look(wait=lambda _: write(root, {STAT: line}))["steal"]


@pytest.mark.parametrize(
    ("stolen", "level"), [(10, "good"), (11, "note"), (50, "note"), (51, "warning")]
)
def test_over_a_hundredth_stolen_is_a_note_and_over_a_twentieth_a_warning(
    look: Look, tmp_path: Path, stolen: int, level: str
) -> None:
    more = f"take more epochs (a longer {argument('max_time_s')}), a quieter hour or a dedicated"
    advice = f"other guests take your processor: {more} machine"
    found = f"{stolen / 10:.1f}% of the time that programs asked for"
    expected = Note("steal", found, Level(level), "" if level == "good" else advice)
    assert steal(look, tmp_path, 1000 - stolen, stolen) == expected


def test_neither_idle_time_nor_own_guests_dilute_steal(look: Look, tmp_path: Path) -> None:
    assert steal(look, tmp_path, 90, 10, idle=10**6, guest=90).found.startswith("10.0%")


@pytest.mark.parametrize(
    ("used", "stolen", "share"),
    [(0, 0, "0.0%"), (-500, -5, "0.0%"), (500, -5, "0.0%"), (-500, 5, "0.0%"), (-5, 10, "100.0%")],
)
def test_counters_that_stand_or_run_backwards_give_no_impossible_share(
    look: Look, tmp_path: Path, used: int, stolen: int, share: str
) -> None:
    assert steal(look, tmp_path, used, stolen).found.startswith(f"{share} ")


def test_steal_is_read_half_a_second_apart_and_only_where_there_is_something(look: Look) -> None:
    waits: list[float] = []
    look(wait=waits.append)
    look({STAT: None}, wait=waits.append)
    assert waits == [STEAL_WAIT_S] == [0.5]


def test_a_second_reading_that_fails_leaves_steal_untold(look: Look, tmp_path: Path) -> None:
    assert look(wait=lambda _: write(tmp_path, {STAT: None}))["steal"].found == NOT_TOLD


def test_the_wait_is_over_when_the_clock_says_so() -> None:
    times = iter([10.0, 10.1, 10.4, 10.5])
    keep_busy(0.5, clock=lambda: next(times))
    assert list(times) == []


def test_programs_are_shown_by_name_with_their_versions(look: Look) -> None:
    found = [look()[subject].found for subject in (*TOOLS[:3], "uv")]
    assert found == ["cc: gcc 12", "c++ (Debian) 12", "cargo 1.95.0, rustc 1.95.0", "uv 0.9.1"]


NOT_IN_USE = "on PATH, but without a version, so builds are likely to fail: run with --version to "
RUSTUP = "see why; with rustup, `rustup default stable` installs a compiler"
NO_RUST = "error: toolchain 'stable-x86_64-unknown-linux-gnu' is not installed"
SHIM = "xcode-select: note: no developer tools were found"
TOOL_FINDINGS: list[tuple[str, Mapping[str, str | None], str, Level, str]] = [
    *((subject, {need: None}, "not found", Level.WARNING,
       f"builds that need a thing called {need} are skipped: get {need}")
      for subject, need in zip(TOOLS, ("cc", "c++", "cargo"), strict=False)),
    ("cargo and rustc", {"rustc": "unknown: [Errno 2]"},
     "cargo 1.95.0, rustc: unknown: [Errno 2]", Level.WARNING, f"rustc {NOT_IN_USE}{RUSTUP}"),
    ("cargo and rustc", {"cargo": NO_RUST, "rustc": NO_RUST},
     f"cargo: {NO_RUST}, rustc: {NO_RUST}", Level.WARNING, f"cargo and rustc {NOT_IN_USE}{RUSTUP}"),
    ("C compiler", {"cc": SHIM}, f"cc: {SHIM}", Level.WARNING, f"cc {NOT_IN_USE}see why"),
    ("uv", {"uv": "unknown"}, "uv: unknown", Level.WARNING, f"uv {NOT_IN_USE}see why"),
    ("uv", {"uv": None}, "not found", Level.NOTE, "not needed, but builds are faster with it, "
     "since it installs what they require: https://docs.astral.sh/uv"),
    ("Python headers", {"python-headers": None},
     f"no Python.h in {sysconfig.get_path('include')}", Level.WARNING,
     "builds that need a thing called python-headers are skipped: get python-headers"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "there", "found", "level", "advice"), TOOL_FINDINGS)
def test_a_program_that_is_absent_or_does_not_work_is_named_with_the_remedy(
    look: Look, subject: str, there: Mapping[str, str | None], found: str, level: Level, advice: str
) -> None:
    assert look(there={**ALL, **there})[subject] == Note(subject, found, level, advice)


@pytest.mark.parametrize(("variable", "need"), [("CC", "cc"), ("CXX", "c++"), ("CARGO", "cargo")])
def test_a_compiler_that_a_variable_names_wrongly_blames_the_variable(
    look: Look, monkeypatch: pytest.MonkeyPatch, variable: str, need: str
) -> None:
    monkeypatch.setenv(variable, "icx -m64")
    (finding,) = (f for f in look(there={**ALL, need: None}).values() if f.level is Level.WARNING)
    assert finding.found == f"not found: {variable} is 'icx -m64'"
    assert f": unset {variable} or " in finding.advice
    assert f"; get {need}" in finding.advice


def test_toolchains_of_new_projects_are_those_whose_compilers_are_here(look: Look) -> None:
    every = look()["toolchains"]
    assert (every.level, every.advice) == (Level.GOOD, "")
    fewer = look(there={**ALL, "cargo": None})["toolchains"]
    assert {*every.found.split(", ")} - {*fewer.found.split(", ")} == {"rust"}
    assert (fewer.level, fewer.advice) == (Level.NOTE, snapshot("no rust: get cargo"))
