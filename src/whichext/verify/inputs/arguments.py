"""What the arguments of a kernel may be: its statement as one strategy, and draws from it."""

from __future__ import annotations

import gc
import inspect
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import takewhile
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, Unsatisfiable
from hypothesis.strategies import SearchStrategy
from platformdirs import user_cache_path

from whichext.load.kernel import asked_as
from whichext.model.call import Arguments, Call, split
from whichext.model.errors import KernelError, closest, describe_error
from whichext.model.kernel import ANY_DTYPE, Kernel
from whichext.verify.inputs.how import drawing
from whichext.verify.inputs.strategies import array

_MOST_RANK = 3
_FEW = 5  # drawn inputs that show which arguments they have
_NAMED = frozenset(
    (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.KEYWORD_ONLY,
    )
)
_NAMELESS = frozenset((inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL))
"""Kinds of parameters whose names a caller does not need, such as those of C functions."""

# Where Hypothesis keeps what it has learnt about characters and constants: by default beside
# whatever the user is working on.
_HOME = "HYPOTHESIS_STORAGE_DIRECTORY"


def strategy_of(kernel: Kernel, *, empty: bool = False) -> SearchStrategy[Arguments] | None:
    """The strategy of all arguments of a call; None where the kernel does not say what they are.

    Args:
        kernel: It says so.
        empty: Whether streams without an item, of which there is no answer, are among them.

    """
    stated = kernel.arguments
    if stated is None:
        return None if kernel.stateful is not None else _of_one_array(kernel)
    if kernel.stateful is not None and not isinstance(stated, Mapping):
        return _of_streams(kernel, stated if empty else stated.filter(len))
    if isinstance(stated, Mapping):
        return st.fixed_dictionaries(dict(stated)).map(lambda drawn: _call(kernel, drawn))
    return stated.map(lambda drawn: _arguments(kernel, drawn))


def _of_one_array(kernel: Kernel) -> SearchStrategy[Arguments] | None:
    """Arrays of the cases' rank, and of others, for a kernel of one argument that is an array."""
    shape = kernel.cases[0].params.get("shape")
    if shape is None or not kernel.dtypes or len(_parameters(kernel)) != 1:
        return None
    others = (rank for rank in range(_MOST_RANK + 1) if rank != len(shape))
    return st.tuples(array(ndim=(len(shape), *others)))


def _of_streams(kernel: Kernel, stated: SearchStrategy[Any]) -> SearchStrategy[Arguments]:
    """Streams, each for an object as one of the cases has it."""
    cases = st.sampled_from(tuple(kernel.cases))
    return st.builds(kernel.on_stream, stated, cases)


def _parameters(kernel: Kernel) -> tuple[inspect.Parameter, ...]:
    """Parameters of the reference; none where Python cannot tell."""
    try:
        return tuple(inspect.signature(kernel.reference).parameters.values())
    except (TypeError, ValueError):
        return ()


def _call(kernel: Kernel, drawn: Mapping[str, Any]) -> Arguments:
    """Arguments by name as the reference takes them: in whatever order they were drawn.

    From the first one on that is left out, all are given by keyword. A reference whose parameters
    have no names gets all of them in the order in which the kernel states them.

    Raises:
        KernelError: The reference has no such parameter.

    """
    parameters = _parameters(kernel)
    kinds = {one.kind for one in parameters}
    unknown = [name for name in drawn if name not in {one.name for one in parameters}]
    if not unknown or inspect.Parameter.VAR_KEYWORD in kinds:
        _check_needed(kernel, parameters, drawn)
        return _by_name([one for one in parameters if one.kind in _NAMED], unknown, drawn)
    if parameters and not kinds & _NAMELESS:
        raise _no_parameter(kernel, unknown[0], [one.name for one in parameters])
    stated = kernel.arguments if isinstance(kernel.arguments, Mapping) else drawn
    return Call(*(drawn[name] for name in stated))


def _by_name(
    parameters: Sequence[inspect.Parameter], others: Sequence[str], drawn: Mapping[str, Any]
) -> Call:
    """Arguments in the order of parameters, then others by keyword."""
    leading = takewhile(lambda one: one.name in drawn, parameters)
    positional = [one.name for one in leading if one.kind is not one.KEYWORD_ONLY]
    rest = [one.name for one in parameters if one.name not in positional]
    keywords = {name: drawn[name] for name in (*rest, *others) if name in drawn}
    return Call(*(drawn[name] for name in positional), **keywords)


def left_out(kernel: Kernel, given: Arguments) -> tuple[str, ...]:
    """Arguments that a case gives and no drawn input has; none where no inputs are drawn.

    Args:
        kernel: It says what its arguments may be.
        given: The arguments of a case.

    """
    drawn = [name for one in draw_some(kernel, _FEW) for name in _names(kernel, one)]
    return tuple(name for name in _names(kernel, given) if drawn and name not in drawn)


def _names(kernel: Kernel, arguments: Arguments) -> list[str]:
    """What the arguments are called; those without a name by their place."""
    positional, named = split(arguments)
    known = [one.name for one in _parameters(kernel) if one.kind in _NAMED]
    places = [f"argument {number}" for number, _ in enumerate(positional, start=1)]
    return [*known[: len(positional)], *places[len(known) :], *named]


def _check_needed(
    kernel: Kernel, parameters: Iterable[inspect.Parameter], drawn: Mapping[str, Any]
) -> None:
    """Whether all arguments are there that have no default.

    Raises:
        KernelError: One is not: the reference would refuse everything, and any contestant be right.

    """
    for one in parameters:
        if one.kind in _NAMED and one.default is one.empty and one.name not in drawn:
            raise KernelError(
                "arguments",
                f'add a strategy for "{one.name}", such as whichext.strategies.array()',
                where=kernel.name,
                expected="a strategy for each argument that has no default",
                got=f"none for {one.name!r}",
            )


def _no_parameter(kernel: Kernel, name: str, names: Sequence[str]) -> KernelError:
    return KernelError(
        "arguments",
        f'write "{closest(name, names)}"',
        where=kernel.name,
        expected=f"names of the reference's arguments ({', '.join(names)})",
        got=repr(name),
    )


def _arguments(kernel: Kernel, drawn: object) -> Arguments:
    if isinstance(drawn, tuple):
        return drawn
    if isinstance(drawn, Mapping):
        return _call(kernel, drawn)
    raise KernelError(
        "arguments",
        "give a strategy of tuples, such as strategies.tuples(strategies.array(), "
        "strategies.integers()), or a dict of strategies by argument",
        where=kernel.name,
        expected="a strategy of tuples",
        got=f"one of {type(drawn).__name__}",
    )


def tried_dtypes(kernel: Kernel) -> tuple[str, ...]:
    """The kernel's dtypes and those that entries declare, each once; one that stands for none."""
    entries = (entry for project in kernel.projects for entry in project.entries)
    declared = (*kernel.dtypes, *(n for e in entries for n in e.dtypes or ()))
    return tuple(dict.fromkeys(declared)) if kernel.dtypes else (ANY_DTYPE,)


def deterministic(examples: int, *phases: Phase) -> settings:
    """Settings under which draws depend on nothing but the kernel and the program."""
    os.environ.setdefault(_HOME, str(user_cache_path("whichext", appauthor=False) / "hypothesis"))
    return settings(
        max_examples=examples,
        derandomize=True,  # a verdict must not depend on luck
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=tuple(HealthCheck),
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        print_blob=False,
    )


def draw_each(kernel: Kernel, hows: Sequence[dict[str, Any]]) -> list[Arguments | None]:
    """The simplest arguments for each way to draw arrays; None where there are none.

    Args:
        kernel: It says what its arguments may be.
        hows: Fields of `How` for each.

    """
    # Filtering would go on for ever where arrays of no length are asked for.
    strategy = strategy_of(kernel, empty=True)
    if strategy is None:
        return [None] * len(hows)
    drawn: list[Arguments | None] = []

    @deterministic(1, Phase.generate)
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        while len(drawn) < len(hows):
            with drawing(**hows[len(drawn)]):
                arguments = data.draw(strategy)
                drawn.append(arguments if kernel.calls_in(arguments) else None)

    while len(drawn) < len(hows):
        before = len(drawn)
        with drawing_for(kernel), suppress(Unsatisfiable):  # also where much was drawn already
            draw()
        if len(drawn) == before:
            drawn.append(None)
    return drawn


def draw_some(kernel: Kernel, count: int, **how: Any) -> list[Arguments]:
    """Arguments that differ from each other, at most so many, the simplest first.

    Args:
        kernel: It says what its arguments may be.
        count: How often they are drawn.
        **how: Fields of `How`.

    """
    strategy = strategy_of(kernel)
    drawn: list[Arguments] = []
    if strategy is not None:

        @deterministic(count, Phase.generate)
        @given(strategy)
        def note(arguments: Arguments) -> None:
            drawn.append(arguments)

        with drawing_for(kernel), drawing(**how), suppress(Unsatisfiable):
            note()
    return drawn


def _example(kernel: Kernel) -> str:
    """What draws an example of the arguments, as it can be typed."""
    if kernel.is_given:  # they were given to compare
        return "print(arguments.example())"
    loaded = f"whichext.load_kernel({asked_as(kernel)!r}).arguments"
    if not isinstance(kernel.arguments, Mapping):
        return f'python -c "import whichext; print({loaded}.example())"'
    each = f"[print(name, one.example()) for name, one in {loaded}.items()]"
    return f'python -c "import whichext; {each}"'


@contextmanager
def drawing_for(kernel: Kernel) -> Iterator[None]:
    """Raise what goes wrong in a strategy as an error of the kernel's author.

    Meanwhile the garbage collector is off: Hypothesis times it by a callback, and a Ctrl-C that
    comes while a callback runs is lost.

    Raises:
        KernelError: The strategy raised something.

    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    except (KernelError, Unsatisfiable, Flaky):
        raise
    except Exception as error:
        raise KernelError(
            "arguments",
            f"see what {_example(kernel)} says",
            where=kernel.name,
            expected="a strategy from which arguments can be drawn",
            got=describe_error(error),
        ) from error
    finally:
        if collecting:
            gc.enable()
