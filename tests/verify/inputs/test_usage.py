"""The lines behind a snippet, run, do to a class or in place what verify does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from inline_snapshot import snapshot

from support.contestants import make_kernel
from whichext.model.call import Arguments, Call
from whichext.model.case import Case
from whichext.model.forms import Stateful, Use
from whichext.model.kernel import Kernel
from whichext.verify.inputs.provider import KernelInputs
from whichext.verify.inputs.snippet import MOST_BYTES
from whichext.verify.inputs.usage import write_usage


class Total:
    """Adds up what it is given, from a start on."""

    def __init__(self, start: int, *, step: int = 1) -> None:
        self.total, self.step = start, step

    def add(self, value: int) -> int:
        """The total so far."""
        self.total += value * self.step
        return self.total


def double(values: Any, factor: int = 2) -> None:
    """Multiply in place."""
    values *= factor


def of_class(stream: Callable[[Case], Any] = lambda _: [1, 2]) -> Kernel:
    stateful = Stateful(method="add", init=lambda _: Call(10, step=2))
    return replace(
        make_kernel(Case("short")),
        reference=Total,
        inputs=stream,
        stateful=stateful,
        bytes_moved=None,
    )


def in_place() -> Kernel:
    return replace(make_kernel(Case("short")), reference=double, mutates=("values",))


STREAM: Arguments = Call([1, 2], 10, step=2)


@pytest.mark.parametrize(
    ("use", "lines"),
    [
        (
            Use.ONCE,
            snapshot("""\
made = Mine(start, step=step)
[made.add(value) for value in stream]\
"""),
        ),
        (
            Use.AGAIN,
            snapshot("""\
made = Mine(start, step=step)
[made.add(value) for value in stream]
made = Mine(start, step=step)  # a second object, which must answer alike
[made.add(value) for value in stream]\
"""),
        ),
        (
            Use.TOGETHER,
            snapshot("""\
both = [Mine(start, step=step), Mine(start, step=step)]
[[made.add(value) for made in both] for value in stream]  # both must answer alike\
"""),
        ),
        (
            Use.ELSEWHERE,
            snapshot("""\
import threading

made = Mine(start, step=step)
threading.Thread(target=lambda: print([made.add(value) for value in stream])).start()\
"""),
        ),
    ],
)
def test_objects_are_used_as_they_were_where_something_was_wrong(use: Use, lines: str) -> None:
    written = write_usage(of_class(), STREAM, "Mine", use)
    exec(written, {"Mine": Total, "stream": [1, 2], "start": 10, "step": 2})
    assert written == lines


def test_an_item_of_several_values_becomes_several_arguments() -> None:
    written = write_usage(of_class(), Call([Call(1, 2)], 10), "Mine", Use.ONCE)
    assert written.endswith("[made.add(*values) for values in stream]")


def test_of_a_call_in_place_the_call_and_what_it_changes_are_written() -> None:
    arguments = Call(np.ones(2), factor=3)
    assert write_usage(in_place(), arguments, "double", Use.ONCE) == snapshot("""\
double(values, factor=factor)
values\
""")


@pytest.mark.parametrize("entry", ["", "<lambda>", "my own"])
def test_what_has_no_name_in_python_is_not_used(entry: str) -> None:
    assert not write_usage(of_class(), STREAM, entry, Use.ONCE)


def test_the_arguments_of_a_plain_function_are_enough() -> None:
    assert not write_usage(make_kernel(), (np.ones(2),), "total", Use.ONCE)


def described(kernel: Kernel, use: Use = Use.ONCE) -> str:
    provider = KernelInputs(kernel)
    provider.prepare(kernel.cases[0])
    return provider.describe("short", "Total", use)


def test_a_short_stream_is_written_out_and_used() -> None:
    assert described(of_class()) == snapshot("""\
stream = [1, 2]
start = 10
step = 2

made = Total(start, step=step)
[made.add(value) for value in stream]\
""")


def test_a_stream_of_several_values_is_written_out_as_calls() -> None:
    kernel = of_class(lambda _: [Call(1, 2), Call(3, 4)])
    kernel = replace(kernel, reference=type("Total", (Total,), {"add": lambda _, a, b: a + b}))
    written = described(kernel)
    assert "\nstream = [whichext.Call(1, 2), whichext.Call(3, 4)]\n" in written
    assert "made.add(*values)" in written


def test_a_long_stream_is_made_by_its_kernel_and_used() -> None:
    text = described(of_class(lambda _: list(range(MOST_BYTES + 1))))
    assert text.partition("(case,)")[2] == snapshot("""\
 = [case for case in kernel.cases if case.name == 'short']
arguments = kernel.arguments_of(case)
stream, start, step = arguments

made = Total(start, step=step)
[made.add(value) for value in stream]\
""")


def test_what_was_drawn_is_used_as_well() -> None:
    from whichext.load.packing import pack

    text = KernelInputs(of_class()).describe_drawn(pack(STREAM), "Total")
    assert text.endswith("[made.add(value) for value in stream]")
