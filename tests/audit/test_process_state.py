"""What code can change in its process, read before and after."""

from __future__ import annotations

import ctypes
import gc
import locale
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from inline_snapshot import snapshot

from support.changes import changed_by
from whichext.audit.process_state import differences, read_state, with_folder
from whichext.model.process import Moment, ProcessChange, Shared


def test_what_changes_nothing_has_no_changes() -> None:
    assert changed_by(lambda: None) == {}


def test_what_is_put_back_is_no_change() -> None:
    def divide() -> None:
        with np.errstate(divide="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            np.random.default_rng(0).random(3)

    assert changed_by(divide) == {}


def test_each_part_of_numpys_error_handling_is_named() -> None:
    with np.errstate():
        found = changed_by(lambda: np.seterr(divide="ignore", over="raise"))
    assert found == snapshot({"numpy_errors": "divide warn -> ignore, over warn -> raise"})


def test_a_folder_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    inner = tmp_path / "inner"
    inner.mkdir()
    assert changed_by(lambda: os.chdir(inner)) == {"folder": f"{tmp_path} -> {inner}"}


def test_a_folder_that_is_gone_can_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    assert "gone" in changed_by(inner.rmdir)["folder"]


def test_a_variable_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROWS_KNOWN", "secret")
    monkeypatch.delenv("ROWS_NEW", raising=False)

    def change() -> None:
        monkeypatch.setenv("ROWS_KNOWN", "another secret")
        monkeypatch.setenv("ROWS_NEW", "1")

    assert changed_by(change) == {"environment": "ROWS_KNOWN changed, ROWS_NEW added"}
    assert changed_by(lambda: monkeypatch.delenv("ROWS_NEW")) == {"environment": "ROWS_NEW removed"}


def test_an_import_may_add_a_variable_and_change_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROWS_KNOWN", "1")
    monkeypatch.delenv("ROWS_NEW", raising=False)
    assert changed_by(lambda: monkeypatch.setenv("ROWS_NEW", "1"), Moment.IMPORT) == {}
    found = changed_by(lambda: monkeypatch.setenv("ROWS_KNOWN", "2"), Moment.IMPORT)
    assert found == {"environment": "ROWS_KNOWN changed"}


def test_a_variable_that_only_c_code_sees_is_seen() -> None:
    library = ctypes.CDLL(None)
    found = changed_by(lambda: library.setenv(b"ROWS_ARE_READ", b"1", 1))
    library.unsetenv(b"ROWS_ARE_READ")
    assert found == {"environment": "ROWS_ARE_READ added"}
    assert "ROWS_ARE_READ" not in os.environ


@pytest.mark.parametrize(
    ("draw", "state"),
    [
        (random.random, "random"),
        (np.random.random, "numpy_random"),
        (np.random.normal, "numpy_random"),
    ],
)
def test_drawing_from_a_global_generator_is_a_change(draw: Callable[[], float], state: str) -> None:
    assert changed_by(draw) == {state: "changed"}


def test_a_signal_handler_is_named() -> None:
    def handle(number: int, frame: object) -> None: ...

    usual = signal.getsignal(signal.SIGUSR1)
    found = changed_by(lambda: signal.signal(signal.SIGUSR1, handle))
    ignored = changed_by(lambda: signal.signal(signal.SIGUSR1, signal.SIG_IGN))
    signal.signal(signal.SIGUSR1, usual)
    assert found["signals"].startswith("SIGUSR1 default -> caught by ")
    assert found["signals"].endswith("handle")
    assert ignored["signals"].endswith(" -> ignored")


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux tells of C's handlers"
)
def test_a_signal_that_c_code_ignores_is_named() -> None:
    library = ctypes.CDLL(None)
    library.signal.argtypes = (ctypes.c_int, ctypes.c_void_p)
    found = changed_by(lambda: library.signal(signal.SIGUSR2, 1))
    library.signal(signal.SIGUSR2, 0)
    assert found == {"signals": "SIGUSR2 default -> ignored"}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the umask")
def test_the_umask_is_read_without_setting_it() -> None:
    usual = os.umask(0o022)
    found = changed_by(lambda: os.umask(0o077))
    os.umask(usual)
    assert found == {"file_mode": "0022 -> 0077"}


def test_a_locale_is_named_by_its_category(monkeypatch: pytest.MonkeyPatch) -> None:
    def set_german() -> None:
        others = locale.setlocale
        german = {locale.LC_NUMERIC: "de_DE.UTF-8"}
        monkeypatch.setattr(locale, "setlocale", lambda one: german.get(one) or others(one))

    usual = locale.setlocale(locale.LC_NUMERIC)
    assert changed_by(set_german) == {"locale": f"LC_NUMERIC {usual} -> de_DE.UTF-8"}


def test_a_folder_of_modules_is_named_unless_whichext_put_it_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", sys.path.copy())
    before = read_state()
    sys.path[:0] = ["/site", "/mine"]
    (found,) = differences(with_folder(before, "/site"), read_state(), Moment.IMPORT)
    assert found == ProcessChange(
        state=Shared.MODULE_FOLDERS, moment=Moment.IMPORT, what="/mine added"
    )
    assert with_folder(before, None) == before


def test_the_interpreters_settings_are_named() -> None:
    usual = sys.getrecursionlimit(), gc.isenabled()

    def change() -> None:
        sys.setrecursionlimit(usual[0] + 1)
        gc.disable()

    found = changed_by(change)
    sys.setrecursionlimit(usual[0])
    gc.enable()
    assert usual[1]
    assert found["interpreter"].replace(str(usual[0]), "N").replace(str(usual[0] + 1), "N+1") == (
        snapshot("garbage collector on -> off, recursion limit N -> N+1")
    )


def test_a_filter_of_warnings_is_usual_in_an_import_and_a_change_in_a_call() -> None:
    def change() -> None:
        warnings.filterwarnings("ignore", "unlikely to be warned of", UserWarning)

    with warnings.catch_warnings():
        assert changed_by(change, Moment.IMPORT) == {}
    with warnings.catch_warnings():
        assert changed_by(change) == snapshot(
            {"warnings": "ignore:unlikely to be warned of:UserWarning added"}
        )


@pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="needs two processors to leave one out",
)
def test_fewer_processors_are_a_change() -> None:
    usual = os.sched_getaffinity(0)
    found = changed_by(lambda: os.sched_setaffinity(0, {min(usual)}))
    os.sched_setaffinity(0, usual)
    assert found["processors"].startswith("processors ")


def test_of_many_changes_of_a_kind_some_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def change() -> None:
        for number in range(6):
            monkeypatch.setenv(f"ROWS_{number}", "1")

    assert changed_by(change)["environment"].endswith("ROWS_3 added and 2 more")


def alone(code: str) -> str:
    """What a process of its own prints, in which arithmetic may be changed without harm."""
    program = f"""
        import ctypes, platform
        from whichext.audit.process_state import differences, read_state
        from whichext.model.process import Moment
        libm, intel = ctypes.CDLL("libm.so.6"), platform.machine() == "x86_64"
        before = read_state()
        {code}
        for one in differences(before, read_state(), Moment.CALL):
            print(one.state.value, one.what)
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


linux = pytest.mark.skipif(
    sys.platform != "linux", reason="sets the mode as Linux's C library does"
)


@linux
@pytest.mark.parametrize(
    ("intel", "arm", "mode"),
    [(0x800, 0x400000, "upward"), (0x400, 0x800000, "downward"), (0xC00, 0xC00000, "toward 0")],
)
def test_each_rounding_mode_is_named(intel: int, arm: int, mode: str) -> None:
    found = alone(f"libm.fesetround({intel} if intel else {arm})")
    assert found == f"rounding to nearest -> {mode}"


SET_BITS = """mode = ctypes.create_string_buffer(64); libm.fegetenv(mode); \
register = ctypes.c_uint32.from_buffer(mode, 28 if intel else 0); \
register.value |= {} if intel else 1 << 24; libm.fesetenv(mode)"""


@linux
@pytest.mark.parametrize(
    ("bits", "parts"),
    [(0x8000, {"results"}), (0x0040, {"arguments"}), (0x8040, {"results", "arguments"})],
)
def test_flushed_subnormals_are_seen_in_results_and_in_arguments(
    bits: int, parts: set[str]
) -> None:
    kind, _, what = alone(SET_BITS.format(bits)).partition(" ")
    assert kind == "subnormals"
    assert {part for part in ("results", "arguments") if part in what} >= parts


def test_a_name_of_numpy_that_stands_for_something_else_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = changed_by(lambda: monkeypatch.setattr(np.linalg, "norm", lambda _: 0))
    assert found == {"numpy": "np.linalg.norm changed"}


def test_a_part_of_numpy_that_is_loaded_is_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    found = changed_by(lambda: monkeypatch.setattr(np, "loaded", lambda: 0, raising=False))
    assert found == {}


@pytest.mark.parametrize(
    ("moment", "expected"), [(Moment.IMPORT, {"threads": "waits added"}), (Moment.CALL, {})]
)
def test_a_thread_is_named_where_the_import_starts_it(
    moment: Moment, expected: dict[str, str]
) -> None:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait, name="waits")
    found = changed_by(thread.start, moment)
    ended.set()
    thread.join()
    assert found == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MINE", {}),
        ("OMP_SCHEDULE", {"environment": "OMP_SCHEDULE added"}),
        ("POLARS_NUM_THREADS", {"environment": "POLARS_NUM_THREADS added"}),
    ],
)
def test_variables_that_other_libraries_read_are_named_when_an_import_adds_them(
    monkeypatch: pytest.MonkeyPatch, name: str, expected: dict[str, str]
) -> None:
    monkeypatch.delenv(name, raising=False)
    assert changed_by(lambda: monkeypatch.setenv(name, "1"), Moment.IMPORT) == expected
