"""The lines behind a snippet that use what it makes: a class, or a function that works in place."""

from __future__ import annotations

from whichext.model.call import Arguments, Call
from whichext.model.forms import Stateful, Use
from whichext.model.kernel import Kernel


def names_of(arguments: Arguments, names: tuple[str, ...]) -> tuple[str, ...]:
    """What to call the arguments of a call.

    Args:
        arguments: Of a call; those by keyword have names of their own.
        names: Those of the positional ones; where there are too few, they are numbered.

    """
    keywords = arguments.keywords if isinstance(arguments, Call) else ()
    positional = len(arguments) - len(keywords)
    numbered = (f"argument_{n + 1}" for n in range(len(names[:positional]), positional))
    return (*names[:positional], *numbered, *keywords)


def write_usage(kernel: Kernel, arguments: Arguments, entry: str, use: Use) -> str:
    """Python that calls an entry on arguments that have their names; empty of a plain function.

    Args:
        kernel: It says how entries are called.
        arguments: Of the call; of a class, the stream and what an object is made from.
        entry: Name of the class or of the function.
        use: How objects of a class are used.

    """
    if not entry.isidentifier() or (kernel.stateful is None and not kernel.mutates):
        return ""
    names = names_of(arguments, kernel.argument_names)
    keywords = arguments.keywords if isinstance(arguments, Call) else ()
    given = [f"{name}={name}" if name in keywords else name for name in names]
    if kernel.stateful is not None:
        new = f"{entry}({', '.join(given[1:])})"
        return "\n".join(_of_objects(new, names[0], arguments[0], kernel.stateful, use))
    changed = [n for n in kernel.mutated_names if n in names]
    return "\n".join((f"{entry}({', '.join(given)})", *changed))


def _of_objects(
    new: str, stream: str, items: object, stateful: Stateful, use: Use
) -> tuple[str, ...]:
    """Lines that make objects and give them the items of a stream."""
    several = isinstance(items, list) and bool(items) and isinstance(items[0], Call)
    one, passed = ("values", "*values") if several else ("value", "value")
    make, call = f"made = {new}", f"made.{stateful.method}({passed})"
    each = f"[{call} for {one} in {stream}]"
    match use:
        case Use.ONCE:
            return (make, each)
        case Use.AGAIN:
            return (make, each, f"{make}  # a second object, which must answer alike", each)
        case Use.TOGETHER:
            return (
                f"both = [{new}, {new}]",
                f"[[{call} for made in both] for {one} in {stream}]  # both must answer alike",
            )
        case Use.ELSEWHERE:
            start = f"threading.Thread(target=lambda: print({each})).start()"
            return ("import threading", "", make, start)
