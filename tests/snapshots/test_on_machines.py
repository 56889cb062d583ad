"""What a run on machines prints at its end, and its errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.results import make_machine, make_race, steady
from whichext.cli.machines import Entrant, OnMachines, run_on_machines
from whichext.cli.machines.cluster import connected
from whichext.cli.machines.folder import RECORD, opened
from whichext.cli.machines.jobs import spread
from whichext.cli.machines.listing import machines_document
from whichext.cli.machines.request import words_of
from whichext.cli.wording import SHELL
from whichext.model.errors import WhichextError
from whichext.model.options import Options
from whichext.model.raw import INTERRUPTED
from whichext.model.view import View
from whichext.report.text import render_text

RACE = make_race({"numpy": steady(1_000), "mine.f": steady(500)})


def entrant(name: str, problem: str = "", *, measured: bool = True) -> Entrant:
    machine = replace(make_machine(), label=name)
    view = View(replace(RACE.raw, machine=machine), RACE.judged) if measured else None
    return Entrant(name, machine, Path(f"out/{name}.json") if measured else None, view, problem)


def printed(*entrants: Entrant, interrupted: bool = False) -> str:
    document = machines_document(OnMachines(Path("out"), entrants, interrupted))
    return render_text(document, 100, colour=False, wording=SHELL)


def test_machines_that_all_have_a_result() -> None:
    assert printed(entrant("quiet"), entrant("loud")) == snapshot("""\
┏━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━┓
┃ machine ┃ is                                             ┃ result         ┃
┡━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━┩
│ quiet   │ Testium 9000 (2 cores, avx2, virtual), 8.00 GB │ out/quiet.json │
│ loud    │ Testium 9000 (2 cores, avx2, virtual), 8.00 GB │ out/loud.json  │
└─────────┴────────────────────────────────────────────────┴────────────────┘

total: How fast is a sum?
2 machines, 2 results. Verdicts against numpy: 1. The same on every machine that has them: 1.

quiet: Testium 9000 (2 cores, avx2, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB; quiet
loud: Testium 9000 (2 cores, avx2, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB; loud
Python: CPython 3.12.1. NumPy: 2.3.0. System: Linux.

small (20, 30) float64, C order: fits in the first cache
speed-up over numpy
┏━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┳━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
┃ contestant ┃ verdict          ┃ not on ┃           speed-up ┃
┡━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━╇━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
│ mine.f     │ faster on 2 of 2 │        │ 2.00x [2.00, 2.00] │
│            │                  │        │ 2.00x [2.00, 2.00] │
└────────────┴──────────────────┴────────┴────────────────────┘

speed-up on each machine
┏━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
┃ contestant ┃              quiet ┃               loud ┃
┡━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
│ mine.f     │ 2.00x [2.00, 2.00] │ 2.00x [2.00, 2.00] │
└────────────┴────────────────────┴────────────────────┘

speed-up: time of numpy over the contestant's, each measured on one machine. mean: over machines,
each with a true ratio of its own (random effect, interval of Hartung and Knapp). a further machine:
where the speed-up of one more machine of these kinds probably lies. Neither is given below three
machines. Machines of a fleet are no random choice: what is unlike all of them was not asked.

Next: whichext fleet out judges them again; --claim CLAIM tests a claim on all.
""")


def test_one_machine() -> None:
    assert printed(entrant("quiet")) == snapshot("""\
┏━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━┓
┃ machine ┃ is                                             ┃ result         ┃
┡━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━┩
│ quiet   │ Testium 9000 (2 cores, avx2, virtual), 8.00 GB │ out/quiet.json │
└─────────┴────────────────────────────────────────────────┴────────────────┘

Next: whichext show out/quiet.json for its report.
""")


def test_machines_that_were_lost_interrupted_and_refused() -> None:
    refused = Entrant("10.0.0.7", None, None, None, "it has whichext 0.0, and here is 0.1.0.")
    lost = entrant("loud", "the machine was lost: it had no worker for 30 s", measured=False)
    half = entrant("old", INTERRUPTED)
    assert printed(entrant("quiet"), lost, half, refused, interrupted=True) == snapshot("""\
┏━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ machine  ┃ is                                             ┃ result                  ┃
┡━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━┩
│ quiet    │ Testium 9000 (2 cores, avx2, virtual), 8.00 GB │ out/quiet.json          │
│ loud     │ Testium 9000 (2 cores, avx2, virtual), 8.00 GB │ none                    │
│ old      │ Testium 9000 (2 cores, avx2, virtual), 8.00 GB │ out/old.json, not whole │
│ 10.0.0.7 │ -                                              │ none                    │
└──────────┴────────────────────────────────────────────────┴─────────────────────────┘
  loud: the machine was lost: it had no worker for 30 s
  old: it was interrupted
  10.0.0.7: it has whichext 0.0, and here is 0.1.0.

Next: go on with --resume out; what was measured stays.
Next: whichext show out/quiet.json for its report.
""")


def refusals(tmp_path: Path) -> list[str]:
    """What is said of arguments that do not fit."""

    def connect(on: str) -> None:
        with connected(on):
            pass

    def open_folder(*, resumes: bool) -> None:
        with opened(tmp_path, (b"kernel",), resumes=resumes):
            pass

    found = []
    for on in ("scheduler", "tcp://scheduler", "tls://scheduler:8786"):
        with pytest.raises(WhichextError) as caught:
            connect(on)
        found.append(caught.value)
    with pytest.raises(WhichextError) as caught:
        open_folder(resumes=True)
    found.append(caught.value)
    (tmp_path / RECORD).write_text('{"key": "k", "content": "other"}')
    for resumes in (False, True):
        with pytest.raises(WhichextError) as caught:
            open_folder(resumes=resumes)
        found.append(caught.value)
    with pytest.raises(WhichextError) as caught:
        words_of(Options(projects=("mine@HEAD~1",)))
    found.append(caught.value)
    for folder, resume in ((None, None), (tmp_path / "new", tmp_path)):
        with pytest.raises(WhichextError) as caught:
            run_on_machines("find_max", Options(), "local:1", folder, resume, None, "it")
        found.append(caught.value)
    return [error.text(SHELL).replace(str(tmp_path), "FOLDER") for error in found]


def test_refused_arguments(tmp_path: Path) -> None:
    assert refusals(tmp_path) == snapshot(
        [
            """\
--on scheduler: expected the address of a Dask scheduler, or "local:N" for N workers here
Next: --on tcp://scheduler:8786\
""",
            """\
--on tcp://scheduler: expected the address of a Dask scheduler, or "local:N" for N workers here, got missing port number in address 'scheduler'
Next: --on tcp://scheduler:8786\
""",
            """\
--on tls://scheduler:8786: expected a certificate to connect with, got none
Next: set distributed.comm.tls.ca-file and distributed.comm.tls.client in Dask's settings\
""",
            """\
--resume FOLDER: expected a folder with a file fleet.request, got one without
Next: leave out --resume, and name another folder with -o\
""",
            """\
-o FOLDER: expected a new or an empty folder, got one with results of machines
Next: go on with --resume FOLDER, or name another folder\
""",
            """\
--resume FOLDER: expected a run of the same kernel with the same options and whichext, got one in which they were others
Next: leave out --resume, and name another folder with -o\
""",
            """\
--project 'mine@HEAD~1': expected projects as they are: machines get files, and not their history
Next: check out the revision, and leave out the @ in --project\
""",
            """\
--on: there is one result for each machine: expected a folder for them
Next: -o FOLDER\
""",
            """\
--resume FOLDER: expected the folder of -o, FOLDER/new
Next: leave out -o\
""",
        ]
    )


def test_the_options_of_a_part_of_a_sweep() -> None:
    assert spread(["a", "b"], Options.quick()).jobs[1].words == snapshot(
        ("--case", "b", "--max-time", "8.4", "--quick")
    )
