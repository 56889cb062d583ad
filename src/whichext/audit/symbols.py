"""From a symbol in a library to the name of a function as its author wrote it.

Only as far as a reader needs it: arguments of generics and numbers of copies are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from whichext.toolchains.base import Toolchain

_COPY = re.compile(r"\.(constprop|isra|part|cold|lto_priv|_omp_fn|llvm)\b.*")


def readable_name(symbol: str, module: str, toolchains: Iterable[Toolchain]) -> str:
    """A function's name; empty where it is none of the project's own.

    Args:
        symbol: The name in the library's table of symbols.
        module: The module that the library is.
        toolchains: Asked in this order; a symbol that none of them made is a name already.

    """
    symbol = _COPY.sub("", symbol)
    names = (toolchain.readable(symbol, module) for toolchain in toolchains)
    return next((name for name in names if name is not None), symbol)
