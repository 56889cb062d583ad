"""The A/A twin and the limits: who they are, where they come from, and how they race."""

from __future__ import annotations

import struct
from functools import reduce
from operator import xor
from pathlib import Path

import pytest
from msgspec.structs import replace

from support.builds import FakeBuilder
from support.contestants import REFERENCE, case_of, imaginary, racer, write_kernel
from support.processes import PATIENCE_S, FakeCrew, hired, outcome_of
from support.races import ALIKE, CASES, Raceway, epochs_of
from support.results import make_build, make_built, make_raw
from whichext.build.store import Store
from whichext.model.check import Check
from whichext.model.contestant import RELEASE, Contestant, Factor, Role
from whichext.model.options import Options
from whichext.model.outcome import (
    BuildFailed,
    Built,
    Crashed,
    Outcome,
    Right,
    ToolchainAbsent,
    Unsupported,
    Wrong,
)
from whichext.model.raw import Raw
from whichext.race.in_worker import Refused
from whichext.race.yardsticks import add_yardsticks, sites_in
from whichext.toolchains import zig

BASELINE = imaginary("fast", "run")
OTHER = imaginary("other", "run", threads=4)
FAILS = FakeBuilder(logs={"limitprobe": "reader.c:1:1: error: no such luck\n"})


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of this test alone, on a machine that seems to have all toolchains."""
    monkeypatch.setattr("whichext.build.find_missing", lambda _needs: None)
    monkeypatch.setattr("whichext.build.tool_versions", lambda _needs: ())
    return Store(tmp_path / "builds")


@pytest.fixture
def site(own_store: Store) -> Path:
    """The baseline's build."""
    folder = own_store.site(make_built().key)
    (folder / "package").mkdir(parents=True)
    (folder / "fast.py").write_text("def run(values): raise ValueError(__file__)\n", "utf-8")
    (folder / "package" / "data.bin").write_bytes(bytes(range(256)))
    return folder


def known(*asked: Contestant, built: bool = False) -> Raw:
    """What is known of contestants before they are lined up; their project may be built."""
    builds = (make_build("imaginary"),) if built else ()
    return replace(make_raw(builds=builds), contestants=asked)


def limits_of(contestants: tuple[Contestant, ...]) -> list[Contestant]:
    return [c for c in contestants if c.role is Role.LIMIT]


def files_of(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


# Who


@pytest.mark.usefixtures("site")
def test_the_twin_and_a_limit_for_each_thread_count_come_behind_those_who_were_asked_for(
    own_store: Store,
) -> None:
    raw = known(BASELINE, OTHER, built=True)
    found = add_yardsticks(raw, own_store, FakeBuilder()).contestants
    assert found[:2] == (BASELINE, OTHER)
    assert [(c.name, c.role) for c in found[2:]] == [
        ("fast.run (A/A twin)", Role.TWIN),
        ("limit[1]", Role.LIMIT),
        ("limit[4]", Role.LIMIT),
    ]


def test_there_is_a_serial_limit_also_where_nobody_is_serial(own_store: Store) -> None:
    found = add_yardsticks(known(OTHER), own_store, FakeBuilder()).contestants
    assert [c.name for c in limits_of(found)] == ["limit[1]", "limit[4]"]


def test_where_a_kernel_states_no_bytes_there_is_no_limit(own_store: Store) -> None:
    raw = known(OTHER)
    assert add_yardsticks(raw, own_store, FakeBuilder(), limited=False) == raw


@pytest.mark.usefixtures("site")
def test_the_twin_is_the_baseline_but_for_its_role(own_store: Store) -> None:
    found = add_yardsticks(known(BASELINE, built=True), own_store, FakeBuilder()).contestants
    assert replace(found[1], role=Role.ENTRY) == BASELINE
    assert found[1].original == BASELINE.name


def test_a_baseline_that_was_not_built_has_no_twin(own_store: Store) -> None:
    found = add_yardsticks(known(BASELINE), own_store, FakeBuilder())
    assert [c.name for c in found.contestants] == ["fast.run", "limit[1]"]
    assert list(sites_in(found, own_store)) == ["limit[1]"]


def test_the_sites_of_the_others_stay_as_they_are(own_store: Store, site: Path) -> None:
    found = add_yardsticks(known(BASELINE, OTHER, built=True), own_store, FakeBuilder())
    sites = sites_in(found, own_store)
    assert (sites[BASELINE.name], sites[OTHER.name]) == (site, site)


# The twin's copy


def twin_site(store: Store, baseline: Contestant = BASELINE) -> Path | None:
    """Where the twin of a baseline that was built, or needs no build, is imported from."""
    found = add_yardsticks(known(baseline, built=True), store, FakeBuilder())
    return sites_in(found, store)[found.contestants[1].name]


def test_the_twins_site_is_another_folder_with_the_same_files(own_store: Store, site: Path) -> None:
    copy = twin_site(own_store)
    assert copy is not None
    assert not copy.samefile(site)
    assert files_of(copy) == files_of(site)
    assert not (copy / "fast.py").samefile(site / "fast.py")


def test_the_twin_of_the_reference_needs_no_copy(own_store: Store) -> None:
    assert twin_site(own_store, REFERENCE) is None


@pytest.mark.usefixtures("site")
def test_the_copy_is_made_once(own_store: Store) -> None:
    copy = twin_site(own_store)
    assert copy is not None
    before = (copy / "fast.py").stat()
    assert twin_site(own_store) == copy
    after = (copy / "fast.py").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_what_an_interrupted_copy_left_does_not_get_into_the_next(
    own_store: Store, site: Path
) -> None:
    half = site.with_name("twin.partial")
    half.mkdir()
    (half / "half.py").touch()
    copy = twin_site(own_store)
    assert copy is not None
    assert (files_of(copy), half.exists()) == (files_of(site), False)


@pytest.mark.slow
@pytest.mark.processes
def test_the_twin_is_really_imported_from_its_copy(
    own_store: Store, site: Path, tmp_path: Path
) -> None:
    found = add_yardsticks(known(BASELINE, built=True), own_store, FakeBuilder())
    sites = sites_in(found, own_store)
    kernel = write_kernel(tmp_path)
    with hired(kernel) as staffed:
        staffed.crew.prepare(case_of(kernel, "one"))
        server = "whichext.verify.in_worker"
        told = [
            outcome_of(staffed.crew.spawn(c, sites[c.name], server, PATIENCE_S), "one")
            for c in found.contestants[:2]
        ]
    copy = site.with_name("twin")
    assert told == [Unsupported(f"ValueError: {folder / 'fast.py'}") for folder in (site, copy)]


# The limit's build


def test_the_limit_is_built_like_any_other_project(own_store: Store) -> None:
    found = add_yardsticks(known(REFERENCE), own_store, FakeBuilder())
    (limit,), (build,) = limits_of(found.contestants), found.builds
    assert isinstance(build.result, Built)
    assert (build.project, build.profile) == ("limitprobe", RELEASE)
    assert sites_in(found, own_store)[limit.name] == own_store.site(build.result.key)
    assert (limit.project, limit.module, limit.function) == ("limitprobe", "limitprobe", "read")


def test_a_limit_gets_its_thread_count_by_keyword(own_store: Store) -> None:
    found = add_yardsticks(known(REFERENCE, OTHER), own_store, FakeBuilder()).contestants
    assert [(c.threads, c.threads_by) for c in limits_of(found)] == [
        (1, "threads"),
        (4, "threads"),
    ]


@pytest.mark.parametrize(("builder", "toolchain"), [(FakeBuilder(), "c"), (FAILS, "numpy")])
def test_the_limits_toolchain_tells_which_reader_it_is(
    own_store: Store, builder: FakeBuilder, toolchain: str
) -> None:
    found = add_yardsticks(known(REFERENCE), own_store, builder).contestants
    assert [c.factors for c in limits_of(found)] == [(Factor("toolchain", toolchain),)]


def test_a_limit_that_does_not_build_is_the_stand_in_and_its_build_tells_why(
    own_store: Store,
) -> None:
    found = add_yardsticks(known(REFERENCE), own_store, FAILS)
    (limit,), (build,) = limits_of(found.contestants), found.builds
    assert isinstance(build.result, BuildFailed)
    assert build.result.error == FAILS.logs["limitprobe"].strip()
    assert (limit.module, limit.function) == ("whichext.race.limit", "read")
    assert sites_in(found, own_store)[limit.name] is None


def read_by(limit: Contestant, site: Path | None, folder: Path) -> Outcome:
    """What verify says of a limit that reads 1.0, 2.0, 3.0 and 4.0."""
    checksum = reduce(xor, struct.unpack("<4Q", struct.pack("<4d", 1.0, 2.0, 3.0, 4.0)))
    assert checksum != 0
    kernel = write_kernel(
        folder, inputs="return (np.arange(1.0, 5.0),)", reference=f"return {checksum}"
    )
    with hired(kernel) as staffed:
        staffed.crew.prepare(case_of(kernel, "one"))
        worker = staffed.crew.spawn(limit, site, "whichext.verify.in_worker", PATIENCE_S)
        return outcome_of(worker, "one")


@pytest.mark.slow
@pytest.mark.processes
def test_without_a_compiler_the_stand_in_really_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(zig, "find_spec", lambda _: None)  # which would stand in
    store = Store(tmp_path / "builds")
    found = add_yardsticks(known(REFERENCE, OTHER), store)
    (build,), sites = found.builds, sites_in(found, store)
    assert isinstance(build.result, ToolchainAbsent)
    assert build.result.what == "a C compiler"
    for number, limit in enumerate(limits_of(found.contestants)):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert limit.module == "whichext.race.limit"
        assert read_by(limit, sites[limit.name], folder) == Right()


# In the race


TWIN = replace(racer("a"), role=Role.TWIN)
LIMIT = replace(racer("limit"), role=Role.LIMIT)
FIELD = (racer("a"), racer("b"), TWIN, LIMIT)
TIMES_NS = {**ALIKE, TWIN.name: 1_000_000, LIMIT.name: 500_000}
ONCE = Options(max_epochs=1, rounds=1)


@pytest.fixture
def full(raceway: Raceway) -> Raceway:
    """A race with a twin and a limit."""
    raceway.crew = FakeCrew(TIMES_NS)
    return raceway


def raced(raceway: Raceway, *checks: Check) -> list[tuple[str, str]]:
    """Case and contestant of each timing."""
    timings = raceway.run(ONCE, contestants=FIELD, cases=CASES, checks=checks)
    return [(timing.case, timing.contestant) for timing in timings]


def test_yardsticks_race_although_nobody_verified_them(full: Raceway) -> None:
    everybody = [contestant_.name for contestant_ in FIELD]
    assert raced(full) == [(case.name, name) for case in CASES for name in everybody]


@pytest.mark.parametrize("fault", [Wrong("NaN", "1", "2"), Crashed("small", "exit status 3")])
def test_the_twin_of_a_contestant_with_a_fault_does_not_race(
    full: Raceway, fault: Wrong | Crashed
) -> None:
    found = raced(full, Check(contestant="a", input="NaN", result=fault))
    assert found == [(case.name, name) for case in CASES for name in ("b", "limit")]


def test_a_twin_stays_away_from_a_case_that_its_original_refused(full: Raceway) -> None:
    refusal = Check(contestant="a", input="small", result=Unsupported("not today"))
    small = [name for case, name in raced(full, refusal) if case == "small"]
    assert small == ["b", "limit"]


@pytest.mark.parametrize(
    "fault",
    [Refused("ValueError: expected contiguous arrays"), Crashed("small", "killed by SIGSEGV")],
)
def test_a_limit_that_cannot_read_a_case_just_goes(full: Raceway, fault: Refused | Crashed) -> None:
    full.crew.faults = {("limit", 0): fault}
    timings = full.run(Options(max_epochs=3, rounds=1), contestants=FIELD)
    stayed = [timing.contestant for timing in timings if timing.ended is None]
    assert stayed == ["a", "b", TWIN.name]
    assert epochs_of(timings) == 3
    assert full.crew.happened("spawn").count(("spawn", "limit")) == 1


def test_a_limit_that_cannot_read_one_case_reads_the_next(full: Raceway) -> None:
    full.crew.faults = {("limit", 0): Refused("ValueError: expected contiguous arrays")}
    timings = full.run(ONCE, contestants=FIELD, cases=CASES)
    turns = {t.case: len(t.samples) for t in timings if t.contestant == "limit"}
    assert (turns["small"], turns["large"] > 0) == (0, True)


def test_a_twin_that_is_lost_keeps_its_row_like_any_other(full: Raceway) -> None:
    crash = Crashed("small", "killed by SIGSEGV")
    full.crew.faults = {(TWIN.name, 0): crash}
    timings = full.run(ONCE, contestants=FIELD)
    assert {timing.contestant: timing.ended for timing in timings}[TWIN.name] == crash
