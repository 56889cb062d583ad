"""The half of the audit inside a contestant's process: what its import and its calls do there."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.msgpack import Decoder
from msgspec.structs import replace

from whichext.audit.aftermath import processor_ns, quick_turns, settle, work_after
from whichext.audit.gil import free_share
from whichext.audit.output import Meter
from whichext.audit.process_state import State, differences, read_state, with_folder
from whichext.audit.remembering import remembers_content
from whichext.model.evidence import Moment, Output, Probe
from whichext.system.machine import count_busy, thread_times_ns
from whichext.system.workers.messages import describe_error
from whichext.system.workers.worker import Subject

_TASKS = Path("/proc/self/task")
_SHORT_NS = 200_000  # a thread takes up to a tenth of that to wake up
_NEARLY_ALL = 0.9
_CENSUS_NS = 30_000_000  # some ticks of a scheduler


class Watch(Struct, frozen=True, tag=True):
    """Call the contestant on an input, and see what that does to its process."""

    input: str
    contestant: str
    """Its name, for the answer."""


class Recall(Struct, frozen=True, tag=True):
    """Call the contestant on inputs that change, and on the same ones again."""

    input: str


class Recalled(Struct, frozen=True, tag=True):
    """What came of it."""

    remembers: bool | None
    """Whether it remembers answers by content; None where that was not seen."""


REQUEST: Decoder[Watch | Recall] = Decoder(Watch | Recall)
REPLY: Decoder[Probe] = Decoder(Probe)
RECALLED = Decoder(Recalled)


class Before(Struct, frozen=True):
    """What there was before the import."""

    state: State
    threads: int | None


class Burst(Struct, frozen=True):
    """Some calls in a row."""

    call_ns: int
    """Wall time of one of them, ns."""
    cpu_ns: int
    """Processor time of one of them, ns."""
    threads: int | None
    """Threads that were busy; None where the system does not tell."""
    after_ns: int
    """Processor time of one of them after its return, ns."""


class Counted:
    """A call with its arguments, and how often it was made."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call, self.calls = call, 0

    def __call__(self) -> object:
        """Make it."""
        self.calls += 1
        return self._call()


def before_import(site: str | None) -> Before:
    """Note what the import may change; whichext itself will put the site on Python's path."""
    return Before(with_folder(read_state(), site), count_threads())


def answer(subject: Subject, request: Watch | Recall) -> Probe | Recalled:
    """Do what a request asks for."""
    return recall(subject, request) if isinstance(request, Recall) else watch(subject, request)


def recall(subject: Subject, request: Recall) -> Recalled:
    """See whether the contestant is faster on what it has seen before."""
    prepared = subject.inputs[request.input]
    inputs = [prepared.arguments]
    if prepared.small is not None and prepared.small is not prepared.arguments:
        inputs.append(prepared.small)
    try:
        # Of each size: an entry may remember large inputs alone.
        found = {remembers_content(subject.call, one) for one in inputs}
        return Recalled(True if True in found else False if False in found else None)
    except BaseException:  # verify says what it raises
        return Recalled(None)


def watch(subject: Subject, request: Watch) -> Probe:
    """Call the contestant repeatedly, and tell what was seen."""
    imported = read_state()
    before = subject.before if isinstance(subject.before, Before) else None
    probe = Probe(
        contestant=request.contestant,
        changes=differences(before.state, imported, Moment.IMPORT) if before else (),
    )
    call = Counted(partial(subject.call, *subject.inputs[request.input].arguments))
    try:
        probe = _watch(call, probe, before.threads if before else None)
    except BaseException as error:  # SystemExit and some extensions' panics are none of Exception
        probe = replace(probe, unseen=f"it did not answer: {describe_error(error)}")
    changes = differences(imported, read_state(), Moment.CALL)
    return replace(probe, changes=(*probe.changes, *changes))


def _watch(call: Counted, probe: Probe, threads_before: int | None) -> Probe:
    """All that needs calls."""
    first = Meter()
    call()  # it may compile, import and start threads
    first_bytes, line = first.written(), first.first_line()
    settle()
    later, calls, threads = Meter(), call.calls, count_threads()
    burst = calls_in_a_row(call)
    free, unseen = _gil(call, burst)
    settle()
    calls, left = call.calls - calls, count_threads()
    later_bytes = later.written() // calls
    line = line or later.first_line()
    wrote = Output(first_bytes=first_bytes, later_bytes=later_bytes, line=line)
    return replace(
        probe,
        gil_free=free,
        unseen=unseen,
        threads=burst.threads,
        cpu_ns=burst.cpu_ns,
        after_ns=burst.after_ns,
        output=wrote if first_bytes or later_bytes else None,
        threads_left=_more(left, threads_before),
        threads_a_call=None if (more := _more(left, threads)) is None else more / calls,
    )


def _more(now: int | None, before: int | None) -> int | None:
    """How many more there are; None where either is not known."""
    return None if now is None or before is None else max(0, now - before)


def calls_in_a_row(call: Callable[[], object]) -> Burst:
    """Call for some hundredths of a second, and wait until nothing works any more."""
    before, calls = thread_times_ns(), 0
    start_ns, start_cpu_ns = time.perf_counter_ns(), processor_ns()
    while calls == 0 or time.perf_counter_ns() - start_ns < _CENSUS_NS:
        call()
        calls += 1
    wall_ns, cpu_ns = time.perf_counter_ns() - start_ns, processor_ns() - start_cpu_ns
    with quick_turns():
        after = thread_times_ns()
        worked_ns = work_after(before)
    return Burst(
        call_ns=wall_ns // calls,
        cpu_ns=cpu_ns // calls,
        threads=count_busy(before, after, wall_ns, cpu_ns) if before else None,
        after_ns=worked_ns // calls,
    )


def _gil(call: Callable[[], object], burst: Burst) -> tuple[float | None, str | None]:
    """The share of a call in which others can run, or why it is not known."""
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        return None, "this Python has no GIL"
    if burst.after_ns:  # while nothing is forced to let go of the GIL, they could keep it for ever
        return None, "its threads work on after a call"
    share = free_share(call)
    if share is None:
        return None, "this system does not tell how long a thread waits for a processor"
    if share < _NEARLY_ALL and (1 - share) * burst.call_ns < _SHORT_NS:
        return None, f"its calls are too short to tell: {burst.call_ns / 1000:.0f} us"
    return share, None


def count_threads() -> int | None:
    """Threads of this process; None where the system does not tell."""
    try:
        return sum(1 for _ in _TASKS.iterdir())
    except OSError:
        return None
