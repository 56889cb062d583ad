"""How far it is from a command to the clock: the frames of whichext on both processes' stacks."""

from __future__ import annotations

import shutil
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

import pytest
from msgspec import Struct

import whichext
from support.cli import Command
from whichext.race.in_worker import Turn
from whichext.system.workers import messages

pytestmark = [pytest.mark.slow, pytest.mark.compiler, pytest.mark.processes]

OURS = Path(whichext.__file__).parent
ROW_SUM = Path(__file__).parents[1] / "kernels" / "row_sum"
MOST = 10

LOOKS = """
import dataclasses
import sys
from pathlib import Path

def _looking(values):
    frame, names = sys._getframe(), []
    while frame is not None:
        if frame.f_code.co_filename.startswith({ours!r}):
            names.insert(0, frame.f_code.co_name)
        frame = frame.f_back
    if names[-1:] == ["take"]:
        Path({found!r}).write_text("\\n".join(names))
    return reference(values)

KERNEL = dataclasses.replace(KERNEL, reference=_looking)
"""
"""Has the reference note the frames below it where it is called from the timed region."""


def frames_of_ours(frame: FrameType | None) -> list[str]:
    """Names of the functions of whichext on a stack, the outermost first."""
    names: list[str] = []
    while frame is not None:
        if Path(frame.f_code.co_filename).is_relative_to(OURS):
            names.insert(0, frame.f_code.co_name)
        frame = frame.f_back
    return names


@pytest.mark.usefixtures("kept_builds")
def test_few_frames_lie_between_a_command_and_the_clock(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, found = tmp_path / "row_sum", tmp_path / "frames.txt"
    shutil.copytree(ROW_SUM, folder)
    with (folder / "kernel.py").open("a") as file:
        file.write(LOOKS.format(ours=str(OURS), found=str(found)))
    send, turns = messages.send, []

    def looking(connection: Connection, message: Struct) -> None:
        if isinstance(message, Turn):
            turns.append(frames_of_ours(sys._getframe()))
        send(connection, message)

    monkeypatch.setattr(messages, "send", looking)
    command("run", str(folder), "--case", "small", "--entry", "plain_sum.row_sum", "--max-time=0")
    # The turns of the rounds come last: before them each contestant's pace is found.
    conductor, worker = turns[-1], found.read_text().splitlines()
    assert (conductor[0], conductor[-1]) == ("main", "ask")
    assert (worker[0], worker[-1]) == ("<module>", "take")
    assert len(conductor) + len(worker) <= MOST, (conductor, worker)
