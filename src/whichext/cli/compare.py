"""The command `compare`: functions of modules, on inputs that are written as Python."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from whichext.cli.arguments import (
    Baseline,
    CleanEnv,
    MaxTime,
    Output,
    Precision,
    Quick,
    Resume,
    TimeLimit,
    race_options,
)
from whichext.cli.screen import finish, typed
from whichext.model.errors import UsageError, describe_error
from whichext.model.inline import argument
from whichext.model.options import Options

_MOST_NAME = 40
_MOST_CHOICES = 12

Functions = Annotated[
    list[str], typer.Argument(metavar="MODULE:FUNCTION...", help="Two or more functions.")
]
Inputs = Annotated[
    list[str],
    typer.Option(
        "--input",
        metavar="EXPRESSION",
        help="Arguments of a call as Python, such as 'numpy.random.rand(1000)', or a tuple of "
        "several; may be repeated for further cases. Modules are imported by their names.",
    ),
]
Mutates = Annotated[
    list[str] | None,
    typer.Option(
        "--mutates",
        metavar="ARGUMENT",
        help="Name or number, from 0, of an argument that a call may change: every call gets a "
        "fresh copy of it, which is compared as well; may be repeated.",
    ),
]


def compare_command(
    functions: Functions,
    inputs: Inputs,
    mutates: Mutates = None,
    baseline: Baseline = None,
    max_time: MaxTime = None,
    time_limit: TimeLimit = Options.time_limit_s,
    precision: Precision = None,
    quick: Quick = False,
    clean_env: CleanEnv = False,
    output: Output = None,
    resume: Resume = None,
) -> None:
    """Verify functions against each other on some inputs, and race them.

    This imports their modules and runs the expressions.
    """
    from whichext import pipeline
    from whichext.load.functions import state

    sys.path.insert(0, "")  # modules of the working directory, as `python -m` finds them
    _check_number(functions)
    by_name = {text.replace(":", "."): _function(text) for text in functions}
    cases = {_name(number, text): _arguments(text) for number, text in enumerate(inputs, 1)}
    changed = tuple(int(one) if one.isdecimal() else one for one in mutates or ())
    stated = state([by_name], cases, (), baseline, None, changed, None)
    options = race_options(
        max_time, precision, quick=quick, clean_env=clean_env, time_limit_s=time_limit
    )
    finish(pipeline.compare(stated, options, **typed(output, resume)), output)


def _check_number(functions: list[str]) -> None:
    """Refuse one function alone, and one that is named twice."""
    twice = next((text for text in functions if functions.count(text) > 1), None)
    if twice is None and len(functions) > 1:
        return
    words = f"whichext compare {functions[0]} module:function {argument('input')} ..."
    raise UsageError(
        "MODULE:FUNCTION...",
        f"give a second function: {words}",
        expected="two or more different functions",
        got=f"{functions[0]} alone" if twice is None else f"{twice} twice",
    )


def _function(text: str) -> Callable[..., Any]:
    module_name, _, name = text.partition(":")
    if not (module_name and name):
        raise UsageError(
            text,
            "write module:function, such as statistics:fmean",
            expected="a module and a function of it",
            got=repr(text),
        )
    try:
        found: Any = importlib.import_module(module_name)
    except Exception as error:  # whatever a stranger's module raises
        raise UsageError(
            text,
            f"see what python -c 'import {module_name}' says",
            expected="a module that can be imported",
            got=describe_error(error),
        ) from error
    for part in name.split("."):
        if not hasattr(found, part):
            raise _no_function(module_name, part, found)
        found = getattr(found, part)
    if not callable(found):
        raise UsageError(text, "name a function", expected="a function", got=repr(found))
    return found  # type: ignore[no-any-return]  # of a stranger's module


def _no_function(module_name: str, name: str, owner: object) -> UsageError:
    """What to say where a module, or a class in it, has no such function."""
    public = (one for one in dir(owner) if not one.startswith("_"))
    names = [one for one in public if callable(getattr(owner, one, None))]
    near = difflib.get_close_matches(name, names, n=1)
    near_or_any = f"{module_name}:{near[0]}" if near else f"{module_name}: and one of these names"
    return UsageError(
        f"{module_name} has no {name}",
        f"write {near_or_any}" if names else "name another module",
        choices=names[:_MOST_CHOICES],
    )


class _Modules(dict[str, Any]):
    """Names of an expression: modules, imported when they are used."""

    def __missing__(self, name: str) -> Any:
        try:
            return importlib.import_module(name)
        except ImportError:
            raise NameError(f"name {name!r} is neither a builtin nor a module") from None


def _arguments(text: str) -> tuple[Any, ...]:
    import builtins

    try:
        value = eval(text, _Modules(vars(builtins)))  # what the user typed, for this purpose
    except Exception as error:
        raise UsageError(
            argument("input", text),
            "give Python such as 'numpy.random.rand(1000)'",
            expected="an expression",
            got=describe_error(error),
        ) from error
    return value if isinstance(value, tuple) else (value,)


def _name(number: int, text: str) -> str:
    """The expression as the name of its case; a number where it is too long for a table."""
    return text if len(text) <= _MOST_NAME else f"input {number}"
