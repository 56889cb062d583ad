"""A pytest module that calls each contestant through the fixture `benchmark`.

pytest-benchmark and pytest-codspeed both have that fixture. The module imports what is installed,
so it can call what `pip install` gives: no profile but the release, and no revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

from whichext.model.contestant import BY_ENVIRONMENT, RELEASE, REVISION, Contestant, Role
from whichext.model.errors import UsageError
from whichext.model.inline import argument, call
from whichext.model.raw import Kind, Raw
from whichext.model.view import View
from whichext.report.exports.measured import measured

_WORD = re.compile(r"[^\s'\"(),=]+")

_HEAD = '''\
"""Benchmarks of a kernel's contestants, written by whichext from a result.

Projects are imported as they are installed: pip install each one first. The benchmarks run one
after the other in one process, and answers are not checked: a verdict needs a race.
"""

import importlib

import pytest

import whichext

# A built-in kernel's name, or the path of a kernel folder from where pytest runs.
KERNEL = whichext.load_kernel({kernel!r})

# Module, function and arguments for threads; None for the kernel's own functions.
CONTESTANTS = {{
{contestants}}}

# Case and contestant of each benchmark.
BENCHMARKS = [
{benchmarks}]

# What did not get a benchmark, and why.
LEFT_OUT = {{
{left_out}}}


def find(name):
    """The function of a contestant, and its arguments for threads."""
    if CONTESTANTS[name] is None:
        return KERNEL.functions.get(name, KERNEL.reference), {{}}
    module, function, threads = CONTESTANTS[name]
    pytest.importorskip(module, reason=f"pip install the project of {{module}} first")
    return getattr(importlib.import_module(module), function), threads


def split(arguments):
    """The arguments by position, and those by keyword."""
    keywords = getattr(arguments, "keywords", ())
    count = len(arguments) - len(keywords)
    return tuple(arguments[:count]), dict(zip(keywords, arguments[count:], strict=True))


@pytest.mark.parametrize(
    ("case", "name"),
    [
        pytest.param(case, name, marks=pytest.mark.benchmark(group=case))
        for case, name in BENCHMARKS
    ],
)
def test_speed(benchmark, case, name):
    function, threads = find(name)
    case = next(one for one in KERNEL.cases if one.name == case)
'''

_PLAIN = """\
    arguments, named = split(KERNEL.inputs(case))
    benchmark(function, *arguments, **named, **threads)
"""

_IN_PLACE = """\

    def fresh():
        arguments, named = split(KERNEL.inputs(case))
        return arguments, {**named, **threads}

    # Each call changes its arguments, so each one gets new ones, made before the clock starts.
    benchmark.pedantic(function, setup=fresh, rounds=20)
"""

_ON_STREAM = """\
    stream = KERNEL.inputs(case)
    calls = [split(item) if isinstance(item, whichext.Call) else ((item,), {}) for item in stream]

    def fresh():
        made, named = split(KERNEL.stateful.init(case) if KERNEL.stateful.init else ())
        return (getattr(function(*made, **named, **threads), KERNEL.stateful.method),), {}

    def replay(method):
        for arguments, named in calls:
            method(*arguments, **named)

    # One pass over the stream with a new object.
    benchmark.pedantic(replay, setup=fresh, rounds=20)
"""


def to_pytest_module(view: View) -> str:
    """The source of the module, which may be changed by hand.

    Raises:
        UsageError: It is a result without a kernel's folder, from which a module takes its inputs.

    """
    found, raw = measured(view), view.raw
    if raw.kind is Kind.COMPARE:
        raise UsageError(
            argument("to", "pytest"),
            f"make a kernel with {call('new', 'NAME')}, or choose "
            f"{argument('to', 'pytest-benchmark')}",
            expected="the result of a kernel, which makes the inputs",
            got="one of functions with inputs that are not in it",
        )
    reasons = {one.name: _reason(view, one) for one in view.competing}
    callable_ = {name for name, reason in reasons.items() if reason is None}
    pairs = [(one.case.case.name, one.contestant) for one in found if one.contestant in callable_]
    names = dict.fromkeys(name for _, name in pairs)
    left_out = {name: reason for name, reason in reasons.items() if reason is not None}
    called = (f"{name!r}: {_called(view.contestants[name])!r}" for name in names)
    head = _HEAD.format(
        kernel=_as_asked(raw),
        contestants=_indented(called),
        benchmarks=_indented(map(repr, pairs)),
        left_out=_indented(f"{name!r}: {reason!r}" for name, reason in left_out.items()),
    )
    return head + _body(raw)


def _body(raw: Raw) -> str:
    if raw.method is not None:
        return _ON_STREAM
    return _IN_PLACE if raw.mutates else _PLAIN


def _reason(view: View, contestant: Contestant) -> str | None:
    """Why no benchmark can call a contestant; None where one can."""
    if contestant.profile != RELEASE:
        return f"pip install builds no profile {contestant.profile}"
    if any(factor.name == REVISION for factor in contestant.factors):
        return "pip install builds the project as it is, and no revision"
    if contestant.threads_by == BY_ENVIRONMENT:
        return "its thread count is set by environment variables, before it is imported"
    if not any(contestant.name in case.measured for case in view.cases.values()):
        return "it was not measured"
    return None


def _called(contestant: Contestant) -> tuple[Any, ...] | None:
    if contestant.role is Role.REFERENCE or contestant.module is None:
        return None
    keyword = contestant.threads_keyword
    threads = {} if keyword is None else {keyword: contestant.threads}
    return contestant.module, contestant.function, threads


def _as_asked(raw: Raw) -> str:
    """The kernel as it was named in the command, which may be the path of its folder."""
    return next(_named(raw), raw.kernel)


def _named(raw: Raw) -> Iterator[str]:
    for word in _WORD.findall(raw.command):
        if PurePath(word).name == raw.kernel:
            yield word


def _indented(items: Iterable[str]) -> str:
    """The items of a list or a dictionary in Python, one a line."""
    return "".join(f"    {item},\n" for item in items)
