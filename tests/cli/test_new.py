"""The command `new`: what it prints, and what it asks in a terminal."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

import whichext
from support.cli import Command
from support.scaffolds import SIGNAL
from whichext.model.outcome import ToolchainAbsent


class Keyboard(io.StringIO):
    """What is typed in a terminal."""

    def isatty(self) -> bool:
        """As a terminal says."""
        return True


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    absent = ToolchainAbsent("Rust's cargo", "install Rust from https://rustup.rs")
    monkeypatch.setattr(
        "whichext.load.scaffold_toolchains.find_lacking",
        lambda one: absent if one.name == "rust" else None,
    )
    Path("signal_.py").write_text(SIGNAL)


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard("".join(f"{line}\n" for line in lines)))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)


def test_it_says_what_was_made_what_was_left_out_and_what_to_do_next(command: Command) -> None:
    ended = command("new", "smooth", "--from", "signal_.py:smooth")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == snapshot("""\
smooth: 31 files, in cython, c, nanobind, pybind11, numba, pythran
left out: rust: it needs Rust's cargo, which is not here: install Rust from https://rustup.rs
Next: whichext run ./smooth --quick
""")


def test_flags_choose_arguments_toolchains_and_place(command: Command) -> None:
    Path("kernels").mkdir()
    flags = ("--arg", "values=int32[:,:]", "--arg", "n=int", "--toolchains", "numba,cython")
    assert command("new", "mine", *flags, "--into", "kernels").out == snapshot("""\
kernels/mine: 11 files, in numba, cython
Next: whichext run kernels/mine --quick
""")


def test_the_next_command_can_be_pasted_whatever_the_folder_is_called(command: Command) -> None:
    Path("my kernels").mkdir()
    flags = ("--arg", "n=int", "--toolchains", "numba", "--into", "my kernels")
    last = command("new", "mine", *flags).out.splitlines()[-1]
    assert last == snapshot("Next: whichext run 'my kernels/mine' --quick")


def test_in_a_terminal_it_asks_for_a_function(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "signal_.py:smooth", "numba")
    assert command("new", "smooth").code == 0
    assert sorted(path.name for path in Path("smooth").iterdir() if path.is_dir()) == [
        ".github",
        "smooth_numba",
    ]


def test_in_a_terminal_it_asks_for_arguments_where_there_is_no_function(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "", "values=float64[:]", "window=int", "", "c,pythran")
    ended = command("new", "mine")
    assert ended.code == 0
    assert "def mine(values, window):" in Path("mine/kernel.py").read_text()
    assert "Toolchains [cython,c,nanobind,pybind11,numba,pythran]" in ended.out


def test_what_cannot_be_used_is_said_at_once_and_asked_again(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = ("signal_.py:smoth", "signal_.py:smooth")
    typing(monkeypatch, *function, "cyton", "numba")
    ended = command("new", "smooth")
    assert ended.code == 0
    assert [line for line in ended.err.splitlines() if line[:4] == "Next"] == snapshot(
        ["Next: --from signal_.py:smooth", "Next: --toolchains cython"]
    )
    assert Path("smooth/smooth_numba").is_dir()


def test_types_that_no_annotation_says_are_asked_for(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "signal_.py:untyped", "flot64[:]", "float64[:]", "numba")
    ended = command("new", "mine")
    assert ended.code == 0
    assert ended.err.splitlines()[-1] == snapshot("Next: give --arg 'values=float64[:]'")


def test_without_a_function_there_is_one_argument_at_least(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "", "", "total=int", "n=int", "", "numba")
    ended = command("new", "mine")
    assert ended.code == 0
    assert [line for line in ended.err.splitlines() if line[:4] == "Next"] == snapshot(
        [
            "Next: give --from filters.py:smooth, or --arg 'values=float64[:]' for each argument",
            "Next: name it total_of_values or otherwise",
        ]
    )


def test_a_name_that_is_taken_is_refused_before_anything_is_asked(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("mine").mkdir()
    typing(monkeypatch)
    ended = command("new", "mine")
    assert (ended.code, "Function" in ended.out) == (2, False)


def test_an_interrupt_at_a_question_ends_as_any_other(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch)  # the end of what is typed, which click treats as Ctrl-C
    assert command("new", "mine").code == 130


def test_elsewhere_it_says_which_flags_to_give(command: Command) -> None:
    assert command("new", "mine").err == snapshot("""\
whichext: --arg: expected a reference, or the arguments of one, got neither
Next: give --from filters.py:smooth, or --arg 'values=float64[:]' for each argument
""")


def test_python_makes_the_same_and_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    made = whichext.tools.new("mine", args="values=float64[:]", toolchains="numba")
    assert (made.folder, made.toolchains) == (Path("mine"), ("numba",))
    assert "kernel.py" in made.files
    assert capsys.readouterr().out == ""
