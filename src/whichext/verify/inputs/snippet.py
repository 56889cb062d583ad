"""Arguments as Python to paste: arrays with the same values, dtype, strides and alignment.

What lies between the elements of a strided array is made as well, since code that goes astray
reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import numpy as np

from whichext.load.kernel import asked_as
from whichext.model.arrays import memory_of
from whichext.model.call import Arguments
from whichext.model.kernel import Kernel
from whichext.verify.inputs.layouts import Array
from whichext.verify.inputs.usage import names_of
from whichext.verify.inputs.written import expression, length_of, source_of

MOST_BYTES = 2_000
"""Arrays that span more are too long to read, let alone to paste."""

OF_CASE = "the arguments of "
"""Begins the name of an input that is a case's."""


def is_short(arguments: Arguments) -> bool:
    """Whether the arguments may be written out."""
    spans = (_span(a)[1] for a in arguments if isinstance(a, np.ndarray))
    others = (a for a in arguments if not isinstance(a, np.ndarray))
    return all(n_bytes <= MOST_BYTES for n_bytes in (*spans, *map(length_of, others)))


def write_snippet(arguments: Arguments, names: tuple[str, ...] = ()) -> str:
    """Python that makes the arguments again.

    Args:
        arguments: Of a call.
        names: What to call them; those without one are numbered.

    """
    given = names_of(arguments, names)
    modules: set[str] = set()
    body: list[str] = []
    for name, argument in zip(given, arguments, strict=True):
        body += _statements(name, argument, modules)
    text = "\n".join(body) or "arguments = ()"
    odd = [word for word in ("inf", "nan") if re.search(rf"\b{word}\b", text)]
    arrays = ["import numpy as np"] if "np." in text else []
    imports = arrays + [f"from numpy import {', '.join(odd)}"] * bool(odd)
    imports += [f"import {module}" for module in sorted(modules)]
    return "\n".join((*imports, *[""] * bool(imports), text))


def write_recipe(kernel: Kernel, name: str, *, is_case: bool) -> str:
    """Python that has the kernel make the arguments of a case or a nasty input of that name."""
    if kernel.is_given:  # the inputs were given in Python, and the folder is gone soon
        return f"arguments = inputs[{name.removeprefix(OF_CASE)!r}]  # as they were given"
    where = asked_as(kernel)
    named = name.removeprefix(OF_CASE)
    if is_case or named != name:
        return (
            "from whichext import load_kernel\n\n"
            f"kernel = load_kernel({where!r})\n"
            f"(case,) = [case for case in kernel.cases if case.name == {named!r}]\n"
            f"arguments = kernel.{'inputs' if kernel.stateful is None else 'arguments_of'}(case)"
        )
    return (
        "from whichext import load_kernel\n"
        "from whichext.verify.inputs.nasty import nasty_inputs\n\n"
        f"arguments = nasty_inputs(load_kernel({where!r}))[{name!r}].arguments"
    )


def _statements(name: str, value: Any, modules: set[str]) -> Iterator[str]:
    if isinstance(value, np.ma.MaskedArray):
        yield f"{name} = np.ma.masked_array({_values(value.data)}, mask={value.mask.tolist()})"
    elif isinstance(value, np.ndarray):
        yield from _array(name, value)
    elif isinstance(value, FunctionType) and (source := source_of(value)):
        yield source
        if value.__name__ != name:
            yield f"{name} = {value.__name__}"
    else:
        yield f"{name} = {expression(value, modules, _values)}"


def _array(name: str, array: Array) -> Iterator[str]:
    plain = np.asarray(array)
    if plain.dtype.hasobject or not plain.size or _is_alike(np.array(plain, order="C"), plain):
        yield f"{name} = {_values(plain)}"
    elif _is_alike(np.array(plain, order="F"), plain):
        yield f"{name} = np.asfortranarray({_values(plain)})"
    else:
        yield from _strided(name, plain)
    if type(array) is not np.ndarray:
        yield f"{name} = {name}.view(type({type(array).__name__!r}, (np.ndarray,), {{}}))"
    if not array.flags.writeable:
        yield f"{name}.flags.writeable = False"


def _is_alike(copy: Array, array: Array) -> bool:
    return copy.strides == array.strides and copy.flags.aligned == array.flags.aligned


def _strided(name: str, array: Array) -> Iterator[str]:
    """An array over a piece of memory, whose gaps are filled as they were."""
    memory, offset = memory_of(array)
    blank = np.zeros_like(memory)
    np.ndarray(array.shape, array.dtype, blank, offset, array.strides)[...] = array
    place = f"{array.shape}, {_dtype(array.dtype)}, memory, {offset}, {array.strides}"
    if np.array_equal(blank, memory):
        yield f"memory = np.zeros({memory.size}, np.uint8)"
        yield f"{name} = np.ndarray({place})"
        yield f"{name}[...] = {_values(array)}"
        return
    whole = memory.size % array.itemsize == offset % array.itemsize == 0
    if whole:
        yield f"memory = {_values(memory.view(array.dtype))}"
    else:
        yield f'memory = np.array(bytearray.fromhex("{memory.tobytes().hex()}"))'
    yield f"{name} = np.ndarray({place})"


def _span(array: Array) -> tuple[int, int]:
    """Address of the first byte of an array's elements, and the bytes up to its last one."""
    low, high = np.lib.array_utils.byte_bounds(np.asarray(array))
    return low, high - low


def _values(array: Array) -> str:
    """An expression for the elements of an array, in C order."""
    is_any_text = array.dtype.kind == "T"  # it has no byte order
    native = array.dtype if is_any_text else array.dtype.newbyteorder("=")
    dtype = "'T'" if is_any_text else _dtype(array.dtype)
    if not array.size:
        return f"np.empty({array.shape}, {dtype})"
    values = np.array(array, native, order="C")
    match array.dtype.kind:
        case "b" | "i" | "u" | "f" | "O" | "U" | "T":
            return f"np.array({values.tolist()}, {dtype})"
        case "c":
            parts = values.reshape(*values.shape, 1).view(values.real.dtype)
            inner = f"np.array({parts.tolist()}, {str(parts.dtype)!r})"
        case "m" | "M":
            inner = f'np.array({values.view("int64").tolist()}, "int64")'
        case _:
            raw = np.frombuffer(values.tobytes(), np.uint8)
            inner = f'np.array(bytearray.fromhex("{raw.tobytes().hex()}"))'
    changed = "" if array.dtype.isnative else f".astype({dtype})"
    return f"{inner}.view({_dtype(native)}).reshape({array.shape}){changed}"


def _dtype(dtype: np.dtype[Any]) -> str:
    return repr(str(dtype)) if dtype.names is None else repr(dtype.descr)
