"""The program in odd environments, with odd streams, and interrupted: never a traceback."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.cli import squeezed, without_paths
from whichext.model.raw import INTERRUPTED
from whichext.report import result_file
from whichext.system.machine import usable_cores

pytestmark = [pytest.mark.slow, pytest.mark.processes]

ROOT = Path(__file__).parents[2]
KERNELS = ROOT / "tests" / "kernels"
RESULT = ROOT / "docs" / "results" / "find_max.json"
PATIENCE_S = 120

SHOW = ("show", str(RESULT))
QUICK = ("--case", "small", "--entry", "plain_sum.row_sum", "--max-time", "0")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Builds of this module."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """A kernel that a test may change."""
    return shutil.copytree(KERNELS / "row_sum", tmp_path / "row_sum")


def started(
    words: tuple[str, ...],
    cache: Path,
    environment: Mapping[str, str] | None = None,
    shell: str = "",
) -> subprocess.Popen[str]:
    """The program, in an environment, behind a shell's redirections where there are any."""
    variables = {**os.environ, "XDG_CACHE_HOME": str(cache), **(environment or {})}
    command = [sys.executable, "-m", "whichext", *words]
    if shell:
        command = ["sh", "-c", f'"$@" {shell}', "sh", *command]
    return subprocess.Popen(
        command,
        env={name: value for name, value in variables.items() if value != "unset"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in out + err, err
    assert "Exception ignored" not in err, err
    return process.returncode, out, err


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"COLUMNS": "20"},
        {"HOME": "unset", "XDG_CACHE_HOME": "unset"},
        {"TERM": "dumb"},
        {"TMPDIR": "/no/such/folder"},
        {"PYTHONWARNINGS": "error"},
    ],
)
def test_a_result_is_shown_in_any_environment(cache: Path, environment: Mapping[str, str]) -> None:
    code, out, err = ended(started(SHOW, cache, environment))
    assert (code, err) == (0, "")
    assert "find_max: How fast" in out


def test_a_table_is_drawn_in_ascii_where_the_encoding_has_no_lines(cache: Path) -> None:
    _, out, _ = ended(started(SHOW, cache, {"PYTHONIOENCODING": "ascii"}))
    assert out.isascii()
    assert any(line.startswith("+-") for line in out.splitlines())
    assert "\\u" not in out


def test_a_race_runs_where_the_locale_is_c_and_temporary_files_have_no_place(
    cache: Path, kernel: Path
) -> None:
    odd = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TMPDIR": "/no/such"}
    assert ended(started(("run", str(kernel), *QUICK), cache, odd))[0] == 0


def test_a_sitecustomize_that_prints_disturbs_no_race(
    cache: Path, kernel: Path, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text('print("hello from the site")')
    path = os.pathsep.join((str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])))
    code, out, _ = ended(started(("run", str(kernel), *QUICK), cache, {"PYTHONPATH": path}))
    assert (code, "row_sum: How fast" in out) == (0, True)


@pytest.mark.parametrize(
    ("make", "number"), [("file", errno.ENOTDIR), ("proc", errno.ENOENT), ("link", errno.ELOOP)]
)
def test_a_cache_that_cannot_be_is_one_line_and_a_next_step(
    kernel: Path, tmp_path: Path, make: str, number: int
) -> None:
    place = Path("/proc") if make == "proc" else tmp_path / "cache"
    if make == "file":
        place.touch()
    if make == "link":
        place.symlink_to(place)
    code, out, err = ended(started(("run", str(kernel), *QUICK), place))
    said = without_paths(err, place).replace(os.strerror(number), "WHY")
    assert (code, out) == (1, "")
    assert said == snapshot(
        "whichext: PATH/whichext/builds: expected a folder in which builds can be "
        "kept, got WHY\n"
        "Next: set XDG_CACHE_HOME to a folder that is yours and has space left\n"
    )


def test_a_cache_with_a_colon_in_its_path_ends_without_a_traceback(
    kernel: Path, tmp_path: Path
) -> None:
    assert ended(started(("run", str(kernel), *QUICK), tmp_path / "a:b"))[0] in (0, 3)


def test_a_full_disk_behind_standard_output_is_told_and_the_result_is_kept(
    cache: Path, kernel: Path, tmp_path: Path
) -> None:
    words = ("run", str(kernel), *QUICK, "-o", str(tmp_path / "r.json"))
    code, _, err = ended(started(words, cache, shell=">/dev/full"))
    assert (code, os.strerror(errno.ENOSPC) in err) == (1, True)
    assert result_file.read(tmp_path / "r.json").raw.stopped is None


@pytest.mark.parametrize("shell", [">/dev/full", ">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize("words", [SHOW, ("--version",), ("run", "--help"), ("show", "nowhere")])
def test_streams_that_are_closed_or_full_make_no_traceback(
    cache: Path, words: tuple[str, ...], shell: str
) -> None:
    code, _, _ = ended(started(words, cache, shell=shell))
    usual = 2 if words == ("show", "nowhere") else 0
    assert code == (1 if shell == ">/dev/full" and usual == 0 else usual)


def test_a_race_runs_with_all_streams_closed(cache: Path, kernel: Path, tmp_path: Path) -> None:
    words = ("run", str(kernel), *QUICK, "-o", str(tmp_path / "r.json"))
    assert ended(started(words, cache, shell=">&- 2>&- <&-"))[0] == 0
    assert result_file.read(tmp_path / "r.json").raw.timings


def test_a_race_runs_where_its_progress_cannot_be_told(cache: Path, kernel: Path) -> None:
    code, out, _ = ended(started(("run", str(kernel), *QUICK), cache, shell="2>/dev/full"))
    assert (code, "row_sum: How fast" in out) == (0, True)


def test_a_reader_that_leaves_ends_nothing(cache: Path) -> None:
    code, out, err = ended(started(SHOW, cache, shell="| head -1"))
    assert (code, err, len(out.splitlines())) == (0, "", 1)


@pytest.mark.parametrize("after_s", [0.06, 0.15, 0.3])
def test_ctrl_c_while_the_program_starts_ends_it(cache: Path, kernel: Path, after_s: float) -> None:
    process = started(("run", str(kernel), "--max-time", "60"), cache)
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode in (-signal.SIGINT, 130), out) == (True, "")
    # On a slow machine, Python is still on its way to the first line of whichext.
    assert err == "" or "--resume" in err or not re.search(r"whichext/(?!__init__\.py)", err)


SLOW_BUILD = "import pathlib, time\npathlib.Path({began!r}).touch(), time.sleep(60)\n"


def test_ctrl_c_in_a_build_shows_what_was_reached_and_ends_with_1(
    kernel: Path, tmp_path: Path
) -> None:
    backend = kernel / "plain" / "slow_backend.py"
    backend.write_text(SLOW_BUILD.format(began=str(tmp_path / "began")))
    project = kernel / "plain" / "pyproject.toml"
    system = '[build-system]\nrequires = []\nbuild-backend = "slow_backend"\nbackend-path = ["."]\n'
    project.write_text(f"{system}\n{''.join(project.read_text().partition('[project]')[1:])}")
    code, out = interrupted_after("", ("run", str(kernel)), tmp_path / "cache", tmp_path / "began")
    assert code == 1
    assert INTERRUPTED in squeezed(out)


@pytest.mark.parametrize("command", ["run", "verify"])
def test_ctrl_c_in_a_verification_shows_what_was_reached_and_ends_with_1(
    cache: Path, kernel: Path, command: str
) -> None:
    code, out = interrupted_after("verify", (command, str(kernel)), cache)
    assert code == 1
    assert INTERRUPTED in squeezed(out)


def test_ctrl_c_in_a_race_shows_and_keeps_what_was_measured(
    cache: Path, kernel: Path, tmp_path: Path
) -> None:
    path = tmp_path / "r.json"
    words = ("run", str(kernel), "--max-time", "60", "-o", str(path))
    code, out = interrupted_after("race ", words, cache)
    assert (code, result_file.read(path).raw.stopped) == (1, INTERRUPTED)
    assert INTERRUPTED in squeezed(out)


def reach(said: str, process: subprocess.Popen[str]) -> None:
    """Wait for a line of progress that begins so."""
    assert process.stderr is not None
    assert not said or any(line.startswith(said) for line in process.stderr)


def interrupted_after(
    said: str, words: tuple[str, ...], cache: Path, began: Path | None = None
) -> tuple[int, str]:
    """Ctrl-C once a line of progress begins so, or a file is there; exit status and report."""
    process = started(words, cache)
    while began is not None and not began.exists() and process.poll() is None:
        time.sleep(0.05)
    reach(said, process)
    process.send_signal(signal.SIGINT)
    code, out, _ = ended(process)
    return code, out


def test_a_second_ctrl_c_ends_it_at_once_without_a_traceback(cache: Path, kernel: Path) -> None:
    process = started(("run", str(kernel), "--max-time", "60"), cache)
    reach("race ", process)
    for _ in range(5):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    assert ended(process)[0] in (1, 130, -signal.SIGINT)


def with_kernel_py(kernel: Path, ending: str) -> str:
    with (kernel / "kernel.py").open("a") as file:
        file.write(f"\nimport dataclasses, time\nKERNEL = dataclasses.replace(KERNEL, {ending})\n")
    return str(kernel)


def test_a_reference_that_hangs_obeys_the_time_limit_before_anything_is_built(
    kernel: Path, tmp_path: Path
) -> None:
    name = with_kernel_py(kernel, "reference=lambda *_: time.sleep(600)")
    code, out, err = ended(started(("run", name, "--time-limit", "0.5"), tmp_path / "cache"))
    assert (code, out) == (2, "")
    assert without_paths(err, tmp_path) == snapshot(
        "whichext: row_sum: case small: the reference gave no answer within 0.5 s\n"
        "Next: choose smaller inputs with --case, allow more with --time-limit, or fix "
        "PATH/row_sum/kernel.py\n"
    )


@pytest.mark.parametrize(("inputs", "got"), [("[1]", "a list"), ("None", "None")])
def test_inputs_that_are_no_tuple_are_told_before_anything_is_built(
    kernel: Path, tmp_path: Path, inputs: str, got: str
) -> None:
    name = with_kernel_py(kernel, f"inputs=lambda case: {inputs}")
    code, out, err = ended(started(("run", name), tmp_path / "cache"))
    said = without_paths(err, tmp_path).replace(f"got {got}:", "got THIS:")
    assert (code, out) == (2, "")
    assert said == snapshot(
        "whichext: row_sum: case small: TypeError: expected inputs(case) to return a "
        "tuple or a Call, got THIS: return (values,)\n"
        "Next: fix PATH/row_sum/kernel.py\n"
    )


def test_a_misspelt_function_gives_the_one_that_looks_like_it_before_the_race(
    cache: Path, kernel: Path
) -> None:
    project = kernel / "plain" / "pyproject.toml"
    project.write_text(project.read_text().replace('"row_sum"', '"row_summ"'))
    code, _, err = ended(started(("run", str(kernel), "--case", "small", "--max-time", "0"), cache))
    before, _, _ = err.partition("\nrace")
    assert code == 1
    assert "'row_summ'" in before
    assert 'write function = "row_sum"' in before


@pytest.mark.parametrize("command", ["run", "verify", "audit"])
def test_a_kernel_without_entries_ends_with_3_and_a_next_step(
    cache: Path, kernel: Path, command: str
) -> None:
    shutil.rmtree(kernel / "plain")
    words = (command, str(kernel), *(QUICK[:2] if command == "verify" else ()))
    quick = ("--case", "small", "--max-time", "0") if command == "run" else ()
    code, _, err = ended(started((*words, *quick), cache))
    assert code == 3
    assert err.splitlines()[-1] == snapshot(
        "The kernel row_sum has no entry, so only the reference was tried. Next: "
        "give Kernel(functions={...}), or add a project folder whose pyproject.toml has "
        "[[tool.whichext.entries]]."
    )


def test_more_threads_than_processors_are_noted_with_how_many_there_are(
    cache: Path, kernel: Path
) -> None:
    project = kernel / "plain" / "pyproject.toml"
    text = project.read_text().replace(
        'function = "row_sum"\n', 'function = "row_sum"\nthreads = "environment"\n'
    )
    project.write_text(text)
    code, _, err = ended(started(("run", str(kernel), *QUICK, "--threads", "48"), cache))
    assert code == 0
    (note,) = (line for line in err.splitlines() if line.startswith("whichext: --threads 48: "))
    assert f" {usable_cores()} usable " in note


def test_the_second_of_two_runs_into_one_file_is_refused_and_the_first_ends_whole(
    cache: Path, kernel: Path, tmp_path: Path
) -> None:
    path = tmp_path / "r.json"
    words = ("run", str(kernel), *QUICK, "-o", str(path))
    first = started(words, cache)
    reach("race ", first)
    first.send_signal(signal.SIGSTOP)  # or it ends before a slow machine has begun the second
    try:
        code, out, err = ended(started(words, cache))
    finally:
        first.send_signal(signal.SIGCONT)
    assert (code, out) == (2, "")
    assert all(text in err for text in (f"{path}: expected ", "another run writes"))
    assert ended(first)[0] == 0
    assert result_file.read(path).raw.stopped is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.json", "row_sum"]
