"""What a call takes of the memory: seven ways whose amounts are known, and what cannot be seen."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from support.contestants import write_contestant
from support.processes import PATIENCE_S, verified
from whichext.load.kernel import load_kernel
from whichext.load.select import choose_contestants
from whichext.model.check import Check, Memory, Property
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.verify import footprint
from whichext.verify.footprint import Reading

ALLOCATORS = Path(__file__).parents[1] / "kernels" / "allocators"
INPUT_BYTES = 48_000_000
UNSEEN_BYTES = 1 << 20
SHARE = 0.05

# Bytes of the peak, of what is kept, and of what one more call adds.
TRUTH = {
    "no_copy": (0, 0, 0),
    "one_copy": (INPUT_BYTES, 0, 0),
    "two_copies": (2 * INPUT_BYTES, 0, 0),
    "keeps_its_arena": (INPUT_BYTES, INPUT_BYTES, 0),
    "maps": (INPUT_BYTES, 0, 0),
    "leaks": (INPUT_BYTES, INPUT_BYTES, INPUT_BYTES),
    "leaks_little": (0, 0, 0),
}


@pytest.fixture(scope="module")
def measured() -> dict[str, Memory | None]:
    """What verify measures of each of them on the one case."""
    kernel = load_kernel(ALLOCATORS)
    contestants = choose_contestants(kernel, Options())
    folder = ALLOCATORS / "allocators"
    sites = {c.name: folder if c.project else None for c in contestants}
    options = Options(time_limit_s=PATIENCE_S)
    checks = verified(kernel, contestants, sites, kernel.cases, options)
    return {
        check.contestant.partition(".")[2]: check.memory
        for check in checks
        if check.property is Property.CASES
    }


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize("way", TRUTH)
def test_what_a_known_allocator_takes_is_measured_to_five_per_cent(
    measured: dict[str, Memory | None], way: str
) -> None:
    memory = measured[way]
    assert memory is not None
    peak, kept, growth = TRUTH[way]
    assert memory.peak_bytes == pytest.approx(peak, rel=SHARE, abs=UNSEEN_BYTES)
    assert memory.kept_bytes == pytest.approx(kept, rel=SHARE, abs=UNSEEN_BYTES)
    assert bool(memory.leak_bytes) == way.startswith("leaks")
    if kept or memory.growth_bytes is not None:
        assert memory.growth_bytes == pytest.approx(growth, rel=SHARE, abs=UNSEEN_BYTES)


@pytest.fixture
def checked(faulty: Kernel, tmp_path: Path) -> Callable[[str], tuple[Check, ...]]:
    """What verify finds of a module that is written."""

    def of(code: str) -> tuple[Check, ...]:
        one = write_contestant(tmp_path, code)
        options = Options(time_limit_s=PATIENCE_S)
        return verified(faulty, (one,), {one.name: tmp_path}, faulty.cases, options)

    return of


@pytest.mark.slow
@pytest.mark.processes
def test_only_calls_on_cases_are_measured(checked: Callable[[str], tuple[Check, ...]]) -> None:
    checks = checked("def run(values): return values.max(axis=1)")
    measured = {check.property for check in checks if check.memory is not None}
    assert measured == {Property.CASES}


@pytest.mark.slow
@pytest.mark.processes
def test_what_a_first_call_loads_is_not_the_calls(
    checked: Callable[[str], tuple[Check, ...]],
) -> None:
    code = """
        import numpy as np
        pool = []
        def run(values):
            if not pool:
                pool.append(np.ones(4_000_000))
            return values.max(axis=1)
    """
    (memory,) = (c.memory for c in checked(code) if c.property is Property.CASES)
    assert memory is not None
    assert max(memory.peak_bytes, memory.kept_bytes) < UNSEEN_BYTES


def test_a_system_that_does_not_tell_measures_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(footprint, "_CLEAR", tmp_path / "absent" / "clear_refs")
    assert footprint.begin() is None
    monkeypatch.setattr(footprint, "_STATUS", tmp_path / "status")
    assert footprint.read() == Reading(0, 0)


def test_a_line_of_what_the_system_says_is_read_in_bytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    status = tmp_path / "status"
    status.write_text("Name:\tpython\nVmHWM:\t   12 kB\nVmRSS:\t    7 kB\n")
    monkeypatch.setattr(footprint, "_STATUS", status)
    monkeypatch.setattr(footprint, "_CLEAR", tmp_path / "clear_refs")
    assert footprint.begin() == 7 * 1024
    assert footprint.read() == Reading(12 * 1024, 7 * 1024)
    assert (tmp_path / "clear_refs").read_text() == "5"


def test_less_than_nothing_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprint, "_resident_after", lambda _: 5)
    called = Reading(10, 9)
    assert footprint.conclude(9, called, called, 3) == Memory(peak_bytes=0, kept_bytes=0)


def test_what_the_comparison_adds_is_not_kept_by_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprint, "_resident_after", lambda _: 150)
    found = footprint.conclude(100, Reading(190, 170), Reading(190, 200), 60)
    assert found == Memory(peak_bytes=30, kept_bytes=20)


def counting(calls: list[int]) -> Callable[[npt.NDArray[np.float64]], None]:
    return lambda _: calls.append(1)


@pytest.mark.parametrize(
    ("kept_bytes", "call_ns", "called"),
    [(0, 1_000, True), (0, 30_000_000, False), (2 << 20, 30_000_000, True)],
)
def test_one_more_call_is_made_where_it_tells_something_or_takes_no_time(
    kept_bytes: int, call_ns: int, called: bool
) -> None:
    calls: list[int] = []
    taken = Memory(peak_bytes=1, kept_bytes=kept_bytes)
    after = footprint.grown(counting(calls), (np.zeros(3),), taken, call_ns)
    assert len(calls) == called
    assert (after.peak_bytes, after.kept_bytes) == (1, kept_bytes)
    assert (after.growth_bytes is not None) == called


def test_what_a_call_raises_in_passing_is_not_told_here() -> None:
    def call(_: object) -> None:
        raise SystemExit("goodbye")

    footprint.warm_up(call, (1,))
    taken = Memory(peak_bytes=1, kept_bytes=0)
    assert footprint.grown(call, (1,), taken, 5) == taken


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls in a batch are as many as there may be, however slow the machine is."""
    monkeypatch.setattr(footprint, "_BATCH_NS", 10**12)


@pytest.mark.slow
@pytest.mark.usefixtures("unhurried")
def test_what_each_of_many_calls_adds_is_measured() -> None:
    kept = []

    def call(values: npt.NDArray[np.float64]) -> None:
        kept.append(values + 1)

    assert footprint.leak(call, (np.zeros(12_500),)) == pytest.approx(100_000, rel=SHARE)


@pytest.mark.slow
@pytest.mark.usefixtures("unhurried")
def test_free_memory_of_the_process_does_not_hide_a_leak() -> None:
    pairs = [(np.ones(12_500), np.ones(100)) for _ in range(1_000)]
    between = [small for _, small in pairs]  # keeps the free memory from being given back
    del pairs
    kept = []

    def call(values: npt.NDArray[np.float64]) -> None:
        kept.append(values + 1)

    found = footprint.leak(call, (np.zeros(12_500),))
    assert found == pytest.approx(100_000, rel=SHARE)
    assert len(between) == 1_000


@pytest.mark.slow
@pytest.mark.usefixtures("unhurried")
def test_a_cache_that_fills_up_is_no_leak() -> None:
    kept: dict[int, npt.NDArray[np.float64]] = {}

    def call(values: npt.NDArray[np.float64]) -> None:
        kept.setdefault(len(kept) % 64, values + 1)

    assert footprint.leak(call, (np.zeros(12_500),)) == 0


@pytest.mark.slow
@pytest.mark.usefixtures("unhurried")
def test_a_pool_of_threads_that_idles_is_no_leak() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert footprint.leak(lambda values: pool.submit(np.sum, values), (np.zeros(9),)) == 0


@pytest.mark.slow
@pytest.mark.usefixtures("unhurried")
def test_what_fills_up_slowly_is_no_leak() -> None:
    kept: list[npt.NDArray[np.float64]] = []
    calls = 0

    def call(_: object) -> None:
        nonlocal calls
        calls += 1
        kept.append(np.ones(min(2_500, 20_000_000_000 // calls**3)))

    assert footprint.leak(call, (0,)) == 0


def test_calls_that_take_long_or_fail_say_nothing_of_leaks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(_: object) -> None:
        raise SystemExit("goodbye")

    assert footprint.leak(fail, (0,)) is None
    monkeypatch.setattr(footprint, "_BATCH_NS", 0)
    assert footprint.leak(len, ("",)) is None
    monkeypatch.setattr(footprint, "_ROLLUP", tmp_path / "absent")
    assert footprint.leak(len, ("",)) is None


@pytest.mark.slow
@pytest.mark.processes
def test_a_leak_of_100_kb_beside_an_input_of_48_mb_is_measured(
    measured: dict[str, Memory | None],
) -> None:
    memory = measured["leaks_little"]
    assert memory is not None
    assert memory.leak_bytes == pytest.approx(100_000, rel=SHARE)
