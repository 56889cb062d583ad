"""Marks inside a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from inline_snapshot import snapshot

from whichext.model.inline import (
    Span,
    Style,
    argument,
    call,
    code,
    foreign,
    mark,
    spans,
    strong,
    unmarked,
    worded,
)

PLAIN: frozenset[Style] = frozenset()


class Shouting:
    """A wording of its own."""

    def argument(self, name: str, value: Any) -> str:
        """In capitals."""
        return name.upper() if value is None else f"{name.upper()} {value}"

    def call(self, verb: str, values: tuple[Any, ...], named: Mapping[str, Any]) -> str:
        """In capitals."""
        return f"{verb.upper()} {' '.join(values)} {' '.join(map(str, named.values()))}"


def test_a_text_without_marks_is_one_plain_span() -> None:
    assert list(spans("nothing to see")) == [Span("nothing to see", PLAIN)]


def test_an_empty_text_has_no_spans() -> None:
    assert list(spans("")) == []


def test_a_name_stands_apart_from_the_sentence_around_it() -> None:
    assert list(spans(f"use {code('a.b')} here")) == [
        Span("use ", PLAIN),
        Span("a.b", frozenset({Style.CODE})),
        Span(" here", PLAIN),
    ]


def test_marks_can_be_nested() -> None:
    (found,) = spans(strong(code("x")))
    assert found == Span("x", frozenset({Style.CODE, Style.STRONG}))


def test_code_is_on_one_line() -> None:
    assert unmarked(code("two\n  lines")) == "two lines"


def test_a_strangers_text_cannot_open_or_close_a_mark() -> None:
    evil = f"{mark(Style.BAD, 'x')}"
    assert list(spans(foreign(evil))) == [Span("bx", PLAIN)]
    assert list(spans(code(evil))) == [Span("bx", frozenset({Style.CODE}))]


def test_a_mark_that_closes_nothing_is_no_error() -> None:
    assert unmarked("a\ue001b") == "ab"


def test_an_argument_is_said_as_python_unless_told_otherwise() -> None:
    assert unmarked(argument("entries", "rustpy.*")) == 'entries="rustpy.*"'
    assert unmarked(argument("max_time_s")) == "max_time_s"
    assert unmarked(call("run", "total", save="r.json")) == 'whichext.run("total", save="r.json")'


def test_an_argument_is_said_as_the_reader_needs_it() -> None:
    text = f"give {argument('threads', 2)} to {call('run', 'total', save='f')}"
    assert unmarked(text, Shouting()) == snapshot("give THREADS 2 to RUN total f")


def test_wording_leaves_other_marks_alone() -> None:
    assert worded(f"{code('x')} {argument('seed')}") == f"{code('x')} seed"


def test_a_value_with_brackets_quotes_and_marks_comes_through() -> None:
    assert unmarked(argument("entries", 'a["b"]\ue001')) == 'entries="a[\\"b\\"]"'


def test_arguments_and_calls_are_code_for_a_renderer() -> None:
    found = list(spans(f"allow {argument('max_time_s')} or {call('run')}"))
    assert [span.text for span in found if Style.CODE in span.styles] == [
        "max_time_s",
        "whichext.run()",
    ]


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("run", 'whichext.run("total")'),
        ("memo", 'whichext.tools.memo("total")'),
        ("list", "the command whichext list total"),
    ],
)
def test_a_call_is_worded_for_python_as_what_python_has(verb: str, said: str) -> None:
    assert unmarked(call(verb, "total")) == said


def test_a_mark_that_is_a_strangers_is_left_out_and_means_nothing() -> None:
    assert list(spans("a \ue000zcpu\ue001 b")) == [
        Span("a ", PLAIN),
        Span("cpu", PLAIN),
        Span(" b", PLAIN),
    ]


@pytest.mark.parametrize("control", ["\x1b", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\r"])
def test_characters_that_would_drive_a_terminal_are_replaced(control: str) -> None:
    assert unmarked(f"a{control}[31mb") == "a\N{REPLACEMENT CHARACTER}[31mb"


def test_tabs_and_line_ends_stay() -> None:
    assert unmarked("a\tb\nc") == "a\tb\nc"
