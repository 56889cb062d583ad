"""Typing commands in tests, with or without a real run behind them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import typer.core
import typer.main

from builders import make_race, steady
from whichext import cli
from whichext.model.options import Options
from whichext.model.scorecard import Scorecard
from whichext.pipeline import Keep
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
    group = typer.main.get_command(cli.app)
    assert isinstance(group, typer.core.TyperGroup)
    return {
        name: {flag for parameter in command.params for flag in parameter.opts if flag[0] == "-"}
        for name, command in group.commands.items()
    }


def commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cache: Path
) -> Command:
    """What types a command; its builds go to a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))

    def run(*words: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["whichext", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        # None is what the interpreter makes a status of 0 of.
        return Ended(int(ended.value.code or 0), captured.out, captured.err)

    return run


@dataclass
class FakeCompare:
    """Stands in for the whole run."""

    result: Scorecard = field(default_factory=lambda: make_race({"numpy": steady(1_000)}))
    error: BaseException | None = None
    epochs: Sequence[Scorecard] = ()
    """What there is to keep after each epoch."""
    after_epoch: Callable[[], None] = lambda: None
    """Called after each of them was kept."""
    kernel: str = ""
    options: Options = field(default_factory=Options)
    command: str = ""
    keep: Keep | None = None
    earlier: Scorecard | None = None

    def __call__(
        self,
        kernel: str,
        options: Options,
        *,
        progress: Progress,  # noqa: ARG002  # the real one's
        command: str,
        keep: Keep | None,
        earlier: Scorecard | None,
    ) -> Scorecard:
        """Have the epochs kept, then give the result or raise the error."""
        self.kernel, self.options, self.command = kernel, options, command
        self.keep, self.earlier = keep, earlier
        for epoch in self.epochs:
            if keep is not None:
                keep(epoch)
            self.after_epoch()
        if self.error is not None:
            raise self.error
        return self.result
