"""Makes a kernel's inputs and the reference's answers, in the process that is forked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import numpy as np

from whichext.load.kernel import load_kernel
from whichext.load.packing import unpack
from whichext.model.author import fix_inputs, fix_reference, reference_of, what_of
from whichext.model.call import Arguments, is_used_up
from whichext.model.case import Case
from whichext.model.check import Property
from whichext.model.errors import KernelError, describe_error
from whichext.model.forms import InPlace, Items, OnStream, Use
from whichext.model.inline import argument
from whichext.model.kernel import Kernel, Prepared
from whichext.model.sizes import size_bytes
from whichext.system.apart import ChildLostError
from whichext.system.machine import free_bytes
from whichext.system.signals import last_resort
from whichext.system.workers import messages
from whichext.verify.fingerprints import fingerprints
from whichext.verify.inputs.apart import Asked, ToldError, ask_each_apart
from whichext.verify.inputs.arguments import left_out
from whichext.verify.inputs.change import find_change
from whichext.verify.inputs.nasty import nasty_inputs
from whichext.verify.inputs.snippet import is_short, write_recipe, write_snippet
from whichext.verify.inputs.usage import names_of, write_usage
from whichext.verify.sharing import shared_argument

_SMALL_BYTES = 1 << 18
_COPIES = 3


def open_provider(folder: str) -> KernelInputs:
    """The provider of the kernel in a folder: what the host process asks for when it starts."""
    return KernelInputs(load_kernel(folder))


class KernelInputs:
    """Inputs of a kernel by name, with the reference's answers.

    Inputs are kept for the stages that follow, up to a quarter of the free memory. Beyond
    that, they are made again for each use.
    """

    def __init__(self, kernel: Kernel, free_bytes: Callable[[], int] = free_bytes) -> None:
        self.kernel = kernel
        self.inputs: Mapping[str, Prepared] = {}
        self._kept: dict[Case | None, dict[str, Prepared]] = {}
        self._free_bytes = free_bytes

    def prepare(
        self, case: Case | None, limit_s: float | None = None
    ) -> messages.Prepared | messages.Failed:
        """Make the inputs of a case, or the nasty ones where none is given; or find them again.

        What the kernel's author got wrong is a reply, not the end of the process; unless it takes
        longer than the limit, since a function in C that hangs cannot be ended by itself.

        Raises:
            ChildLostError: The reference ended its process, or took longer than that.

        """
        self.inputs = {}
        what = what_of(self.kernel, case)
        try:
            if case not in self._kept:
                self._make_room()
                kernel = _Limited.of(self.kernel, limit_s)
                self._kept[case] = self._of(kernel, case) if case else self._nasty(kernel)
        except ChildLostError:
            raise
        except Exception as error:
            return _failed(self.kernel, what, error)
        self.inputs = self._kept[case]
        return messages.Prepared(
            tuple(self.inputs),
            tuple(prepared.property for prepared in self.inputs.values()),
            _bytes(self.inputs),
            **(self._of_calls(self.inputs[case.name].arguments) if case else {}),
            fits=self._fit(
                (prepared.answer for prepared in self.inputs.values()), case.callers if case else 1
            ),
            changes=any(prepared.change is not None for prepared in self.inputs.values()),
        )

    def _of_calls(self, arguments: Arguments) -> dict[str, Any]:
        """What there is to say of the arguments of a case."""
        return {
            "argument_bytes": _sizes(arguments),
            "calls": self.kernel.calls_in(arguments),
            "left_out": left_out(self.kernel, arguments),
            **self._cost_of_copies(arguments),
        }

    def _cost_of_copies(self, arguments: Arguments) -> dict[str, int]:
        """Bytes of what each call gets a fresh copy of, and the time that a copy takes."""
        form = self.kernel.as_function(self.kernel.reference)
        if not isinstance(form, InPlace):
            return {}
        start_ns = time.perf_counter_ns()
        form.copies(arguments, _COPIES)
        copy_ns = (time.perf_counter_ns() - start_ns) // _COPIES
        return {"copy_bytes": sum(map(size_bytes, form.changing(arguments))), "copy_ns": copy_ns}

    def _of(self, kernel: _Limited, case: Case) -> dict[str, Prepared]:
        arguments = _make(kernel, case)
        ask = partial(self._ask, kernel, case)
        (asked,) = ask_each_apart([ask], [arguments], kernel.agreement, _said)
        assert asked is not None, "a case has an answer, or it is an error"
        prepared = Prepared(
            arguments,
            asked.answer,
            property=Property.CASES,
            # Here once, and not in every contestant: it reads all of a large input.
            prints=fingerprints(arguments),
            change=asked.change,
            small=_small(kernel, case, arguments),
        )
        return {case.name: prepared}

    def _ask(self, kernel: _Limited, case: Case, arguments: Arguments) -> Asked:
        """The reference's answer to a case, and a change of the case that changes it."""
        answer, change = _answer(kernel, arguments), None
        # An answer that is a view of an argument changes with it, and so cannot tell the two apart.
        if self._fit([answer], case.callers) and shared_argument(answer, arguments) is None:
            change = find_change(kernel, arguments, answer)
        return Asked(answer, change=change)

    @staticmethod
    def _nasty(kernel: _Limited) -> dict[str, Prepared]:
        apart = partial(ask_each_apart, tolerance=kernel.agreement, told=_said)
        return nasty_inputs(kernel, apart)

    def _fit(self, answers: Iterable[Any], callers: int) -> bool:
        """Whether there is room for each of these once more for every caller, beside all others."""
        most = max(map(size_bytes, answers), default=0)
        return 4 * most * callers <= self._free_bytes()

    def _make_room(self) -> None:
        """Drop earlier inputs if the next one might not fit into memory with them."""
        kept = sum(
            sum(_sizes(one.arguments)) for its in self._kept.values() for one in its.values()
        )
        if 4 * kept > self._free_bytes() + kept:
            self._kept.clear()

    def describe(self, name: str, entry: str, use: Use) -> str:
        """Python that makes the arguments of an input: written out, or by way of the kernel.

        Args:
            name: Of the input.
            entry: Name of the class or function that is called on it.
            use: How objects of a class are used.

        """
        arguments = self.inputs[name].arguments
        usage = write_usage(self.kernel, arguments, entry, use)
        if is_short(arguments):
            return _joined(write_snippet(arguments, self.kernel.argument_names), usage)
        is_case = self.inputs[name].property is Property.CASES
        recipe = write_recipe(self.kernel, name, is_case=is_case)
        if not usage:
            return recipe
        named = ", ".join(names_of(arguments, self.kernel.argument_names))
        comma = "," * (len(arguments) == 1)
        return _joined(f"{recipe}\n{named}{comma} = arguments", usage)

    def describe_drawn(self, drawn: bytes, entry: str) -> str:
        """Python that makes the arguments of a drawn input, which is packed."""
        arguments = unpack(drawn)
        usage = write_usage(self.kernel, arguments, entry, Use.ONCE)
        return _joined(write_snippet(arguments, self.kernel.argument_names), usage)


def _joined(snippet: str, usage: str) -> str:
    return f"{snippet}\n\n{usage}" if usage else snippet


def _failed(kernel: Kernel, what: str, error: Exception) -> messages.Failed:
    """What came of inputs that could not be made."""
    if isinstance(error, MemoryError):
        return messages.Failed(f"{what} does not fit in memory: {error}", out_of_memory=True)
    if isinstance(error, KernelError):
        problem = error.marked_problem.removeprefix(f"{kernel.name}: ")  # which the crew adds
        return messages.Failed(problem, next_step=error.marked_next_step)
    if isinstance(error, (_NoAnswerError, ToldError)):
        return messages.Failed(f"{what}: {error}", next_step=fix_reference(kernel))
    who = f"{argument('inputs')} raises " if kernel.is_given else ""
    return messages.Failed(f"{what}: {who}{describe_error(error)}", next_step=fix_inputs(kernel))


@dataclass(frozen=True, kw_only=True)
class _Limited(Kernel):
    """A kernel with a limit for each call of what its author wrote."""

    limit_s: float | None = None
    """The limit, s; None for none."""

    @classmethod
    def of(cls, kernel: Kernel, limit_s: float | None) -> _Limited:
        """A kernel with that limit."""
        own = {one.name: getattr(kernel, one.name) for one in fields(kernel)}
        return cls(**own, limit_s=limit_s)

    def answer(self, arguments: Arguments) -> Any:
        """The reference's answer."""
        with last_resort(self.limit_s):
            return super().answer(arguments)

    def arguments_of(self, case: Case) -> Arguments:
        """The arguments of a call in a case."""
        with last_resort(self.limit_s):
            return super().arguments_of(case)


def _answer(kernel: _Limited, arguments: Arguments) -> Any:
    """The reference's answer to a case, which it must not refuse.

    Raises:
        _NoAnswerError: It does.

    """
    try:
        return kernel.answer(arguments)
    except MemoryError:
        raise
    except Exception as error:
        said = f"{reference_of(kernel)} raises {describe_error(error)}{_at_item(kernel, arguments)}"
        raise _NoAnswerError(said) from error


class _NoAnswerError(Exception):
    """The reference raises something on a case; says what."""


def _said(error: Exception) -> str:
    """What went wrong: what the reference raises is in the text of our own error."""
    told = isinstance(error, (_NoAnswerError, ToldError))
    return str(error) if told else describe_error(error)


def _at_item(kernel: _Limited, arguments: Arguments) -> str:
    """At which item of its stream a class raises; empty for functions, and where it is made."""
    form = kernel.as_function(kernel.reference)
    if not isinstance(form, OnStream):
        return ""
    answered = -1
    with last_resort(kernel.limit_s), suppress(Exception):
        made = form.new(arguments)
        answered = 0
        for _ in form.calls(made, Items.of(arguments[0])):
            answered += 1
    return "" if answered < 0 else f", at item {answered} of its stream, the first being 0"


def _small(kernel: Kernel, case: Case, arguments: Arguments) -> Arguments | None:
    """Arguments of a smaller case if its own are large; None where none can be made so."""
    n_bytes, smaller = sum(_sizes(arguments)), case
    if n_bytes <= _SMALL_BYTES:
        return arguments
    while n_bytes * smaller.magnitude / case.magnitude > _SMALL_BYTES:
        shorter = smaller.halved()
        if shorter is None:
            return None
        smaller = shorter
    try:
        return _make(kernel, smaller)
    except Exception:  # a stranger's code, for a size that it may not have been meant for
        return None


def _make(kernel: Kernel, case: Case) -> Arguments:
    arguments = kernel.arguments_of(case)
    for number, one in enumerate(arguments, 1):
        if is_used_up(one):
            said = f"argument {number} is a {type(one).__name__}, which one call uses up"
            raise ValueError(f"{said}: give list(...) of it")
    arrays = [a for a in arguments if isinstance(a, np.ndarray)]
    if {"shape", "dtype"} <= set(case.params):
        found = [(one.shape, str(one.dtype)) for one in arrays]
        if (case.shape, str(np.dtype(case.dtype))) not in found:
            expected = (case.shape, case.dtype)
            got = ", ".join(map(str, found)) or "no array"
            raise ValueError(f"expected an array of shape and dtype {expected}, got {got}")
    return arguments


def _sizes(arguments: Arguments) -> tuple[int, ...]:
    """Bytes of each, with all that is in it."""
    return tuple(map(size_bytes, arguments))


def _bytes(inputs: Mapping[str, Prepared]) -> int:
    """Bytes of all that the limit can read: arrays, and what else has a buffer."""
    return sum(_buffer_bytes(one) for prepared in inputs.values() for one in prepared.arguments)


def _buffer_bytes(argument: object) -> int:
    """Bytes of its buffer; 0 where it has none."""
    if isinstance(argument, np.ndarray):
        return argument.nbytes
    try:
        return memoryview(argument).nbytes  # type: ignore[arg-type]  # that is what is asked here
    except TypeError:
        return 0
