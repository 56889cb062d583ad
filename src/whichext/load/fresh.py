"""Whether a function is still what its module's file says."""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from whichext.model.errors import UsageError


def check_fresh(name: str, function: Callable[..., Any]) -> None:
    """Refuse a function whose module's file was changed after the module was imported.

    Another process would import what the file says now, and race something else.

    Raises:
        UsageError: Its code is not that of the file.

    """
    code = getattr(inspect.unwrap(function), "__code__", None)
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    file = getattr(module, "__file__", None)
    if code is None or module is None or module.__name__ == "__main__" or file is None:
        return
    try:
        now = compile(Path(file).read_bytes(), file, "exec")
    except (OSError, SyntaxError, ValueError):
        return  # importing it will tell
    same = [one for one in _codes(now) if one.co_qualname == code.co_qualname]
    if same and all(one.co_code != code.co_code or _consts(one) != _consts(code) for one in same):
        raise UsageError(
            "functions",
            f"import it again: importlib.reload({module.__name__}), or start anew",
            where=name,
            expected=f"the code that {module.__name__} has in its file",
            got="a file that was changed after it was imported",
        )


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """A piece of code and all that are in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _consts(code: types.CodeType) -> list[str]:
    return [repr(one) for one in code.co_consts if not isinstance(one, types.CodeType)]
