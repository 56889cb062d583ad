"""Where a call asked for its memory: one more call under memray, where that is installed.

    a small call -> the call, recorded -> what was taken when it was most, by place -> its names

memray sees what is asked for, by any allocator, and by which line and function. What of that is
ever resident it does not see: `footprint` measures that, in a call that nothing records.
"""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import re
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from msgspec import Struct
from msgspec.msgpack import Decoder

from whichext.model.call import called
from whichext.model.check import Allocation
from whichext.model.kernel import Prepared
from whichext.system.workers.worker import Subject
from whichext.toolchains import every_toolchain
from whichext.verify.footprint import warm_up
from whichext.verify.sharing import arrays_in, shared_argument

Frame = tuple[str, str, int]
"""A function, its file and its line, as memray has them."""

_PACKAGE, _RECORDS = "memray", "call.bin"

_MOST = 3
_SHARE = 0.25
"""Of all that a call had at most: what is less is not named. Each of three copies is more."""
_ALIKE = 0.01  # an allocator may ask for a little more than an array has
_LENGTH = 60
"""Of a name; templates and closures have longer ones, which tell no more."""

_UNKNOWN = "<unknown>"
_INTERPRETER = re.compile(r"(\.{1,2}/)*(Include|Modules|Objects|Parser|Python|csu|nptl|sysdeps)/")
_HASH = re.compile(r"::h[0-9a-f]{16}$")
_LIBRARIES = tuple(
    f"{sysconfig.get_path(name)}/" for name in ("stdlib", "platstdlib", "purelib", "platlib")
)


class Attribute(Struct, frozen=True, tag=True):
    """Call the contestant once on an input, and find out what asks for memory."""

    input: str
    folder: str
    """Where the records may be; the asking process removes it, also when this process is lost."""


class Attributed(Struct, frozen=True, tag=True):
    """Where the memory that the call took was asked for."""

    allocations: tuple[Allocation, ...]
    """The largest first; empty where the call did not return."""


ATTRIBUTED: Decoder[Attributed] = Decoder(Attributed)


class Record(Protocol):
    """What was taken at one place, as memray has it."""

    @property
    def size(self) -> int:
        """Bytes, all together."""

    @property
    def n_allocations(self) -> int:
        """In how many pieces."""

    def hybrid_stack_trace(self) -> Iterable[Frame]:
        """Native and Python frames, the innermost first."""


class Place(NamedTuple):
    """Where memory was asked for."""

    function: str | None
    """A native function; None where it is the interpreter's."""
    line: str | None
    """The line that called it, for example "slow.py:12"; None where no Python did."""


def is_available() -> bool:
    """Whether memray is installed."""
    return importlib.util.find_spec(_PACKAGE) is not None


def attribute(subject: Subject, request: Attribute) -> Attributed:
    """Call the contestant on an input while memray records, and name what took most."""
    import memray  # an extra, and for the few calls that take much

    prepared = subject.inputs[request.input]
    if prepared.small is not None:
        warm_up(subject.call, prepared.small)
    path = Path(request.folder) / _RECORDS
    # Summed up at once: a call that allocates in a loop would fill the disk.
    aggregated = memray.FileFormat.AGGREGATED_ALLOCATIONS
    try:
        with memray.Tracker(path, native_traces=True, file_format=aggregated):
            result = called(subject.call, prepared.arguments)
    except BaseException:  # the call before was right; this one only explains it
        return Attributed(())
    with memray.FileReader(path) as reader:
        records = list(reader.get_high_watermark_allocation_records(merge_threads=True))
    return Attributed(tuple(largest(records, _own_sizes(result, prepared))))


def largest(records: Sequence[Record], answer_sizes: Sequence[int]) -> Iterator[Allocation]:
    """What took most of the memory, the largest first; a place counts once.

    Args:
        records: All that was taken when it was most.
        answer_sizes: Sizes of the answer's arrays, bytes; it may be among the records.

    """
    least = _SHARE * sum(record.size for record in records)
    found: dict[Place, list[Record]] = {}
    for record in records:
        found.setdefault(find_place(list(record.hybrid_stack_trace())), []).append(record)
    sizes = {place: sum(record.size for record in alike) for place, alike in found.items()}
    for place in sorted(sizes, key=lambda place: -sizes[place])[:_MOST]:
        if sizes[place] >= least and any(place):
            yield Allocation(
                size_bytes=sizes[place],
                function=place.function,
                line=place.line,
                like_answer=_has_answer(found[place], answer_sizes),
            )


def find_place(frames: Sequence[Frame]) -> Place:
    """The function that a line of the contestant called, and that line.

    Without such a line, a function that was called by way of the interpreter says most: what is
    further out is the contestant's entry, whose name is known.

    Args:
        frames: The innermost first; from ours on outwards they are left out.

    """
    ours = next((n for n, frame in enumerate(frames) if frame[1] == __file__), len(frames))
    inner = frames[:ours]
    lines = [n for n, frame in enumerate(inner) if _is_python(frame)]
    if not lines:
        return Place(_called(inner), None)
    own = [n for n in lines if not inner[n][1].startswith(_LIBRARIES)]
    _, file, number = inner[(own or lines)[0]]
    native = [_named(f) for f in inner[: lines[0]] if not _is_interpreters(f)]
    return Place(native[-1] if native else None, f"{Path(file).name}:{number}")


def _called(frames: Sequence[Frame]) -> str | None:
    """What the contestant's entry called by way of the interpreter; else the entry itself."""
    runs = [
        list(run)
        for is_interpreters, run in itertools.groupby(frames, _is_interpreters)
        if not is_interpreters
    ]
    return _named(runs[-2:][0][-1]) if runs else None


def _is_python(frame: Frame) -> bool:
    _, file, _ = frame
    return file.endswith(".py") or (file.startswith("<") and file != _UNKNOWN)


def _is_interpreters(frame: Frame) -> bool:
    """Whether a native function is the interpreter's, the system's, a binding's or without a name.

    Without debugging information the file is unknown. Then what the interpreter exports tells.
    """
    function, file, _ = frame
    if any(callers.search(function) for callers in _callers()):
        return True
    if file != _UNKNOWN:
        return _INTERPRETER.match(file) is not None
    return function.startswith(("<", "?")) or hasattr(ctypes.pythonapi, function)


@cache
def _callers() -> tuple[re.Pattern[str], ...]:
    return tuple(one.callers for one in every_toolchain() if one.callers is not None)


def _named(frame: Frame) -> str:
    name = _HASH.sub("", frame[0])  # a compiler's, which no one has written
    return name if len(name) <= _LENGTH else f"{name[:_LENGTH]}..."


def _has_answer(records: Sequence[Record], answer_sizes: Sequence[int]) -> bool:
    """Whether much of the memory was taken in pieces as large as an array of the answer."""
    like = sum(record.size for record in records if _is_like(record, answer_sizes))
    return like >= _SHARE * sum(record.size for record in records)


def _is_like(record: Record, answer_sizes: Sequence[int]) -> bool:
    piece = record.size / record.n_allocations
    return any(abs(piece - size) <= _ALIKE * size for size in answer_sizes)


def _own_sizes(result: Any, prepared: Prepared) -> list[int]:
    """Sizes of the answer's arrays that do not lie in an argument."""
    arguments = prepared.arguments
    return [a.nbytes for a in arrays_in(result) if shared_argument(a, arguments) is None]
