"""Typing commands in tests, with or without a real run behind them, and what they print."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import typer.core
import typer.main
from msgspec.structs import replace

from support.results import make_race, steady
from whichext.build.session import NoJournal
from whichext.cli.app import app, main
from whichext.cli.wording import SHELL
from whichext.model.errors import ResultFileError
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.raw import Kind, Raw
from whichext.model.view import View
from whichext.report.document import Block, Document
from whichext.report.journal import FileJournal
from whichext.report.race import race_document
from whichext.report.text import render_text
from whichext.report.verification import verification_document
from whichext.system.progress import Progress


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


def flags_by_command() -> dict[str, set[str]]:
    """The flags of every command, by the command's name."""
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    return {name: set(_flags(command)) for name, command in group.commands.items()}


def _flags(command: Any) -> Iterator[str]:
    """The flags of a command, and those of the commands below it."""
    yield from (flag for parameter in command.params for flag in parameter.opts if flag[0] == "-")
    for below in getattr(command, "commands", {}).values():
        yield from _flags(below)


def commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cache: Path
) -> Command:
    """What types a command; its builds go to a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))

    def run(*words: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["whichext", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        # None is what the interpreter makes a status of 0 of.
        return Ended(int(ended.value.code or 0), captured.out, captured.err)

    return run


def up_to(raw: Raw, epochs: int) -> Raw:
    """What was known of it after so many epochs."""
    timings = (
        replace(
            timing,
            samples=tuple(s for s in timing.samples if s.epoch < epochs),
            import_ns=timing.import_ns[:epochs],
            first_call_ns=timing.first_call_ns[:epochs],
        )
        for timing in raw.timings
    )
    return replace(raw, timings=tuple(timings))


@dataclass
class FakeRun:
    """Stands in for the stages and for judging."""

    result: View = field(default_factory=lambda: make_race({"numpy": steady(1_000)}))
    error: BaseException | None = None
    epochs: int = 0
    """How many of the result's epochs are kept in the journal, where there is one."""
    after_epoch: Callable[[], None] = lambda: None
    """Called after each of them was kept."""
    kernel: str | Kernel = ""
    options: Options = field(default_factory=Options)
    command: str = ""
    kind: Kind = Kind.RUN
    output: Path | None = None
    earlier: Raw | None = None
    runs: int = 0

    def __call__(
        self,
        kernel: str | Kernel,
        options: Options,
        *,
        command: str = "",
        progress: Progress | None = None,  # noqa: ARG002  # the real one's
        kind: Kind = Kind.RUN,
        output: Path | None = None,
        earlier: Raw | None = None,
    ) -> View:
        """Have the epochs kept, then give the result or raise the error."""
        self.kernel, self.options, self.command = kernel, options, command
        self.runs += 1
        self.kind, self.output, self.earlier = kind, output, earlier
        journal = NoJournal() if output is None else FileJournal(output)
        journal.begin(replace(self.result.raw, timings=()))
        for epoch in range(self.epochs):
            known = up_to(self.result.raw, epoch + 1)
            journal.add(epoch, known.sizes[0], known.timings)
            self.after_epoch()
        if self.error is not None:
            raise self.error
        return View(replace(self.result.raw, kind=kind), self.result.judged)


def refusal_of(path: Path, act: Callable[[Path], object]) -> str:
    """What is said when a path is refused, with PATH in its place."""
    with pytest.raises(ResultFileError) as caught:
        act(path)
    return str(caught.value).replace(str(path), "PATH")


def printed(*blocks: Block, width: int = 100, colour: bool = False) -> str:
    """Blocks of a report; nothing for none."""
    return render_text(Document(blocks), width, colour=colour, wording=SHELL)


def printed_race(view: View, width: int = 100, *, colour: bool = False) -> str:
    """The report of a race."""
    return printed(*race_document(view).blocks, width=width, colour=colour)


def printed_verification(view: View, width: int = 100, *, colour: bool = False) -> str:
    """The report of a verification."""
    return printed(*verification_document(view).blocks, width=width, colour=colour)


def without_paths(text: str, *paths: Path | str) -> str:
    """The text with PATH in place of each of these, so that it is the same on every machine."""
    for path in paths:
        text = text.replace(str(path), "PATH")
    return text


def in_parts(text: str) -> list[str]:
    """The text of an error in short lines: what is wrong, both sides, and the next step."""
    breaks = (
        r"\n|(?<=: )(?=expected )|(?<=, )(?=got |then )|(?<=[.:;] )(?=its samples|the bundle|rows)"
    )
    return re.split(breaks, text)


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, so that wrapping does not matter."""
    return " ".join(text.split())
