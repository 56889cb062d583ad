"""Functions to compare become a kernel folder, so that a fresh interpreter can load them.

    functions, inputs  ->  kernel.py and what it reads, in a temporary folder  ->  load_kernel

Functions of a module that can be imported are sent by its name, all others as what they do: those
of a notebook or a script, lambdas and closures. Large arrays are written beside them, once.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from whichext.load.crossing import cannot_cross
from whichext.load.forms import find_unknown_argument
from whichext.load.fresh import check_fresh
from whichext.load.packing import Packer
from whichext.load.statements import (
    A_TOLERANCE,
    NOT_IN_NAMES,
    check_statements,
    is_dtype,
    is_name,
)
from whichext.model.call import Arguments, is_used_up
from whichext.model.case import ANY_TEXT, Case, Layout
from whichext.model.errors import KernelError, UnknownNameError, UsageError, a_type, describe_error
from whichext.model.inline import argument
from whichext.model.kernel import Kernel, Tolerance

Function = Callable[..., Any]

_KERNEL_PY = """\
\"\"\"Functions that are compared; written by whichext.\"\"\"

from pathlib import Path

from whichext.load.functions import restore

KERNEL = restore(Path(__file__).parent)
"""
_STATED, _BUFFERS = "stated.pickle", "buffers"
_ALIGNED = 64


@dataclass(frozen=True)
class Functions:
    """What is compared on what."""

    functions: Mapping[str, Function]
    """By name, the baseline first."""
    inputs: Mapping[str, Arguments] | Callable[[Any], Arguments]
    """Arguments by the name of their case, or what makes them for a size."""
    sizes: tuple[Any, ...]
    """Sizes, where a function makes the arguments."""
    tolerance: Tolerance
    """How closely answers must agree with the baseline's."""
    mutates: tuple[str | int, ...] = ()
    """Names or numbers of the arguments that a call may change."""
    arguments: Any = None
    """Strategy of the arguments; None for no inputs but the given ones."""

    def kernel(self) -> Kernel:
        """The kernel that asks which of them is fastest."""
        baseline, *others = self.functions
        names = " or ".join((", ".join((baseline, *others[:-1])), others[-1]))
        return Kernel(
            question=f"Which is faster, {names}?",
            reference=self.functions[baseline],
            reference_name=baseline,
            functions={name: self.functions[name] for name in others},
            inputs=self._arguments_of,
            cases=tuple(self._cases()),
            arguments=self.arguments,
            mutates=self.mutates,
            tolerance=self.tolerance,
            is_given=True,
        )

    def _arguments_of(self, case: Case) -> Arguments:
        if isinstance(self.inputs, Mapping):
            return self.inputs[case.name]
        made: object = self.inputs(case.size)
        if isinstance(made, tuple):
            return made
        next_step = f"return a tuple, such as {argument('inputs')}=lambda n: (numpy.ones(n),)"
        what, expected = argument("inputs"), "a tuple of arguments"
        raise KernelError(what, next_step, where=case.name, expected=expected, got=a_type(made))

    def _cases(self) -> Iterator[Case]:
        if not isinstance(self.inputs, Mapping):
            yield from (Case(f"size {size}", size=size) for size in self.sizes)
            return
        for name, arguments in self.inputs.items():
            arrays = [one for one in arguments if isinstance(one, np.ndarray)]
            yield Case(name, **(_shape_of(arrays[0]) if len(arrays) == 1 else {}))


def _shape_of(array: np.ndarray[Any, Any]) -> dict[str, Any]:
    """What a case says of its only array; its shape alone where its dtype has no name."""
    dtype = ANY_TEXT if array.dtype == np.dtype(ANY_TEXT) else str(array.dtype)
    if not is_dtype(dtype, any_order=True):
        return {"shape": array.shape}
    turned = array.flags.f_contiguous and not array.flags.c_contiguous
    layout = Layout.F if turned else Layout.C
    return {"shape": array.shape, "dtype": dtype, "layout": layout}


def state(
    functions: Sequence[object],
    inputs: object,
    sizes: object,
    baseline: str | None,
    equal: object,
    mutates: object,
    arguments: Any,
) -> Functions:
    """What `whichext.compare` was asked, checked; its arguments are explained there.

    Raises:
        UsageError: One of them cannot be used.

    """
    by_name = named(functions)
    if baseline is not None:
        if baseline not in by_name:
            problem = "is none of the functions"
            raise UnknownNameError("baseline", baseline, problem, list(by_name))
        by_name = {baseline: by_name[baseline], **by_name}
    each = _sizes(sizes)
    return Functions(
        by_name,
        _inputs(inputs, each),
        each,
        _tolerance(equal),
        _mutates(mutates, next(iter(by_name.values()))),
        arguments,
    )


def _sizes(sizes: object) -> tuple[Any, ...]:
    """Sizes, a single one also without a tuple."""
    if isinstance(sizes, int | float | str):
        return (sizes,)
    if not isinstance(sizes, Iterable):
        next_step, expected = "give sizes=(1_000, 1_000_000)", "sizes for inputs(size)"
        raise _refused_sizes(next_step, expected, repr(sizes))
    each = tuple(one.item() if isinstance(one, np.generic) else one for one in sizes)
    names = [f"size {one}" for one in each]
    for name, one in zip(names, each, strict=True):
        try:
            Case(name, size=one)
        except KernelError as error:
            next_step = "give numbers or texts: sizes=(1_000, 1_000_000)"
            raise _refused_sizes(next_step, error.expected, error.got) from error
        if names.count(name) > 1:
            raise _refused_sizes("give it once", "each size once", f"{one!r} twice")
    return each


def _refused_sizes(next_step: str, expected: str, got: str) -> UsageError:
    return UsageError("sizes", next_step, expected=expected, got=got)


def _inputs(inputs: object, sizes: tuple[Any, ...]) -> Mapping[str, Arguments] | Function:
    def refused(name: str, expected: str, got: str, next_step: str) -> UsageError:
        return UsageError(argument(name), next_step, expected=expected, got=got)

    if callable(inputs):
        if not sizes:
            next_step = "give sizes=(1_000, 1_000_000)"
            raise refused("sizes", "sizes for inputs(size)", "none", next_step)
        return inputs
    if sizes:
        next_step = "give inputs=lambda size: (numpy.ones(size),), or leave out sizes"
        raise refused("inputs", "a function of a size", type(inputs).__name__, next_step)
    by_name = {"inputs": inputs} if isinstance(inputs, tuple) else inputs
    if not isinstance(by_name, Mapping) or not by_name:
        next_step = "give inputs=(values,), or by name: inputs={'small': (values,)}"
        raise refused("inputs", "a tuple of arguments", type(inputs).__name__, next_step)
    for name, one in by_name.items():
        if not isinstance(one, tuple) or not isinstance(name, str):
            next_step = f"give inputs={{{str(name)!r}: (values,)}}"
            raise refused("inputs", "tuples of arguments by name", type(one).__name__, next_step)
        used_up = next((value for value in one if is_used_up(value)), None)
        if used_up is not None:
            got = f"{type(used_up).__name__}, which one call uses up"
            raise refused("inputs", "what several calls can use", got, "give list(...) of it")
    return by_name


def _tolerance(equal: object) -> Tolerance:
    tolerance = Tolerance() if equal is None else Tolerance.of(equal)
    if tolerance is None:
        next_step = "give Tolerance(relative=1e-9, reason=...) or numpy.allclose"
        raise UsageError("equal", next_step, expected=A_TOLERANCE, got=repr(equal))
    return tolerance


def _mutates(mutates: object, baseline: Function) -> tuple[str | int, ...]:
    """Names or numbers of arguments, a single one also without a tuple."""
    given = (mutates,) if isinstance(mutates, str | int) else mutates
    found = find_unknown_argument(given, baseline)
    if found is not None:
        next_step = argument("mutates", found.instead[0])
        raise UsageError(argument("mutates"), next_step, expected=found.expected, got=found.got)
    return tuple(given)  # type: ignore[arg-type]  # it was found to be one


def named(functions: Sequence[object]) -> dict[str, Function]:
    """The functions by name: their own, or that of a mapping.

    Raises:
        UsageError: There are fewer than two, one is no function, or two have the same name.

    """
    if len(functions) == 1 and isinstance(functions[0], Mapping):
        pairs = list(functions[0].items())
    else:
        pairs = [(getattr(one, "__name__", type(one).__name__), one) for one in functions]
    for name, function in pairs:
        if not is_name(name):
            raise _refused(f"a name without any of {NOT_IN_NAMES}", repr(name))
        if not callable(function):
            raise _refused("functions", f"{function!r} as {name}")
    names = [name for name, _ in pairs]
    if len(pairs) < 2:
        next_step = f"give a second function: compare({', '.join((*names, 'g'))}, inputs=...)"
        got = f"{names[0]} alone" if names else "none"
        raise _refused("at least two functions", got, next_step if names else _TWO)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise _refused("functions with different names", f"{twice} twice")
    return dict(pairs)


_TWO = "give two functions: compare(f, g, inputs=...)"
_NAMED = 'name them: compare({"before": f, "after": g}, inputs=...)'


def _refused(expected: str, got: str, next_step: str = _NAMED) -> UsageError:
    return UsageError("functions", next_step, expected=expected, got=got)


def write(stated: Functions, folder: Path) -> Kernel:
    """Write a kernel folder of the functions and their inputs; gives the kernel itself.

    Raises:
        UsageError: Something cannot be sent to another process, or a module's file is newer than
            the module.
        KernelError: Strategies are named as no argument is.

    """
    _check_fresh(stated)
    folder.mkdir()
    with (folder / _BUFFERS).open("wb") as large:
        places: list[tuple[int, int]] = []

        def keep(buffer: pickle.PickleBuffer) -> None:
            raw = buffer.raw()
            places.append((large.tell(), raw.nbytes))
            large.write(raw)
            large.write(bytes(-raw.nbytes % _ALIGNED))  # the next array begins aligned

        content = io.BytesIO()
        try:
            Packer(content, protocol=5, buffer_callback=keep).dump(stated)
        except Exception as error:  # whatever a stranger's object raises
            raise cannot_cross(stated.functions, stated.inputs, error) from error
    state = pickle.dumps((places, content.getvalue()))
    (folder / _STATED).write_bytes(state)
    (folder / "kernel.py").write_text(_KERNEL_PY)
    digest = hashlib.sha256(state).hexdigest()[:24]
    kernel = replace(stated.kernel(), name=folder.name, folder=folder, digest=digest)
    check_statements(folder.name, kernel)  # here, where what is wrong can be told as such
    return kernel


def _check_fresh(stated: Functions) -> None:
    """Refuse whatever another process would import otherwise than this one has it."""
    for name, function in stated.functions.items():
        check_fresh(name, function)
    by_name = stated.inputs if isinstance(stated.inputs, Mapping) else {"inputs": stated.inputs}
    for name, one in by_name.items():
        check_fresh(name, one, "inputs")
    if stated.tolerance.equal is not None:
        check_fresh(stated.tolerance.name, stated.tolerance.equal, "equal")


def restore(folder: Path) -> Kernel:
    """The kernel of functions that `write` wrote; runs what they are made of.

    Raises:
        KernelError: Something that was given can be sent, but is not found or made again here.

    """
    places, content = pickle.loads((folder / _STATED).read_bytes())
    memory = np.fromfile(folder / _BUFFERS, np.uint8)
    buffers = [memory[start : start + size] for start, size in places]
    try:
        stated: Functions = pickle.loads(content, buffers=buffers)
    except Exception as error:  # whatever a stranger's object raises
        raise KernelError(
            f"what was given cannot be had in another process: {describe_error(error)}",
            "put it in a module that can be imported there, or give what can be pickled",
        ) from error
    return stated.kernel()
