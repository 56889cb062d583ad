from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NoReturn

import psutil
import pytest
from inline_snapshot import snapshot

from support.cli import without_paths
from support.contestants import REFERENCE, case_of, write_contestant, write_kernel
from support.processes import PATIENCE_S, hired, is_gone, outcome_of, until
from whichext.model.errors import HostLostError, KernelError
from whichext.model.kernel import Kernel
from whichext.model.outcome import Crashed, Right
from whichext.system.workers import messages
from whichext.system.workers.crew import WorkerLostError

pytestmark = [pytest.mark.slow, pytest.mark.processes]

SERVER = "whichext.verify.in_worker"


def complaint(kernel: Kernel, case: str = "one") -> KernelError:
    """What preparing a case of a kernel complains about."""
    with hired(kernel) as staffed, pytest.raises(KernelError) as raised:
        staffed.crew.prepare(case_of(kernel, case))
    return raised.value


def test_preparing_a_case_gives_its_name_and_the_bytes_of_its_arrays(tmp_path: Path) -> None:
    kernel = write_kernel(
        tmp_path,
        inputs="return (np.ones(case.shape), np.arange(6, dtype='int16'), [1.0] * 9, None)",
        reference="return 4.0",
        parameters="values, *others",
    )
    with hired(kernel) as staffed:
        prepared = staffed.crew.prepare(case_of(kernel, "one"))
    assert (prepared.names, prepared.input_bytes) == (("one",), 4 * 8 + 6 * 2)


def test_inputs_are_made_once_for_all_workers(tmp_path: Path) -> None:
    made = tmp_path / "made"
    note = f"open({str(made)!r}, 'a').write('once '); return (np.ones(case.shape),)"
    kernel = write_kernel(tmp_path, inputs=note)
    with hired(kernel) as staffed:
        staffed.crew.prepare(case_of(kernel, "one"))
        for _ in range(2):
            staffed.crew.spawn(REFERENCE, None, SERVER, PATIENCE_S)
    assert made.read_text(encoding="utf-8") == "once "


def test_a_case_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path)
    with hired(kernel) as staffed:
        staffed.crew.prepare(case_of(kernel, "one"))
        staffed.crew.prepare(case_of(kernel, "two"))
        worker = staffed.crew.spawn(REFERENCE, None, SERVER, PATIENCE_S)
        assert outcome_of(worker, "two") == Right()
        with pytest.raises(WorkerLostError):  # a worker without that input ends
            outcome_of(worker, "one")


def test_the_nasty_inputs_have_names(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path)
    with hired(kernel) as staffed:
        names = staffed.crew.prepare_nasty().names
    assert {"float64 plain", "float64 NaN", "float64 misaligned"} <= set(names)


def test_inputs_that_raise_are_the_authors_to_fix(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path, inputs="raise RuntimeError('no data')")
    assert without_paths(str(complaint(kernel)), tmp_path) == snapshot(
        "tiny: case one: RuntimeError: no data\nNext: fix PATH/tiny/kernel.py"
    )


def test_a_reference_that_raises_is_the_authors_to_mend(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path, reference="raise IndexError('too far')")
    assert without_paths(str(complaint(kernel)), tmp_path) == snapshot(
        "tiny: case one: the reference raises IndexError: too far\nNext: fix PATH/tiny/kernel.py"
    )


@pytest.mark.parametrize(
    ("inputs", "got"),
    [
        ("return (np.ones(5),)", "((5,), 'float64')"),
        ("return (np.ones(4, dtype='float32'),)", "((4,), 'float32')"),
        ("return ([1.0] * 4,)", "no array"),
    ],
    ids=["wrong shape", "wrong dtype", "no array"],
)
def test_inputs_that_do_not_fit_their_case_show_both_sides(
    tmp_path: Path, inputs: str, got: str
) -> None:
    error = complaint(write_kernel(tmp_path, inputs=inputs))
    assert without_paths(str(error), tmp_path).replace(f"got {got}", "got THIS") == snapshot(
        "tiny: case one: ValueError: expected an array of shape and dtype ((4,), "
        "'float64'), got THIS\n"
        "Next: fix PATH/tiny/kernel.py"
    )


def test_inputs_too_large_for_the_memory_are_said_to_be(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path, inputs="raise MemoryError('80 TiB')")
    assert str(complaint(kernel)) == snapshot(
        "tiny: case one does not fit in memory: 80 TiB\n"
        "Next: free some memory, or choose smaller inputs with cases"
    )


def test_nasty_inputs_that_raise_are_the_authors_to_fix(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path, reference="raise IndexError('too far')")
    with hired(kernel) as staffed, pytest.raises(KernelError) as raised:
        staffed.crew.prepare_nasty()
    assert without_paths(str(raised.value), tmp_path) == snapshot(
        """\
tiny: the reference raises IndexError: too far on an input like those of its cases:
import numpy as np

values = np.empty((0,), 'float64')
Next: say with Kernel(arguments=...) what calls may be given, or make the error a refusal:
Kernel(refuses=(TypeError, ValueError, IndexError))\
"""
    )


def test_a_case_that_cannot_be_made_does_not_spoil_the_next(tmp_path: Path) -> None:
    fails_on_one = "return (np.ones(4 if case.name == 'two' else 5),)"
    kernel = write_kernel(tmp_path, inputs=fails_on_one)
    with hired(kernel) as staffed:
        with pytest.raises(KernelError):
            staffed.crew.prepare(case_of(kernel, "one"))
        assert staffed.crew.prepare(case_of(kernel, "two")).names == ("two",)


def test_the_death_of_the_host_is_told_with_a_next_step(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path)
    with hired(kernel) as staffed:
        staffed.host.kill()
        with pytest.raises(HostLostError) as lost:
            staffed.crew.prepare(case_of(kernel, "one"))
    assert without_paths(str(lost.value), tmp_path) == snapshot("""\
the process that holds the inputs ended (killed by SIGKILL)
Next: if memory ran out, choose smaller inputs with cases; otherwise fix PATH/tiny/kernel.py\
""")


def test_the_hosts_last_words_are_told(tmp_path: Path) -> None:
    dies = "import os; os.write(2, b'out of luck\\nand of memory\\n'); os._exit(7)"
    kernel = write_kernel(tmp_path, inputs=dies)
    with hired(kernel) as staffed, pytest.raises(HostLostError) as lost:
        staffed.crew.prepare(case_of(kernel, "one"))
    assert lost.value.problem == snapshot(
        "the process that holds the inputs ended (exit status 7), its last words:\n"
        "out of luck\n"
        "and of memory"
    )


def test_a_kernel_that_the_host_cannot_load_is_told_without_a_traceback(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path)
    (kernel.folder / "kernel.py").write_text("raise ImportError('edited meanwhile')\n", "utf-8")
    assert without_paths(complaint(kernel).problem, tmp_path) == snapshot(
        "tiny: PATH/tiny/kernel.py does not import: ImportError: edited meanwhile"
    )


def test_what_a_kernel_prints_does_not_reach_our_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    kernel = write_kernel(tmp_path, inputs="print('making'); return (np.ones(case.shape),)")
    with hired(kernel) as staffed:
        staffed.crew.prepare(case_of(kernel, "one"))
    assert capfd.readouterr() == ("", "")


def test_inputs_that_end_the_host_are_told_with_its_exit_status(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path, inputs="raise SystemExit(7)")
    with hired(kernel) as staffed, pytest.raises(HostLostError) as lost:
        staffed.crew.prepare(case_of(kernel, "one"))
    assert lost.value.problem.endswith("(exit status 7)")


def test_leaving_the_crew_leaves_no_process_behind(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path)
    with hired(kernel) as staffed:
        awake = staffed.spawn(REFERENCE, None, SERVER)
        frozen = staffed.spawn(REFERENCE, None, SERVER)
        frozen.worker.freeze()
    processes = (staffed.host, awake.process, frozen.process)
    assert [psutil.pid_exists(process.pid) for process in processes] == [False] * 3


def test_an_exception_leaves_no_process_behind(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path)
    processes: list[psutil.Process] = []

    def work() -> NoReturn:
        with hired(kernel) as staffed:
            staff = staffed.spawn(REFERENCE, None, SERVER)
            staff.worker.freeze()
            processes.extend((staffed.host, staff.process))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert [psutil.pid_exists(process.pid) for process in processes] == [False, False]


def test_the_death_of_the_host_leaves_no_process_behind(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path)
    with hired(kernel) as staffed:
        frozen = staffed.spawn(REFERENCE, None, SERVER)
        frozen.worker.freeze()
        staffed.host.kill()
    assert until(lambda: is_gone(frozen.process))


STARTS_ANOTHER = """
    import subprocess, sys
    subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    run = print
"""


def descendants_of(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def test_what_a_contestant_started_is_gone_after_the_crew(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path)
    written = write_contestant(tmp_path, STARTS_ANOTHER)
    with hired(kernel) as staffed:
        staff = staffed.spawn(written, tmp_path, SERVER)
        (grandchild,) = descendants_of(staff.process.pid)
    assert until(lambda: is_gone(grandchild))


def test_what_a_contestant_started_is_gone_after_the_death_of_the_host(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path)
    written = write_contestant(tmp_path, STARTS_ANOTHER)
    with hired(kernel) as staffed:
        staff = staffed.spawn(written, tmp_path, SERVER)
        (grandchild,) = descendants_of(staff.process.pid)
        staffed.host.kill()
    assert until(lambda: is_gone(grandchild))


def test_a_host_that_is_busy_does_not_outlive_its_crew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whichext.system.workers.crew._FAREWELL_S", 0.0)
    busy = tmp_path / "busy"
    hangs = f"import signal; open({str(busy)!r}, 'w').close(); signal.pause()"
    kernel = write_kernel(tmp_path, inputs=hangs)
    with hired(kernel) as staffed:
        staffed.crew._send(messages.Prepare(case_of(kernel, "one")))
        assert until(busy.exists)
    assert not psutil.pid_exists(staffed.host.pid)


def test_what_kernel_py_started_is_gone_after_the_crew(tmp_path: Path) -> None:
    pause = "import signal; signal.pause()"
    starts = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {pause!r}])"
    kernel = write_kernel(tmp_path, inputs=f"{starts}; return (np.ones(case.shape),)")
    with hired(kernel) as staffed:
        staffed.crew.prepare(case_of(kernel, "one"))
        (child,) = staffed.host.children()
    assert until(lambda: is_gone(child))


CONDUCTOR = """
    import os, sys
    from pathlib import Path
    from whichext.load.kernel import load_kernel
    from whichext.model.contestant import Contestant
    from whichext.model.contestant import RELEASE
    from whichext.pipeline import INPUTS
    from whichext.system.workers.crew import Crew

    site = Path(sys.argv[2])
    one = Contestant(
        entry="one", project="one", module=sys.argv[3], function="run", profile=RELEASE
    )
    crew = Crew(load_kernel(sys.argv[1]), INPUTS)
    crew.spawn(one, site, "whichext.verify.in_worker", 60.0)
    crew.spawn(one, site, "whichext.verify.in_worker", 60.0).freeze()
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("code", "processes"),
    [
        pytest.param("run = print", 3, id="a host and two workers"),
        pytest.param(
            STARTS_ANOTHER,
            5,
            id="and what these started",
        ),
    ],
)
def test_a_conductor_that_is_killed_leaves_no_process_and_no_file_behind(
    tmp_path: Path, code: str, processes: int
) -> None:
    kernel = write_kernel(tmp_path)
    module = write_contestant(tmp_path, code).module
    script = textwrap.dedent(CONDUCTOR)
    command = [sys.executable, "-c", script, str(kernel.folder), str(tmp_path), module]
    logs = tmp_path / "logs"
    logs.mkdir()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(logs)},
    ) as conductor:
        assert conductor.stdout is not None
        assert conductor.stdout.readline() == b"ready\n"
        assert len(list(logs.iterdir())) == 1
        others = descendants_of(conductor.pid)
        conductor.kill()
    all_gone = until(lambda: all(is_gone(process) for process in others))
    for process in others:
        if not is_gone(process):
            process.kill()
    assert (len(others), all_gone, list(logs.iterdir())) == (processes, True, [])


def test_what_a_crashed_worker_printed_outlives_its_process(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path)
    code = "import os\nos.write(2, b'no licence')\nos._exit(1)"
    written = write_contestant(tmp_path, code)
    with hired(kernel) as staffed, pytest.raises(WorkerLostError) as lost:
        staffed.crew.spawn(written, tmp_path, SERVER, PATIENCE_S)
    assert lost.value.outcome == Crashed("import", "exit status 1", "no licence")
