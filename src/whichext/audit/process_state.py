"""State that all code of a process shares: how it is read, and what changed between two readings.

What a contestant changes of it stays changed for its caller, for the next call, and for whatever
else the process runs.
"""

from __future__ import annotations

import contextlib
import ctypes
import decimal
import gc
import locale
import logging
import os
import random
import re
import resource
import signal
import struct
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import count, takewhile
from pathlib import Path
from types import ModuleType
from typing import cast

import numpy as np
from numpy import random as numpy_random

from whichext.model.process import Moment, ProcessChange, Shared

Values = Mapping[str, str]
"""Parts of one kind of state, by name; "" names what has only one part."""
State = Mapping[Shared, Values]
"""A reading."""

_STATUS = Path("/proc/self/status")
_MOST_NAMED = 4
_THERE = "there"
_NUMPY_PARTS = frozenset({"linalg", "random", "fft"})
_CATEGORIES = ("LC_COLLATE", "LC_CTYPE", "LC_MESSAGES", "LC_MONETARY", "LC_NUMERIC", "LC_TIME")
_TIMERS = ("ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF")
# Values that would tell a reader nothing, or a secret.
_OPAQUE = frozenset(
    {
        Shared.RANDOM,
        Shared.NUMPY_RANDOM,
        Shared.ENVIRONMENT,
        Shared.NUMPY,
        Shared.STREAMS,
        Shared.HOOKS,
    }
)
# Many packages do that when they are imported, and mean only their own warnings. Threads that calls
# leave are counted: those of a pool stay for the next call.
_USUAL = frozenset({(Shared.WARNINGS, Moment.IMPORT), (Shared.THREADS, Moment.CALL)})
# Some packages set variables of their own for the libraries that they load. NumPy loads parts of
# itself when they are used.
_USUALLY_ADDED = frozenset(
    {(Shared.ENVIRONMENT, Moment.IMPORT), *((Shared.NUMPY, moment) for moment in Moment)}
)
# Variables that other libraries read, whichever package sets them.
_READ_BY_OTHERS = re.compile(r"\w+_NUM_THREADS|(OMP_|GOMP_|MKL_|OPENBLAS_|MALLOC_|LD_|PYTHON)\w+")


def read_state() -> State:
    """Read all of it; takes about a millisecond."""
    return {shared: read() for shared, read in _READERS.items()}


def with_folder(state: State, site: str | None) -> State:
    """The same with one more folder among those that Python imports from."""
    folders = state[Shared.MODULE_FOLDERS]
    added = {site: _THERE} if site else {}
    return {**state, Shared.MODULE_FOLDERS: {**folders, **added}}


def log_variables() -> list[str]:
    """Names of the environment variables that Python code sets from now on, in a list that grows.

    A hook of the interpreter's, which cannot be removed: of the audit's processes alone.
    """
    names: list[str] = []

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "os.putenv" and isinstance(arguments[0], bytes):
            names.append(os.fsdecode(arguments[0]))

    sys.addaudithook(note)
    return names


def without_same(before: State, after: State, names: Iterable[str]) -> State:
    """The same without variables that were set to what they were: whichext itself had set them."""
    old, new = (state[Shared.ENVIRONMENT] for state in (before, after))
    same = {name for name in names if old.get(name) == new.get(name)}
    kept = {name: value for name, value in old.items() if name not in same}
    return {**before, Shared.ENVIRONMENT: kept}


def differences(before: State, after: State, moment: Moment) -> tuple[ProcessChange, ...]:
    """What changed between two readings, one change for each kind of state."""
    found = (
        (shared, tuple(_changes((shared, moment), before.get(shared, {}), after.get(shared, {}))))
        for shared in Shared
        if (shared, moment) not in _USUAL
    )
    return tuple(
        ProcessChange(state=shared, moment=moment, what=_some(texts))
        for shared, texts in found
        if texts
    )


def _changes(what: tuple[Shared, Moment], before: Values, after: Values) -> Iterator[str]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new or (old is None and _is_usually_added(what, name)):
            continue
        if old is None:
            yield f"{name} added"
        elif new is None:
            yield f"{name} removed"
        elif what[0] in _OPAQUE:
            yield f"{name} changed".strip()
        else:
            yield f"{name} {old} -> {new}".strip()


def _is_usually_added(what: tuple[Shared, Moment], name: str) -> bool:
    return what in _USUALLY_ADDED and not (
        what[0] is Shared.ENVIRONMENT and _READ_BY_OTHERS.fullmatch(name)
    )


def _some(texts: tuple[str, ...]) -> str:
    more = len(texts) - _MOST_NAMED
    return ", ".join(texts[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _subnormals() -> Values:
    """What comes of the values next to 0, computed here: no file tells the processor's mode.

    By way of variables, since Python computes with constants when it reads a source.
    """
    least, half, smallest, zero = sys.float_info.min, 0.5, 5e-324, 0.0
    flushed = struct.pack("d", least * half) == bytes(struct.calcsize("d"))
    return {
        "results": "flushed to 0" if flushed else "kept",
        "arguments": "taken for 0" if smallest == zero else "kept",
    }


def _rounding() -> Values:
    one, little = 1.0, 2.0**-60
    if one + little > one:
        mode = "upward"
    elif -one - little < -one:
        mode = "downward"
    else:
        mode = "toward 0" if one - little < one else "to nearest"
    return {"": mode}


def _random() -> Values:
    return {"": str(hash(random.getstate()))}


def _numpy_random() -> Values:
    state = numpy_random.get_state(legacy=False)
    assert isinstance(state, dict), "the legacy form alone is a tuple"
    inner = state["state"].values()
    parts = (part.tobytes() if isinstance(part, np.ndarray) else part for part in inner)
    drawn = (state.get("has_gauss"), state.get("gauss"))
    return {"": str(hash((state["bit_generator"], *parts, *drawn)))}


def _folder() -> Values:
    try:
        return {"": str(Path.cwd())}
    except OSError:
        return {"": "a folder that is gone"}


def _environment() -> Values:
    """Variables as C code sees them: `os.environ` misses what C code sets."""
    try:
        library = ctypes.CDLL(None)
        entries = ctypes.POINTER(ctypes.c_char_p).in_dll(library, "environ")
    except (OSError, ValueError):  # such a system has it elsewhere
        return dict(os.environ)
    # SAFETY: no call is under way that could change the environment, and a null pointer ends it.
    found: dict[str, str] = {}
    for entry in takewhile(bool, map(entries.__getitem__, count())) if bool(entries) else ():
        name, _, value = os.fsdecode(cast(bytes, entry)).partition("=")
        found[name] = value
    return found


def _signals() -> Values:
    """What becomes of each signal; where the system tells, also by what C code set."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    caught, ignored = (int(_status(name) or "0", 16) for name in ("SigCgt", "SigIgn"))
    found = {}
    for number in signal.valid_signals():
        handler, bit = signal.getsignal(number), 1 << (number - 1)
        if callable(handler):
            now = f"caught by {getattr(handler, '__qualname__', type(handler).__name__)}"
        elif ignored & bit or handler == signal.SIG_IGN:
            now = "ignored"
        else:
            now = "caught by compiled code" if caught & bit else "default"
        name = getattr(number, "name", f"signal {number}")
        found[name] = f"{now}, blocked" if number in blocked else now
    for name in _TIMERS:
        found[name] = "set" if any(signal.getitimer(getattr(signal, name))) else "off"
    return found


def _file_mode() -> Values:
    mask = _status("Umask")
    return {} if mask is None else {"": mask}


def _status(name: str) -> str | None:
    """A line of what the system tells of this process; None where it does not."""
    with contextlib.suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith(f"{name}:"):
                return line.partition(":")[2].strip()
    return None


def _locale() -> Values:
    names = (name for name in _CATEGORIES if hasattr(locale, name))
    return {name: locale.setlocale(getattr(locale, name)) for name in names}


def _module_folders() -> Values:
    return {str(folder): _THERE for folder in sys.path}


def _interpreter() -> Values:
    return {
        "recursion limit": str(sys.getrecursionlimit()),
        "switch interval": f"{sys.getswitchinterval():g} s",
        "garbage collector": "on" if gc.isenabled() else "off",
        "its thresholds": str(gc.get_threshold()),
    }


def _warnings() -> Values:
    named = (
        (action, getattr(message, "pattern", None), getattr(category, "__name__", None))
        for action, message, category, *_ in warnings.filters
    )
    return {":".join(str(part or "") for part in parts): _THERE for parts in named}


def _processors() -> Values:
    found = {"priority": str(os.getpriority(os.PRIO_PROCESS, 0))}
    if hasattr(os, "sched_getaffinity"):
        found["processors"] = " ".join(map(str, sorted(os.sched_getaffinity(0))))
    return found


def _numpy() -> Values:
    """Which objects the names of NumPy and of its loaded parts stand for.

    Functions and types alone: what other modules hold of them keeps their identities from being
    given away again.
    """
    parts = {name: part for name, part in vars(np).items() if isinstance(part, ModuleType)}
    public = {"np": np} | {
        f"np.{name}": part for name, part in parts.items() if name in _NUMPY_PARTS
    }
    return {
        f"{prefix}.{name}": str(id(value))
        for prefix, part in public.items()
        for name, value in vars(part).items()
        if callable(value)
    }


def _named_in_sys(*names: str) -> Values:
    """Which objects the names stand for; `sys` keeps the first ones under other names."""
    return {f"sys.{name}": str(id(getattr(sys, name))) for name in names}


def _hooks() -> Values:
    found = {"sys.settrace": sys.gettrace(), "sys.setprofile": sys.getprofile()}
    names = _named_in_sys("excepthook", "displayhook", "unraisablehook")
    return {**names, **{name: str(id(hook)) for name, hook in found.items()}}


def _limits() -> Values:
    names = {name for name in dir(resource) if name.startswith("RLIMIT_")} - {"RLIMIT_OFILE"}
    return {name: "/".join(map(str, resource.getrlimit(getattr(resource, name)))) for name in names}


def _settings(read: Callable[[], Mapping[str, object]]) -> Values:
    return {name: str(what) for name, what in read().items()}


def _logging() -> Values:
    root = logging.getLogger()
    kinds = ", ".join(type(one).__name__ for one in root.handlers)
    return {"level": logging.getLevelName(root.level), "handlers": kinds or "none"}


def _decimal() -> Values:
    now = decimal.getcontext()
    traps = " ".join(sorted(kind.__name__ for kind, is_on in now.traps.items() if is_on))
    return {"precision": str(now.prec), "rounding": now.rounding, "traps": traps or "none"}


def _threads() -> Values:
    return {thread.name: _THERE for thread in threading.enumerate()}


_READERS: Mapping[Shared, Callable[[], Values]] = {
    Shared.SUBNORMALS: _subnormals,
    Shared.ROUNDING: _rounding,
    Shared.NUMPY_ERRORS: partial(_settings, np.geterr),
    Shared.RANDOM: _random,
    Shared.NUMPY_RANDOM: _numpy_random,
    Shared.FOLDER: _folder,
    Shared.ENVIRONMENT: _environment,
    Shared.SIGNALS: _signals,
    Shared.FILE_MODE: _file_mode,
    Shared.LOCALE: _locale,
    Shared.MODULE_FOLDERS: _module_folders,
    Shared.INTERPRETER: _interpreter,
    Shared.WARNINGS: _warnings,
    Shared.PROCESSORS: _processors,
    Shared.NUMPY: _numpy,
    Shared.STREAMS: partial(_named_in_sys, "stdout", "stderr"),
    Shared.HOOKS: _hooks,
    Shared.LIMITS: _limits,
    Shared.NUMPY_PRINTING: partial(_settings, np.get_printoptions),
    Shared.LOGGING: _logging,
    Shared.DECIMAL: _decimal,
    Shared.THREADS: _threads,
}
