"""Standard streams that are full, gone, or of an encoding with few characters."""

from __future__ import annotations

import io
import sys

import pytest
from inline_snapshot import snapshot

from whichext.model.errors import OutputError
from whichext.system.progress import PlainProgress
from whichext.system.streams import encodable, put, tell


class Broken(io.StringIO):
    """A stream that cannot be written."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def write(self, _: str) -> int:
        """Fail."""
        raise self.error


def of(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding)


def test_what_an_encoding_has_stays() -> None:
    assert encodable("┏━┓ ± é", of("utf-8")) == "┏━┓ ± é"


def test_a_table_is_drawn_in_ascii_where_there_is_nothing_else() -> None:
    assert encodable("┏━┳━┓\n┃a│b┃\n└─┴─┘ ±1", of("ascii")) == "+-+-+\n|a|b|\n+-+-+ +-1"


def test_of_the_characters_only_those_that_lack_are_replaced() -> None:
    assert encodable("┃ ± é", of("latin-1")) == "| ± é"


def test_a_full_disk_is_told_with_a_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(OSError(28, "No space left on device")))
    with pytest.raises(OutputError) as caught:
        put("report")
    assert str(caught.value) == snapshot(
        "standard output could not be written: No space left on device\n"
        "Next: free some space, or send it to another file"
    )


def test_a_reader_that_has_left_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(BrokenPipeError()))
    put("report")


@pytest.mark.parametrize("error", [OSError(28, "full"), BrokenPipeError(), ValueError("closed")])
def test_progress_that_cannot_be_told_ends_no_run(error: Exception) -> None:
    progress = PlainProgress(Broken(error))
    progress.note("hello")
    with progress.stage("build", 1) as stage:
        stage.begin("one")
        stage.end("built")


def test_an_error_that_cannot_be_told_is_no_second_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Broken(OSError(28, "full")))
    tell("whichext: something")
