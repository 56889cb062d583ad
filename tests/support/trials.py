"""Whole runs that something happens to: a kernel, a cache and a result file of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from support.processes import until
from whichext.build.kept import list_builds
from whichext.build.store import Store
from whichext.model.raw import Raw, Sample
from whichext.report import result_file
from whichext.report.journal import part_of

KERNELS = Path(__file__).parents[1] / "kernels"
MARK = "WHICHEXT_TEST_MARK"
PATIENCE_S = 120
STAGES = {"build": "build ", "audit": "audit ", "verify": "verify ", "race": "race "}
"""How a line of progress begins, by the stage that it is of."""
LONG, SHORT = (("--case", "small", "--max-time", most) for most in ("60", "0"))
Place = tuple[str, str, int, int, int]

SLOW_BACKEND = """
import pathlib, time
from flit_core.buildapi import *
from flit_core import buildapi
def build_wheel(*args, **more):
    time.sleep(3 if pathlib.Path(__file__).with_name("slow").exists() else 0)
    return buildapi.build_wheel(*args, **more)
"""


@dataclass
class Trial:
    """A kernel, a cache and a result file, with the runs that use them."""

    folder: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    variables: dict[str, str] = field(default_factory=dict)
    results: Path | None = None
    """Where the result file is to be; in the folder where it is None."""

    @property
    def kernel(self) -> Path:
        """The kernel's folder."""
        return self.folder / "row_sum"

    @property
    def output(self) -> Path:
        """The result file."""
        return (self.results or self.folder) / "r.json"

    def builds_anew(self) -> None:
        """Remove the kernel's builds; that of the limit stays, which takes a compiler seconds."""
        store = Store(self.folder / "cache/whichext/builds")
        (build,) = (one for one in list_builds(store) if one.project == "plain")
        store.remove(build.key)

    def start(self, *words: str, keeps: bool = True) -> subprocess.Popen[str]:
        """A run in a session of its own."""
        kept = ("-o", str(self.output)) if keeps else ()
        return subprocess.Popen(
            [sys.executable, "-m", "whichext", "run", str(self.kernel), *kept, *words],
            env={
                **os.environ,
                "XDG_CACHE_HOME": str(self.folder / "cache"),
                "TMPDIR": str(self.folder / "tmp"),
                MARK: self.mark,
                **self.variables,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def processes(self) -> list[psutil.Process]:
        """All living processes with the mark, frozen ones too."""
        return [one for one in psutil.process_iter() if self.has_mark(one)]

    def has_mark(self, process: psutil.Process) -> bool:
        """Whether a process is one of a run of this trial."""
        try:
            zombie = process.status() == psutil.STATUS_ZOMBIE
            return not zombie and process.environ().get(MARK) == self.mark
        except psutil.Error:
            return False

    def measured(self) -> set[tuple[Place, Sample]]:
        """Every turn that the result file or its journal keeps; none is there twice."""
        if not (self.output.exists() or part_of(self.output).exists()):
            return set()
        return turns_of(result_file.read(self.output).raw)

    def ends_well(self, *words: str) -> Raw:
        """The next run: its result, which has all that was kept before."""
        before = self.measured()
        journal = part_of(self.output)
        resumed = ("--resume", str(self.output)) if before or journal.exists() else ()
        code, _, err = ended(self.start(*SHORT, *resumed, *words))
        assert code == 0, err
        assert not journal.exists()
        assert before <= self.measured()
        self.leaves_nothing()
        return result_file.read(self.output).raw

    def leaves_nothing(self) -> None:
        """Wait until no process of a run is left."""
        assert until(lambda: not self.processes()), self.processes()


def turns_of(raw: Raw) -> set[tuple[Place, Sample]]:
    """Every turn with where it belongs."""
    found = [
        ((timing.case, timing.contestant, one.epoch, one.round, one.slot), one)
        for timing in raw.timings
        for one in timing.samples
    ]
    assert len({place for place, _ in found}) == len(found)
    return set(found)


def slowed(trial: Trial) -> None:
    """Have the build take some seconds, so that something can happen in it."""
    project = trial.kernel / "plain" / "pyproject.toml"
    system = (
        '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "slow_backend"\n'
        'backend-path = ["."]\n\n'
    )
    project.write_text(system + "".join(project.read_text().partition("[project]")[1:]))
    (trial.kernel / "plain" / "slow_backend.py").write_text(SLOW_BACKEND)


def reached(run: subprocess.Popen[str], stage: str) -> None:
    """Wait until a run has done something of a stage."""
    assert run.stderr is not None
    said = []
    for line in run.stderr:
        said.append(line)
        if line.startswith(STAGES[stage]):
            return
    pytest.fail("".join(said))


def ended(run: subprocess.Popen[str]) -> tuple[int, str, str]:
    """The exit status and what was printed since; never a traceback."""
    out, err = run.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in out + err, err
    return run.returncode, out, err
