"""Where memory was asked for: which frame is named, which records count, and one call for real."""

from __future__ import annotations

import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace as with_fields

from support.contestants import REFERENCE, make_kernel
from support.processes import PATIENCE_S, verified
from whichext.load.kernel import load_kernel
from whichext.load.select import choose_contestants
from whichext.model.check import Allocation, Check, Memory, Property
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import Right, TimedOut
from whichext.system.workers.crew import Crew, WorkerLostError
from whichext.system.workers.messages import Prepared
from whichext.verify import attribution
from whichext.verify.answers import References
from whichext.verify.asking import Asker
from whichext.verify.attribution import Attribute, Attributed, Frame, Place, find_place, largest
from whichext.verify.in_worker import Tried, Try

ALLOCATORS = Path(__file__).parents[1] / "kernels" / "allocators"
COPY_BYTES = 48_000_000
COPY_LINE = "allocators.py:18"

MALLOC: Frame = ("default_malloc", "<unknown>", 0)
NEW: Frame = ("PyArray_NewCopy", "<unknown>", 0)
COPY: Frame = ("array_copy", "<unknown>", 0)
VECTORCALL: Frame = ("PyObject_Vectorcall", "Objects/call.c", 299)
LINE: Frame = ("run", "/cache/site/slow.py", 12)
OUTER: Frame = ("main", "/cache/site/slow.py", 40)
NUMPYS: Frame = ("sort", f"{sysconfig.get_path('purelib')}/numpy/_core/fromnumeric.py", 1091)
OURS: Frame = ("attribute", attribution.__file__, 99)
CYTHONS: Frame = ("__pyx_pw_4slow_1run", "<unknown>", 0)
HOSTS: Frame = ("fork", "/lib/whichext/system/workers/host.py", 7)


@dataclass(frozen=True)
class FakeRecord:
    """What memray says of one place."""

    size: int
    frames: tuple[Frame, ...] = (MALLOC, COPY, VECTORCALL, LINE, OURS)
    n_allocations: int = 1

    def hybrid_stack_trace(self) -> Sequence[Frame]:
        """The frames."""
        return self.frames


def at(line: int, size: int) -> FakeRecord:
    """A copy of that size that a line makes."""
    return FakeRecord(size, (MALLOC, COPY, VECTORCALL, ("run", "/cache/slow.py", line), OURS))


@pytest.mark.parametrize(
    ("frames", "place"),
    [
        pytest.param(
            (MALLOC, NEW, COPY, VECTORCALL, LINE, OUTER, OURS, HOSTS),
            Place("array_copy", "slow.py:12"),
            id="what the innermost line called",
        ),
        pytest.param(
            (MALLOC, ("ufunc", "<unknown>", 0), VECTORCALL, COPY, VECTORCALL, LINE, OURS),
            Place("array_copy", "slow.py:12"),
            id="the outermost of what it called, also by way of the interpreter",
        ),
        pytest.param(
            (MALLOC, COPY, VECTORCALL, NUMPYS, ("dispatch", "<unknown>", 0), LINE, OURS),
            Place("array_copy", "slow.py:12"),
            id="a line of the contestant's rather than a library's",
        ),
        pytest.param(
            (MALLOC, COPY, NUMPYS, CYTHONS, OURS, HOSTS),
            Place("array_copy", "fromnumeric.py:1091"),
            id="a library's line where there is no other",
        ),
        pytest.param(
            (VECTORCALL, LINE, OURS), Place(None, "slow.py:12"), id="the interpreter's own memory"
        ),
        pytest.param(
            (("_PyObject_Malloc", "../Objects/obmalloc.c", 2), LINE, OURS),
            Place(None, "slow.py:12"),
            id="an interpreter that was built elsewhere",
        ),
        pytest.param(
            (COPY, ("PyObject_Vectorcall", "<unknown>", 0), LINE, OURS),
            Place("array_copy", "slow.py:12"),
            id="an interpreter without debugging information",
        ),
        pytest.param(
            (VECTORCALL, MALLOC, COPY, VECTORCALL, CYTHONS, VECTORCALL, OURS, HOSTS),
            Place("array_copy", None),
            id="without a line, what compiled code called by way of the interpreter",
        ),
        pytest.param(
            (MALLOC, ("ufunc", "<unknown>", 0), VECTORCALL, COPY, VECTORCALL, CYTHONS, OURS),
            Place("array_copy", None),
            id="without a line, the outermost of what compiled code called",
        ),
        pytest.param(
            (MALLOC, CYTHONS, VECTORCALL, OURS),
            Place("__pyx_pw_4slow_1run", None),
            id="the entry itself where it called nothing",
        ),
        pytest.param(
            (("f" * 70, "<unknown>", 0), OURS), Place("f" * 60 + "...", None), id="a long name"
        ),
        pytest.param(
            (
                ("slow::find::h0123456789abcdef", "src/lib.rs", 9),
                ("pyo3::impl_::trampoline::fastcall::h0123456789abcdef", "<unknown>", 0),
                VECTORCALL,
                OURS,
            ),
            Place("slow::find", None),
            id="a function of Rust without its hash, rather than what calls every one",
        ),
        pytest.param((VECTORCALL, OURS, LINE), Place(None, None), id="nothing of the contestant"),
    ],
)
def test_a_place_is_a_function_and_the_line_that_called_it(
    frames: tuple[Frame, ...], place: Place
) -> None:
    assert find_place(frames) == place


def test_the_largest_come_first_and_little_ones_not_at_all() -> None:
    found = list(largest([at(1, 300), at(2, 500), at(3, 100)], ()))
    assert [(one.line, one.size_bytes) for one in found] == [("slow.py:2", 500), ("slow.py:1", 300)]


def test_at_most_three_are_named() -> None:
    found = list(largest([at(line, 250) for line in range(4)], ()))
    assert [one.line for one in found] == ["slow.py:0", "slow.py:1", "slow.py:2"]


def test_a_place_that_is_reached_in_several_ways_counts_once() -> None:
    ways = [FakeRecord(200), FakeRecord(200, (MALLOC, NEW, COPY, LINE, OURS)), at(3, 300)]
    assert [(one.line, one.size_bytes) for one in largest(ways, ())] == [
        ("slow.py:12", 400),
        ("slow.py:3", 300),
    ]


def test_a_small_answer_from_the_same_place_is_not_what_was_copied() -> None:
    (one,) = largest([FakeRecord(8), FakeRecord(1000, (COPY, LINE, OURS))], (8,))
    assert (one.size_bytes, one.like_answer) == (1008, False)


@pytest.mark.parametrize(
    ("answers", "pieces", "like"),
    [((), 1, False), ((999,), 1, True), ((500,), 1, False), ((7, 500), 2, True)],
)
def test_what_is_as_large_as_an_array_of_the_answer_may_be_it(
    answers: tuple[int, ...], pieces: int, like: bool
) -> None:
    (one,) = largest([replace(FakeRecord(1000), n_allocations=pieces)], answers)
    assert one.like_answer == like


def test_memory_that_no_function_can_be_named_for_is_left_out() -> None:
    assert list(largest([FakeRecord(10, (VECTORCALL, OURS))], ())) == []


def test_where_nothing_was_taken_nothing_is_named() -> None:
    assert list(largest([], ())) == []


@dataclass
class FakeAsked:
    """A crew and its workers: a call on a case takes memory, and recording it has a fate."""

    memory: Memory | None
    fate: Attributed | WorkerLostError
    kernel: Kernel = field(default_factory=make_kernel)
    folders: list[Path] = field(default_factory=list)

    def spawn(self, *_: object) -> FakeAsked:
        """A worker."""
        return self

    def ask(self, question: Try | Attribute, *_: object) -> Tried | Attributed:
        """Answer as scripted."""
        if isinstance(question, Try):
            return Tried(Right(), 5, self.memory)
        self.folders.append(Path(question.folder))
        assert self.folders[-1].is_dir()
        if isinstance(self.fate, WorkerLostError):
            raise self.fate
        return self.fate

    def kill(self) -> None:
        """Nothing is to be ended."""

    def check(self, *, thorough: bool = True) -> Check:
        """What is found on the only case."""
        crew, options = cast(Crew, self), Options(thorough=thorough)
        asker = Asker(crew, REFERENCE, None, options, cast(References, None))
        prepared = Prepared(("big",), (Property.CASES,), 8)
        (check,) = asker.ask_cases(prepared)
        return check


MUCH, LITTLE = Memory(peak_bytes=2_000_000, kept_bytes=0), Memory(peak_bytes=9, kept_bytes=0)
KNOWN = Attributed((Allocation(size_bytes=2_000_000, function="array_copy", line="slow.py:12"),))


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attribution, "is_available", lambda: True)


@pytest.mark.usefixtures("installed")
def test_what_takes_much_is_recorded_in_a_folder_that_is_removed() -> None:
    asked = FakeAsked(MUCH, KNOWN)
    assert asked.check().memory == with_fields(MUCH, allocations=KNOWN.allocations)
    (folder,) = asked.folders
    assert not folder.exists()


@pytest.mark.usefixtures("installed")
def test_a_process_that_is_lost_while_it_records_loses_no_check() -> None:
    asked = FakeAsked(MUCH, WorkerLostError(TimedOut("big", 7)))
    check = asked.check()
    assert (check.result, check.memory) == (Right(), MUCH)
    (folder,) = asked.folders
    assert not folder.exists()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("memory", "thorough"), [(LITTLE, True), (None, True), (MUCH, False)])
def test_nothing_is_recorded_of_what_takes_little_nor_before_a_race(
    memory: Memory | None, thorough: bool
) -> None:
    asked = FakeAsked(memory, KNOWN)
    assert asked.check(thorough=thorough).memory == memory
    assert asked.folders == []


def test_without_memray_nothing_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attribution, "is_available", lambda: False)
    asked = FakeAsked(MUCH, KNOWN)
    assert asked.check().memory == MUCH
    assert asked.folders == []


@pytest.mark.slow
@pytest.mark.processes
def test_a_copy_is_attributed_to_the_line_that_makes_it() -> None:
    pytest.importorskip("memray", reason="an extra: pip install 'whichext[memory]'")
    kernel = load_kernel(ALLOCATORS)
    (one,) = (c for c in choose_contestants(kernel, Options()) if c.function == "one_copy")
    options = Options(time_limit_s=PATIENCE_S, thorough=True)
    checks = verified(kernel, (one,), {one.name: ALLOCATORS / "allocators"}, kernel.cases, options)
    (memory,) = (check.memory for check in checks if check.property is Property.CASES)
    assert memory is not None
    (copy,) = memory.allocations
    assert copy.line == COPY_LINE
    assert copy.function is not None
    assert copy.size_bytes == pytest.approx(COPY_BYTES, rel=0.001)
    assert not copy.like_answer
