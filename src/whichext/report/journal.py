"""The journal: the epochs of a running race as lines of JSON, beside the future result file.

The first line is all that was known before the race, each later one is an epoch of a case, synced
to the disk before the next one begins. How long a line is depends on its epoch alone, and not on
what was measured before. When the result is in place the file goes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from whichext.model.errors import ResultNotWrittenError
from whichext.model.inline import argument
from whichext.model.raw import CUT_SHORT, CaseSize, Raw, Sample, Timing

_SUFFIX = ".part"


class _Epoch(Struct, frozen=True):
    """What an epoch added: one line."""

    size: CaseSize
    timings: tuple[Timing, ...]


def part_of(path: Path) -> Path:
    """Where the journal of a result file is."""
    return path.with_name(path.name + _SUFFIX)


class FileJournal:
    """The journal of a result file.

    Args:
        path: Where the result will be.

    """

    def __init__(self, path: Path) -> None:
        self.path = part_of(path)

    def begin(self, raw: Raw) -> None:
        """Start the file with all that is known before the race; replaces an existing one.

        Raises:
            ResultNotWrittenError: It cannot be written; the one that was there stays.

        """
        partial = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            with _telling(self.path):
                _append(partial, raw)
                partial.replace(self.path)
        finally:
            partial.unlink(missing_ok=True)

    def add(self, epoch: int, size: CaseSize, timings: tuple[Timing, ...]) -> None:
        """Append what an epoch added to the timings of its case.

        Args:
            epoch: Its number.
            size: The case and its bytes.
            timings: All of the case so far.

        Raises:
            ResultNotWrittenError: It cannot be written.

        """
        added = (_added(timing, epoch) for timing in timings)
        with _telling(self.path):
            _append(self.path, _Epoch(size, tuple(one for one in added if one is not None)))


def _append(path: Path, line: Struct) -> None:
    with path.open("ab") as file:
        file.write(msgspec.json.encode(line) + b"\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Say what to do about a file that cannot be written."""
    try:
        yield
    except OSError as error:
        raise ResultNotWrittenError(
            f"could not be written: {error.strerror or error}",
            f"free some space or name another file with {argument('save')}; "
            "what was written before is still there",
            where=str(path),
        ) from error


def read_journal(content: bytes) -> Raw:
    """The content of a journal, without a truncated last line.

    Raises:
        msgspec.DecodeError: The first line is not what a run begins with.

    """
    first, *lines = content.splitlines(keepends=True) or [b""]
    raw = msgspec.json.decode(first, type=Raw)
    timings = {(timing.case, timing.contestant): timing for timing in raw.timings}
    sizes = {size.case: size for size in raw.sizes}
    for line in takewhile(lambda line: line.endswith(b"\n"), lines):
        epoch = msgspec.json.decode(line, type=_Epoch)
        sizes[epoch.size.case] = epoch.size
        for added in epoch.timings:
            place = (added.case, added.contestant)
            timings[place] = _joined(timings[place], added) if place in timings else added
    return replace(
        raw,
        timings=tuple(timings.values()),
        sizes=tuple(sizes.values()),
        stopped=CUT_SHORT,
    )


def began(journal: Path, raw: Raw) -> bool:
    """Whether a journal is that of the run which measured this."""
    first = _first_line(journal)
    return first is not None and (first.started_at, first.kernel_digest) == (
        raw.started_at,
        raw.kernel_digest,
    )


def goes_on_from(after: Raw, before: Raw) -> bool:
    """Whether one run has all samples of another, and more."""
    same = (before.kernel_digest, before.cases) == (after.kernel_digest, after.cases)
    return same and set(_samples(before)) < set(_samples(after))


def _samples(raw: Raw) -> Iterator[tuple[str, str, Sample]]:
    for timing in raw.timings:
        for sample in timing.samples:
            yield timing.case, timing.contestant, sample


def kept_epochs(journal: Path) -> int:
    """Epochs that a journal keeps; 0 where there is none."""
    if _first_line(journal) is None:
        return 0
    return journal.read_bytes().count(b"\n") - 1


def _first_line(journal: Path) -> Raw | None:
    try:
        with journal.open("rb") as file:
            return msgspec.json.decode(file.readline(), type=Raw)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _added(timing: Timing, epoch: int) -> Timing | None:
    """What an epoch added to a timing; None where the contestant did not take part."""
    newest = tuple(takewhile(lambda sample: sample.epoch == epoch, reversed(timing.samples)))
    if not newest and timing.ended is None:
        return None
    last = slice(-1, None) if newest else slice(0)
    return replace(
        timing,
        samples=newest[::-1],
        latencies=timing.latencies[len(timing.samples) - len(newest) :],
        import_ns=timing.import_ns[last],
        first_call_ns=timing.first_call_ns[last],
    )


def _joined(before: Timing, added: Timing) -> Timing:
    return replace(
        added,
        samples=before.samples + added.samples,
        latencies=before.latencies + added.latencies,
        import_ns=before.import_ns + added.import_ns,
        first_call_ns=before.first_call_ns + added.first_call_ns,
    )
