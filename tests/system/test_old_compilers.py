"""What the doctor says of compilers that are older than the kernels that come along need."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from inline_snapshot import snapshot

from whichext.model.outcome import Tool
from whichext.system.doctor import Level, MachineNote, examine
from whichext.toolchains.base import Toolchain


@dataclass(frozen=True)
class AllThere:
    """Every program is there; some say of themselves what the test wants."""

    said: dict[str, str]

    def find_missing(self, needs: tuple[str, ...]) -> None:
        """Nothing is missing."""

    def zig_version(self) -> str:
        """It is there as well."""
        return "clang version 22.1.8 (zig 0.17.1)"

    def find_lacking(self, toolchain: Toolchain) -> None:
        """Nothing is lacking."""

    def tool_versions(self, needs: tuple[str, ...]) -> tuple[Tool, ...]:
        """Say it; cargo brings rustc."""
        names = [*needs, *(["rustc"] if "cargo" in needs else [])]
        return tuple(Tool(name, self.said.get(name, f"{name} 99.0.0")) for name in names)


def notes_on(said: dict[str, str]) -> dict[str, MachineNote]:
    """What the doctor says, by its subject."""
    notes = examine(wait=lambda _s: None, toolchains=AllThere(said))
    return {note.subject: note for note in notes}


def note_on(subject: str, said: dict[str, str]) -> MachineNote:
    return notes_on(said)[subject]


def test_a_rust_that_is_too_old_is_a_warning_with_what_is_needed_and_the_next_step() -> None:
    said = {"cargo": "cargo 1.75.0 (1d8b05cdd)", "rustc": "rustc 1.75.0 (82e1608df)"}

    assert note_on("cargo and rustc", said) == MachineNote(
        "cargo and rustc",
        "cargo 1.75.0 (1d8b05cdd), rustc 1.75.0 (82e1608df)",
        Level.WARNING,
        "the kernels that come with whichext need rustc 1.89 or newer (here is 1.75.0) and "
        "cargo 1.89 or newer (here is 1.75.0): `rustup update`, or install Rust from "
        "https://rustup.rs",
    )


def test_a_cargo_alone_that_is_too_old_is_named_alone() -> None:
    advice = note_on("cargo and rustc", {"cargo": "cargo 1.75.0"}).advice

    assert advice == snapshot(
        "the kernels that come with whichext need cargo 1.89 or newer (here is "
        "1.75.0): `rustup update`, or install Rust from https://rustup.rs"
    )


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (
            "gcc (GCC) 4.8.5 20150623 (Red Hat 4.8.5-44)",
            snapshot(
                "the kernels that come with whichext need gcc 6 or newer (here is "
                "4.8.5): install a newer gcc, and let CC name it"
            ),
        ),
        (
            "clang version 3.8.0",
            snapshot(
                "the kernels that come with whichext need clang 4 or newer (here is "
                "3.8.0): install a newer clang, and let CC name it"
            ),
        ),
    ],
)
def test_a_compiler_of_c_that_is_too_old_is_a_warning(said: str, advice: str) -> None:
    note = note_on("C compiler", {"cc": said})

    assert (note.level, note.advice) == (Level.WARNING, advice)


def test_compilers_that_are_new_enough_need_no_advice() -> None:
    notes = notes_on({})
    compilers = ("C compiler", "C++ compiler", "cargo and rustc")
    assert [notes[subject].level for subject in compilers] == [Level.GOOD] * 3
