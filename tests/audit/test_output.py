"""What is written to the two standard streams is counted, and its first line quoted."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from whichext.audit.output import Meter


@contextmanager
def redirected(path: Path, *descriptors: int) -> Iterator[None]:
    """Send descriptors to a file, as a worker does."""
    kept = [(number, os.dup(number)) for number in descriptors]
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    for number, _ in kept:
        os.dup2(file, number)
    os.close(file)
    try:
        yield
    finally:
        for number, copy in kept:
            os.dup2(copy, number)
            os.close(copy)


def test_both_streams_in_one_file_are_counted_once(tmp_path: Path) -> None:
    with redirected(tmp_path / "log", 1, 2):
        os.write(1, b"before\n")
        meter = Meter()
        os.write(2, b"\n  a warning\n")
        os.write(1, b"a line\n")
        assert (meter.written(), meter.first_line()) == (20, "a warning")


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (
            "/opt/someone/.cache/builds/0123456789abcdef/site/rows.py:3: UserWarning: a slow path",
            "rows.py:3: UserWarning: a slow path",
        ),
        ("see https://example.org/a/b of 'a/b'", "see https://example.org/a/b of 'a/b'"),
        ("read '/data/in/rows.bin' at 1/2", "read 'rows.bin' at 1/2"),
        ("x" * 90, "x" * 77 + "..."),
    ],
)
def test_a_path_is_quoted_without_its_folders(tmp_path: Path, written: str, line: str) -> None:
    with redirected(tmp_path / "log", 1, 2):
        meter = Meter()
        os.write(2, f"{written}\n".encode())
        found = meter.first_line()
    assert found == line


def test_each_of_two_files_is_counted(tmp_path: Path) -> None:
    with redirected(tmp_path / "out", 1), redirected(tmp_path / "error", 2):
        meter = Meter()
        os.write(1, b"out\n")
        os.write(2, b"error\n")
        assert (meter.written(), meter.first_line()) == (10, "out")


def test_what_c_code_and_a_child_write_is_counted(tmp_path: Path) -> None:
    with redirected(tmp_path / "log", 1, 2):
        meter = Meter()
        ctypes.CDLL(None).puts(b"from C")
        assert meter.written() == 7
        subprocess.run([sys.executable, "-c", "print('child')"], check=True)
        assert meter.written() == 13


def test_nothing_written_is_nothing(tmp_path: Path) -> None:
    with redirected(tmp_path / "log", 1, 2):
        meter = Meter()
        assert (meter.written(), meter.first_line()) == (0, "")


def test_a_long_line_is_shortened(tmp_path: Path) -> None:
    with redirected(tmp_path / "log", 1, 2):
        meter = Meter()
        os.write(1, b"x" * 20_000)
        assert meter.written() == 20_000
        assert len(meter.first_line()) == 80


def test_streams_that_are_no_files_are_not_counted(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with redirected(tmp_path / "log", 1, 2):
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        meter = Meter()
        os.write(1, b"into a pipe")
        assert (meter.written(), meter.first_line()) == (0, "")
    os.close(reader)
    os.close(writer)


def test_a_file_that_cannot_be_read_is_still_counted(tmp_path: Path) -> None:
    file = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
    with redirected(tmp_path / "other", 1, 2):
        os.dup2(file, 1)
        meter = Meter()
        os.write(1, b"text")
        assert (meter.written(), meter.first_line()) == (4, "")
    os.close(file)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_stream_that_is_closed_does_no_harm(
    stream: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, stream, None)
    with redirected(tmp_path / "log", 1, 2):
        assert Meter().written() == 0
