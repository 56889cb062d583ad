"""Checks how a kernel's entries are called: as functions, in place, or as classes with a method."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from msgspec.structs import replace

from whichext.model.call import parameter_names
from whichext.model.errors import KernelError, closest
from whichext.model.forms import Stateful
from whichext.model.kernel import Entry, Kernel, Project

_EXAMPLE = 'stateful=Stateful(method="update")'


def check_form(name: str, kernel: Kernel) -> None:
    """Refuse what a kernel says of in-place calls or of classes, and what does not go with it.

    Args:
        name: Of the kernel.
        kernel: As its author stated it, of whatever types.

    Raises:
        KernelError: The first thing that is not what it must be.

    """
    stated: object = kernel.stateful
    _check_mutates(name, kernel)
    if stated is not None:
        _check_stateful(name, kernel, stated)
    form = "stateful" if stated is not None else "mutates"
    if stated is None and not kernel.mutates:
        return
    for case in kernel.cases:
        if case.callers != 1:
            _refuse(
                f"{name}: case {case.name}",
                "callers",
                f"one caller, since the kernel states {form}",
                f"{case.callers}",
                "leave out callers: threads that share an object or an array have no one answer",
            )


def _refuse(where: str, what: str, expected: str, got: str, next_step: str) -> NoReturn:
    raise KernelError(what, next_step, where=where, expected=expected, got=got)


def _check_mutates(name: str, kernel: Kernel) -> None:
    found = find_unknown_argument(kernel.mutates, kernel.reference)
    if found is not None:
        next_step = f"give Kernel(mutates={found.instead!r})"
        _refuse(name, "mutates", found.expected, found.got, next_step)


class UnknownArgument(NamedTuple):
    """What is wrong where arguments are named that calls change."""

    expected: str
    got: str
    instead: tuple[str | int, ...]
    """What may be meant."""


def find_unknown_argument(mutates: object, function: Callable[..., Any]) -> UnknownArgument | None:
    """What is wrong with the arguments that a call is said to change; None where nothing is.

    Args:
        mutates: Names or numbers of arguments, of whatever type.
        function: Has these arguments, as far as Python can tell.

    """
    known, every = parameter_names(function), all_parameters(function)
    example: tuple[str | int, ...] = known[:1] or (0,)
    if not isinstance(mutates, tuple | list):
        return UnknownArgument("a tuple of names or numbers of arguments", repr(mutates), example)
    for one in mutates:
        if isinstance(one, bool) or not isinstance(one, str | int):
            return UnknownArgument("names or numbers of arguments", repr(one), example)
        if isinstance(one, int) and not 0 <= one < (len(known) if every else one + 1):
            expected = f"numbers below {len(known)}, the first being 0"
            return UnknownArgument(expected, repr(one), example)
        if isinstance(one, str) and every and one not in every:
            expected = f"some of the reference's arguments ({', '.join(every)})"
            return UnknownArgument(expected, repr(one), (closest(one, every),))
    return None


def all_parameters(function: Callable[..., Any]) -> list[str]:
    """Names of all parameters of a function; none where it may have others, or needs no names."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    free = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.VAR_POSITIONAL,
        inspect.Parameter.VAR_KEYWORD,
    )
    if any(one.kind in free for one in parameters):
        return []
    return [one.name for one in parameters]


def _check_stateful(name: str, kernel: Kernel, stated: object) -> None:
    if not isinstance(stated, Stateful):
        _refuse(name, "stateful", "a whichext.Stateful", repr(stated), f"give Kernel({_EXAMPLE})")
    reference: Any = kernel.reference
    if not isinstance(reference, type):
        got, next_step = repr(reference), "give the class itself, or leave out stateful"
        _refuse(name, "reference", "a class, since stateful is given", got, next_step)
    if not callable(getattr(reference, stated.method, None)):
        methods = [one for one in vars(reference) if not one.startswith("_")]
        _refuse(
            name,
            "Stateful(method=...)",
            f"a method of {reference.__name__}",
            repr(stated.method),
            f"it has {', '.join(methods) or 'none'}",
        )
    for what in ("init", "state"):
        value: object = getattr(stated, what)
        if value is not None and not callable(value):
            example = "lambda case: (case.n,)" if what == "init" else "lambda made: made.total"
            next_step = f"give Stateful({what}={example}), or leave it out"
            _refuse(name, f"Stateful({what}=...)", "a function", repr(value), next_step)
    _check_beside_stateful(name, kernel)


def _check_beside_stateful(name: str, kernel: Kernel) -> None:
    """What has no meaning where entries are classes."""
    if kernel.mutates:
        next_step = "leave it out: the state of an object is compared by Stateful(state=...)"
        _refuse(name, "mutates", "none, since stateful is given", repr(kernel.mutates), next_step)
    if kernel.bytes_moved is not None:
        next_step = "leave it out, or give operations=... for a rate"
        _refuse(name, "bytes_moved", "none, since stateful is given", "a function", next_step)
    if isinstance(kernel.arguments, dict):
        next_step = "give one strategy, such as strategies.lists(strategies.floats(0, 1))"
        _refuse(name, "arguments", "a strategy of streams", "several by name", next_step)


def fit_entries(kernel: Kernel, project: Project) -> Project:
    """A project with entries as the kernel asks for them: functions, or classes.

    Raises:
        KernelError: One is named as the other.

    """
    return replace(project, entries=tuple(_fitted(kernel, project, e) for e in project.entries))


def _fitted(kernel: Kernel, project: Project, entry: Entry) -> Entry:
    where = f"{project.folder / 'pyproject.toml'}: entry {entry.function}"
    if kernel.stateful is None:
        if entry.single_threaded is not None:
            next_step = "leave it out: functions are called from any thread"
            got = repr(entry.single_threaded)
            _refuse(where, "single_threaded", "none, but of classes", got, next_step)
        if "." in entry.function:
            next_step = f"for a class, give Kernel({_EXAMPLE}) in kernel.py"
            _refuse(where, "function", "a function of the module", repr(entry.function), next_step)
        return entry
    name, _, method = entry.function.partition(".")
    if method not in ("", kernel.stateful.method):
        expected = f"a class, or its method {kernel.stateful.method} as kernel.py names it"
        _refuse(where, "function", expected, repr(entry.function), f'write function = "{name}"')
    return replace(entry, function=name)
