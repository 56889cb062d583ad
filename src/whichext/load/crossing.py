"""What cannot be sent to another process, by its name."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from whichext.load.packing import Packer
from whichext.model.call import Arguments, name_in, parameter_names
from whichext.model.errors import UsageError, describe_error
from whichext.model.inline import argument

_Function = Callable[..., Any]


def cannot_cross(
    functions: Mapping[str, _Function],
    inputs: Mapping[str, Arguments] | _Function,
    error: Exception,
) -> UsageError:
    """The first of some functions and their inputs that stays here.

    Args:
        functions: By name, the baseline first.
        inputs: Arguments by the name of their case, or what makes them.
        error: What was raised where all of them were sent.

    """
    if isinstance(inputs, Mapping):
        names = parameter_names(next(iter(functions.values())))
        for case, arguments in inputs.items():
            for number, one in enumerate(arguments):
                if (why := _why_not(one)) is not None:
                    named = name_in(arguments, number, names) or f"{number}, the first being 0"
                    where = argument("inputs") + f": {case}" * (case != "inputs")
                    return _stays(where, f"argument {named}", why)
    else:
        functions = {**functions, argument("inputs"): inputs}
    for name, function in functions.items():
        if (why := _why_not(function)) is None:
            continue
        for variable, value in _variables(function):
            if (why_value := _why_not(value)) is not None:
                return _stays(name, f"its variable {variable}", why_value)
        return _stays("", name, why)
    return _stays("", "functions", describe_error(error))


def _stays(where: str, what: str, why: str) -> UsageError:
    return UsageError(
        what,
        "make it within the function, or put the function in a module that can be imported",
        where=where,
        expected="what another process can have",
        got=why,
    )


def _why_not(value: object) -> str | None:
    """Why a value cannot be sent to another process; None where it can."""
    try:
        Packer(io.BytesIO(), protocol=5).dump(value)
    except Exception as error:
        return f"{type(value).__name__} ({describe_error(error)})"
    return None


def _variables(function: _Function) -> Iterator[tuple[str, object]]:
    """What a function uses of its surroundings, by name."""
    try:
        used = inspect.getclosurevars(inspect.unwrap(function))
    except TypeError:
        return
    yield from {**used.nonlocals, **used.globals}.items()
