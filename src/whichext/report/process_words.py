"""Texts of findings about a contestant's process: what it does to it beside its answer."""

from __future__ import annotations

from dataclasses import dataclass

from whichext.model.evidence import Moment, Output, ProcessChange, Shared
from whichext.model.inline import code, foreign
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
    Shared.RANDOM: _Said("the state of Python's random", _OWN_GENERATOR),
    Shared.NUMPY_RANDOM: _Said("the state of np.random", _OWN_GENERATOR),
    Shared.FOLDER: _Said("the working directory"),
    Shared.ENVIRONMENT: _Said("environment variables"),
    Shared.SIGNALS: _Said("what becomes of signals"),
    Shared.FILE_MODE: _Said("the umask"),
    Shared.LOCALE: _Said("the locale"),
    Shared.MODULE_FOLDERS: _Said("sys.path"),
    Shared.INTERPRETER: _Said("the interpreter"),
    Shared.WARNINGS: _Said("the warnings filters", f"{_PUT_BACK}, as warnings.catch_warnings does"),
    Shared.PROCESSORS: _Said("where the process may run"),
}
_ARITHMETIC = frozenset({Shared.SUBNORMALS, Shared.ROUNDING})


def change_text(change: ProcessChange) -> str:
    """What was changed, when, and to what."""
    when = "its import" if change.moment is Moment.IMPORT else "a call"
    return f"{when} changes {_STATES[change.state].name} ({foreign(change.what)})"


def change_reason(change: ProcessChange) -> str:
    """Why a change matters."""
    if change.state in _ARITHMETIC:
        return (
            "all code of the process then computes with other values near the limits of its "
            "precision, and other libraries' answers change"
        )
    return "it stays so for the caller, for the next call and for all other code of the process"


def change_remedy(change: ProcessChange) -> str:
    """What to do about it."""
    if change.state is Shared.SUBNORMALS and change.moment is Moment.IMPORT:
        return f"take {words(Topic.FLUSHING)}"
    if change.moment is Moment.IMPORT:
        return "leave that to the program that imports it"
    return _STATES[change.state].remedy or _PUT_BACK


def output_text(output: Output) -> str:
    """How much was written in which calls, and the first line."""
    if output.later_bytes:
        how_much = f"writes {size_text(output.later_bytes)} to standard output or error in a call"
    else:
        size = size_text(output.first_bytes)
        how_much = f"writes {size} to standard output or error in its first call"
    return f"{how_much}: {code(output.line)}" if output.line else how_much
