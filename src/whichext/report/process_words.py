"""Texts of findings about a contestant's process: what it does to it beside its answer."""

from __future__ import annotations

from dataclasses import dataclass

from whichext.model.finding import LeavesFiles, LeavesThreads
from whichext.model.inline import code, foreign
from whichext.model.process import Moment, Output, ProcessChange, Processes, Shared
from whichext.model.units import size_text
from whichext.toolchains import words
from whichext.toolchains.base import Topic


@dataclass(frozen=True)
class _Said:
    """What is said of a kind of state."""

    name: str
    remedy: str = ""


_OWN_GENERATOR = "draw from a generator of its own"
_PUT_BACK = "put it back before it returns"
_STATES = {
    Shared.SUBNORMALS: _Said("how the processor computes with subnormals"),
    Shared.ROUNDING: _Said("which way the processor rounds"),
    Shared.NUMPY_ERRORS: _Said("np.seterr", f"{_PUT_BACK}, as np.errstate does"),
    Shared.RANDOM: _Said("the state of Python's generator of random numbers", _OWN_GENERATOR),
    Shared.NUMPY_RANDOM: _Said("the state of NumPy's global generator", _OWN_GENERATOR),
    Shared.FOLDER: _Said("the working directory"),
    Shared.ENVIRONMENT: _Said("environment variables"),
    Shared.SIGNALS: _Said("what becomes of signals"),
    Shared.FILE_MODE: _Said("the umask"),
    Shared.LOCALE: _Said("the locale"),
    Shared.MODULE_FOLDERS: _Said("sys.path"),
    Shared.INTERPRETER: _Said("the interpreter"),
    Shared.WARNINGS: _Said("the warnings filters", f"{_PUT_BACK}, as warnings.catch_warnings does"),
    Shared.PROCESSORS: _Said("where the process may run"),
    Shared.NUMPY: _Said("what names of NumPy stand for"),
    Shared.STREAMS: _Said(
        "sys.stdout or sys.stderr", f"{_PUT_BACK}, as contextlib.redirect_stdout does"
    ),
    Shared.HOOKS: _Said("what the interpreter calls by itself"),
    Shared.LIMITS: _Said("the limits of the process"),
    Shared.NUMPY_PRINTING: _Said("np.set_printoptions", f"{_PUT_BACK}, as np.printoptions does"),
    Shared.LOGGING: _Said("the root logger", "use a logger of its own"),
    Shared.DECIMAL: _Said("the decimal context", f"{_PUT_BACK}, as decimal.localcontext does"),
    Shared.THREADS: _Said("the threads of the process"),
}
_ARITHMETIC = frozenset({Shared.SUBNORMALS, Shared.ROUNDING})


def change_text(change: ProcessChange) -> str:
    """What was changed, when, and to what."""
    when = "its import" if change.moment is Moment.IMPORT else "a call"
    text = f"{when} changes {_STATES[change.state].name}"
    # A state without parts has no more to tell than that.
    return text if change.what == "changed" else f"{text} ({foreign(change.what)})"


def change_reason(change: ProcessChange) -> str:
    """Why a change matters."""
    if change.state in _ARITHMETIC:
        return (
            "all code of the process then computes with other values near the limits of its "
            "precision, and other libraries' answers change"
        )
    if change.state is Shared.THREADS:
        return "they run, and their stacks stay, in every program that imports it"
    return "it stays so for the caller, for the next call and for all other code of the process"


def change_remedy(change: ProcessChange) -> str:
    """What to do about it."""
    if change.state is Shared.SUBNORMALS and change.moment is Moment.IMPORT:
        return f"take {words(Topic.FLUSHING)}"
    if change.state is Shared.THREADS:
        return "start them in the first call that needs them"
    if change.state is Shared.NUMPY:
        return "call functions of its own by names of its own"
    if change.moment is Moment.IMPORT:
        return "leave that to the program that imports it"
    return _STATES[change.state].remedy or _PUT_BACK


def output_text(output: Output, *, of_objects: bool = False) -> str:
    """How much was written when, and the first line; of a class, with each object's stream."""
    if output.later_bytes:
        size, when = output.later_bytes, "each object's calls" if of_objects else "a call"
    elif output.first_bytes:
        size, when = (
            output.first_bytes,
            "the first object's calls" if of_objects else "its first call",
        )
    else:
        size, when = output.import_bytes, "its import"
    how_much = f"writes {size_text(size)} to standard output or error in {when}"
    return f"{how_much}: {code(output.line)}" if output.line else how_much


def processes_text(processes: Processes) -> str:
    """Which processes are started, as far as it is known."""
    if not processes.left:
        return "starts processes in a call"
    left = "1 is" if processes.left == 1 else f"{processes.left} are"
    return f"starts processes ({left} left after the calls)"


def left_text(finding: LeavesThreads | LeavesFiles) -> str:
    """What each call leaves in the process, or each object."""
    every = "every object" if finding.of_objects else "every call"
    match finding:
        case LeavesThreads(threads_a_call=left):
            return f"{every} leaves threads in the process ({left:.2g} on average)"
        case LeavesFiles(files_kept=kept) if kept:
            return f"its calls leave {kept:,} files open"
        case LeavesFiles(files_a_call=left):
            return f"{every} leaves files open ({left:.2g} on average)"


def left_remedy(finding: LeavesThreads | LeavesFiles) -> str:
    """What to do about it."""
    if isinstance(finding, LeavesFiles):
        where = "with their object" if finding.of_objects else "in the call"
        return f"close them {where}, also after an error"
    if finding.of_objects:
        return "end the threads with their object, or share them between objects"
    return "keep the threads for the next call, or end them with the call"
