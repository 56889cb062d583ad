"""From a symbol in a library to the name of a function as its author wrote it.

Only as far as a reader needs it: arguments of generics and numbers of copies are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# "fuse_0" is one of the copies for several dtypes, "f", "pf" and "pw" say what is called how.
_CYTHON = re.compile(r"__pyx_(?:fuse_\w*?__pyx_)?p?[fw]_(\d.*)")
_RUST_OLD = re.compile(r"_ZN(.+)17h[0-9a-f]{16}E")
_RUST = re.compile(r"_R(.+)")
_CPP = re.compile(r"_ZN?K?(.+)")
_PYO3 = ("__pyo3", "_pyo3")  # what its macros write
_DISAMBIGUATOR = re.compile(r"s[0-9A-Za-z]*_(?=\d)")  # of a crate: letters and figures at random
_COPY = re.compile(r"\.(constprop|isra|part|cold|lto_priv|_omp_fn|llvm)\b.*")
_NUMBER = re.compile(r"\D*?(\d+)")
# Cython's own helpers and the linker's, which are in every library alike.
_FOREIGN = re.compile(
    r"_*pyx|_*Pyx|PyInit_|_init$|_fini$|_start|_dl_|__do_global|frame_dummy|(de)?register_tm_clones"
)


def readable_name(symbol: str, module: str) -> str:
    """A function's name; empty where it is none of the project's own.

    Args:
        symbol: The name in the library's table of symbols.
        module: The module that the library is: Rust's crates have the same name, and all that a
            crate uses is in the library with it.

    """
    symbol = _COPY.sub("", symbol)
    if found := _CYTHON.fullmatch(symbol):
        parts = _cython_parts(found[1])
        return "" if "View_dot_MemoryView" in found[1] else ".".join(parts[1:] or parts)
    if found := _RUST_OLD.fullmatch(symbol) or _RUST.fullmatch(symbol):
        parts = list(_identifiers(_DISAMBIGUATOR.sub("", found[1])))
        own = module in parts and not any(part.lower().startswith(_PYO3) for part in parts)
        return "::".join(parts[parts.index(module) + 1 :]) if own else ""
    if _FOREIGN.match(symbol):
        return ""
    if found := _CPP.fullmatch(symbol):
        return "::".join(_identifiers(found[1]))
    return symbol


def _cython_parts(mangled: str) -> list[str]:
    """Package and module, each after its length, then the function, maybe after a number."""
    parts: list[str] = []
    while number := re.match(r"\d+", mangled):
        begin, end = number.end(), number.end() + int(number[0])
        if mangled[end : end + 1] != "_":
            break
        parts.append(mangled[begin:end])
        mangled = mangled[end + 1 :]
    return [*parts, mangled.lstrip("0123456789")]


def _identifiers(mangled: str) -> Iterator[str]:
    """The names in a mangled one, each after its length."""
    place = 0
    while number := _NUMBER.match(mangled, place):
        begin = number.end()
        place = begin + int(number[1])
        if place == begin or place > len(mangled):
            return
        yield mangled[begin:place]
