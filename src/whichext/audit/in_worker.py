"""The half of the audit inside a contestant's process: what its import and its calls do there."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial

from msgspec import Struct
from msgspec.msgpack import Decoder
from msgspec.structs import replace

from whichext.audit.aftermath import (
    processor_ns,
    quick_turns,
    settle,
    work_after,
    work_after_each,
    work_while,
)
from whichext.audit.counts import Counts, more, read_counts
from whichext.audit.gil import free_share
from whichext.audit.output import Meter
from whichext.audit.process_state import (
    State,
    differences,
    log_variables,
    read_state,
    with_folder,
    without_same,
)
from whichext.audit.remembering import remembers_content
from whichext.model.call import Arguments, called
from whichext.model.evidence import Probe
from whichext.model.forms import InPlace, OnStream
from whichext.model.process import Moment, Output, ProcessChange, Processes
from whichext.model.units import time_text
from whichext.system.machine import count_busy, thread_times_ns
from whichext.system.workers.messages import describe_error
from whichext.system.workers.worker import Subject

_SHORT_NS = 200_000  # a thread takes up to a tenth of that to wake up
_NEARLY_ALL = 0.9
_COPIES = "each call is made with fresh copies"
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
    counts: Counts
    output: Meter
    variables: list[str]
    """Environment variables that Python code has set since."""


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
    """A call with its arguments, and how often it was made.

    Args:
        form: The contestant.
        arguments: Its arguments.

    """

    def __init__(self, form: Callable[..., object], arguments: Arguments) -> None:
        self._call, self.calls = partial(called, form, arguments), 0
        self.in_one = len(arguments[0]) if isinstance(form, OnStream) else 1
        """Calls of a method that each of them is; 1 of functions."""
        self.copies = isinstance(form, InPlace)
        """Whether fresh copies are made with each of them."""

    def __call__(self) -> object:
        """Make it."""
        self.calls += 1
        return self._call()


def before_import(site: str | None) -> Before:
    """Note what the import may change; whichext itself will put the site on Python's path."""
    return Before(with_folder(read_state(), site), read_counts(), Meter(), log_variables())


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
    before = subject.before if isinstance(subject.before, Before) else None
    imported = read_state()
    probe = Probe(
        contestant=request.contestant,
        changes=_changed_by_import(before, imported) if before else (),
        output=_written_at_import(before.output) if before else None,
        of_objects=isinstance(subject.call, OnStream),
    )
    call = Counted(subject.call, subject.inputs[request.input].arguments)
    try:
        probe = _watch(call, probe, before.counts if before else read_counts())
    except BaseException as error:  # SystemExit and some extensions' panics are none of Exception
        probe = replace(probe, unseen=f"it did not answer: {describe_error(error)}")
    changes = differences(imported, read_state(), Moment.CALL)
    return replace(probe, changes=(*probe.changes, *changes))


def _changed_by_import(before: Before, imported: State) -> tuple[ProcessChange, ...]:
    state = without_same(before.state, imported, before.variables)
    return differences(state, imported, Moment.IMPORT)


def _written_at_import(meter: Meter) -> Output | None:
    """What the import wrote; None for nothing."""
    wrote, line = meter.written(), meter.first_line()
    return Output(import_bytes=wrote, first_bytes=0, later_bytes=0, line=line) if wrote else None


def _watch(call: Counted, probe: Probe, imported: Counts) -> Probe:
    """All that needs calls.

    Args:
        call: Makes one.
        probe: What is known so far.
        imported: What there was before the import.

    """
    first, started = Meter(), read_counts()
    call()  # it may compile, import and start threads
    wrote = _with_calls(probe.output, first, first.written(), 0)
    settle()
    later, calls, warm = Meter(), call.calls, read_counts()
    burst = calls_in_a_row(call)
    burst = replace(burst, after_ns=max(burst.after_ns, work_after_each(call)))
    free, unseen = _gil(call, burst)
    settle()
    calls, most = call.calls - calls, warm.threads
    late_ns = work_while(lambda: bool(more(read_counts().threads, most))) // calls
    left = read_counts()
    threads, files = more(left.threads, warm.threads), more(left.files, warm.files)
    return replace(
        probe,
        gil_free=free,
        unseen=unseen,
        threads=burst.threads,
        cpu_ns=burst.cpu_ns,
        after_ns=max(burst.after_ns, late_ns),
        output=_with_calls(wrote, later, 0, later.written() // calls),
        threads_left=more(left.threads, imported.threads),
        threads_a_call=None if threads is None else threads / calls,
        files_a_call=None if files is None else files / calls,
        files_kept=more(left.files, started.files),
        processes=_processes(imported, warm, left),
    )


def _with_calls(
    before: Output | None, meter: Meter, first_bytes: int, later_bytes: int
) -> Output | None:
    """The same with what calls wrote; None for nothing."""
    if not first_bytes and not later_bytes:
        return before
    wrote = before or Output(first_bytes=0, later_bytes=0, line="")
    return replace(
        wrote,
        first_bytes=wrote.first_bytes + first_bytes,
        later_bytes=wrote.later_bytes + later_bytes,
        line=wrote.line or meter.first_line(),
    )


def _processes(imported: Counts, warm: Counts, left: Counts) -> Processes | None:
    """Those that it started, without what ended before the calls that count: it may compile."""
    more_children = max(0, left.children - imported.children)
    ended = left.of_ended > warm.of_ended
    return Processes(left=more_children, ended=ended) if more_children or ended else None


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


def _gil(call: Counted, burst: Burst) -> tuple[float | None, str | None]:
    """The share of a call in which others can run, or why it is not known."""
    if call.copies:
        return None, _COPIES
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        return None, "this Python has no GIL"
    if burst.after_ns:  # while nothing is forced to let go of the GIL, they could keep it for ever
        return None, "its threads work on after a call"
    call_ns = burst.call_ns // call.in_one
    too_short = f"its calls are too short to tell: {time_text(call_ns)}"
    if call.in_one > 1 and call_ns < _SHORT_NS:  # between two of them, Python keeps it
        return None, too_short
    share = free_share(call)
    if isinstance(share, str):
        return None, share
    # Where it is let go of for a moment in each short call, such as by a copy at the end, it seems
    # to be free all the time: what was kept before is not seen.
    kept_ns = burst.call_ns if share >= _NEARLY_ALL else (1 - share) * burst.call_ns
    if kept_ns < _SHORT_NS:
        return None, too_short
    return share, None
