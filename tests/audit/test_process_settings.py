"""Streams, hooks, limits and settings of libraries that code can change in its process."""

from __future__ import annotations

import decimal
import io
import logging
import resource
import signal
import sys

import numpy as np
import pytest
from inline_snapshot import snapshot

from support.changes import changed_by
from whichext.model.process import Moment


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_another_stream_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    found = changed_by(lambda: monkeypatch.setattr(sys, name, io.StringIO()), Moment.IMPORT)
    assert found == {"streams": f"sys.{name} changed"}


@pytest.mark.parametrize("name", ["excepthook", "displayhook", "unraisablehook"])
def test_a_hook_for_errors_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    found = changed_by(lambda: monkeypatch.setattr(sys, name, lambda *_: None))
    assert found == {"hooks": f"sys.{name} changed"}


@pytest.mark.parametrize("name", ["trace", "profile"])
def test_a_tracer_and_a_profiler_are_named(name: str) -> None:
    usual, replace = getattr(sys, f"get{name}")(), getattr(sys, f"set{name}")
    try:
        found = changed_by(lambda: replace(lambda *_: None))
    finally:
        replace(usual)
    assert found == {"hooks": f"sys.set{name} changed"}


def test_a_blocked_signal_is_named() -> None:
    usual = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        found = changed_by(lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1]))
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, usual)
    assert found == {"signals": "SIGUSR1 default -> default, blocked"}


def test_a_timer_that_sends_signals_is_named() -> None:
    try:
        found = changed_by(lambda: signal.setitimer(signal.ITIMER_REAL, 1e6))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    assert found == {"signals": "ITIMER_REAL off -> set"}


def test_a_limit_is_named() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        found = changed_by(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard)))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert found == {"limits": f"RLIMIT_NOFILE {soft}/{hard} -> {soft - 1}/{hard}"}


def test_how_numpy_prints_is_named() -> None:
    with np.printoptions():
        found = changed_by(lambda: np.set_printoptions(precision=2))
    assert found == snapshot({"numpy_printing": "precision 8 -> 2"})


def test_the_root_loggers_level_and_handlers_are_named() -> None:
    root = logging.getLogger()
    level, handler = root.level, logging.NullHandler()
    try:
        found = changed_by(lambda: (root.setLevel(logging.DEBUG), root.addHandler(handler)))
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
    assert "NullHandler" in found["logging"]
    assert found["logging"].endswith("level WARNING -> DEBUG")


def test_the_decimal_context_is_named() -> None:
    with decimal.localcontext():
        found = changed_by(lambda: setattr(decimal.getcontext(), "prec", 7))
    assert found == {"decimal": "precision 28 -> 7"}
