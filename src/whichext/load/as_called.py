"""A call of `whichext.compare` as it was made, shortened to one line of a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whichext.load.functions import Functions
from whichext.model.kernel import Tolerance
from whichext.model.options import Options

_MOST = 3  # names or sizes that are written down


def compare_call(stated: Functions, options: Options) -> str:
    """The call, without what has its default; `...` stands for values.

    Args:
        stated: What is compared, the baseline first.
        options: How it is raced.

    """
    usual = Options()
    told = {
        "inputs": _inputs(stated),
        "sizes": _listed(map(repr, stated.sizes)) if stated.sizes else None,
        "mutates": repr(stated.mutates) if stated.mutates else None,
        "equal": None if stated.tolerance == Tolerance() else "...",
        "arguments": None if stated.arguments is None else "...",
    }
    for name in ("precision", "max_time_s", "time_limit_s", "memory_limit_bytes", "seed"):
        value = getattr(options, name)
        shown = f"{value:g}" if isinstance(value, int | float) else repr(value)
        told[name] = None if value == getattr(usual, name) else shown
    keywords = (f"{name}={text}" for name, text in told.items() if text is not None)
    return f"compare({', '.join((*_functions(stated), *keywords))})"


def _functions(stated: Functions) -> Iterator[str]:
    """The functions by their own names, or in a dictionary where they have others."""
    own = (getattr(function, "__name__", None) for function in stated.functions.values())
    if list(own) == list(stated.functions) and all(n.isidentifier() for n in stated.functions):
        yield from stated.functions
    else:
        yield _dictionary(stated.functions)


def _inputs(stated: Functions) -> str:
    if not isinstance(stated.inputs, Mapping):
        return getattr(stated.inputs, "__name__", "...").replace("<lambda>", "...")
    return "..." if list(stated.inputs) == ["inputs"] else _dictionary(stated.inputs)


def _dictionary(named: Mapping[str, object]) -> str:
    shown = [f"{name!r}: ..." for name in named][:_MOST]
    return f"{{{', '.join(shown + ['...'] * (len(named) > _MOST))}}}"


def _listed(texts: Iterator[str]) -> str:
    every = list(texts)
    inner = ", ".join(every[:_MOST] + ["..."] * (len(every) > _MOST))
    return f"({inner},)" if len(every) == 1 else f"({inner})"
