"""Is what a fleet says right, whatever happens to its machines? Ten races of three.

    python benchmarks/fleet.py --repetitions 10

Workers of a real scheduler, all on this machine, are labelled as three. A process that computes
takes a core from `busy` while it races. `lost` has its worker killed in the middle of its race, and
a new worker resumes it. `plain` is built with isa=baseline, and the others for this processor.
Known is that `again` does the work of `once`, and `twice` twice as much of it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import whichext
from whichext import tools
from whichext.model.claim import Standing
from whichext.model.fleet import Holding
from whichext.model.ratio import Ratio, Verdict
from whichext.model.raw import Raw
from whichext.report.fleet import FleetResult
from whichext.report.journal import kept_epochs
from whichext.system.machine import describe_machine

KERNEL = Path(__file__).parent / "kernels" / "fleet"
PORT = 8901
FLAGS = {"busy": "-march=native", "lost": "-march=native", "plain": "-march=x86-64"}
TRUE = "worked.twice is slower than worked.once on every machine"
FALSE = "worked.again is slower than worked.once on most machines"
EPOCHS = 2
"""After which the worker is killed."""


@dataclass(frozen=True)
class Found:
    """What came of one repetition."""

    fleet: FleetResult
    """The judged results of all machines."""
    resumed: bool
    """Whether the race of the lost worker went on with what it had."""
    took_s: float
    """Wall time, s."""

    def ratios(self, machine: str) -> dict[str, Ratio]:
        """The ratios on a machine, by contestant."""
        labels = [one.machine.label for one in self.fleet.machines]
        cells = self.fleet.cases[0].cells
        found = ((cell.contestant, cell.ratios[labels.index(machine)]) for cell in cells)
        return {name: ratio for name, ratio in found if ratio is not None}

    def is_right_on(self, machine: str) -> bool:
        """Whether no verdict on a machine is wrong, and the large difference is seen."""
        ratios = self.ratios(machine)
        again, twice = ratios["worked.again"], ratios["worked.twice"]
        same = again.verdict not in (Verdict.FASTER, Verdict.SLOWER)
        return same and twice.verdict is Verdict.SLOWER

    @property
    def is_right_overall(self) -> bool:
        """Whether the verdicts on all machines together are right."""
        holdings = {cell.contestant: cell.holding for _, cell in self.fleet.cells}
        standings = {claim.text: claim.standing for claim in self.fleet.claims}
        return (
            holdings["worked.twice"] is Holding.EVERY
            and holdings["worked.again"] is not Holding.DIFFERS
            and standings[TRUE] is Standing.HOLDS
            and standings[FALSE] is not Standing.HOLDS
        )


def main() -> None:
    """Race, and print one line for each repetition and one for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--max-time", type=float, default=20.0)
    asked = parser.parse_args()
    print(f"$ python {shlex.join(sys.argv)}\n{describe_machine()}\n")
    print(f"{'':3}{'':10}{'busy':>16}{'lost':>16}{'plain':>16}  {'right':21}{'resumed':9}took")
    found = []
    for repetition in range(asked.repetitions):
        with TemporaryDirectory(prefix="whichext-") as folder:
            one = repeat(Path(folder), asked.max_time)
        found.append(one)
        for name in ("again", "twice"):
            texts = [ratio_text(one.ratios(machine)[f"worked.{name}"]) for machine in FLAGS]
            print(f"{repetition + 1:3}{name:>9} {''.join(f'{text:>16}' for text in texts)}", end="")
            print(f"  {rights(one)}" if name == "twice" else "", flush=True)
    machines = {name: sum(one.is_right_on(name) for one in found) for name in FLAGS}
    texts = (f"{name} {count} of {len(found)}" for name, count in machines.items())
    overall = sum(one.is_right_overall for one in found)
    resumed = sum(one.resumed for one in found)
    print(f"\nright: {', '.join(texts)}; overall {overall}; resumed {resumed}")


def ratio_text(ratio: Ratio) -> str:
    """A ratio with the verdict on it."""
    return f"{ratio.value:.3f} {ratio.verdict}"


def rights(one: Found) -> str:
    """Where a repetition is right."""
    places = {**{name: one.is_right_on(name) for name in FLAGS}, "all": one.is_right_overall}
    right = ",".join(name for name, is_right in places.items() if is_right)
    return f"{right:21}{'yes' if one.resumed else 'no':9}{one.took_s:.0f} s"


def repeat(folder: Path, max_time_s: float) -> Found:
    """Race once on all three, and judge."""
    start = time.monotonic()
    with ExitStack() as stack:
        fleet = Machines(folder, stack)
        fleet.dask("scheduler", "--host", "127.0.0.1", "--port", str(PORT))
        workers = {name: fleet.work(name) for name in FLAGS}
        wait_until(lambda: fleet.said("scheduler").count("Register worker") == len(workers))
        client = fleet.race(max_time_s)
        before = fleet.disturb(client, workers["lost"])
    found = tools.fleet(folder / "results", baseline="worked.once", claims=(TRUE, FALSE))
    after = whichext.read(folder / "results" / "lost.json").raw
    return Found(found, has_all(after, before), time.monotonic() - start)


@dataclass
class Machines:
    """The processes of a repetition."""

    folder: Path
    """Where all of them work, with the cache."""
    stack: ExitStack
    """Ends them."""

    def start(self, name: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a program, whose output is kept under a name."""
        cache = {"XDG_CACHE_HOME": str(self.folder / "cache")}
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *words],
                cwd=self.folder,
                env={**os.environ, **cache, **environment},
                stdout=log,
                stderr=log,
            )
        self.stack.callback(ended, process)
        return process

    def dask(
        self, what: str, *words: str, name: str = "", **environment: str
    ) -> subprocess.Popen[bytes]:
        """Start a scheduler or a worker."""
        module = f"distributed.cli.dask_{what}"
        return self.start(name or what, "-m", module, *words, "--no-dashboard", **environment)

    def work(self, label: str) -> subprocess.Popen[bytes]:
        """Start a worker of a machine."""
        words = (f"tcp://127.0.0.1:{PORT}", "--no-nanny", "--nthreads", "1")
        told = {"WHICHEXT_MACHINE": label, "CFLAGS": FLAGS[label]}
        return self.dask("worker", *words, "--resources", "whichext=1", name=label, **told)

    def race(self, max_time_s: float) -> subprocess.Popen[bytes]:
        """Start a client."""
        on = ("--on", f"tcp://127.0.0.1:{PORT}", "-o", "results")
        how = ("--baseline", "worked.once", "--no-isolation", "--max-time", str(max_time_s))
        return self.start("client", "-m", "whichext", "run", str(KERNEL), *on, *how)

    def said(self, name: str) -> str:
        """What a program has printed."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def journal(self, machine: str) -> Path | None:
        """What a race has kept, after a few epochs."""
        kept = (self.folder / "cache/whichext/machines").glob(f"*/{machine}/*.part")
        return next((one for one in kept if kept_epochs(one) >= EPOCHS), None)

    def disturb(self, client: subprocess.Popen[bytes], worker: subprocess.Popen[bytes]) -> Raw:
        """Take a core from one race and kill the worker of another; what this one had kept."""
        before: Raw | None = None
        burner: subprocess.Popen[bytes] | None = None
        while client.poll() is None:
            time.sleep(0.1)
            said = self.said("client")
            if burner is None and "busy: racing" in said:
                burner = self.start("burner", "-c", "while True: pass")
            elif burner is not None and "busy: done" in said:
                ended(burner)
            if before is None and (journal := self.journal("lost")) is not None:
                before = whichext.read(journal).raw
                worker.kill()
                self.work("lost")
        if before is None or client.returncode not in (0, 1):
            raise SystemExit(f"the client ended with {client.returncode}: {self.said('client')}")
        return before


def has_all(after: Raw, before: Raw) -> bool:
    """Whether nothing that was measured is lost."""
    found = {timing.contestant: timing.samples for timing in after.timings}
    return all(found[one.contestant][: len(one.samples)] == one.samples for one in before.timings)


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a program, and wait for it."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    process.kill()
    process.wait()


def wait_until(done: Callable[[], bool]) -> None:
    """Wait for something that comes about."""
    while not done():
        time.sleep(0.1)


if __name__ == "__main__":
    main()
