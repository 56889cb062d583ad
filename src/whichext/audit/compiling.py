"""What an entry takes that is compiled when it is called: to compile, and to load that again.

Both halves are here. The one inside a contestant's process times its first call there, and hashes
what it compiled. The conductor's starts two processes with an empty folder for what they keep: the
first has to compile, and the second may load what the first one kept. So an earlier run, or the
user's own cache, has no say in either time, and no setting finds what another one compiled.
"""

from __future__ import annotations

import contextlib
import importlib
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from msgspec.msgpack import Decoder

from whichext.build.store import digest
from whichext.model.call import called
from whichext.model.contestant import Contestant
from whichext.model.evidence import Compiling
from whichext.system.workers.crew import Crew, WorkerLostError
from whichext.system.workers.worker import Subject
from whichext.toolchains import every_toolchain, find_toolchain


class First(Struct, frozen=True, tag=True):
    """Call the contestant on an input, for the first time in its process."""

    input: str


class Took(Struct, frozen=True, tag=True):
    """What came of it."""

    call_ns: int
    """Wall time of the call, ns."""
    code_digest: str | None
    """Hash of what was compiled; None where nothing was seen."""


REQUEST, REPLY = Decoder(First), Decoder(Took)


def before_import(site: str | None) -> None:  # noqa: ARG001  # the protocol has it
    """Import the toolchains that compile here, so that the import of an entry is that of its own.

    Some entries compile when they are imported and others when they are called.
    """
    for one in every_toolchain():
        for name in one.imports if one.compiles_into else ():
            with contextlib.suppress(ImportError):  # it is another one's
                importlib.import_module(name)


def answer(subject: Subject, request: First) -> Took:
    """Time the call."""
    arguments = subject.inputs[request.input].arguments
    start_ns = time.perf_counter_ns()
    called(subject.call, arguments)
    took_ns = time.perf_counter_ns() - start_ns
    texts = [text.encode() for one in every_toolchain() for text in one.compiled_here()]
    return Took(took_ns, digest(*texts) if texts else None)


def time_compiling(
    crew: Crew, contestant: Contestant, site: Path, case: str, limit_s: float
) -> Compiling | None:
    """Time a contestant's first call without and with what an earlier process kept.

    None where its build compiles it, and where it does not answer in time.

    Args:
        crew: The processes; it has the case prepared.
        contestant: The contestant.
        site: Its build.
        case: Name of the case that it is called on.
        limit_s: Time that its import and its call have each, s.

    """
    if not find_toolchain(contestant.toolchain).compiles_into:
        return None

    def first_use(folder: Path) -> tuple[int, str | None]:
        worker = crew.spawn(contestant, site, __name__, limit_s, folder)
        took = worker.ask(First(case), REPLY, case, limit_s)
        worker.kill()
        return worker.import_ns + took.call_ns, took.code_digest

    with TemporaryDirectory(prefix="whichext-") as name, contextlib.suppress(WorkerLostError):
        compile_ns, code_digest = first_use(Path(name))
        kept = _files(Path(name))
        load_ns, _ = first_use(Path(name)) if kept else (None, None)
        loaded = kept == _files(Path(name))  # what compiles again keeps it again
        return Compiling(
            compile_ns=compile_ns,
            load_ns=load_ns if loaded else None,
            code_digest=code_digest,
        )
    return None


def _files(folder: Path) -> Mapping[Path, int]:
    """When each of its files was written, ns."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
