"""What a race has measured so far, kept beside its result to come."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.cli import up_to
from support.contestants import SMALL, TALL
from support.results import CRASHED, TIMED_OUT, make_raw, make_size, make_timing, steady
from whichext.judge import view_of
from whichext.model.errors import ResultFileError, ResultNotWrittenError
from whichext.model.raw import Raw, Timing
from whichext.report import result_file
from whichext.report.journal import FileJournal, part_of, read_journal
from whichext.report.target import check_nothing_kept

NAMES = ("numpy", "cy.total")
CUT_OFF = "the run did not come to its end"


def timings(epochs: int, case: str = "small") -> tuple[Timing, ...]:
    """Two contestants after so many epochs."""
    return tuple(make_timing(name, steady(1_000, epochs), case) for name in NAMES)


def begun(tmp_path: Path, earlier: tuple[Timing, ...] = ()) -> tuple[FileJournal, Raw]:
    """A journal of a run in two cases, and what was known when it began."""
    raw = replace(
        make_raw(names=NAMES, cases=(SMALL, TALL), timings=earlier),
        sizes=tuple(make_size(name, input_bytes=None) for name in ("small", "tall")),
    )
    journal = FileJournal(tmp_path / "result.json")
    journal.begin(raw)
    return journal, raw


def kept(journal: FileJournal) -> Raw:
    """What is in its file."""
    return read_journal(journal.path.read_bytes())


def add_epochs(journal: FileJournal, *numbers: int, case: str = "small") -> None:
    """Race these epochs."""
    for number in numbers:
        journal.add(number, make_size(case), timings(number + 1, case))


def test_it_lies_beside_the_result(tmp_path: Path) -> None:
    journal, _ = begun(tmp_path)
    assert journal.path == part_of(tmp_path / "result.json") == tmp_path / "result.json.part"


def test_before_the_first_epoch_it_has_all_that_was_known(tmp_path: Path) -> None:
    journal, raw = begun(tmp_path)
    assert kept(journal) == replace(raw, stopped=CUT_OFF)


@pytest.mark.parametrize("epochs", [1, 2, 5])
def test_after_some_epochs_it_has_the_timings_of_all_of_them(tmp_path: Path, epochs: int) -> None:
    journal, raw = begun(tmp_path)
    add_epochs(journal, *range(epochs))
    sizes = (make_size(), raw.sizes[1])
    assert kept(journal) == replace(raw, timings=timings(epochs), sizes=sizes, stopped=CUT_OFF)


def test_it_keeps_several_cases(tmp_path: Path) -> None:
    journal, _ = begun(tmp_path)
    add_epochs(journal, 0, 1)
    add_epochs(journal, 0, case="tall")
    assert kept(journal).timings == timings(2) + timings(1, "tall")


def test_what_an_earlier_run_measured_is_in_it_from_the_beginning(tmp_path: Path) -> None:
    journal, _ = begun(tmp_path, earlier=timings(2))
    assert kept(journal).timings == timings(2)
    add_epochs(journal, 2)
    assert kept(journal).timings == timings(3)


def test_what_sat_an_epoch_out_keeps_what_it_had(tmp_path: Path) -> None:
    journal, _ = begun(tmp_path)
    add_epochs(journal, 0)
    stayed, sat_out = timings(2)[0], timings(1)[1]
    journal.add(1, make_size(), (stayed, sat_out))
    assert kept(journal).timings == (stayed, sat_out)


@pytest.mark.parametrize("ended", [CRASHED, TIMED_OUT])
@pytest.mark.parametrize("samples", [0, 1])
def test_why_a_contestant_left_is_kept(tmp_path: Path, ended: Any, samples: int) -> None:
    journal, _ = begun(tmp_path)
    left = make_timing("cy.total", steady(900, samples), ended=ended)
    journal.add(0, make_size(), (timings(1)[0], left))
    assert kept(journal).timings == (timings(1)[0], left)


def test_what_left_in_an_epoch_before_is_as_it_was(tmp_path: Path) -> None:
    journal, _ = begun(tmp_path)
    left = make_timing("cy.total", steady(900, 1), ended=CRASHED)
    for number in range(3):
        journal.add(number, make_size(), (timings(number + 1)[0], left))
    assert kept(journal).timings == (timings(3)[0], left)


def test_threads_that_were_seen_are_kept(tmp_path: Path) -> None:
    journal, _ = begun(tmp_path)
    seen = tuple(replace(timing, threads_seen=2) for timing in timings(2))
    for number in range(2):
        journal.add(number, make_size(), up_to(make_raw(timings=seen), number + 1).timings)
    assert kept(journal).timings == seen


def test_an_epoch_is_one_line_as_long_as_the_one_before_it(tmp_path: Path) -> None:
    journal, _ = begun(tmp_path)
    add_epochs(journal, *range(9))
    lengths = [len(line) for line in journal.path.read_bytes().splitlines()[1:]]
    assert len(lengths) == 9
    assert max(lengths) - min(lengths) <= 8  # a time that has a digit more


@given(cut=st.integers(min_value=0))
def test_a_last_line_that_was_cut_off_is_left_out(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    journal, _ = begun(tmp_path_factory.mktemp("cut"))
    add_epochs(journal, 0, 1)
    whole = journal.path.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    part = whole[: last + cut % (len(whole) - last)]
    assert read_journal(part).timings == timings(1)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", snapshot("not the journal of a run: Input data was truncated")),
        (b"\n", snapshot("not the journal of a run: Input data was truncated")),
        (
            b"faster!",
            snapshot("not the journal of a run: JSON is malformed: invalid character (byte 5)"),
        ),
        (
            b"{}\n",
            snapshot("not the journal of a run: Object missing required field `whichext_version`"),
        ),
    ],
)
def test_what_is_no_journal_is_refused(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "result.json.part"
    path.write_bytes(content)
    with pytest.raises(msgspec.DecodeError):
        read_journal(content)
    with pytest.raises(ResultFileError) as refused:
        result_file.read(path)
    assert (refused.value.where, refused.value.what) == (str(path), what)


# A disk that is full


def fill_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing more can be synced."""

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", fail)


def cannot_keep(journal: FileJournal, act: Callable[[], None]) -> None:
    with pytest.raises(ResultNotWrittenError, match=os.strerror(errno.ENOSPC)) as error:
        act()
    assert str(journal.path) in str(error.value)


def test_an_epoch_that_cannot_be_kept_leaves_those_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, _ = begun(tmp_path)
    add_epochs(journal, 0, 1)
    fill_disk(monkeypatch)
    cannot_keep(journal, lambda: add_epochs(journal, 2))
    assert kept(journal).timings[0].samples[:6] == timings(2)[0].samples


def test_a_journal_that_cannot_be_begun_leaves_the_one_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, raw = begun(tmp_path)
    add_epochs(journal, 0, 1)
    fill_disk(monkeypatch)
    cannot_keep(journal, lambda: journal.begin(raw))
    assert kept(journal).timings == timings(2)
    assert [path.name for path in tmp_path.iterdir()] == ["result.json.part"]


# Beside a result


def test_without_a_result_its_name_reads_the_journal(tmp_path: Path) -> None:
    journal, _ = begun(tmp_path)
    add_epochs(journal, 0, 1)
    left = view_of(kept(journal))
    assert result_file.read(tmp_path / "result.json") == left == result_file.read(journal.path)
    assert left.raw.stopped == CUT_OFF


def test_a_result_is_read_although_a_run_that_was_to_replace_it_left_a_journal(
    tmp_path: Path,
) -> None:
    path = tmp_path / "result.json"
    before = view_of(make_raw(names=NAMES, timings=timings(5)))
    result_file.write(before, path)
    journal, _ = begun(tmp_path)
    assert result_file.read(path) == before
    assert result_file.read(journal.path).raw == kept(journal)


def test_it_is_gone_when_the_result_is_in_place(tmp_path: Path) -> None:
    begun(tmp_path)
    result_file.write(view_of(make_raw(names=NAMES)), tmp_path / "result.json")
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


def test_a_run_that_went_on_from_a_result_and_was_killed_is_read_with_all_that_it_measured(
    tmp_path: Path,
) -> None:
    path = tmp_path / "result.json"
    journal, raw = begun(tmp_path, timings(2))
    result_file.write(view_of(replace(raw, timings=timings(2), started_at="before")), path)
    add_epochs(journal, 2)
    assert result_file.read(path).raw == kept(journal)


def test_the_journal_of_another_run_stays_when_a_result_is_written(tmp_path: Path) -> None:
    journal, raw = begun(tmp_path)
    result_file.write(view_of(replace(raw, started_at="another time")), tmp_path / "result.json")
    assert journal.path.exists()


def test_epochs_of_a_run_that_was_killed_are_not_replaced(tmp_path: Path) -> None:
    journal, _ = begun(tmp_path)
    add_epochs(journal, 0, 1)
    with pytest.raises(ResultFileError, match="got 2 in") as refused:
        check_nothing_kept(tmp_path / "result.json")
    assert "resume=" in refused.value.next_step


def test_a_journal_without_an_epoch_may_be_replaced(tmp_path: Path) -> None:
    begun(tmp_path)
    check_nothing_kept(tmp_path / "result.json")
    check_nothing_kept(tmp_path / "none.json")
