"""Contestants and kernels that a test writes for itself, and the processes that run them."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import psutil

from whichext.load.kernel import load_kernel
from whichext.model.check import Check
from whichext.model.contestant import RELEASE, Case, Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.pipeline import INPUTS
from whichext.system.progress import Progress, SilentProgress
from whichext.system.workers.crew import Crew, Worker
from whichext.verify import verify_all

PATIENCE_S = 60.0
"""Limit for what must not fail by being slow."""

_numbers = itertools.count()
_LOOKS = 2_000_000


def write_contestant(folder: Path, code: str, *, threads: int = 1) -> Contestant:
    """A contestant whose module, written into `folder`, is `code`; it calls `run` there."""
    module = f"written_{next(_numbers)}"
    (folder / f"{module}.py").write_text(textwrap.dedent(code), encoding="utf-8")
    return contestant(module, "run", threads=threads)


def contestant(module: str, function: str, *, threads: int = 1) -> Contestant:
    """A contestant of an imaginary project."""
    return Contestant(
        entry=f"{module}.{function}",
        project="imaginary",
        module=module,
        function=function,
        profile=RELEASE,
        threads=threads,
    )


REFERENCE = Contestant(entry="numpy", project=None, module=None, function=None, profile=RELEASE)

_KERNEL = """
import numpy as np
from pathlib import Path
from whichext import Case, Kernel

def inputs(case):
    {inputs}

def reference({parameters}):
    {reference}

KERNEL = Kernel(
    question="Which one?",
    reference=reference,
    inputs=inputs,
    bytes_moved=lambda case: 1,
    dtypes=("float64",),
    refused={refused},
    cases=(
        Case(name="one", shape=(4,), dtype="float64"),
        Case(name="two", shape=(4,), dtype="float64"),
    ),
)
"""


def write_kernel(
    folder: Path,
    *,
    inputs: str = "return (np.ones(case.shape),)",
    reference: str = "return 4.0",
    refused: str = "{}",
    parameters: str = "values",
) -> Kernel:
    """A kernel with cases "one" and "two", written into a folder `tiny` of `folder`.

    The statements of `inputs(case)` and `reference(values)` stand on one line each; `refused` is
    the code of a mapping, `parameters` what the reference takes.
    """
    home = folder / "tiny"
    home.mkdir()
    code = _KERNEL.format(
        inputs=inputs, reference=reference, refused=refused, parameters=parameters
    )
    (home / "kernel.py").write_text(code, encoding="utf-8")
    return load_kernel(home)


def case_of(kernel: Kernel, name: str) -> Case:
    """The case of that name."""
    return next(case for case in kernel.cases if case.name == name)


@dataclass(frozen=True)
class Hired:
    """A crew and the process that is its host."""

    crew: Crew
    host: psutil.Process

    def spawn(self, contestant: Contestant, site: Path | None, server: str) -> Staff:
        """A worker of the crew and its process."""
        before = set(self.host.children())
        worker = self.crew.spawn(contestant, site, server, PATIENCE_S)
        (process,) = set(self.host.children()) - before
        return Staff(worker, process)


@dataclass(frozen=True)
class Staff:
    """A worker and its process."""

    worker: Worker
    process: psutil.Process


@contextmanager
def hired(kernel: Kernel) -> Iterator[Hired]:
    """A crew, entered."""
    before = set(psutil.Process().children())
    with Crew(kernel, INPUTS) as crew:
        (host,) = set(psutil.Process().children()) - before
        yield Hired(crew, host)


def verified(
    kernel: Kernel,
    contestants: tuple[Contestant, ...],
    sites: Mapping[str, Path | None],
    cases: tuple[Case, ...],
    options: Options,
    progress: Progress | None = None,
) -> tuple[Check, ...]:
    """What verify finds of contestants, with a crew of their own."""
    with Crew(kernel, INPUTS) as crew:
        told = progress or SilentProgress()
        found = verify_all(crew, contestants, sites, cases, options, told)
        return tuple(chain.from_iterable(found))


def is_gone(process: psutil.Process) -> bool:
    """Whether it runs no more; nobody may be there to reap what has lost its parent."""
    try:
        return process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return True


def until(condition: Callable[[], bool]) -> bool:
    """Look until it is so: signals arrive in their own time. False when it never is."""
    return any(condition() for _ in range(_LOOKS))
