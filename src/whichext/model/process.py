"""What a contestant does to its process beside its answers."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Moment(StrEnum):
    """When something changed in a contestant's process."""

    IMPORT = "import"
    """While it was imported."""
    CALL = "call"
    """While it was called."""


class Shared(StrEnum):
    """State that all code of a process shares."""

    SUBNORMALS = "subnormals"
    """Whether the processor computes with the values next to 0, or takes them for 0."""
    ROUNDING = "rounding"
    """Which way the processor rounds."""
    NUMPY_ERRORS = "numpy_errors"
    """What NumPy does about a division by 0, an overflow and the like."""
    RANDOM = "random"
    """The state of Python's generator of random numbers."""
    NUMPY_RANDOM = "numpy_random"
    """The state of NumPy's global one."""
    FOLDER = "folder"
    """The working directory."""
    ENVIRONMENT = "environment"
    """The environment variables."""
    SIGNALS = "signals"
    """What becomes of signals, and which a timer sends."""
    FILE_MODE = "file_mode"
    """Which permissions new files do not get (umask)."""
    LOCALE = "locale"
    """How numbers, dates and texts are written and sorted."""
    MODULE_FOLDERS = "module_folders"
    """Where Python looks for modules."""
    INTERPRETER = "interpreter"
    """Limits and intervals of the interpreter, and its garbage collector."""
    WARNINGS = "warnings"
    """Which warnings are shown."""
    PROCESSORS = "processors"
    """On which processors the process may run, and with which priority."""
    NUMPY = "numpy"
    """What the names of NumPy stand for."""
    STREAMS = "streams"
    """What standard output and error are to Python code."""
    HOOKS = "hooks"
    """What the interpreter calls by itself: tracers, profilers and what is done about errors."""
    LIMITS = "limits"
    """What the system lets the process have at most."""
    NUMPY_PRINTING = "numpy_printing"
    """How NumPy writes arrays."""
    LOGGING = "logging"
    """What the root logger takes, and where it writes to."""
    DECIMAL = "decimal"
    """How decimal numbers are rounded."""
    THREADS = "threads"
    """Which threads of Python there are."""


class ProcessChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a contestant changed in its process and did not put back."""

    state: Shared
    """What kind of state."""
    moment: Moment
    """When."""
    what: str
    """What became of it, such as "divide warn -> ignore"."""


class Output(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a contestant wrote to standard output and error when it was imported and called."""

    first_bytes: int
    """In its first call, bytes."""
    later_bytes: int
    """In each later one, on average, bytes."""
    line: str
    """The first line, shortened; empty where it could not be read."""
    import_bytes: int = 0
    """When it was imported, bytes."""


class Processes(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Processes that a contestant started."""

    left: int
    """How many still ran after the calls."""
    ended: bool
    """Whether some were started in calls, the first one apart, and ended in them."""
