"""Imports and calls every entry: its import time, its threads, and what it does to its process.

Each runs in a process of its own, since none is verified yet: a crash or a hang does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import msgspec
from msgspec.structs import replace

from whichext.audit import in_worker
from whichext.audit.compiling import time_compiling
from whichext.audit.gil import BUSY
from whichext.audit.reading import reader_digest
from whichext.build.store import Store, digest
from whichext.build.way import find_unmet
from whichext.model.case import Case
from whichext.model.contestant import Contestant
from whichext.model.errors import KernelError
from whichext.model.evidence import Probe
from whichext.model.kernel import Kernel
from whichext.system.machine import usable_cores
from whichext.system.progress import Progress
from whichext.system.workers.crew import Crew, WorkerLostError
from whichext.toolchains.needs import find_absent

_LIMIT_S = 15.0  # some compile in their first call
_MOST_BYTES = 32 << 20  # some milliseconds of work, and no waiting for inputs


def probe_all(
    crew: Crew,
    contestants: tuple[Contestant, ...],
    keys: Mapping[str, str],
    store: Store,
    progress: Progress,
) -> tuple[Probe, ...]:
    """Probe each entry with calls on one input.

    What was seen of a build is noted with it: the same code behaves the same way.

    Args:
        crew: The processes in which they run; its kernel makes the input.
        contestants: The chosen contestants. One thread count of each is enough. The reference is
            not audited, and contestants that lack a package are left out.
        keys: The build of each built contestant by the contestant's name.
        store: Has the builds.
        progress: Notified of each contestant.

    """
    ready = {
        (c.entry, c.profile): c
        for c in contestants
        if c.project and c.name in keys and find_absent(c.requires, c.remedy) is None
        if find_unmet(store.site(keys[c.name])) is None
    }
    plain = probed_case(crew.kernel)
    calls = {c.name: Call(c, _answered(plain, c), keys[c.name]) for c in ready.values()}
    noted = {
        name: store.noted(call.key, call.note(crew.kernel), Probe) for name, call in calls.items()
    }
    found = {name: probe for name, probe in noted.items() if probe is not None}
    left = [call for name, call in calls.items() if name not in found]
    if left:
        found |= _probe_now(crew, left, store, progress)
    return tuple(found[name] for name in calls)


@dataclass(frozen=True)
class Call:
    """A call that probes an entry."""

    contestant: Contestant
    """The contestant that is called."""
    case: Case
    """With what."""
    key: str
    """Its build."""

    def note(self, kernel: Kernel) -> str:
        """Name under which the result is stored: all that it depends on besides the build."""
        versions = [metadata.version(name) for name in ("numpy", *self.contestant.requires)]
        parts = (kernel.digest, usable_cores(), self.contestant, self.case, versions)
        return f"probe-{digest(reader_digest(), *map(msgspec.json.encode, parts))}"


def _probe_now(crew: Crew, calls: list[Call], store: Store, progress: Progress) -> dict[str, Probe]:
    """Probe entries, and store the results of those that answered."""
    found: dict[str, Probe] = {}
    with progress.stage("audit", len(calls)) as stage:
        for case in dict.fromkeys(call.case for call in calls):  # workers get the last one prepared
            of_case = [call for call in calls if call.case == case]
            try:
                crew.prepare(case)
            except KernelError as error:  # which verify will say of the author's own cases
                names = [call.contestant.name for call in of_case]
                found |= {name: Probe(contestant=name, unseen=str(error)) for name in names}
                continue
            for call in of_case:
                stage.begin(call.contestant.name)
                probe = _probe(crew, call.contestant, store.site(call.key), case.name)
                found[call.contestant.name] = probe
                if probe.cpu_ns is not None and probe.unseen != BUSY:  # it answered, undisturbed
                    store.note(call.key, call.note(crew.kernel), probe)
                stage.end(_describe(probe))
    return found


def probed_case(kernel: Kernel) -> Case:
    """The largest case up to the size limit; if there is none, a larger one, shortened.

    Never one that is larger than any of the author's: what it would take is not known.
    """
    fitting = [case for case in kernel.cases if kernel.amount_in(case) <= _MOST_BYTES]
    if fitting:
        return max(fitting, key=kernel.amount_in)
    case = kernel.cases[0]
    while kernel.amount_in(case) > _MOST_BYTES and (shorter := case.halved()) is not None:
        case = shorter
    return case


def _answered(case: Case, contestant: Contestant) -> Case:
    """The case in a dtype that the contestant must answer."""
    if "dtype" not in case.params or case.dtype in (contestant.dtypes or (case.dtype,)):
        return case
    dtype = contestant.dtypes[-1]
    return case.but(name=f"{case.name} as {dtype}", dtype=dtype)


def _probe(crew: Crew, contestant: Contestant, site: Path, case: str) -> Probe:
    seen = Probe(contestant=contestant.name)
    try:
        worker = crew.spawn(contestant, site, in_worker.__name__, _LIMIT_S)
        seen = replace(seen, import_ns=worker.import_ns)
        request = in_worker.Watch(case, contestant.name)
        found = worker.ask(request, in_worker.REPLY, case, _LIMIT_S)
        recalled = worker.ask(in_worker.Recall(case), in_worker.RECALLED, case, _LIMIT_S)
        worker.kill()
    except WorkerLostError as lost:
        return replace(seen, unseen=getattr(lost.outcome, "how", "no answer in time"))
    compiling = time_compiling(crew, contestant, site, case, _LIMIT_S)
    imported_ns, remembers = seen.import_ns, recalled.remembers
    return replace(found, import_ns=imported_ns, remembers=remembers, compiling=compiling)


def _describe(probe: Probe) -> str:
    if probe.gil_free is None:
        return probe.unseen or "not seen"
    return f"others could run during {probe.gil_free:.0%}"
