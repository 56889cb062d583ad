"""Progress in a notebook, without one: what is displayed, and how often."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from inline_snapshot import snapshot

from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.system.notebook import NotebookProgress, is_notebook, progress_in_python
from whichext.system.progress import PlainProgress, SilentProgress, TerminalProgress


class ZMQInteractiveShell:
    """Named as the shell of a kernel is."""


class HostedShell(ZMQInteractiveShell):
    """What a hosted notebook makes of it."""


class TerminalInteractiveShell:
    """Named as IPython's in a terminal is."""


class Cell:
    """The output of a cell: a display by its id, and all that it showed."""

    def __init__(self) -> None:
        self.shown: dict[str, dict[str, str]] = {}
        self.texts: list[str] = []

    def display(self, content: dict[str, str], *, raw: bool, display_id: str, update: bool) -> None:
        """Show or replace a display; only one that there is can be replaced."""
        assert raw
        assert update == (display_id in self.shown)
        self.shown[display_id] = content
        self.texts.append(content["text/plain"])

    @property
    def last(self) -> dict[str, str]:
        """What is seen now, in one place."""
        (content,) = self.shown.values()
        return content


def put_into(monkeypatch: pytest.MonkeyPatch, shell: object) -> Cell:
    """An IPython with that shell, and what it displays."""
    cell = Cell()
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=cell.display))
    return cell


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Cell:
    """A notebook's."""
    return put_into(monkeypatch, ZMQInteractiveShell())


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        (ZMQInteractiveShell(), True),
        (HostedShell(), True),
        (TerminalInteractiveShell(), False),
        (None, False),
    ],
)
def test_a_notebook_is_known_by_its_shell(
    monkeypatch: pytest.MonkeyPatch, shell: object, expected: bool
) -> None:
    put_into(monkeypatch, shell)
    assert is_notebook() is expected
    assert isinstance(progress_in_python(None), NotebookProgress) is expected


def test_ipython_is_not_imported_to_find_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert not is_notebook()
    assert "IPython" not in sys.modules


@pytest.mark.usefixtures("cell")
def test_what_is_asked_for_wins_in_a_notebook() -> None:
    mine = PlainProgress()
    assert progress_in_python(mine) is mine
    assert isinstance(progress_in_python(False), SilentProgress)
    assert isinstance(progress_in_python(True), NotebookProgress)


def test_elsewhere_there_is_none_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    put_into(monkeypatch, None)
    assert isinstance(progress_in_python(None), SilentProgress)
    assert isinstance(progress_in_python(False), SilentProgress)
    assert isinstance(progress_in_python(True), PlainProgress | TerminalProgress)


@pytest.mark.parametrize("asked", ["yes", 3, []])
def test_what_is_no_progress_is_refused(asked: Any) -> None:
    with pytest.raises(UsageError) as caught:
        progress_in_python(asked)
    assert str(caught.value).replace(repr(asked), "IT") == snapshot("""\
progress: expected True, False, or an object with the methods note and stage, got IT
Next: leave it out, or give False for no progress\
""")


def test_a_bar_is_drawn_in_one_place_before_each_step_and_goes(cell: Cell) -> None:
    with NotebookProgress().stage("verify", 4) as stage:
        stage.begin("mine")
        stage.end("right")
        stage.begin("yours")
        stage.end("right", 3)
    assert cell.texts == ["  0% verify: mine (0 s)", " 25% verify: yours (0 s)", ""]
    assert cell.last["text/html"] == ""


def test_what_stays_are_the_notes(cell: Cell) -> None:
    progress = NotebookProgress()
    progress.note(f"race: until {argument('max_time_s', 7)}")
    with progress.stage("race x", 10) as stage:
        stage.begin("epoch 1")
        both = cell.last["text/plain"].splitlines()
    assert both == snapshot(["  0% race x: epoch 1 (0 s)", "race: until max_time_s=7"])
    assert cell.last["text/plain"] == both[1]
    assert "<progress" not in cell.last["text/html"]
    assert "<style" not in cell.last["text/html"]


def test_a_bar_goes_when_the_work_is_interrupted(cell: Cell) -> None:
    def interrupted() -> None:
        with NotebookProgress().stage("race x", 10) as stage:
            stage.begin("epoch 1")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert cell.last == {"text/plain": "", "text/html": ""}


def test_the_time_left_is_told_once_it_can_be(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [50.0]
    monkeypatch.setattr("whichext.system.notebook.time.monotonic", lambda: now[0])
    with NotebookProgress().stage("race x", 40) as stage:
        stage.begin("epoch 1")
        now[0] += 10
        stage.end("10 s", 10)
        stage.begin("epoch 2")
        stage.end("100 s", 100)
        stage.begin("epoch 3")
    assert cell.texts == snapshot(
        [
            "  0% race x: epoch 1 (0 s)",
            " 25% race x: epoch 2 (10 s, about 30 s left)",
            "100% race x: epoch 3 (10 s, about 0 s left)",
            "",
        ]
    )


def test_a_stage_with_nothing_to_do_shows_nothing(cell: Cell) -> None:
    with NotebookProgress().stage("build", 0):
        pass
    assert cell.shown == {}


def test_names_are_text_in_a_bar_and_in_a_note(cell: Cell) -> None:
    progress = NotebookProgress()
    progress.note("<img src=x>")
    with progress.stage("race <b>", 0) as stage:
        stage.begin("</div><script>\x1b[31m")
        page = cell.last["text/html"]
    assert "race &lt;b&gt;: &lt;/div&gt;&lt;script&gt;" in page
    assert "&lt;img src=x&gt;" in page
    assert [part for part in ("<b>", "<script", "<img", "\x1b") if part in page] == []
