"""Zap, a toolchain that there is not: all that a plug-in has to be, in one class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from whichext.model.evidence import Settings
from whichext.toolchains.base import (
    Command,
    ErrorStart,
    Part,
    Toolchain,
    Topic,
)
from whichext.toolchains.calls import Appended, Recorded, Setting
from whichext.toolchains.needs import Program


class Zap(Toolchain):
    """A compiler `zapc` that is told a level by `-z`."""

    name = "zap"
    needs = (
        Program(
            name="zapc",
            what="a Zap compiler",
            subject="Zap compiler",
            programs=("zapc",),
            variable="ZAPC",
            remedy="wish for it",
        ),
    )
    starts_with = ("zapc",)
    settings = (
        Setting(factor="optimisation", value="none", flags=("-z0",)),
        Setting(factor="optimisation", value="O2", flags=("-z2",)),
        Setting(factor="spark", value="blue", flags=("--blue",)),
    )
    recorded = Recorded(
        programs=re.compile("zapc"),
        variables=("ZAPC",),
        appended=Appended(compiles=("*.zap",), compiles_not=("--ask",)),
    )
    languages = frozenset({"zap"})
    compilers = frozenset({"zapc"})
    variables = frozenset({"ZAPC"})
    left_at_top = ("sparks",)
    errors = (ErrorStart(re.compile(r"^zapc: fault \d+")),)
    hints = ((r"zapc: fault 7", "feed it more volts"),)
    words: Mapping[Topic, str] = {Topic.FREEING: "let go! in Zap"}

    def trace(
        self,
        commands: tuple[Command, ...],
        libraries: frozenset[str] | None,  # noqa: ARG002  # what it writes is no shared library
    ) -> Iterator[Part]:
        """One source a call, and the last level counts."""
        for command in commands:
            if command.toolchain == self.name and "--ask" not in command.arguments:
                levels = [word for word in command.arguments if word.startswith("-z")]
                sources = [word for word in command.arguments if word.endswith(".zap")]
                yield _told(command.version, levels), Path(sources[0]).name


def _told(version: str, levels: list[str]) -> Settings:
    return Settings(
        language="zap",
        compiler=version,
        level=levels[-1].removeprefix("-z") if levels else "0",
        told=" ".join(levels),
        isa=(),
        openmp=False,
        debug_symbols=False,
        lto=None,
        sanitizers=(),
    )
