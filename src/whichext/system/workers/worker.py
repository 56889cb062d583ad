"""The worker's side: import the contestant, and answer until the connection is closed."""

from __future__ import annotations

import contextlib
import difflib
import faulthandler
import functools
import importlib
import mmap
import os
import random
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn, Protocol

import numpy as np
import threadpoolctl
from msgspec import Struct
from msgspec.msgpack import Decoder

from whichext.model.contestant import BY_ENVIRONMENT, Contestant, Role
from whichext.model.forms import OnStream, Stateful
from whichext.model.kernel import REFUSALS, Kernel, Prepared, Tolerance
from whichext.system.beside import give_way
from whichext.system.signals import end_with_parent
from whichext.system.workers import messages

VARIABLES = (
    "OMP_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "POLARS_MAX_THREADS",
)
"""Variables from which libraries take their thread counts when they are loaded."""

_MOST_NAMES = 6  # functions that an error lists where none looks like the one asked for
_MAPPINGS = 64
_MOST_PAGES_LOG2 = 12
_MOST_BLOCKS = 1024
_MOST_WORDS_LOG2 = 13
_WORD_BYTES = 8

_taken: list[object] = []
"""Holds the places as long as the process lives."""


@dataclass(frozen=True)
class Subject:
    """A contestant's function, bound to its thread count, its inputs by name, and their kernel."""

    call: Callable[..., Any]
    inputs: Mapping[str, Prepared]
    tolerance: Tolerance
    kernel: Kernel | None = None
    before: object = None
    """What the stage noted before the import, for its own use."""

    @property
    def refuses(self) -> tuple[type[Exception], ...]:
        """Errors by which it may say that an input is not for it."""
        return REFUSALS if self.kernel is None else self.kernel.refuses


class Server(Protocol):
    """A stage's module that answers its questions inside a worker.

    Where it has a function `before_import(site)`, that is called before the contestant's import.
    """

    REQUEST: Decoder[Any]
    """Decodes its questions."""

    def answer(self, subject: Subject, request: Any) -> Struct:
        """Do what a question asks for."""


@dataclass(frozen=True)
class WorkerProcess:
    """A forked process before it has begun: which contestant it runs, on which inputs."""

    request: messages.Fork
    kernel: Kernel
    inputs: Mapping[str, Prepared]
    connection: Connection

    def work(self) -> NoReturn:
        """Answer questions; ends the process without what the host registered for its own end."""
        status = 1
        try:
            # A group of its own: freezing and ending it takes along what the contestant starts.
            os.setpgid(0, 0)
            end_with_parent()
            _redirect_output(self.request.log)
            # EOFError: the conductor hung up, the ordinary end.
            with contextlib.suppress(EOFError, BrokenPipeError):
                server: Server = importlib.import_module(self.request.server)
                subject = self.prepare(getattr(server, "before_import", None))
                while subject is not None:
                    question = messages.receive(self.connection, server.REQUEST)
                    messages.send(self.connection, server.answer(subject, question))
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def prepare(self, note: Callable[[str | None], object] | None = None) -> Subject | None:
        """Import the contestant and report the result; None if it does not import.

        Args:
            note: Notes what there is before the import, for the stage; receives the site.

        """
        contestant = self.request.contestant
        limit_threads(contestant.threads)
        os.environ.update(self.request.variables)
        draw_placement()
        before = note(self.request.site) if note else None
        start = time.perf_counter_ns()
        try:
            call = bind(contestant, self.request.site, self.kernel)
        except BaseException as error:  # a module may raise SystemExit or worse when imported
            failure = messages.NotImported(messages.describe_error(error))
            messages.send(self.connection, failure)
            return None
        import_ns = time.perf_counter_ns() - start
        # NumPy was loaded before the fork with one BLAS thread, so that the variables come too late
        # for it. More are started only for what may need them: OpenBLAS's new threads spin a while.
        by_environment = contestant.threads_by == BY_ENVIRONMENT
        threads = contestant.threads if by_environment else 1
        threadpoolctl.threadpool_limits(threads, user_api="blas")
        messages.send(self.connection, messages.Ready(import_ns))
        return Subject(call, self.inputs, self.kernel.agreement, self.kernel, before)


def _redirect_output(log: str) -> None:
    """Contestants may print; the conductor reads it only when one of them crashes."""
    # To be read, too: an audit quotes what a call prints.
    descriptor = os.open(log, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    sys.stdout = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115  # stays open to the end
    faulthandler.enable(file=2)


def bind(contestant: Contestant, site: str | None, kernel: Kernel) -> Callable[..., Any]:
    """Import the contestant's function and bind its thread count; raises what the import raises."""
    if contestant.module is None or contestant.function is None:
        return kernel.as_function(kernel.functions.get(contestant.entry, kernel.reference))
    if site:
        give_way(site)
        sys.path.insert(0, site)
    module = _imported(contestant.module, site)
    if contestant.role is Role.HARNESS:  # the module is what has the method
        return OnStream(lambda *_, **__: module, Stateful(method=contestant.function))
    function = _find(module, contestant.function, kernel.stateful)
    keyword = contestant.threads_keyword
    entry = functools.partial(function, **{keyword: contestant.threads}) if keyword else function
    return kernel.as_function(entry)


def _imported(name: str, site: str | None) -> ModuleType:
    """The module of an entry; the error where its wheel has none names those that it has."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if not site or error.name != name.partition(".")[0]:
            raise
        there = {path.name.partition(".")[0] for path in Path(site).glob("*")}
        names = sorted(one for one in there if one.isidentifier() and not one.startswith("_"))
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.0)
        advice = f'write module = "{near[0]}" in pyproject.toml' if near else "it has none"
        said = f"the wheel has no module {name!r}; {advice}"
        raise ModuleNotFoundError(said, name=error.name) from error


def _find(module: ModuleType, name: str, stateful: Stateful | None) -> Callable[..., Any]:
    """A module's function, or its class with the method that is timed.

    Raises:
        AttributeError: There is none; names that look like it are given.

    """
    kind, wanted = ("function", callable) if stateful is None else ("class", _is_class)
    found: Any = getattr(module, name, None)
    # What is no class may make objects as well, as a function that chooses between two does.
    if not callable(found):
        near, has = _instead(module, name, wanted)
        advice = f'write function = "{near}" in pyproject.toml' if near else has
        raise AttributeError(f"the module {module.__name__} has no {kind} {name!r}; {advice}")
    if stateful is not None and _is_class(found):
        _check_method(found, f"{module.__name__}.{name}", stateful.method)
    return found  # type: ignore[no-any-return]  # of a stranger's module


def _is_class(value: object) -> bool:
    return isinstance(value, type)


def _check_method(found: object, name: str, method: str) -> None:
    """Say so now: without a method, each call would be a wrong answer of its own."""
    if callable(getattr(found, method, None)):
        return
    near, has = _instead(found, method, callable)
    advice = f"rename its method {near}" if near else has
    raise AttributeError(
        f"the class {name} has no method {method!r}, which Stateful(method=...) names in "
        f"kernel.py; {advice}"
    )


def _instead(owner: object, name: str, wanted: Callable[[object], bool]) -> tuple[str | None, str]:
    """The name in a module or a class that looks most like one, if any; and all that there are."""
    names = [n for n in dir(owner) if not n.startswith("_") and wanted(getattr(owner, n, None))]
    near = difflib.get_close_matches(name, names, n=1)
    has = f"it has {', '.join(names[:_MOST_NAMES])}" if names else "it has none"
    return (near[0] if near else None), has


def limit_threads(threads: int) -> None:
    """Set every variable, before the contestant's libraries read it."""
    for variable in VARIABLES:
        os.environ[variable] = str(threads)


def draw_placement() -> None:
    """Take random places, so that libraries and arrays that come later lie elsewhere.

    A fork inherits its host's addresses. Without this all workers of a run would find the same free
    places. Then an accident of placement, such as a loop across a cache line or branches that
    collide, would look like a property of the contestant. What the host itself holds stays where it
    is: the inputs, the stack, Python and NumPy.

    Many of all sizes: a single one leaves the small holes that the host's own imports have left,
    and most libraries and short arrays then go where they always went. Nothing is written to them,
    so that they cost a worker about one megabyte.
    """
    rng = random.SystemRandom()
    _taken.extend(
        mmap.mmap(-1, mmap.PAGESIZE * int(2 ** rng.uniform(0, _MOST_PAGES_LOG2)))
        for _ in range(_MAPPINGS)
    )
    _taken.extend(
        np.empty(_WORD_BYTES * int(2 ** rng.uniform(0, _MOST_WORDS_LOG2)), np.uint8)
        for _ in range(rng.randrange(_MOST_BLOCKS))
    )
