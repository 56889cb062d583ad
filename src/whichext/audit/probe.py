"""Calls every contestant before anybody believes it: import time, its threads, and the GIL.

In a process of its own each, as nobody has verified it yet: a crash or a hang is seen, and no more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from whichext.audit import in_worker
from whichext.build.packages import find_absent
from whichext.model.contestant import Case, Contestant
from whichext.model.errors import KernelError
from whichext.model.evidence import Probe
from whichext.model.kernel import Kernel
from whichext.system.progress import Progress
from whichext.system.workers.crew import Crew, WorkerLostError

_LIMIT_S = 15.0  # some compile in their first call
_MOST_BYTES = 32 << 20  # some milliseconds of work, and no waiting for inputs


def probe_all(
    kernel: Kernel,
    contestants: tuple[Contestant, ...],
    sites: Mapping[str, Path | None],
    progress: Progress,
) -> tuple[Probe, ...]:
    """See how each entry behaves in one call.

    Args:
        kernel: Makes the input.
        contestants: Who was asked for; one of several thread counts will do, and the reference is
            not part of the audit. Those who lack a package are left out.
        sites: Folder of each built contestant's build by the contestant's name.
        progress: Told of each contestant.

    """
    ready = {
        (c.entry, c.profile): c
        for c in contestants
        if c.project and c.name in sites and find_absent(c.requires, c.remedy) is None
    }
    if not ready:
        return ()
    with Crew(kernel) as crew, progress.stage("audit", len(ready)) as stage:
        plain = probed_case(kernel)
        cases = {c.name: _answered(plain, c) for c in ready.values()}
        try:
            for case in dict.fromkeys(cases.values()):
                crew.prepare(case)
        except KernelError as error:  # which verify will say of the author's own cases
            return tuple(Probe(contestant=c.name, unseen=str(error)) for c in ready.values())
        found = []
        for contestant in ready.values():
            stage.begin(contestant.name)
            case = cases[contestant.name]
            probe = _probe(crew, contestant, sites[contestant.name], case.name)
            found.append(probe)
            stage.end(_describe(probe))
    return tuple(found)


def probed_case(kernel: Kernel) -> Case:
    """The largest case that is not too large to make for this alone; else a large one, made less.

    Never one that is larger than any of the author's: nobody knows what it would take.
    """
    fitting = [case for case in kernel.cases if _bytes(case) <= _MOST_BYTES]
    if fitting:
        return max(fitting, key=_bytes)
    case = kernel.cases[0]
    while _bytes(case) > _MOST_BYTES:
        longest = max(case.shape)
        place = case.shape.index(longest)
        case = replace(case, shape=(*case.shape[:place], longest // 2, *case.shape[place + 1 :]))
    return case


def _answered(case: Case, contestant: Contestant) -> Case:
    """The case in a dtype that the contestant must answer."""
    if case.dtype in contestant.dtypes or not contestant.dtypes:
        return case
    dtype = contestant.dtypes[-1]
    return replace(case, name=f"{case.name} as {dtype}", dtype=dtype)


def _bytes(case: Case) -> int:
    return math.prod(case.shape) * np.dtype(case.dtype).itemsize


def _probe(crew: Crew, contestant: Contestant, site: Path | None, case: str) -> Probe:
    import_ns: int | None = None
    try:
        worker = crew.spawn(contestant, site, in_worker.__name__, _LIMIT_S)
        import_ns = worker.import_ns
        reply = worker.ask(in_worker.Watch(case), in_worker.REPLY, case, _LIMIT_S)
        worker.kill()
    except WorkerLostError as lost:
        how = getattr(lost.outcome, "how", "no answer in time")
        return Probe(contestant=contestant.name, import_ns=import_ns, unseen=how)
    match reply:
        case in_worker.Seen(released=released, threads=threads):
            return Probe(
                contestant=contestant.name,
                import_ns=import_ns,
                releases_gil=released,
                threads=threads,
            )
        case in_worker.NotSeen(reason=reason):
            return Probe(contestant=contestant.name, import_ns=import_ns, unseen=reason)


def _describe(probe: Probe) -> str:
    if probe.releases_gil is None:
        return probe.unseen or "not seen"
    return "lets others run" if probe.releases_gil else "keeps the GIL"
